"""Bad input through the real window and the real engine: a clear sentence, nothing lost, and on again where that is possible."""

from __future__ import annotations

import itertools
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import Signals

import cv2
import numpy as np
import psutil
import pytest
from server_process import servers
from window_process import Window, assert_kept_pace, newest_run, windows

from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.main_window import MainWindow

HERE = Path(__file__).parent
PATIENCE_MS = 60_000


@pytest.fixture
def window(home: Path) -> Iterator[Callable[..., Window]]:
    with windows(home) as open_one:
        yield open_one


@pytest.fixture
def inside(qapp) -> Iterator[MainWindow]:
    """A window of this process, whose engine is a real child."""
    controller = Controller()
    made = MainWindow(controller, theme.apply(qapp, "dark"))
    made.open((1280, 720))
    yield made
    made.close()
    controller.shutdown()
    assert controller.engine_pid is None
    made.deleteLater()
    qapp.processEvents()


# Files ----------------------------------------------------------------------------------------------------------------


def write_avi(path: Path, width: int, height: int, frames: int = 30) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (width, height))
    for number in range(frames):
        picture = np.full((height, width, 3), 60, np.uint8)
        cv2.circle(picture, (20 + 7 * number % width, height // 2), 18, (0, 220, 255), -1)
        writer.write(picture)
    writer.release()
    return path


def with_rate(path: Path, scale: int, rate: int) -> Path:
    content = bytearray(write_avi(path, 320, 240).read_bytes())
    struct.pack_into("<I", content, content.find(b"avih") + 8, 0)
    struct.pack_into("<II", content, content.find(b"strh") + 28, scale, rate)
    path.write_bytes(content)
    return path


def index_first(mp4: bytes) -> bytes:
    """The same film with its index before its frames, as it is for the web: such a one plays although its end is missing."""
    boxes, at = [], 0
    while at < len(mp4):
        (size,) = struct.unpack_from(">I", mp4, at)
        boxes.append(mp4[at : at + size])
        at += size
    index = bytearray(next(box for box in boxes if box[4:8] == b"moov"))
    table = -1
    while (table := index.find(b"stco", table + 1)) >= 0:
        for entry in range(*(table + 12, table + 12 + 4 * struct.unpack_from(">I", index, table + 8)[0], 4)):
            struct.pack_into(">I", index, entry, struct.unpack_from(">I", index, entry)[0] + len(index))
    kind, *rest = (box for box in boxes if box[4:8] != b"moov")
    return kind + bytes(index) + b"".join(rest)


def odd_size(_: Path, folder: Path) -> Path:
    frames = [cv2.imencode(".jpg", np.full((241, 321, 3), shade, np.uint8))[1].tobytes() for shade in range(0, 250, 10)]
    (folder / "odd.mjpeg").write_bytes(b"".join(frames))
    return folder / "odd.mjpeg"


def no_rate(_: Path, folder: Path) -> Path:
    return with_rate(folder / "none.avi", 0, 0)


def absurd_rate(_: Path, folder: Path) -> Path:
    return with_rate(folder / "absurd.avi", 1, 100_000)


def cut_in_a_frame(street: Path, folder: Path) -> Path:
    whole = index_first(street.read_bytes())
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 10])
    return folder / "cut.mp4"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (odd_size, ""),
        (no_rate, ""),  # the decoder makes up 25 fps itself and does not say so
        (absurd_rate, "25 fps is assumed"),
        (cut_in_a_frame, "“cut.mp4” is not whole: 29 of its 250 frames can be read."),
    ],
)
def test_a_strange_film_plays_and_what_is_strange_is_told(window, street_clip: Path, tmp_path: Path, make, words: str) -> None:
    code, report, errors = window("--source", str(make(street_clip, tmp_path)), "--run-seconds", "2").end()
    assert (code, errors) == (0, "")
    assert_kept_pace(report)
    told = [notice["sentence"] for notice in report["notices"]]
    assert len(told) == bool(words) and all(words in sentence for sentence in told)
    run = newest_run()
    assert np.ptp(run.records["due_ns"]) > 30 * 40e6, "it was begun again at its end"
    assert run.end.reason is FinishReason.STOPPED


