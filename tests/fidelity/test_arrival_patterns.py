"""Patterns on the command line, with the shipped model."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.domain.server import ServerResult, ServerSpec, ServerStep
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.verbs.in_child import Died


def bench(tmp_path: Path, *words: str) -> dict:
    report = tmp_path / "run.json"
    assert main(["bench", "--seconds", "1", *words, "--json", str(report)]) == 0
    return json.loads(report.read_text())


def test_one_after_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = bench(tmp_path, "--arrivals", "single")
    queries = run["queries"]
    assert (queries["pattern"], queries["frames"], queries["percentile"], queries["needed"]) == ("single", 1, 90, 64)
    assert queries["n"] == queries["latency"]["n"] and run["throughput"]["dropped"] == 0
    assert not run["throughput"]["saturated"] and queries["waiting"] is None
    out = capsys.readouterr().out
    assert "single: the next frame comes when the last is answered" in out and queries["sentence"] in out


def test_several_at_once(tmp_path: Path) -> None:
    run = bench(tmp_path, "--arrivals", "multi:3")
    queries = run["queries"]
    assert (queries["pattern"], queries["frames"], queries["percentile"]) == ("multi", 3, 99)
    assert 0 < 3 * queries["n"] <= run["throughput"]["completed"]
    assert queries["latency"]["max_ms"] >= run["age"]["median_ms"]
    assert queries["sentence"].startswith("n too small for p99: needs 662, has")


@pytest.mark.parametrize(("words", "percentile"), [("offline", None), ("paced", 99)])
def test_what_a_source_keeps_by_itself(words: str, percentile: int | None, tmp_path: Path) -> None:
    run = bench(tmp_path, "--arrivals", words)
    assert run["queries"]["pattern"] == words and run["queries"]["percentile"] == percentile
    assert run["throughput"]["saturated"] == (words == "offline") == (run["queries"]["latency"] is None)


def test_frames_that_queue_are_counted_to_the_last(tmp_path: Path) -> None:
    run = bench(tmp_path, "--arrivals", "poisson:2000")
    assert run["queries"]["pattern"] == "poisson" and run["queries"]["waiting"] > 100
    assert "frames still waited at the end" in run["queries"]["sentence"]


def test_inference_alone_has_no_arrivals(tmp_path: Path) -> None:
    assert bench(tmp_path, "--inference-only")["queries"] is None


def test_a_search_in_a_process_of_its_own_that_nothing_meets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "server.json"
    assert main(["bench", "--arrivals", "server", "--deadline", "0.05", "--json", str(report)]) == 1
    found = json.loads(report.read_text())
    assert found["schema"] == "edgeperf.server/1" and found["verdict"] == "FAIL" and found["steps"] == []
    assert found["effective"]["requests"] >= 1 and found["rate"] is None
    assert "Nothing meets 0.05 ms: even one frame alone takes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--arrivals", "paced:30"], "is for a sweep"),
        (["--arrivals", "server"], "give --deadline MS"),
        (["--deadline", "50"], "belong to --arrivals server"),
        (["--arrivals", "single", "--percentile", "90"], "belong to --arrivals server"),
        (["--arrivals", "server", "--deadline", "0"], "no deadline"),
        (["--arrivals", "server", "--deadline", "nan"], "no deadline"),
        (["--arrivals", "server", "--deadline", "50", "--percentile", "100"], "percentile"),
        (["--arrivals", "server", "--deadline", "50", "--source", "nothing.mp4"], "nothing.mp4"),
        (["--arrivals", "server", "--deadline", "50", "--model", "yolo99"], "yolo99"),
        (["--arrivals", "server", "--deadline", "50", "--paced"], "--arrivals says itself"),
        (["--arrivals", "multi:0"], "no number of frames"),
        (["--arrivals", "multi:2", "--inference-only"], "--arrivals says itself"),
        (["--arrivals", "sometimes"], "no arrival pattern"),
    ],
)
def test_bad_words_are_a_sentence_and_exit_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *words]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error and len(error.splitlines()) == 1


def test_a_process_that_dies_leaves_the_rates_that_it_had_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "server.json"

    def dies(function: str, spec: ServerSpec, kind: type) -> ServerResult:
        step = ServerStep(20.0, 76, 0, 0.0, "PASS", None, None)
        known = ServerResult(spec, describe_machine(), None, None, 20.0, None, "PASS", "20.0 pass.", (step,), complete=False)
        raise Died("The process died (SIGSEGV).", "", msgspec.json.encode(known))

    monkeypatch.setattr("edgeperf_gui.verbs.job_answer.follow", dies)
    assert main(["bench", "--arrivals", "server", "--deadline", "50", "--json", str(target)]) == 1
    told = capsys.readouterr()
    assert "20.0 pass. The search was stopped before its end." in told.out and "The process died (SIGSEGV)." in told.err
    assert json.loads(target.read_text())["steps"][0]["rate"] == 20.0
