"""`edgeperf sweep` as it is typed: bad words, an interrupt, and what it prints and writes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.domain.sweep import Best, SweepResult
from edgeperf_gui.engine.jobs.sweep import asked_points
from edgeperf_gui.engine.machine import describe_machine


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--streams", "0"], "not a range from 1"),
        (["--batch", ""], "neither a whole number"),
        (["--batch", "4-2"], "not a range"),
        (["--batch", "two"], "neither a whole number"),
        (["--precision", "FP8"], "none of FP32"),
        (["--hint", "fast"], "“fast” is none of latency, throughput, none"),
        (["--hint", ""], "is none of latency"),
        (["--threads", "0"], "not a range from 1"),
        (["--threads", ""], "neither a whole number"),
        (["--threads", "2-1"], "not a range"),
        (["--hint", "latency,throughput", "--streams", "2"], "Add hint none"),
        (["--threads", "1,2", "--device", "AUTO"], "AUTO takes no number of threads"),
        (["--arrivals", "server"], "edgeperf bench --arrivals server --deadline MS"),
        (["--arrivals", "paced"], "Say the rate, such as paced:30"),
        (["--arrivals", "paced:0"], "no rate of arrivals"),
        (["--deadline", "-1"], "is no deadline"),
        (["--rate", "nan"], "is no rate"),
        (["--resume", "nothing.json"], "cannot be read"),
        (["--device", "NPU.7"], "Devices here: "),
        (["--device", ""], "it is empty"),
        (["--device", "\udcff"], "not valid UTF-8"),
        (["--model", "\udcff"], "not valid UTF-8"),
        (["--source", "\udcff"], "not valid UTF-8"),
    ],
)
def test_bad_words_on_the_command_line_are_a_sentence_and_exit_2(words, said, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *words]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


def sent_to_all_when(is_time, *words: str) -> subprocess.CompletedProcess[str]:
    """`edgeperf sweep`, and Ctrl+C as a terminal sends it: to the verb and its child, once the child `is_time`."""
    command = [sys.executable, "-m", "edgeperf_gui.cli", "sweep", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    verb = psutil.Process(process.pid)
    while process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):  # one of them has just ended
            if any(is_time(child) for child in verb.children()):
                break
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def is_deaf_to_interrupts(pid: int) -> bool:
    """As the kernel tells it: blocked or ignored."""
    masks = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return any(int(masks[name], 16) >> (signal.SIGINT - 1) & 1 for name in ("SigBlk", "SigIgn"))


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what the child does with signals")
def test_an_interrupt_while_the_child_still_imports_is_one_sentence_and_leaves_the_file(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.json"
    target.write_text("earlier")
    deaf: list[bool] = []

    def is_there(child: psutil.Process) -> bool:
        if "spawn_main" not in " ".join(child.cmdline()):
            return False
        deaf.append(is_deaf_to_interrupts(child.pid))
        return True

    ended = sent_to_all_when(is_there, "--json", str(target))
    assert deaf == [True], "from its first moment: whether the signal meets an import is chance"
    assert ended.returncode == 1 and ended.stdout == ""
    assert "Stopped before the first point was measured." in ended.stderr and "Traceback" not in ended.stderr
    assert target.read_text() == "earlier"


def test_partial_answers_without_a_figure_are_no_result(monkeypatch, capsys, tmp_path: Path) -> None:
    target = tmp_path / "sweep.json"
    target.write_text("earlier")

    def nothing_measured(job, asked, kind, show, stop) -> SweepResult:
        points = tuple(asked_points(asked))
        return SweepResult(asked, describe_machine(), points, Best(None, None, None, ""), 0.0, None, False, under_way=0)

    monkeypatch.setattr("edgeperf_gui.verbs.job_answer.run_in_child", nothing_measured)
    assert main(["sweep", "--json", str(target)]) == 1
    assert "Stopped before the first point was measured." in capsys.readouterr().err
    assert target.read_text() == "earlier"


def test_a_file_that_is_no_sweep_is_a_sentence(capsys, tmp_path: Path) -> None:
    other = tmp_path / "run.json"
    other.write_text('{"schema": "edgeperf.run/1"}')
    assert main(["sweep", "--resume", str(other)]) == 2
    assert "is not the result of a sweep" in capsys.readouterr().err


def test_the_command_prints_a_table_and_writes_the_schema(capsys, tmp_path: Path, home: Path) -> None:
    target = tmp_path / "sweep.json"
    assert main(["sweep", "--batch", "1,2", "--rounds", "1", "--deadline", "0.001", "--json", str(target)]) == 0
    output = capsys.readouterr().out
    assert "Nothing meets 0.001 ms; the nearest is FP16 batch" in output
    written = json.loads(target.read_text())
    assert written["schema"] == "edgeperf.sweep/1" and written["best"]["point"] is None
    keys = {"variant", "batch", "streams_asked", "streams", "requests", "hint", "threads", "latency", "fps", "per_frame_ms"}
    keys |= {"requests_asked", "threads_asked", "rss_mb", "compile_ms", "clean_blocks", "dirty_blocks", "on_front"}
    assert len(written["points"]) == 2 and keys <= written["points"][0].keys()
