"""The proof that the architecture works: the same spec through `bench` and through the window gives the same numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgeperf_gui.domain import places

SECONDS = 14.5  # 435 frames at 30 fps: enough for a p99 after the warm-up
PAIRS, TRIES, MOST_TRIES = 3, 5, 8
"""So many quiet pairs, among so many, are enough where they agree; where they do not, more are run before that is believed.

Of two sides that are the same, with medians that wander by 5 % from run to run, three runs each lie apart in 8 of 1000 cases,
five in 1 of 10 000, eight in less than 1 of a million.
"""
MEDIAN, P99 = 0.05, 0.20
RESOLUTION_MS = 0.1
"""Stages of a tenth of a millisecond differ by more than 5 % from one wake-up of a thread to the next."""
DIRTY_PERCENT = 5.0
STAGES = ("decode", "preprocess", "inference", "postprocess")

Run = dict[str, dict]


def through_bench(folder: Path) -> tuple[Run, float]:
    report = folder / "bench.json"
    words = ["bench", "--source", "scene:road", "--paced", "--seconds", str(SECONDS), "--json", str(report)]
    subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], check=True, capture_output=True)
    run = json.loads(report.read_text())
    return run["stages"], run["foreign_cpu_percent"]


def through_window(folder: Path) -> tuple[Run, float]:
    report = folder / "window.json"
    words = ["--source", "scene:road", "--run-seconds", str(SECONDS), "--report", str(report)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-m", "edgeperf_gui", *words], check=True, capture_output=True, env=environment)
    run = json.loads(report.read_text())
    return run["stages"], run["foreign"]


def differences(drawn: list[Run], headless: list[Run]) -> list[str]:
    """What of the two sides is further apart than promised, in words.

    On a shared machine the same program's median wanders by 20 % from one minute to the next, so two medians that differ prove
    nothing. That no run of one side comes near any run of the other does: the nearest two are compared.
    """
    found = []
    for stage, figure, bound in [*((stage, "median_ms", MEDIAN) for stage in STAGES), ("inference", "p99_ms", P99)]:
        window, bench = ([value for run in runs if (value := run[stage][figure]) is not None] for runs in (drawn, headless))
        if not (window and bench):
            continue
        low, high = sorted((window, bench), key=min)
        if min(high) - max(low) > max(bound * max(low), RESOLUTION_MS):
            found.append(f"{stage} {figure}: window {window}, bench {bench} ms")
    return found


def run_of(inference_ms: float, p99_ms: float | None) -> Run:
    return {stage: {"median_ms": inference_ms, "p99_ms": p99_ms} for stage in STAGES}


def test_the_check_finds_a_difference_that_is_none_of_the_noise() -> None:
    headless = [run_of(median, p99) for median, p99 in ((5.0, 8.2), (6.3, 9.0), (5.6, None))]
    assert not differences([run_of(6.2, 9.5), run_of(5.3, 8.5)], headless)
    # the window as it was when it drew its plots at any time: each p99 a third higher
    assert len(differences([run_of(5.9, 12.2), run_of(6.1, 11.3)], headless)) == 1
    assert len(differences([run_of(6.7, 9.5), run_of(7.0, 8.5)], headless)) == len(STAGES)


@pytest.mark.timeout(600)
def test_bench_and_window_agree(home: Path) -> None:
    """Interleaved pairs; those during which others used the machine do not count."""
    assert places.settings_file().is_relative_to(home)
    headless: list[Run] = []
    drawn: list[Run] = []
    for tried in range(1, MOST_TRIES + 1):
        (bench, load), (window, window_load) = through_bench(home), through_window(home)
        if max(load, window_load) <= DIRTY_PERCENT:
            headless.append(bench)
            drawn.append(window)
        if len(headless) >= PAIRS and not differences(drawn, headless):
            return
        if tried >= TRIES and len(headless) < PAIRS:
            pytest.skip("no quiet moment on this machine: others used more than 5 % of it")
    assert not differences(drawn, headless)
