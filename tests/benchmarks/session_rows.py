"""Rows about one session, with and without a window."""

from __future__ import annotations

import statistics
from dataclasses import replace

from rows import Row, Settings, pairs, ratio
from sides import bench, benchmark_app, paced_bench, paced_window, plain_loop, window


def inference_only(settings: Settings) -> list[Row]:
    rows = []
    for hint in ("latency", "throughput"):
        rounds, dirty = pairs(
            settings,
            lambda hint=hint: bench(settings.seconds, hint=hint, inference_only=True),
            lambda hint=hint: benchmark_app(settings.seconds, hint=hint),
        )
        note = f"{len(rounds)} pairs, {dirty} dirty"
        for figure, bound in (("fps", "≥ 0.97"), ("latency_ms", "≤ 1.03")):
            value, words = ratio(rounds, figure)
            name = f"inference-only {'FPS' if figure == 'fps' else 'median latency'} ÷ benchmark_app's, hint {hint}"
            rows.append(Row(name, value, bound, "", f"{words}; {note}"))
    return rows


def pipeline(settings: Settings) -> list[Row]:
    rounds, dirty = pairs(
        settings,
        lambda: bench(settings.seconds, hint="throughput"),
        lambda: bench(settings.seconds, hint="throughput", inference_only=True),
        lambda: plain_loop(settings.seconds),
    )
    note = f"{len(rounds)} rounds, {dirty} dirty"
    whole, words = ratio(rounds, "fps", 0, 1)
    plain, plain_words = ratio(rounds, "fps", 0, 2)
    return [
        Row("full pipeline, clip flat out, FP16, throughput: FPS ÷ inference-only", whole, "≥ 0.85", "", f"{words}; {note}"),
        Row("same ÷ a plain cv2 + numpy + sync infer loop", plain, "≥ 1.25", "", f"{plain_words}; {note}"),
    ]


def window_against_headless(settings: Settings) -> list[Row]:
    rounds, dirty = pairs(
        settings,
        lambda: window(settings.seconds + 4, paced=False, hint="throughput"),
        lambda: bench(settings.seconds, hint="throughput"),
    )
    value, words = ratio(rounds, "fps")
    loaded = window(settings.window_seconds + 4, paced=False, hint="throughput")
    lateness = loaded["lateness_p99_ms"]
    note = f"{len(rounds)} pairs, {dirty} dirty"
    return [
        Row("window open, all docks, clip flat out: FPS ÷ headless", value, "≥ 0.93", "", f"{words}; {note}"),
        Row(
            "the same over 30 s: event-loop delay, p99 of a 33 ms timer",
            lateness,
            "≤ 20",
            " ms",
            f"foreign {loaded['foreign']:.0f} %",
        ),
    ]


def window_paced(settings: Settings) -> list[Row]:
    runs = [window(settings.window_seconds, paced=True, hint="latency", source="scene:road") for _ in range(2)]
    best = min(runs, key=lambda run: run["foreign"])
    starts = [window(3, paced=True, hint="latency")["first_boxes_ms"] / 1e3 for _ in range(4)][1:]
    # the clip is decoded at its own rate, so stages and age are those of an unsaturated run
    street = window(settings.window_seconds, paced=True, hint="latency")
    note = f"foreign CPU {best['foreign']:.0f} %"
    closeness = abs(street["stage_medians_ms"] / street["age_median_ms"] - 1) * 100
    words = f"Σ {street['stage_medians_ms']:.2f} ms, age {street['age_median_ms']:.2f} ms"
    return [
        Row("window process, 30 fps video, 1600×900: CPU", best["window_cores"], "≤ 0.20", " core", note),
        Row("the same: event-loop delay, p99 of a 33 ms timer", best["lateness_p99_ms"], "≤ 20", " ms", note),
        Row("command to first boxes on screen, cache warm", statistics.median(starts), "≤ 3", " s", f"{len(starts)} starts"),
        Row("Σ stage medians against the age, unsaturated", closeness, "≤ 5", " %", words),
    ]


def memory(settings: Settings) -> list[Row]:
    run = window(settings.soak_seconds, paced=True, hint="latency")
    after = f"sampled every 2 s over {settings.soak_seconds:.0f} s"
    return [
        Row("both processes' RSS after 60 s", run["rss_60_mb"], "≤ 700", " MB", after),
        Row("growth of both over the next 4 min", run["rss_growth_mb"], "≤ 5", " MB", after),
    ]


def agreement(settings: Settings) -> list[Row]:
    """The standing fidelity check: the same spec through the window and through `bench`, as paced runs of 30 fps."""
    seconds = 10.5 + settings.seconds  # enough frames for a p99
    # a paced median wanders by 20 % from one minute to the next, so it takes more pairs than a rate does
    settings = replace(settings, pairs=2 * settings.pairs - 1)
    rounds, dirty = pairs(settings, lambda: paced_window(seconds, "scene:road"), lambda: paced_bench(seconds, "scene:road"))
    rows = []
    for figure, bound in (("median", "≤ 5"), ("p99", "≤ 20")):
        known = [r for r in rounds if r[0][figure] is not None and r[1][figure] is not None]
        value, words = ratio(known, figure) if known else (None, "too few frames")
        apart = None if value is None else 100 * abs(value - 1)
        rows.append(
            Row(f"inference {figure}, window against bench", apart, bound, " %", f"{words}; {len(known)} pairs, {dirty} dirty")
        )
    return rows
