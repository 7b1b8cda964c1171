"""Rows about frames that are answered together in a live session."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from rows import Row, Settings, pairs
from sides import ROOT

_SOURCE = "scene:road"
_RATE = 30.0
_SERVICE = ("decode", "preprocess", "inference", "postprocess")


def batching(settings: Settings) -> list[Row]:
    """A camera's age with batches against (b − 1) / 2λ + S(b).

    S(b) is what decoding, filling, the model and the objects take in another run, at half the rate: a model that has pauses is
    slower than one that is kept busy, so a flat-out run would not do.
    """
    slower = Path(os.environ["EDGEPERF_HOME"]) / "slower.csv"
    slower.write_text("\n".join(("arrival_s", *(f"{2 * n / _RATE:.6f}" for n in range(10_000)))))
    rows = []
    for batch in (2, 4, 8):
        rounds, dirty = pairs(
            settings,
            lambda batch=batch: _run(batch, settings.seconds + 2, "--paced"),
            lambda batch=batch: _run(batch, settings.seconds + 2, "--arrivals", str(slower)),
        )
        wait_ms = 1e3 * (batch - 1) / (2 * _RATE)
        predicted_ms = wait_ms + statistics.median(other["service_ms"] for _, other in rounds)
        age_ms = statistics.median(live["age_ms"] for live, _ in rounds)
        apart = 100 * abs(predicted_ms / age_ms - 1)
        words = f"{predicted_ms:.1f} / {age_ms:.1f} ms, wait {wait_ms:.1f} ms; {len(rounds)} pairs, {dirty} dirty"
        rows.append(Row(f"batch {batch} at {_RATE:g} fps: predicted mean age against measured", apart, "≤ 10", " %", words))
    return rows


def _run(batch: int, seconds: float, *words: str) -> dict[str, float]:
    report = Path(os.environ["EDGEPERF_HOME"]) / "batch.json"
    whole = ["bench", "--source", _SOURCE, "--batch", str(batch), "--seconds", str(seconds), "--json", str(report), *words]
    subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *whole], check=True, capture_output=True, cwd=ROOT)
    run = json.loads(report.read_text())
    stages, age = run["stages"], run["age"]
    return {
        "age_ms": age["mean_ms"],
        "service_ms": sum(stages[name]["mean_ms"] for name in _SERVICE),
        "foreign": run["foreign_cpu_percent"],
    }
