"""The command line as a user's shell starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "edgeperf_gui.cli")


def edgeperf(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=150, cwd=ROOT, stdin=subprocess.DEVNULL)


def test_doctor() -> None:
    done = edgeperf("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "The main job can run." in done.stdout


def test_bench_on_the_real_clip(tmp_path: Path, street_clip: Path) -> None:
    file = tmp_path / "run.json"
    done = edgeperf("bench", "--source", str(street_clip), "--seconds", "2", "--json", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Truth label" in done.stdout
    assert "inference" in done.stdout
    run = json.loads(file.read_text("utf-8"))
    assert run["schema"] == "edgeperf.run/1"
    assert run["spec"]["source"] == str(street_clip)
    assert run["effective"]["stored_precision"] == "FP16"
    assert sum(run["effective"]["executed_precision"].values()) > 0
    assert run["effective"]["execution_devices"] == ["CPU"]
    assert run["throughput"]["completed"] > 0
    assert run["throughput"]["fps"] > 0
    assert run["throughput"]["saturated"] is True
    for stage in ("decode", "preprocess", "inference", "postprocess"):
        assert run["stages"][stage]["n"] > 0
        assert run["stages"][stage]["median_ms"] > 0
    assert run["model"]["compile_ms"] > 0
    assert "-m" in run["openvino_command"]


def test_bench_prints_json_and_nothing_else() -> None:
    done = edgeperf("bench", "--seconds", "1", "--inference-only", "--source", "resources/clips/street.mp4", "--json", "-")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["spec"]["inference_only"] is True
    assert run["age"] is None
    assert run["stages"]["inference"]["p99_ms"] is None or run["stages"]["inference"]["n"] >= 299


def test_a_source_that_is_no_video_is_one_sentence(tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(os.urandom(4096))
    done = edgeperf("bench", "--source", str(noise), "--seconds", "1")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "noise.mp4" in line


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_an_interrupt_ends_in_order_and_prints_what_was_measured(tmp_path: Path, street_clip: Path) -> None:
    file = tmp_path / "run.json"
    arguments = ("bench", "--source", str(street_clip), "--seconds", "300", "--json", str(file))
    ours, theirs = os.openpty()
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=theirs, text=True, cwd=ROOT) as process:
        os.close(theirs)
        told = b""
        while b" FPS" not in told:  # a person at a terminal is told every two seconds how it goes
            told += os.read(ours, 1024)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0, told
    assert "Truth label" in out
    run = json.loads(file.read_text("utf-8"))
    assert run["throughput"]["completed"] > 0
    assert run["ended"] == "stopped" and "stopped, before its 300 s were over" in out
    assert 1 <= int(run["openvino_command"].rpartition(" -t ")[2]) < 120


def test_a_reader_that_leaves_early_is_no_error_of_ours() -> None:
    with subprocess.Popen([*COMMAND, "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
    assert "Traceback" not in errors
    assert "Exception" not in errors
