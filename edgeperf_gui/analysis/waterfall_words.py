"""A waterfall in sentences: the same in the window and on the command line."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.waterfall import Pacing, WaterfallResult, WaterfallStep

TITLES: Final = {
    "inference": "benchmark_app’s loop",
    "input fill": "+ input fill",
    "preprocess": "+ preprocess",
    "queue": "+ queue",
    "postprocess": "+ postprocess",
    "decode": "+ decode",
    "window": "+ window",
}
EXPLAINED: Final = {
    "inference": "Requests kept busy with one input each that is filled once, as benchmark_app does. Nothing else is done.",
    "input fill": "Each frame’s own input is copied into the request. benchmark_app infers the same one again and again.",
    "preprocess": "Instead of that copy a decoded frame in memory is resized into the input; mean and scale are in the model.",
    "queue": "The live pipeline instead of one thread: a reader hands frames over, the runtime tells of each completion, a "
    "worker goes on. With the hint throughput one more request is under way, which can win time back.",
    "postprocess": "The outputs become boxes, classes or a mask.",
    "decode": "Frames are read from the source and decoded, in a thread beside the model that takes processor time from it.",
    "window": "Records and up to twelve scaled pictures a second go to the window, which paints them with their boxes on the "
    "page of the waterfall. The live charts of the main window are not in it.",
}
WHOLE: Final = "The whole session, measured for itself in blocks of its own: with its records on their way out, and its pictures."
REST: Final = "The whole session less the sum of the steps: what they do not explain, chance included."
_LEAST_SHARE: Final = 0.01
"""Of a frame, from which a part is worth naming."""
_HARDLY: Final = 0.03
"""A ratio this close to 1 needs no cause."""
_WHY_SLOWER: Final = (
    "Between two frames the machine comes to rest: threads have to be woken, caches and clocks have cooled down. "
    "These are the likely causes; they are not measured one by one."
)
_WHY_QUICKER: Final = "Flat out the model shares the processor with decoding and preprocessing, which go on beside it."


def sentences(result: WaterfallResult) -> tuple[str, ...]:
    """The answer, what the sum leaves open, and the paced inference beside the saturated one."""
    found = (headline(result), check(result), pacing_sentence(result.pacing), doubts(result))
    return tuple(sentence for sentence in found if sentence)


def headline(result: WaterfallResult) -> str:
    """Both numbers, and the parts that make most of the difference."""
    loop = result.steps[0]
    if loop.fps is None or loop.total_ms is None or result.whole_fps is None or result.whole_ms is None:
        return ""
    both = (
        f"benchmark_app’s loop gives {loop.fps:.1f} FPS ({loop.total_ms:.2f} ms a frame), the whole session "
        f"{result.whole_fps:.1f} FPS ({result.whole_ms.value:.2f} ms)."
    )
    costly = largest(result)
    if not costly:
        return f"{both} No part takes more than 1 % of a frame."
    named = [f"{step.part} ({signed(step.adds_ms.value)} ms)" for step in costly if step.adds_ms is not None]
    return f"{both} Most of the difference: {' and '.join(named)}."


def largest(result: WaterfallResult) -> tuple[WaterfallStep, ...]:
    """The two parts beside the inference that cost most, dearest first; those below 1 % of a frame are not worth naming."""
    whole_ms = result.whole_ms.value if result.whole_ms else 0.0
    parts = [step for step in result.steps[1:] if step.adds_ms and step.adds_ms.value > _LEAST_SHARE * whole_ms]
    return tuple(sorted(parts, key=lambda step: -(step.adds_ms.value if step.adds_ms else 0.0))[:2])


def check(result: WaterfallResult) -> str:
    """The sum of the steps against the whole session's own number."""
    rest, whole, total = result.rest_ms, result.whole_ms, result.sum_ms
    if rest is None or whole is None or total is None:
        return ""
    share = 100 * rest.value / whole.value
    said = f"The steps add up to {total:.2f} ms; {signed(rest.value)} ms ({signed(share, '.1f')} %) of the whole is left over"
    if rest.low is None or rest.high is None:
        return f"{said}; too few rounds to say how certain that is."
    if rest.contains(0.0):
        return f"{said}, which is no more than chance ({between(rest)})."
    return f"{said} ({between(rest)}): the parts do not explain it."


def pacing_sentence(pacing: Pacing | None) -> str:
    """How much longer an inference takes when frames come at the source's rate, and why; empty when it is not known."""
    if pacing is None:
        return ""
    both = f"One inference takes {pacing.paced_ms:.2f} ms at {pacing.rate:g} FPS and {pacing.saturated_ms:.2f} ms flat out"
    return f"{both}: {pacing_ratio(pacing)}"


def pacing_ratio(pacing: Pacing) -> str:
    """The ratio with its interval, and why it is not 1."""
    ratio = pacing.ratio
    if ratio.low is None or ratio.high is None:
        return f"× {ratio.value:.2f}, with too few rounds to say how certain that is."
    if ratio.contains(1.0):
        return f"no difference shown (× {ratio.low:.2f} to {ratio.high:.2f})."
    if abs(ratio.value - 1) < _HARDLY:
        return f"hardly a difference (× {ratio.low:.2f} to {ratio.high:.2f})."
    return f"× {ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f}). {why(ratio.value)}"


def why(ratio: float) -> str:
    """Why a paced inference takes longer, or not as long, as a saturated one."""
    return _WHY_SLOWER if ratio > 1 else _WHY_QUICKER


def doubts(result: WaterfallResult) -> str:
    """What speaks against believing it; empty when nothing does."""
    if result.only_dirty:
        return "Others used more than 5 % of the machine in most rounds: measure again when it is quiet."
    return "" if result.complete else "It was stopped, or still runs: more rounds make it more certain."


def signed(value: float, form: str = ".2f") -> str:
    """With its sign, a true minus; what rounds to nothing has none."""
    text = f"{value:+{form}}".replace("-", "−")
    return text if text.strip("+−0.") else text.lstrip("+−")


def between(interval: Interval) -> str:
    """The 95 % interval in words; empty when there is none."""
    if interval.low is None or interval.high is None:
        return ""
    return f"95 %: {signed(interval.low)} to {signed(interval.high)} ms"
