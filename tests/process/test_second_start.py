"""Starting the window a second time, with real processes: the first comes to the front and takes the source."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from window_process import START_S, end_families, wait_for

from edgeperf_gui.domain import places
from edgeperf_gui.store.run_file import read_run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="looks at the socket's file and sends signals")


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the window's program; every process of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str, folder: Path | None = None) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "edgeperf_gui", *words],
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])},
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield begin
    end_families(started)


def socket() -> Path:
    return places.geometry_file().with_name("window.socket")


def heard_since_ns() -> int | None:
    """When the socket was made its owner's own, which is the last thing done to it before it is listened at; None until then."""
    try:
        told = socket().stat()
    except FileNotFoundError:
        return None
    return told.st_ctime_ns if stat.S_IMODE(told.st_mode) == 0o600 else None


def sources_run() -> list[str]:
    """Sources of the sessions so far that came to frames."""
    files = [path for path in sorted(places.runs().glob("*.edgeperf")) if path.stat().st_size > 2_000]
    return [read_run(path).header.spec.source for path in files]


def test_the_first_takes_the_source_that_was_meant_where_the_second_was_started(start, street_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.mp4").symlink_to(street_clip)
    first = start("--source", "scene:road")
    wait_for(heard_since_ns, "the socket, which nobody else may call")
    second = start("--source", "mine.mp4", folder=tmp_path)
    said, errors = second.communicate(timeout=START_S)
    assert (second.returncode, errors) == (0, "")
    # `resolve` follows the link, so that the name stays true when the link goes
    assert said == f"edgeperf-gui is open already; its window is in front now and was given {street_clip}. " + (
        "Start another one with --new.\n"
    )
    wait_for(lambda: str(street_clip) in sources_run(), "a session with the new source")
    assert first.poll() is None
    refused = start("--source", "")
    assert (refused.wait(START_S), "edgeperf-gui: " in refused.stderr.read()) == (2, True)
    first.send_signal(signal.SIGINT)
    _, errors = first.communicate(timeout=START_S)
    assert first.returncode == 0 and "Traceback" not in errors
    assert not socket().exists()


def test_another_opens_with_new_and_after_a_first_that_was_killed(start) -> None:
    killed = start("--source", "scene:road")
    wait_for(heard_since_ns, "the socket")
    beside = start("--new", "--source", "scene:road", "--run-seconds", "0.5")
    assert beside.communicate(timeout=START_S) == ("", "") and beside.returncode == 0
    assert killed.poll() is None and socket().exists(), "another window is no reason for the first not to be called"
    killed.kill()
    killed.wait(START_S)
    assert socket().exists(), "which nobody could remove"
    left_ns = heard_since_ns() or 0
    heir = start("--source", "scene:road")
    wait_for(lambda: (heard_since_ns() or 0) > left_ns, "the heir's socket")
    caller = start()
    said, _ = caller.communicate(timeout=START_S)
    assert caller.returncode == 0 and "in front now. " in said
    assert heir.poll() is None


def test_rubbish_at_the_socket_and_a_frozen_window(start) -> None:
    first = start("--source", "scene:road")
    wait_for(heard_since_ns, "the socket")
    for rubbish in (
        b"",
        b"\xff\x00",
        b'{"source": 5}',
        b'{"source": "", "token": "a b"}',
        b'{"run": "rm"}',
        b"[" * 30_000,
        bytes(99_999),
    ):
        # what is too long is hung up on while it is being sent
        with Client(str(socket())) as line, pytest.raises((EOFError, ConnectionResetError, BrokenPipeError)):
            line.send_bytes(rubbish)
            line.recv_bytes()
    Client(str(socket())).close()
    os.kill(first.pid, signal.SIGSTOP)
    second = start("--source", "gopher://user:secret@example/x")
    time.sleep(1.0)
    assert second.poll() is None, "a window may be busy for a moment"
    os.kill(first.pid, signal.SIGCONT)
    said, errors = second.communicate(timeout=START_S)
    assert (second.returncode, errors) == (0, "")
    assert "gopher" in said and "secret" not in said
    assert first.poll() is None
