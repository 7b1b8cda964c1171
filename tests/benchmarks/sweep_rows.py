"""Rows about the sweep."""

from __future__ import annotations

import math

from rows import Row, Settings, pairs, ratio
from sides import benchmark_app, sweep_point, verb, widened

from edgeperf_gui.analysis.hopeful_points import chance


def sweeping(settings: Settings) -> list[Row]:
    """Nine points against benchmark_app with the same settings, and what thirty points take."""
    ratios, dirty = _nine(settings)
    lowest, highest = (pick(ratios, key=ratios.__getitem__) for pick in (min, max))
    thirty = ("--precision", "FP32,FP16,INT8", "--batch", "1-5", "--requests", "1,2", "--streams", "2")
    whole, adaptive = verb("sweep", *thirty), verb("sweep", *thirty, "--adaptive")
    apart, allowed, named = _best_apart(whole, adaptive)
    saved = f"saved {adaptive['saved_seconds']:.0f} s"
    return [
        Row("sweep, 9 points: lowest FPS ÷ benchmark_app's", ratios[lowest], "≥ 0.95", "", f"{lowest}; {dirty} dirty pairs"),
        Row("sweep, 9 points: highest FPS ÷ benchmark_app's", ratios[highest], "≤ 1.05", "", f"{highest}; {dirty} dirty pairs"),
        Row("a sweep of 30 points, 3 variants", whole["seconds"] / 60, "≤ 6", " min", f"{len(whole['points'])} points"),
        Row("the same, adaptive", adaptive["seconds"] / 60, "≤ 3", " min", saved),
        Row("the same: its best point's FPS below the whole's best, ÷ what chance allows", apart / allowed, "≤ 1", "", named),
    ]


def _best_apart(whole: dict, adaptive: dict) -> tuple[float, float, str]:
    """How far apart both sweeps' best points lie where they are farther apart; what chance allows there, and words.

    Both are shares of the throughput. A sweep names one of the points that chance alone tells apart: another one is as good.
    """
    bests = [_settings(found["best"]["point"]) for found in (whole, adaptive)]
    if bests[0] == bests[1]:
        return 0.0, 1.0, "the same best point"
    worst = (0.0, 1.0)
    for found in (whole, adaptive):
        points = {_settings(point): point for point in found["points"]}
        a, b = (points[best] for best in bests)
        spread = found["fps_spread_percent"] / 100
        allowed = chance(spread, _blocks(a), spread, _blocks(b))
        worst = max(worst, (abs(math.log(a["fps"] / b["fps"])), allowed), key=lambda pair: pair[0] / pair[1])
    words = f"another best point, {100 * worst[0]:.1f} % apart where chance allows {100 * worst[1]:.1f} %"
    return *worst, words


def _settings(point: dict) -> tuple[object, ...]:
    return tuple(point[name] for name in ("variant", "batch", "streams_asked", "requests_asked"))


def _blocks(point: dict) -> int:
    return point["clean_blocks"] or point["dirty_blocks"]


def _nine(settings: Settings) -> tuple[dict[str, float], int]:
    """FPS ÷ benchmark_app's of each point, in pairs that take turns: a disturbance counts against both, and is measured again."""
    ratios, dirty = {}, 0
    for batch in (1, 2, 4):
        for requests in (1, 2, 4):
            same = ("-nstreams", "2", "-nireq", str(requests))
            rounds, disturbed = pairs(
                settings,
                lambda batch=batch, requests=requests: sweep_point(batch, requests),
                lambda batch=batch, same=same: benchmark_app(settings.seconds, hint="none", model=widened(batch), more=same),
            )
            ratios[f"batch {batch}, {requests} requests"] = ratio(rounds, "fps")[0]
            dirty += disturbed
    return ratios, dirty
