"""The command line: every error is one sentence and an exit code, never a traceback."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from edgeperf_gui import __version__, cli
from edgeperf_gui.domain.errors import DeviceError, RunError, SourceLost


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence on standard error of a call that must exit with 2."""
    assert cli.main(arguments) == cli.BAD_USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    (line,) = err.splitlines()
    assert line.startswith("edgeperf: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "command"),
        (("dance",), "dance"),
        (("--dance",), "dance"),
        (("bench", "--dance"), "dance"),
        (("bench", "--precision", "FP8"), "FP8"),
        (("bench", "--hint", "quick"), "quick"),
        (("bench", "--seconds", "0"), "seconds"),
        (("bench", "--seconds", "nan"), "seconds"),
        (("bench", "--seconds", "ten"), "ten"),
        (("bench", "--streams", "0"), "streams"),
        (("bench", "--requests", "-1"), "requests"),
        (("bench", "--threads", "1.5"), "threads"),
        (("bench", "--batch", "0"), "'--batch': 0 is not from 1 to 64"),
        (("bench", "--batch", "65"), "65 is not from 1 to 64"),
        (("bench", "--batch", "2.5"), "“2.5” is not a whole number"),
        (("bench", "--paced", "--inference-only"), "exclude"),
        (("bench", "--seconds", "ten"), "“ten” is not a number of seconds"),
        (("bench", "--seconds", "0"), "0 is not from 0.05 to 86400"),
        (("bench", "--threads", "1.5"), "“1.5” is not a whole number"),
        (("bench", "--streams", "1025"), "1025 is not from 1 to 1024"),
        (("bench", "--source", ""), "No source was given"),
        (("bench", "--json"), "json"),
        (("bench", "extra"), "extra"),
        (("doctor", "--json", "missing/folder/x.json"), "x.json"),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str) -> None:
    assert word in refused(capsys, *arguments)


def test_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path, street_clip: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    quick = ("bench", "--seconds", "0.2", "--source", str(street_clip))
    assert "yolo99" in refused(capsys, *quick, "--model", "yolo99")
    assert "TPU" in refused(capsys, *quick, "--device", "TPU")
    assert "none.mp4" in refused(capsys, "bench", "--seconds", "0.2", "--source", str(tmp_path / "none.mp4"))
    assert "empty.mp4" in refused(capsys, "bench", "--seconds", "0.2", "--source", str(empty))
    assert "out.json" in refused(capsys, *quick, "--json", str(tmp_path / "no folder" / "out.json"))


@pytest.mark.parametrize("loop", [(), ("--inference-only",)])
def test_a_stop_before_a_frame_was_measured_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loop: tuple[str, ...]
) -> None:
    @contextlib.contextmanager
    def stopped_at_once() -> Iterator[threading.Event]:
        stop = threading.Event()
        stop.set()
        yield stop

    monkeypatch.setattr("edgeperf_gui.console.stop_on_signals", stopped_at_once)
    file = tmp_path / "run.json"
    assert cli.main(["bench", "--seconds", "5", "--json", str(file), *loop]) == cli.FAILED
    out, err = capsys.readouterr()
    assert out == "" and err == "edgeperf: Stopped before a frame was measured. Let it run longer.\n"
    assert not file.exists()


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == cli.DONE
    assert __version__ in capsys.readouterr().out
    assert cli.main(["--help"]) == cli.DONE
    listed = capsys.readouterr().out
    assert all(verb in listed for verb in ("gui", "bench", "doctor"))


def test_doctor_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json", "-"]) == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "edgeperf.doctor/1"
    assert told["main_job_can_run"] is True
    assert {check["state"] for check in told["checks"]} <= {"ok", "warn"}


def test_doctor_fails_where_nothing_can_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = tmp_path / "wall"
    wall.touch()
    monkeypatch.setenv("EDGEPERF_HOME", str(wall))
    assert cli.main(["doctor"]) == cli.FAILED
    told = capsys.readouterr().out
    assert "FAIL  Write access" in told
    assert "cannot run" in told


@pytest.mark.parametrize(
    ("error", "sentence", "code"),
    [
        (DeviceError("No GPU here.", "Use CPU."), "No GPU here. Use CPU.", cli.BAD_USAGE),
        (SourceLost("The camera is gone."), "The camera is gone.", cli.FAILED),
        (RunError("It broke."), "It broke.", cli.FAILED),
        (click.UsageError("No such thing."), "No such thing.", cli.BAD_USAGE),
        (KeyboardInterrupt(), "interrupted.", 1),
    ],
)
def test_errors_and_their_codes(error: BaseException, sentence: str, code: int) -> None:
    assert cli.explain(error) == (sentence, code)


def test_an_unexpected_error_is_told_and_debug_shows_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[object]:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("edgeperf_gui.doctor.run_checks", broken)
    assert cli.main(["doctor"]) == cli.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: oh no" in line
    assert cli.main(["doctor", "--debug"]) == cli.FAILED
    assert "Traceback" in capsys.readouterr().err
