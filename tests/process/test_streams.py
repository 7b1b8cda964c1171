"""Streams from real servers on loopback: playing, silent, frozen, killed and back again."""

from __future__ import annotations

import itertools
import socket
import sys
import threading
import time
from pathlib import Path
from signal import Signals

import cv2
import numpy as np
import pytest
from server_process import servers

from edgeperf_gui.domain.errors import SourceError, SourceLost
from edgeperf_gui.engine.sources.stream import Patience, StreamSource

HERE = Path(__file__).parent
PATIENCE_S = 60.0
SYSTEM_PYTHON = "/usr/bin/python3"
OPEN_S = 30.0
"""A busy machine takes its time to make the first picture; a server that is dead refuses at once all the same."""
QUICK = Patience(open_s=OPEN_S, read_s=0.5, first_pause_s=0.05, longest_pause_s=0.2, give_up_s=60.0)
CALM = Patience(open_s=OPEN_S, read_s=10.0, first_pause_s=0.05, longest_pause_s=0.2, give_up_s=60.0)
"""No stall of the machine is taken for one of the server."""

pytestmark = pytest.mark.skipif(not hasattr(Signals, "SIGSTOP"), reason="freezing a server needs POSIX signals")


@pytest.fixture
def serve():
    with servers() as run:
        yield run


