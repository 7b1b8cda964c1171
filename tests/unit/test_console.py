"""Progress, stop and JSON of the command line."""

from __future__ import annotations

import io
import json
import os
import signal
from pathlib import Path

import msgspec
import pytest

from edgeperf_gui import console
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.messages import Notice, Telemetry
from edgeperf_gui.domain.results import Steady
from edgeperf_gui.domain.session import RunState, SessionStatus

WINDOW = Telemetry("1", 0, 1, None, None, None, 83.14, Steady(False, "throughput still rising"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_is_written_over() -> None:
    terminal = Terminal()
    outbox = console.ConsoleOutbox(terminal)
    outbox.send(SessionStatus("1", RunState.STARTING, activity="compiling a model with a long name"))
    outbox.send(WINDOW)
    assert terminal.getvalue().rstrip(" ").endswith("\r83.1 FPS · throughput still rising")
    assert "\n" not in terminal.getvalue()
    outbox.send(Notice("1", "The stream reconnects.", "Wait."))
    assert terminal.getvalue().endswith("\rThe stream reconnects. Wait.\n")


def test_a_pipe_sees_notices_only() -> None:
    pipe = io.StringIO()
    outbox = console.ConsoleOutbox(pipe)
    outbox.send(WINDOW)
    outbox.clear()
    assert pipe.getvalue() == ""
    outbox.send(Notice("1", "The disk is full."))
    assert pipe.getvalue() == "The disk is full.\n"


def test_nobody_looks_at_pictures() -> None:
    outbox = console.ConsoleOutbox(io.StringIO())
    assert outbox.preview_size() is None
    assert outbox.shown() == []
    assert outbox.preview(4, 2).shape == (2, 4, 4)


def test_an_unknown_rate_is_a_dash() -> None:
    unknown = msgspec.structs.replace(WINDOW, fps=None, foreign_cpu_percent=23.0, steady=Steady(True, ""))
    assert console.progress_line(unknown) == "– FPS · foreign CPU 23 % · steady"


def test_the_first_interrupt_asks_and_the_second_insists() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), console.stop_on_signals() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
        os.kill(os.getpid(), signal.SIGINT)
        stop.wait(5)
    assert signal.getsignal(signal.SIGINT) is before


def test_json_replaces_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text("old " * 100)
    with console.json_target(str(file)) as target:
        assert file.read_text().startswith("old")  # kept until there is something new
        assert target is not None
        target.write({"a": None, "b": float("nan")})
    assert json.loads(file.read_text()) == {"a": None, "b": None}


def test_a_run_that_fails_leaves_no_empty_file(tmp_path: Path) -> None:
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    old.write_text("{}")
    for file in (new, old):
        with pytest.raises(RuntimeError), console.json_target(str(file)):
            raise RuntimeError
    assert not new.exists()
    assert old.read_text() == "{}"


@pytest.mark.parametrize("name", ["missing/run.json", ".", "wall/run.json"])
def test_a_place_that_cannot_be_written_is_found_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wall").touch()
    with pytest.raises(BadInput), console.json_target(name):
        pytest.fail("the run must not begin")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(RunError, match="No space left"), console.json_target("/dev/full") as target:
        assert target is not None
        target.write({"a": 1})
    assert Path("/dev/full").exists()


def test_no_name_no_target() -> None:
    with console.json_target(None) as target:
        assert target is None
