"""Runs that never were, for what is held against them."""

from __future__ import annotations

import numpy as np

from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, RunResult, Steady, Throughput
from edgeperf_gui.domain.session import SessionSpec

MACHINE = Machine("box", "Linux", "3.11", "2026.4", "5.0", "CPU", 2, None, None)
EFFECTIVE = Effective("FP16", {"bf16": 34}, ("CPU",), 1, 1, 2, "latency", "bf16")

STEADY = Steady(True, "")


def run_of(
    fps: float | None = 100.0,
    *,
    saturated: bool = True,
    dropped: int = 0,
    source_fps: float | None = 25.0,
    age_ms: float | None = None,
    n: int = 500,
    ages_ms: list[float] | None = None,
    arrivals: str = "",
    inference_only: bool = False,
    steady: Steady = STEADY,
    foreign: float = 0.0,
    inference_ms: float = 8.0,
    preprocess_ms: float = 1.0,
) -> RunResult:
    stages = {"preprocess": preprocess_ms, "inference": inference_ms, "postprocess": 1.0}
    return RunResult(
        spec=SessionSpec("trial", "clip.mp4", "nanodet-g", arrivals=arrivals, inference_only=inference_only),
        machine=MACHINE,
        effective=EFFECTIVE,
        model=ModelTimes(1, 1, 1, 1, "off"),
        source=None,
        stages={name: stage_stats(np.full(n, value)) for name, value in stages.items()},
        age=stage_stats(np.array(ages_ms or ([] if age_ms is None else [age_ms] * n), dtype=float)),
        throughput=Throughput(fps, source_fps, n, dropped, 0, 10.0, saturated),
        steady=steady,
        foreign_cpu_percent=foreign,
        own_cpu_percent=90.0,
        openvino_command="",
    )
