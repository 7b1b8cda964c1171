"""The proof that the architecture works: the same spec through `bench` and through the window gives the same numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgeperf_gui.domain import places

pytestmark = pytest.mark.timeout(400)

SECONDS = 14  # 420 frames at 30 fps: enough for a p99
PAIRS = 4
MEDIAN, P99 = 0.05, 0.20
DIRTY_PERCENT = 5.0


def through_bench(folder: Path) -> tuple[dict, float]:
    report = folder / "bench.json"
    words = ["bench", "--source", "scene:road", "--paced", "--seconds", str(SECONDS), "--json", str(report)]
    subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], check=True, capture_output=True)
    run = json.loads(report.read_text())
    return run["stages"], run["foreign_cpu_percent"]


def through_window(folder: Path) -> tuple[dict, float]:
    report = folder / "window.json"
    words = ["--source", "scene:road", "--run-seconds", str(SECONDS), "--report", str(report)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-m", "edgeperf_gui", *words], check=True, capture_output=True, env=environment)
    run = json.loads(report.read_text())
    return run["stages"], run["foreign"]


def apart(a: dict, b: dict, figure: str) -> float:
    return abs(a["inference"][figure] / b["inference"][figure] - 1)


def test_bench_and_window_agree(home: Path) -> None:
    """Interleaved pairs until one agrees. A machine on which `bench` does not agree with itself proves nothing either way."""
    assert places.settings_file().is_relative_to(home)
    clean, differences = [], []
    for _ in range(PAIRS):
        (headless, load), (drawn, window_load) = through_bench(home), through_window(home)
        if max(load, window_load) > DIRTY_PERCENT or None in (headless["inference"]["p99_ms"], drawn["inference"]["p99_ms"]):
            continue  # disturbed, or so long a warm-up was cut that too few frames are left for a p99
        clean.append(headless)
        median, p99 = apart(drawn, headless, "median_ms"), apart(drawn, headless, "p99_ms")
        differences.append(f"median {median:.1%}, p99 {p99:.1%}")
        if median <= MEDIAN and p99 <= P99:
            return
    if len(clean) < 2:
        pytest.skip("no quiet moment on this machine: others used more than 5 % of it")
    own = max(apart(run, clean[0], "median_ms") for run in clean[1:])
    own_p99 = max(apart(run, clean[0], "p99_ms") for run in clean[1:])
    if own > MEDIAN or own_p99 > P99:
        pytest.skip(f"bench differs from itself here by {own:.1%} in the median and {own_p99:.1%} in p99")
    pytest.fail(f"window and bench differ in every clean pair: {'; '.join(differences)}")
