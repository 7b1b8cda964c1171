"""Rows about the sweep."""

from __future__ import annotations

from rows import Row, Settings
from sides import benchmark_app, sweep


def sweeping(settings: Settings) -> list[Row]:
    """Nine points against benchmark_app with the same settings, and what thirty points take."""
    nine = sweep("--batch", "1,2,4", "--streams", "2", "--requests", "1,2,4", "--rounds", str(settings.pairs))
    ratios = {}
    for point in nine["points"]:
        batch, streams, requests = point["batch"], point["streams_asked"], point["requests_asked"]
        same = ("-b", str(batch), "-nstreams", str(streams), "-nireq", str(requests))
        ratios[f"batch {batch}, {requests} requests"] = (
            point["fps"] / benchmark_app(settings.seconds, hint="none", more=same)["fps"]
        )
    lowest, highest = (pick(ratios, key=ratios.__getitem__) for pick in (min, max))
    thirty = ("--precision", "FP32,FP16,INT8", "--batch", "1-5", "--requests", "1,2", "--streams", "2")
    whole, adaptive = sweep(*thirty), sweep(*thirty, "--adaptive")
    same_best = whole["best"]["sentence"].split(" (")[0] == adaptive["best"]["sentence"].split(" (")[0]
    words = f"saved {adaptive['saved_seconds']:.0f} s, {'the same' if same_best else 'ANOTHER'} best point"
    return [
        Row("sweep, 9 points: lowest FPS ÷ benchmark_app's", ratios[lowest], "≥ 0.95", "", lowest),
        Row("sweep, 9 points: highest FPS ÷ benchmark_app's", ratios[highest], "≤ 1.05", "", highest),
        Row("a sweep of 30 points, 3 variants", whole["seconds"] / 60, "≤ 6", " min", f"{len(whole['points'])} points"),
        Row("the same, adaptive", adaptive["seconds"] / 60, "≤ 3", " min", words),
    ]