def test_a_film_without_its_index_and_a_folder_without_pictures_are_sentences(window, street_clip: Path, tmp_path: Path) -> None:
    film, folder = tmp_path / "half.mp4", tmp_path / "nothing here"
    content = street_clip.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    folder.mkdir()
    (folder / "notes.txt").write_text("no picture")
    for source, words, remedy in (
        (film, "“half.mp4” is not a video that can be read, or it is damaged.", "MP4"),
        (folder, f"There are no pictures in “{folder}”.", "JPEG"),
    ):
        code, report, errors = window("--source", str(source), "--run-seconds", "0.5").end()
        assert code == 1 and words in errors and "Traceback" not in errors
        status = report["status"]
        assert (status["state"], status["reason"], status["cause"]) == ("finished", "failed", "source")
        assert status["sentence"] == words and remedy in status["remedy"]


# Streams --------------------------------------------------------------------------------------------------------------


def run_state(window: MainWindow) -> RunState:
    return window._store.status.state


def test_a_server_that_never_answers_is_told_and_another_source_runs(inside: MainWindow, qtbot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        inside.commands.use_source(f"http://me:secret@127.0.0.1:{silent.getsockname()[1]}/video")
        qtbot.waitUntil(lambda: run_state(inside) is RunState.FINISHED, timeout=PATIENCE_MS)
    status = inside._store.status
    assert (status.reason, status.cause) == (FinishReason.FAILED, "source")
    assert "did not answer within 5 s" in status.sentence and "secret" not in status.sentence
    assert status.remedy in inside.video._failure.accessibleDescription() + inside.video._failure.accessibleName()
    inside.commands.use_clip()
    qtbot.waitUntil(lambda: run_state(inside) is RunState.RUNNING and len(inside._store.current()) > 5, timeout=PATIENCE_MS)


@pytest.mark.skipif(not hasattr(Signals, "SIGSTOP"), reason="freezing a server needs POSIX signals")
def test_a_stream_freezes_and_thaws_dies_and_returns_in_one_session(inside: MainWindow, qtbot, tmp_path: Path) -> None:
    for number in range(10):
        picture = np.full((240, 320, 3), 40, np.uint8)
        cv2.circle(picture, (20 + 28 * number, 120), 18, (0, 220, 255), -1)
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), picture)
    store = inside._store

    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def wait_for_frames() -> None:
        seen = store.frames_completed
        wait(lambda: store.frames_completed > seen + 20 and not store.is_reconnecting)
        wait(lambda: inside.video._note == "")

    def told() -> list[str]:
        return [notice.sentence for notice in store.notices if notice.sentence.startswith("The stream ")]

    with servers() as serve:
        server = serve(sys.executable, str(HERE / "mjpeg_server.py"), "{port}", str(tmp_path), "25")
        inside.commands.use_source(f"http://127.0.0.1:{server.port}/video")
        wait_for_frames()
        session, engine = store.status.session_id, psutil.Process(inside._controller.engine_pid)

        server.freeze()
        wait(lambda: "waiting for the source" in inside.video._note)
        assert not told(), "it may be a short stall"
        wait(lambda: store.is_reconnecting and "reconnecting" in inside.video._note)
        wait(lambda: inside.header._steady.text() == "reconnecting")
        assert store.notices[-1].is_reconnecting and store.notices[-1].remedy
        assert inside.toast.isVisible() and not inside.toast.visibleRegion().isEmpty()
        server.thaw()
        wait_for_frames()

        server.stop()
        wait(lambda: store.is_reconnecting)
        server.start()
        wait_for_frames()

    assert (store.status.session_id, store.status.state) == (session, RunState.RUNNING), "one session from first to last"
    assert engine.is_running() and engine.pid == inside._controller.engine_pid
    assert [("stopped" in one, "is back after" in one) for one in told()] == [(True, False), (False, True)] * 2
    frames = store.frames_completed
    inside._controller.stop()
    qtbot.waitUntil(lambda: not inside._controller.is_running, timeout=PATIENCE_MS)
    run = newest_run()
    assert run.end.reason is FinishReason.STOPPED and len(run.records) >= frames
    assert [notice.sentence for notice in run.notices] == told(), "what was told is in the run's file too"
    assert {notice.session_id for notice in run.notices} == {session}
    gaps_s = [(other - one) / 1e9 for one, other in itertools.pairwise(run.records["complete_ns"].tolist())]
    assert max(gaps_s) > 5.0, "the time without frames is in the records as it was"
