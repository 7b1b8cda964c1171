"""A plausible waterfall: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import msgspec
import numpy as np
import replay

from edgeperf_gui.analysis.bootstrap import difference_interval
from edgeperf_gui.analysis.waterfall import steps
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.domain.waterfall import Pacing, WaterfallResult, WaterfallSpec

TOTALS = {
    "inference": 8.02,
    "input fill": 8.09,
    "preprocess": 8.71,
    "queue": 8.52,
    "postprocess": 8.96,
    "decode": 9.65,
    "window": 9.88,
}
EFFECTIVE = Effective("FP16", {"bf16": 34}, ("CPU",), 1, 1, 2, "latency", "bf16")


def result(rounds: int = 9, *, whole: float = 9.93, without: tuple[str, ...] = (), **fields) -> WaterfallResult:
    """`without` these parts, as where nobody looks; `fields` replace the result's own."""
    random = np.random.default_rng(4)
    loops = {part: list(total * (1 + random.normal(0, 0.008, rounds))) for part, total in TOTALS.items() if part not in without}
    own = list(whole * (1 + random.normal(0, 0.008, rounds)))
    last = loops["decode" if "window" in without else "window"]
    made = WaterfallResult(
        spec=WaterfallSpec("replay", "street.mp4", "nanodet-g"),
        machine=replay.MACHINE,
        effective=EFFECTIVE,
        app_requests=1,
        command="benchmark_app -m nanodet-g-fp16.xml -d CPU -hint latency",
        steps=steps(loops, dict.fromkeys(without, "Nobody looked.")),
        whole_ms=difference_interval(own, np.zeros(rounds)),
        whole_fps=1e3 / float(np.median(own)),
        rest_ms=difference_interval(own, last),
        pacing=Pacing(25.0, 11.24, 8.31, Interval(1.35, 1.29, 1.41), 162),
        clean_rounds=rounds,
        dirty_rounds=1,
        only_dirty=False,
        seconds=52.0,
        complete=True,
    )
    return msgspec.structs.replace(made, **fields)
