"""A waterfall as text: a row a part, the sum against the whole, and the answer in sentences."""

from __future__ import annotations

from edgeperf_gui.analysis.waterfall_words import TITLES, sentences, signed
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.run_report import UNKNOWN, table

_HEAD = ("", "adds", "95 %", "ms/frame", "FPS")


def report(result: WaterfallResult) -> str:
    """Everything in one text."""
    spec, effective = result.spec, result.effective
    rows = [
        (TITLES[step.part], _added(step.adds_ms), _between(step.adds_ms), _number(step.total_ms), _number(step.fps, ".1f"))
        for step in result.steps
    ]
    whole = result.whole_ms
    rows.append(("left over", _added(result.rest_ms), _between(result.rest_ms), "", ""))
    rows.append(
        ("the whole session", "", _between(whole), _number(whole.value if whole else None), _number(result.whole_fps, ".1f"))
    )
    missing = [f"  {TITLES[step.part]}: {step.sentence}" for step in result.steps if step.sentence]
    rounds = f"{result.clean_rounds} clean rounds, {result.dirty_rounds} dirty, {result.seconds:.0f} s"
    requests = (
        f"{result.app_requests} → {effective.requests}" if result.app_requests != effective.requests else f"{effective.requests}"
    )
    blocks = [
        f"{spec.model} {spec.precision} on {spec.device}, hint {spec.hint}, {effective.streams or UNKNOWN} streams, "
        f"{requests} requests, flat out · {rounds}",
        table([_HEAD, *rows]),
        "wall milliseconds a frame; each loop has its own part and all before it",
        "\n".join(["Not measured", *missing]) if missing else "",
        "\n".join(sentences(result)),
        f"The same as the first line with the runtime's own tool:\n  {result.command}",
    ]
    return "\n\n".join(block for block in blocks if block)


def _added(interval: Interval | None) -> str:
    return UNKNOWN if interval is None else signed(interval.value)


def _between(interval: Interval | None) -> str:
    if interval is None or interval.low is None or interval.high is None:
        return UNKNOWN
    return f"{interval.low:.2f} to {interval.high:.2f}".replace("-", "−")


def _number(value: float | None, form: str = ".2f") -> str:
    return UNKNOWN if value is None else format(value, form)
