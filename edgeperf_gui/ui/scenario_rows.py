"""What a scenario asks for, line by line: required, measured, a bar to the limit, the verdict, and the evidence below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from edgeperf_gui.domain.scenario import Requirement
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.scenario_words import VERDICT_MARK, VERDICT_TEXT, requirement_name

_HIGH: Final = 40
_LOW: Final = 25
_BAR: Final = 5
_USUAL: Final = 4
"""Lines for which there is room while nothing is known, so that little moves when it is."""
_GAP: Final = 6
_LIMIT_AT: Final = 0.86
"""Where on its track a bar meets the limit."""
_COLUMNS: Final = (0.0, 0.185, 0.415, 0.565, 0.84)
"""Left ends of name, required, measured, bar and verdict, as shares of the width."""


class RequirementRows(QWidget):
    """As many lines as there are requirements; with room enough the evidence stands below each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Requirement, ...] = ()
        self._empty = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_HIGH * self._lines)

    def show_rows(self, rows: Sequence[Requirement], empty: str = "") -> None:
        """Show these; `empty` is said where there are none."""
        if (tuple(rows), empty) == (self._rows, self._empty):
            return
        has_changed_size = len(rows) != len(self._rows)
        self._rows, self._empty = tuple(rows), empty
        self.setAccessibleName(f"Requirements: {self.text()}")
        self.setAccessibleDescription("; ".join(f"{requirement_name(row)}: {row.evidence}" for row in rows))
        if has_changed_size:
            self.setMaximumHeight(_HIGH * self._lines)
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        """All lines in words."""
        lines = (f"{requirement_name(row)} {row.required}: {row.measured or 'not known'}, {row.verdict}" for row in self._rows)
        return "; ".join(lines) or self._empty

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(400, _HIGH * self._lines)

    def minimumSizeHint(self) -> QSize:
        """The least it can do with."""
        return QSize(320, _LOW * self._lines)

    def tip_at(self, y: float) -> str:
        """The whole evidence of the line at this height."""
        row = int(y // self._line()) if self._rows else -1
        if not 0 <= row < len(self._rows):
            return ""
        one = self._rows[row]
        n = "" if one.n is None else f" · n {figures.thousands(one.n)}"
        headroom = "" if one.headroom is None else f" · {one.headroom:.2f}× of what is needed"
        return f"{requirement_name(one)} {one.required}{n}{headroom}\n{one.evidence}"

    def event(self, event: QEvent) -> bool:
        """A tooltip a line."""
        if event.type() == QEvent.Type.ToolTip:
            place = cast("QHelpEvent", event)
            QToolTip.showText(place.globalPos(), self.tip_at(place.pos().y()), self)
            return True
        return super().event(event)

    @property
    def _lines(self) -> int:
        return len(self._rows) or _USUAL

    def _line(self) -> float:
        return min(float(_HIGH), self.height() / self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._rows:
            painter.setFont(theme.font(theme.QUIET))
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._empty)
            return
        line = self._line()
        for at, row in enumerate(self._rows):
            painter.fillRect(QRectF(0, round(at * line), self.width(), 1), theme.colour(look.line))
            self._paint_row(painter, row, at * line, line)

    def _paint_row(self, painter: QPainter, row: Requirement, top: float, line: float) -> None:
        look, width = theme.tokens(), self.width()
        left = [share * width for share in _COLUMNS]
        is_high = line >= _HIGH - 3
        base = top + (18 if is_high else line / 2 + 4.5)
        body, bold = theme.font(theme.QUIET), theme.font(theme.QUIET, 600)
        _put(painter, requirement_name(row), body, look.text, left[0], base, left[1] - left[0])
        _put(painter, row.required.removesuffix(" cameras"), body, look.quiet, left[1], base, left[2] - left[1])
        colour = look.text if row.measured else look.faint_text
        _put(painter, row.measured or figures.UNKNOWN, bold, colour, left[2], base, left[3] - left[2])
        self._paint_bar(painter, row, QRectF(left[3], base - 4 - _BAR / 2, left[4] - left[3] - 18, _BAR))
        verdict = getattr(look, VERDICT_TEXT[row.verdict])
        room = QFontMetricsF(theme.font(theme.TINY, 700)).horizontalAdvance(row.verdict)
        _put(painter, row.verdict, theme.font(theme.TINY, 700), verdict, width - room, base, room + _GAP + 2)
        if is_high:
            n = "" if row.n is None else f"n {figures.thousands(row.n)}"
            tiny = theme.font(theme.TINY)
            _put(painter, n, tiny, look.faint_text, left[0], top + 33, left[1] - left[0])
            _put(painter, row.evidence, tiny, look.faint_text, left[1], top + 33, width - left[1])

    def _paint_bar(self, painter: QPainter, row: Requirement, track: QRectF) -> None:
        look = theme.tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.inset))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        if row.value is not None and row.limit:
            share = min(1.0, _LIMIT_AT * max(0.0, row.value) / row.limit)
            painter.setBrush(theme.colour(getattr(look, VERDICT_MARK[row.verdict])))
            filled = QRectF(track.left(), track.top(), max(_BAR, track.width() * share), _BAR)
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        x = track.left() + track.width() * _LIMIT_AT
        code = look.faint if row.value is None else look.text
        painter.fillRect(QRectF(x - 1, track.center().y() - 6, 2, 12), theme.colour(code))


def _put(painter: QPainter, text: str, face: QFont, code: str, left: float, base: float, room: float) -> None:
    painter.setFont(face)
    painter.setPen(theme.colour(code))
    shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room - _GAP)
    painter.drawText(QPointF(left, base), shown)
