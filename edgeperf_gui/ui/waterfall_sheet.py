"""The waterfall in numbers: the table that says the same as the chart, and the files it can be saved as."""

from __future__ import annotations

import csv
import io
from typing import Final

from edgeperf_gui.analysis.waterfall_words import EXPLAINED, REST, TITLES, WHOLE, signed
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.waterfall import WaterfallResult, WaterfallStep
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.definitions import WATERFALL
from edgeperf_gui.ui.sheet import Cell, Sheet
from edgeperf_gui.ui.waterfall_bars import bars_of

_HEADS: Final = ("part", "adds ms", "from", "to", "ms/frame", "FPS", "share")
_NOTHING: Final = Cell("")
_FIELDS: Final = ("part", "adds_ms", "adds_low_ms", "adds_high_ms", "total_ms", "fps", "share_percent", "sentence")


def sheet(result: WaterfallResult) -> Sheet:
    """A row a part, then what is left over and the whole session."""
    look, whole, rest = theme.tokens(), result.whole_ms, result.rest_ms
    rows = [_step_row(step, whole) for step in result.steps]
    dots: list[str | None] = [bar.colour for bar in bars_of(result)[: len(rows)]]
    rows.append((Cell("left over", "left over", tip=REST), *_added(rest), _NOTHING, _NOTHING, _share(rest, whole)))
    known = (whole.low, whole.high, whole.value) if whole is not None else (None, None, None)
    last = Cell("the whole session", "the whole session", tip=WHOLE)
    rows.append((last, _NOTHING, *map(_ms, known), _fps(result.whole_fps), Cell("100 %", 100.0)))
    columns = tuple((head, WATERFALL[head]) for head in _HEADS)
    return Sheet("From benchmark_app’s loop to the whole session", columns, tuple(rows), (*dots, look.faint, look.quiet))


def as_csv(result: WaterfallResult) -> str:
    """A line a part, units in the titles, empty where unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_FIELDS)
    whole = result.whole_ms
    for step in result.steps:
        share = _percent(step.adds_ms, whole)
        writer.writerow([step.part, *_plain(step.adds_ms), step.total_ms, step.fps, share, step.sentence])
    writer.writerow(["left over", *_plain(result.rest_ms), None, None, _percent(result.rest_ms, whole), ""])
    writer.writerow(["the whole session", None, None, None, whole.value if whole else None, result.whole_fps, 100.0, ""])
    return text.getvalue()


def _step_row(step: WaterfallStep, whole: Interval | None) -> tuple[Cell, ...]:
    name = Cell(TITLES[step.part], step.part, tip=step.sentence or EXPLAINED[step.part])
    return (name, *_added(step.adds_ms), _ms(step.total_ms), _fps(step.fps), _share(step.adds_ms, whole))


def _added(interval: Interval | None) -> tuple[Cell, ...]:
    """The value and both ends of its interval, with their signs."""
    known = (interval.value, interval.low, interval.high) if interval is not None else (None, None, None)
    return tuple(Cell(figures.UNKNOWN if value is None else signed(value), value) for value in known)


def _ms(value: float | None) -> Cell:
    return Cell(figures.UNKNOWN if value is None else f"{value:.2f}", value)


def _fps(value: float | None) -> Cell:
    return Cell(figures.UNKNOWN if value is None else f"{value:.1f}", value)


def _share(interval: Interval | None, whole: Interval | None) -> Cell:
    value = _percent(interval, whole)
    return Cell(figures.UNKNOWN if value is None else f"{signed(value, '.1f')} %", value)


def _percent(interval: Interval | None, whole: Interval | None) -> float | None:
    return None if interval is None or whole is None else 100 * interval.value / whole.value


def _plain(interval: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if interval is None else (interval.value, interval.low, interval.high)
