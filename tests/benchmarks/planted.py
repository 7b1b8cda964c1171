"""The comparison compared with the truth: a planted slow-down of 20 %, and two identical variants. Prints one JSON line."""

from __future__ import annotations

import json
import sys
import threading

from edgeperf_gui.domain import places
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.engine.jobs.compare import Comparison, _facts, read_frames
from edgeperf_gui.engine.jobs.contestant import prepare
from edgeperf_gui.engine.jobs.job_outbox import Teller
from edgeperf_gui.zoo.catalogue import find_model

PLANTED = 0.20


class Silent:
    def send(self, message: object) -> None:
        """Nobody listens."""


def main(runs: int, seconds: float) -> None:
    """Two equal contestants, alternately with and without the delay; both must be reported as what they are."""
    card = find_model("nanodet-g")
    clip = str(places.shipped("resources/clips/street.mp4"))
    spec = CompareSpec("planted", clip, "nanodet-g", precisions=("FP32", "FP16"), seconds=seconds, block_seconds=0.2)
    stop, frames = threading.Event(), None
    slowed, same, foreign = [], [], []
    for number in range(2 * runs):
        frames = frames or read_frames(spec.source, stop)
        pair = [prepare(card, "FP16", spec, lambda text: None) for _ in range(2)]
        pair[0].precision = "FP32"
        usual = pair[0].run_block(frames, 0, 0.5).inference_ms
        if number % 2:
            pair[1].delay_ms = PLANTED * float(sorted(usual)[len(usual) // 2])
        comparison = Comparison(spec, Teller("planted", Silent()), stop)
        comparison._facts = {name: _facts(card, "FP16") for name in ("FP32", "FP16")}
        result = comparison.race(pair, frames)
        ratio = result.ratios["FP16/FP32"]
        (slowed if number % 2 else same).append((ratio.latency.value, ratio.differs))
        foreign.append(result.blocks.dirty)
    print(
        json.dumps(
            {
                "runs": runs,
                "slowed_right": sum(abs(value / (1 + PLANTED) - 1) <= 0.03 and differs for value, differs in slowed),
                "same_right": sum(not differs for _, differs in same),
                "slowed": [round(value, 3) for value, _ in slowed],
                "same": [round(value, 3) for value, _ in same],
                "dirty_rounds": sum(foreign),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