@pytest.fixture
def open_stream():
    sources = []

    def run(url, notices=None, patience=QUICK):
        source = StreamSource(url, (notices if notices is not None else []).append, patience)
        sources.append(source)
        return source

    yield run
    for source in sources:
        source.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(10):
        frame = np.full((240, 320, 3), 40, np.uint8)
        cv2.circle(frame, (20 + 28 * number, 120), 18, (0, 220, 255), -1)
        cv2.imwrite(str(folder / f"{number}.jpg"), frame)
    writer = cv2.VideoWriter(str(folder / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (320, 240))
    for _ in range(15):
        writer.write(frame)
    writer.release()
    return folder


@pytest.fixture(params=["http", pytest.param("rtsp", marks=pytest.mark.network_tools)])
def camera(request, serve, pictures):
    """A server and its URL."""
    if request.param == "http":
        server = serve(sys.executable, str(HERE / "mjpeg_server.py"), "{port}", str(pictures), "40")
        return server, f"http://127.0.0.1:{server.port}/video"
    if not Path(SYSTEM_PYTHON).exists():
        pytest.skip(f"there is no {SYSTEM_PYTHON}")
    server = serve(SYSTEM_PYTHON, str(HERE / "rtsp_server.py"), "{port}")
    return server, f"rtsp://127.0.0.1:{server.port}/live"


def read_some(source, count=5):
    frames = [source.read(None) for _ in range(count)]
    assert all(frame is not None and frame.pixels.shape == (240, 320, 3) for frame in frames)
    return frames


def test_a_stream_plays(camera, open_stream):
    _, url = camera
    source = open_stream(url, patience=CALM)
    assert source.info.live
    assert (source.info.width, source.info.height, source.info.frames) == (320, 240, None)
    assert source.info.title == url
    buffer = np.zeros((240, 320, 3), np.uint8)
    frame = source.read(buffer)
    assert np.shares_memory(frame.pixels, buffer)
    frames = read_some(source, 10)
    assert all(frame.due_ns == frame.decode_start_ns <= frame.decode_end_ns for frame in frames)
    assert all(one.due_ns < other.due_ns for one, other in itertools.pairwise(frames))
    source.rewind()
    read_some(source)


def test_a_rate_that_was_made_up_is_not_reported(camera, open_stream):
    _, url = camera
    assert open_stream(url).info.fps == (25.0 if url.startswith("rtsp") else None)


def test_a_frozen_server_is_noticed_and_comes_back(camera, open_stream):
    server, url = camera
    notices = []
    source = open_stream(url, notices)
    read_some(source)
    server.freeze()
    thaw = threading.Timer(1.5, server.thaw)
    thaw.start()
    try:
        while not notices:
            read_some(source, 1)
        read_some(source)
    finally:
        thaw.join()
    assert notices[0].is_reconnecting and "stopped" in notices[0].sentence and notices[0].remedy
    assert not notices[1].is_reconnecting and "back after" in notices[1].sentence


def test_a_killed_server_comes_back_on_the_same_port(camera, open_stream):
    server, url = camera
    notices = []
    source = open_stream(url, notices, CALM)
    read_some(source)
    server.stop()
    restart = threading.Timer(0.5, server.start)
    restart.start()
    try:
        while not notices:
            read_some(source, 1)
        read_some(source)
    finally:
        restart.join()
    assert [notice.is_reconnecting for notice in notices] == [True, False]


def test_a_server_that_stays_away_is_lost(camera, open_stream):
    server, url = camera
    source = open_stream(
        url, patience=Patience(open_s=OPEN_S, read_s=0.5, first_pause_s=0.05, longest_pause_s=0.1, give_up_s=0.6)
    )
    server.stop()
    with pytest.raises(SourceLost) as caught:
        while True:
            assert source.read(None) is not None
    assert caught.value.remedy


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_server_that_accepts_and_says_nothing(open_stream, scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://user:secret@127.0.0.1:{silent.getsockname()[1]}/live"
        with pytest.raises(SourceError, match="did not answer within") as caught:
            open_stream(url, patience=Patience(open_s=0.6, read_s=0.5))
    assert "secret" not in str(caught.value)


def test_a_udp_port_that_stays_silent(open_stream):
    with pytest.raises(SourceError, match="did not answer within"):
        open_stream(f"udp://127.0.0.1:{free_udp_port()}", patience=Patience(open_s=0.6, read_s=0.5))


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("path", ["missing?token=secret", "file/notes.txt", "file/none"])
def test_what_is_no_stream_is_refused(serve, pictures, open_stream, path):
    (pictures / "notes.txt").write_text("hello world\n" * 300)
    server = serve(sys.executable, str(HERE / "mjpeg_server.py"), "{port}", str(pictures), "40")
    with pytest.raises(SourceError, match="cannot be opened") as caught:
        open_stream(f"http://127.0.0.1:{server.port}/{path}")
    assert "secret" not in str(caught.value)


def test_nobody_listens(open_stream):
    with pytest.raises(SourceError, match="cannot be opened") as caught:
        open_stream("http://user:secret@127.0.0.1:9/video")
    assert "secret" not in str(caught.value)


def test_a_recording_behind_a_url_ends_and_rewinds(serve, pictures, open_stream):
    server = serve(sys.executable, str(HERE / "mjpeg_server.py"), "{port}", str(pictures), "40")
    source = open_stream(f"http://127.0.0.1:{server.port}/file/clip.avi")
    assert not source.info.live
    assert (source.info.frames, source.info.fps) == (15, 25.0)
    read_some(source, 14)
    assert source.read(None) is None
    source.rewind()
    read_some(source, 14)


def test_interrupt_ends_a_reconnection_at_once(camera, open_stream):
    server, url = camera
    notices = []
    source = open_stream(url, notices, Patience(open_s=OPEN_S, read_s=0.5, first_pause_s=60.0, give_up_s=120.0))
    server.stop()
    results = []

    def drain():
        while (frame := source.read(None)) is not None:
            results.append(frame)
        results.append(None)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    deadline = time.monotonic() + PATIENCE_S
    while not notices and time.monotonic() < deadline:
        time.sleep(0.02)
    assert notices, "it waits to connect again"
    source.interrupt()
    reader.join(PATIENCE_S)
    assert not reader.is_alive()
    assert results[-1] is None


@pytest.mark.skipif(sys.platform != "linux", reason="waits can only be broken where the system lists a process's sockets")
@pytest.mark.parametrize("again", [False, True], ids=["waiting for a picture", "connecting again"])
def test_interrupt_breaks_a_wait_for_a_frozen_server(camera, open_stream, again):
    server, url = camera
    notices = []
    patience = Patience(read_s=0.5, open_s=100.0, first_pause_s=0.0) if again else Patience(open_s=OPEN_S, read_s=100.0)
    source = open_stream(url, notices, patience)
    server.freeze()

    def drain():
        while source.read(None) is not None:
            pass

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    deadline = time.monotonic() + PATIENCE_S
    while again and not notices and time.monotonic() < deadline:
        time.sleep(0.02)
    assert bool(notices) is again
    time.sleep(0.3)  # into the wait itself; an interrupt before it has to work too, so too short a sleep does no harm
    source.interrupt()
    reader.join(PATIENCE_S)
    assert not reader.is_alive()


def test_closing_while_a_read_waits_is_safe(camera, open_stream):
    server, url = camera
    source = open_stream(url)
    server.freeze()
    done = threading.Event()

    def drain():
        while source.read(None) is not None:
            pass
        done.set()

    threading.Thread(target=drain, daemon=True).start()
    time.sleep(0.2)
    source.close()
    source.close()
    assert done.wait(PATIENCE_S)
