"""Plausible predictions: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import replay

from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.simulation import Outcome, Prediction, SimulationResult, SimulationSpec, Situation
from edgeperf_gui.domain.truth import TrueLooks

SITUATIONS = tuple(Situation(rate, batch=batch, seconds=20.0) for batch in (1, 4) for rate in (30.0, 60.0, 150.0))
SPEC = SimulationSpec("replay", "street.mp4", "nanodet-g", SITUATIONS, verify=True)
RUNS = (
    # predicted and run: FPS, dropped of 20 s, p50, p99
    ((30.0, 0, 12.1, 16.4), (30.0, 0, 12.4, 17.9)),
    ((60.0, 3, 11.6, 17.2), (59.9, 5, 11.8, 19.0)),
    ((121.3, 574, 15.0, 24.1), (118.7, 626, 15.4, 26.2)),
    ((30.0, 0, 79.0, 131.0), (30.0, 0, 80.2, 134.1)),
    ((60.0, 0, 50.3, 79.2), (60.0, 0, 51.0, 82.0)),
    ((134.0, 320, 38.8, 55.7), (131.1, 378, 39.9, 61.3)),
)


def outcome(fps: float, dropped: int, median_ms: float, p99_ms: float | None, foreign: float | None = None) -> Outcome:
    completed = round(fps * 20)
    age = StageStats(completed, median_ms, median_ms, median_ms, median_ms, p99_ms, median_ms * 0.8, (p99_ms or median_ms) * 1.2)
    return Outcome(fps, completed + dropped, completed, dropped, age, foreign)


def result(known: int = 6, *, verify: bool = True, complete: bool = True, looks: int | None = None) -> SimulationResult:
    """The first `known` of six situations."""
    predictions = tuple(
        Prediction(
            situation,
            outcome(*predicted),
            outcome(*run, 0.6) if verify else None,
            1480,
            seen(looks, 0.981) if looks else None,
            seen(looks, 0.974) if looks and verify else None,
            hindcast=outcome(run[0], run[1], run[2] + 0.1, run[3] - 0.9) if verify else None,
            hindcast_looks=seen(looks, 0.97) if looks and verify else None,
        )
        for situation, (predicted, run) in zip(SITUATIONS[:known], RUNS[:known], strict=True)
    )
    spec = SimulationSpec("replay", "street.mp4", "nanodet-g", SITUATIONS, verify=verify, looks=looks)
    return SimulationResult(spec, replay.MACHINE, predictions, complete)


def seen(looks: int, share: float) -> TrueLooks:
    return TrueLooks(looks, round(40 * share), 40, share, share - 0.02, share + 0.01, 7.2)
