"""The steps over the number of cameras: age above, misses below, each with its limit; predicted and verified as lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.capacity import CapacityResult, CapacityStep
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.capacity_marks import draw_verdict
from edgeperf_gui.ui.capacity_words import VERDICTS, told
from edgeperf_gui.ui.plot_axis import Scale, fitted, tick_words
from edgeperf_gui.ui.plot_frame import draw_box, draw_nothing, two_halves, write, write_key
from edgeperf_gui.ui.told_plot import ChoicePlot

_LEFT, _RIGHT, _LEGEND, _BOTTOM = 46, 14, 24, 34
_HEAD: Final = 26
"""Over each half, for what its axis means."""
_NEAR: Final = 16.0
_MARK: Final = 5.0
_GAP: Final = 8
_TICK: Final = 13
"""Pixels from one value on an axis to the next."""
_FLOOR: Final = 30.0
"""The axis of misses ends at the limit ÷ this; below it stands 0."""
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


class CapacityPlot(ChoicePlot):
    """Arrow keys go from step to step by the number of cameras."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Age in milliseconds and misses in percent against the number of cameras", (260, 190), parent)
        self._result: CapacityResult | None = None
        self._x, self._age, self._missed = Scale(0.0, 1.0), Scale(0.0, 1.0), Scale(0.01, 100.0, is_log=True)

    def show_result(self, result: CapacityResult | None) -> None:
        """Draw these steps."""
        self._result = result
        self._at = self._chosen = None if result is None or self._chosen is None else self._chosen
        if result is not None:
            self._fit(result)
        self.setAccessibleDescription(result.sentence if result is not None and result.steps else self.empty_text)
        self.update()

    def title(self) -> str:
        """What it shows."""
        return "Age and misses against cameras"

    def told(self) -> list[str]:
        """What hovering, or choosing, shows now."""
        at = self._shown
        steps = self._result.steps if self._result is not None else ()
        return told(steps[at], self._result.kinds) if self._result is not None and at is not None and at < len(steps) else []

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(520, 340)

    def places(self, at: int) -> list[QPointF]:
        """Where a step is drawn: above when its age is known, and below."""
        assert self._result is not None
        step, found = self._result.steps[at], []
        upper, lower = self._halves()
        x = lower.left() + self._x.share(step.cameras) * lower.width()
        if step.age_p99_ms is not None:
            found.append(QPointF(x, upper.bottom() - self._age.share(step.age_p99_ms) * upper.height()))
        share = self._missed.share(step.miss_percent) if step.miss_percent > self._missed.low else 0.0
        return [*found, QPointF(x, lower.bottom() - share * lower.height())]

    def _fit(self, result: CapacityResult) -> None:
        steps = result.steps
        self._x = fitted([*(float(step.cameras) for step in steps), result.predicted or 1.0, 2.0])
        deadline = max(kind.deadline_ms for kind in result.kinds)
        ages = [step.age_p99_ms for step in steps if step.age_p99_ms is not None]
        # a deadline far above what was seen would press all marks to the ground
        self._age = fitted([*ages, *([deadline] if not ages or deadline < 6 * max(ages) else [])])
        self._missed = Scale(min(result.spec.max_miss_percent / _FLOOR, 1.0), 130.0, is_log=True)

    def _halves(self) -> tuple[QRectF, QRectF]:
        room = QRectF(_LEFT, _LEGEND, self.width() - _LEFT - _RIGHT, self.height() - _LEGEND - _BOTTOM)
        return two_halves(room, _HEAD)

    # The pointer and the keys ------------------------------------------------------------------------------------------------

    def _order(self) -> list[int]:
        steps = self._result.steps if self._result is not None else ()
        return sorted(range(len(steps)), key=lambda at: steps[at].cameras)

    def _under(self, place: QPointF) -> int | None:
        best: tuple[float, int | None] = (_NEAR, None)
        for at in range(len(self._result.steps) if self._result is not None else 0):
            for mark in self.places(at):
                away = mark - place
                best = min(best, ((away.x() ** 2 + away.y() ** 2) ** 0.5, at), key=lambda pair: pair[0])
        return best[1]

    # Drawing -----------------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        result = self._result
        if result is None or not (result.steps or result.predicted):
            draw_nothing(painter, QRectF(self.rect()), self.empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper, lower = self._halves()
        _draw_half(painter, upper, self._age, "age p99, ms: due → objects known")
        _draw_half(painter, lower, self._missed, "missed, % of due frames", floor="0")
        self._draw_across(painter, lower)
        deadline = max(kind.deadline_ms for kind in result.kinds)
        self._draw_limit(painter, upper, self._age, deadline, f"deadline {figures.rate(deadline)} ms")
        most = result.spec.max_miss_percent
        self._draw_limit(painter, lower, self._missed, most, f"at most {figures.rate(most)} %")
        self._draw_lines(painter, upper, lower, result)
        self._draw_marks(painter, result.steps)
        self._draw_legend(painter)
        at = self._shown
        if at is not None and at < len(result.steps):
            draw_box(painter, QRectF(self.rect()), self.places(at)[-1], self.told())

    def _draw_across(self, painter: QPainter, lower: QRectF) -> None:
        painter.setFont(theme.font(theme.TINY))
        painter.setPen(theme.colour(theme.tokens().faint_text))
        for value in self._x.ticks():
            if value == int(value):
                x = lower.left() + self._x.share(value) * lower.width()
                place = QRectF(x - 30, lower.bottom() + 4, 60, 14)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter), tick_words(value))
        painter.setPen(theme.colour(theme.tokens().quiet))
        foot = QRectF(lower.left(), lower.bottom() + 18, lower.width(), 15)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | _MIDDLE), "cameras")

    def _draw_limit(self, painter: QPainter, area: QRectF, scale: Scale, value: float, words: str) -> None:
        share = scale.share(value)
        if not 0 < share <= 1:
            return
        y, look = area.bottom() - share * area.height(), theme.tokens()
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), y - area.top()), theme.colour(look.inset, 0.75))
        painter.setPen(QPen(theme.colour(look.undecided), 1.4))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        write(painter, QPointF(area.left() + 140, y - 9), words, look.text, area)

    def _draw_lines(self, painter: QPainter, upper: QRectF, lower: QRectF, result: CapacityResult) -> None:
        look = theme.tokens()
        for value, ink, pattern in (
            (result.predicted, look.action, Qt.PenStyle.DashLine),
            (result.verified, look.passed, Qt.PenStyle.SolidLine),
        ):
            if value is None:
                continue
            x = lower.left() + self._x.share(value) * lower.width()
            painter.setPen(QPen(theme.colour(ink), 1.4, pattern))
            for area in (upper, lower):
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _draw_marks(self, painter: QPainter, steps: tuple[CapacityStep, ...]) -> None:
        for at, step in enumerate(steps):
            for place in self.places(at):
                draw_verdict(painter, place, step.verdict, _MARK)
                if at == self._chosen:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(theme.colour(theme.tokens().text), 1.4))
                    painter.drawEllipse(place, _MARK + 4, _MARK + 4)

    def _draw_legend(self, painter: QPainter) -> None:
        look, left = theme.tokens(), 8.0
        painter.setFont(theme.font(theme.TINY))
        for verdict in VERDICTS:
            draw_verdict(painter, QPointF(left + 5, 12), verdict, 4.5)
            left = write_key(painter, left + 12, verdict, _GAP)
        for words, ink, pattern in (
            ("predicted", look.action, Qt.PenStyle.DashLine),
            ("verified", look.passed, Qt.PenStyle.SolidLine),
        ):
            painter.setPen(QPen(theme.colour(ink), 1.4, pattern))
            painter.drawLine(QPointF(left, 12), QPointF(left + 14, 12))
            left = write_key(painter, left + 18, words, _GAP)


def _draw_half(painter: QPainter, area: QRectF, scale: Scale, title: str, floor: str = "") -> None:
    """Faint lines with values, and what they mean."""
    look = theme.tokens()
    painter.setFont(theme.font(theme.TINY))
    ticks = [(scale.share(value), tick_words(value)) for value in scale.ticks()]
    last = area.bottom() + 2 * _TICK
    for share, words in [*([(0.0, floor)] if floor else []), *ticks]:
        y = round(area.bottom() - share * area.height()) + 0.5
        if last - y < _TICK:  # in a low half not all have room
            continue
        last = y
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(QRectF(0, y - 8, area.left() - 6, 16), int(Qt.AlignmentFlag.AlignRight | _MIDDLE), words)
    painter.setPen(theme.colour(look.quiet))
    head = QRectF(6, area.top() - 20, area.width() + area.left(), 14)
    painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft | _MIDDLE), title)
