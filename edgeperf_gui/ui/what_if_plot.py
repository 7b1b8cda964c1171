"""Predictions side by side: age above, drops below; predicted as bars, the real run as marks on a line beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.simulation import Outcome, Prediction, SimulationResult, Situation
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.plot_axis import Scale, fitted
from edgeperf_gui.ui.plot_frame import draw_box, draw_frame, draw_nothing, two_halves, write_key
from edgeperf_gui.ui.plot_shapes import draw_shape
from edgeperf_gui.ui.told_plot import ChoicePlot
from edgeperf_gui.ui.what_if_words import dropped_percent, sentence, told

_LEFT, _RIGHT, _LEGEND = 50, 12, 24
_HEAD: Final = 28
"""Over each half, for what its axis means."""
_LINE: Final = 14
_WIDEST: Final = 22.0
_LEAST_PERCENT: Final = 5.0
_WIDE_RANGE: Final = 12.0
"""Ages further apart than this stand on a logarithmic axis."""
_CIRCLE, _DIAMOND = 0, 3
_MARK: Final = 4.2
_CAP: Final = 3.0
_GAP: Final = 10
_NAME: Final = "Age in milliseconds and dropped frames in percent, predicted and run, of each situation"
_ACROSS: Final = (Scale(0.0, 1.0), "")


class WhatIfPlot(ChoicePlot):
    """Arrow keys go from situation to situation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_NAME, (260, 230), parent)
        self._result: SimulationResult | None = None
        self._age, self._dropped = Scale(0.0, 1.0), Scale(0.0, _LEAST_PERCENT)

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """Those that are drawn."""
        return self._result.predictions if self._result is not None else ()

    def show_result(self, result: SimulationResult | None) -> None:
        """Draw these."""
        self._result = result
        self._at = None
        if result is None or (self._chosen is not None and self._chosen >= len(result.predictions)):
            self._chosen = None
        self._fit()
        self.setAccessibleDescription(" ".join(sentence(one) for one in self.predictions) or self.empty_text)
        self.update()

    def title(self) -> str:
        """What it shows."""
        return "Age and drops, predicted and run" if self._has_runs() else "Age and drops, predicted"

    def told(self) -> list[str]:
        """What hovering, or choosing, shows now."""
        at = self._shown
        return told(self.predictions[at]) if at is not None and at < len(self.predictions) else []

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(680, 360)

    def place(self, at: int) -> QPointF:
        """The middle of a situation's slot, between both halves."""
        upper, lower = self._halves()
        return QPointF(self._middle(at), (upper.bottom() + lower.top()) / 2)

    # Geometry ----------------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        outcomes = [one for pair in self.predictions for one in (pair.predicted, pair.measured) if one is not None]
        ages = [age for one in outcomes if one.age for age in (one.age.median_ms, one.age.p99_ms) if age]
        spans = [one.spans for one in self.predictions if one.spans is not None]
        ages += [end for one in spans for ends in (one.age_median_ms, one.age_p99_ms) for end in ends or ()]
        self._age = fitted(ages, is_log=bool(ages) and max(ages) > _WIDE_RANGE * min(ages))
        drops = [share for one in outcomes if (share := dropped_percent(one)) is not None]
        drops += [end for one in spans for end in one.dropped_percent or ()]
        self._dropped = Scale(0.0, max([*drops, _LEAST_PERCENT]) * 1.12)

    def _slots(self) -> int:
        """As many as will come, so that nothing moves when they do."""
        return max(1, len(self._result.spec.situations), len(self.predictions)) if self._result is not None else 1

    def _halves(self) -> tuple[QRectF, QRectF]:
        foot = _LINE * len(self._label(None)) + 8
        room = QRectF(_LEFT, _LEGEND, self.width() - _LEFT - _RIGHT, self.height() - _LEGEND - foot)
        return two_halves(room, _HEAD)

    def _middle(self, at: int) -> float:
        area = self._halves()[0]
        return area.left() + (at + 0.5) * area.width() / self._slots()

    def _bar_width(self) -> float:
        return min(_WIDEST, 0.3 * self._halves()[0].width() / self._slots())

    def _has_runs(self) -> bool:
        return any(one.measured is not None for one in self.predictions)

    def _key(self) -> str:
        reach = "; lines: how far it may be off by the machine’s pace" if any(one.spans for one in self.predictions) else ""
        return f"predicted: p50 below, p99 above{reach}"

    def _label(self, one: Situation | None) -> list[str]:
        """A line for the rate, and one for each number that is not 1 everywhere; without a situation what they mean."""
        asked = self._result.spec.situations if self._result is not None else ()
        lines = ["FPS" if one is None else figures.rate(one.rate_fps)]
        lines += [_said(one, "batch")] if any(other.batch > 1 for other in asked) else []
        return lines + ([_said(one, "cameras")] if any(other.cameras > 1 for other in asked) else [])

    # The pointer and the keys ------------------------------------------------------------------------------------------------

    def _order(self) -> range:
        return range(len(self.predictions))

    def _under(self, place: QPointF) -> int | None:
        area = self._halves()[0]
        at = int((place.x() - area.left()) // (area.width() / self._slots()))
        return at if 0 <= at < len(self.predictions) else None

    # Drawing -----------------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        if not self.predictions:
            draw_nothing(painter, QRectF(self.rect()), self.empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper, lower = self._halves()
        draw_frame(painter, upper, _ACROSS, (self._age, "age p50 to p99, ms: due → objects known"), marks=())
        draw_frame(painter, lower, _ACROSS, (self._dropped, "dropped, % of due frames"), marks=())
        self._draw_chosen(painter, upper, lower)
        for at, one in enumerate(self.predictions):
            self._draw_one(painter, self._middle(at), one)
        self._draw_labels(painter, lower)
        self._draw_legend(painter)
        shown = self._shown
        if shown is not None and shown < len(self.predictions):
            draw_box(painter, QRectF(self.rect()), self.place(shown), self.told())

    def _draw_chosen(self, painter: QPainter, upper: QRectF, lower: QRectF) -> None:
        if self._chosen is not None:
            width = upper.width() / self._slots()
            slot = QRectF(upper.left() + self._chosen * width, upper.top(), width, lower.bottom() - upper.top())
            painter.fillRect(slot, theme.colour(theme.tokens().hover, 0.6))

    def _draw_one(self, painter: QPainter, middle: float, one: Prediction) -> None:
        upper, lower = self._halves()
        width, has_run = self._bar_width(), one.measured is not None
        left = middle - width - 1 if has_run else middle - width / 2
        self._draw_bars(painter, left, width, one.predicted, upper, lower)
        if one.spans is not None:
            self._draw_span(painter, left + width / 3, upper, self._age, one.spans.age_median_ms)
            self._draw_span(painter, left + 2 * width / 3, upper, self._age, one.spans.age_p99_ms)
            self._draw_span(painter, left + width / 2, lower, self._dropped, one.spans.dropped_percent)
        if one.measured is not None:
            self._draw_run(painter, middle + width / 2 + 1, one.measured, upper, lower)

    def _draw_bars(self, painter: QPainter, left: float, width: float, outcome: Outcome, upper: QRectF, lower: QRectF) -> None:
        ink = theme.tokens().action
        painter.setPen(Qt.PenStyle.NoPen)
        if (share := dropped_percent(outcome)) is not None:
            top = self._y(lower, self._dropped, share)
            painter.fillRect(
                QRectF(left, min(top, lower.bottom() - 1.5), width, max(lower.bottom() - top, 1.5)), theme.colour(ink)
            )
        if outcome.age is None:
            return
        low = self._y(upper, self._age, outcome.age.median_ms)
        ends = [low]
        if outcome.age.p99_ms is not None:
            high = self._y(upper, self._age, outcome.age.p99_ms)
            painter.fillRect(QRectF(left, high, width, low - high), theme.colour(ink, 0.38))
            ends.append(high)
        painter.setPen(QPen(theme.colour(ink), 2.2))
        for y in ends:
            painter.drawLine(QPointF(left, y), QPointF(left + width, y))

    def _draw_span(self, painter: QPainter, x: float, area: QRectF, scale: Scale, ends: tuple[float, float] | None) -> None:
        if ends is None:
            return
        low, high = (self._y(area, scale, end) for end in ends)
        painter.setPen(QPen(theme.colour(theme.tokens().action), 1.2))
        painter.drawLine(QPointF(x, low), QPointF(x, high))
        for y in (low, high):
            painter.drawLine(QPointF(x - _CAP, y), QPointF(x + _CAP, y))

    def _draw_run(self, painter: QPainter, x: float, outcome: Outcome, upper: QRectF, lower: QRectF) -> None:
        ink = theme.tokens().passed
        marks = [(_CIRCLE, self._y(lower, self._dropped, share))] if (share := dropped_percent(outcome)) is not None else []
        painter.setPen(QPen(theme.colour(ink), 1.4))
        if marks:
            painter.drawLine(QPointF(x, lower.bottom()), QPointF(x, marks[0][1]))
        if outcome.age is not None:
            low = self._y(upper, self._age, outcome.age.median_ms)
            marks.append((_CIRCLE, low))
            if outcome.age.p99_ms is not None:
                high = self._y(upper, self._age, outcome.age.p99_ms)
                painter.drawLine(QPointF(x, low), QPointF(x, high))
                marks.append((_DIAMOND, high))
        painter.setBrush(theme.colour(ink))
        for shape, y in marks:
            draw_shape(painter, QPointF(x, y), shape, _MARK)

    def _y(self, area: QRectF, scale: Scale, value: float) -> float:
        return area.bottom() - scale.share(value) * area.height()

    def _draw_labels(self, painter: QPainter, lower: QRectF) -> None:
        """Below the slots, each as far as there is room; at the left what each line means."""
        look = theme.tokens()
        painter.setFont(theme.font(theme.TINY))
        metrics = painter.fontMetrics()
        labels = [self._label(one.situation) for one in self.predictions]
        widest = max(metrics.horizontalAdvance(line) for label in labels for line in label) + 6
        slot = lower.width() / self._slots()
        every = max(1, -int(-widest // slot))
        for line, name in enumerate(self._label(None)):
            y = lower.bottom() + 5 + line * _LINE
            painter.setPen(theme.colour(look.quiet))
            painter.drawText(QRectF(0, y, _LEFT - 6, _LINE), int(Qt.AlignmentFlag.AlignRight), name)
            painter.setPen(theme.colour(look.text if line == 0 else look.faint_text))
            for at in range(0, len(labels), every):
                place = QRectF(self._middle(at) - widest, y, 2 * widest, _LINE)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter), labels[at][line])

    def _draw_legend(self, painter: QPainter) -> None:
        look = theme.tokens()
        painter.setFont(theme.font(theme.TINY))
        painter.fillRect(QRectF(8, 7, 10, 10), theme.colour(look.action, 0.38))
        painter.setPen(QPen(theme.colour(look.action), 2.2))
        for y in (7.0, 17.0):
            painter.drawLine(QPointF(8, y), QPointF(18, y))
        left = write_key(painter, 23, self._key(), _GAP)
        if not self._has_runs():
            return
        for shape, words in ((_CIRCLE, "run: p50, drops"), (_DIAMOND, "run: p99")):
            painter.setPen(QPen(theme.colour(look.passed), 1.4))
            painter.setBrush(theme.colour(look.passed))
            draw_shape(painter, QPointF(left + 6, 12), shape, _MARK)
            left = write_key(painter, left + 14, words, _GAP)


def _said(one: Situation | None, name: str) -> str:
    return name if one is None else str(getattr(one, name))
