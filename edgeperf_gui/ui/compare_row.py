"""The compare panel's table, painted: names of the variants above, one line a metric, bars to one scale in each."""

from __future__ import annotations

import html
from collections.abc import Container
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.compare_cells import ALL, Cell, Row
from edgeperf_gui.ui.compare_rows import runs
from edgeperf_gui.ui.definitions import COMPARE

HEADS_HEIGHT: Final = 44
_HEIGHT: Final = 35
_LOW_HEIGHT: Final = 27
_BAR: Final = 4.0
_GAP: Final = 10
_LABEL_SHARE: Final = 0.20
_LABEL_LEAST: Final = 92
_FAINT_BAND: Final = 0.42
_NOT_THERE: Final = "This model has no {} variant yet. The Models page makes one: Ctrl+M."
_MADE: Final = "made; run again"
MAKE_TIP: Final = "Quantise the model to 8 bits, calibrated with frames of the present source"
_ROLES: Final = {"best": "passed_text", "worse": "undecided_text", "": "text"}


def columns(width: int) -> list[QRectF]:
    """Places of the label and of each variant, by x and width."""
    label = max(_LABEL_LEAST, round(width * _LABEL_SHARE))
    each = (width - label - len(ALL) * _GAP) / len(ALL)
    places = [QRectF(0, 0, label, 0)]
    return places + [QRectF(label + _GAP + at * (each + _GAP), 0, each, 0) for at in range(len(ALL))]


class CompareHeads(QWidget):
    """A name a column, in the variant's colour, and below it what it really runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._below: dict[Precision, str] = {}
        self.int8_button = QPushButton("Make INT8…", self)
        self.int8_button.setProperty("role", "link")
        self.int8_button.setFont(theme.font(theme.TINY, 600))
        self.int8_button.setToolTip(MAKE_TIP)
        self.setFixedHeight(HEADS_HEIGHT)
        self.show_result(None)

    def show_result(self, result: CompareResult | None, made: Container[Precision] = (), *, can_make: bool = True) -> None:
        """Name what each variant runs; one that is not in the result is said to be missing, unless it is `made` by now."""
        variants = result.variants if result else {}
        absent = {name: _MADE if name in made else "not made yet" for name in ALL}
        below = {name: f"runs {runs(variants[name])}" if name in variants else absent[name] for name in ALL} if result else {}
        self.int8_button.setVisible(below.get("INT8") == absent["INT8"] != _MADE)
        self.int8_button.setEnabled(can_make)
        if below != self._below:
            self._below = below
            self.setAccessibleName("; ".join(f"{name} {words}" for name, words in below.items()))
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stands where the words of its variant would."""
        super().resizeEvent(event)
        place = columns(self.width())[1 + ALL.index("INT8")]
        size = self.int8_button.sizeHint()
        self.int8_button.setGeometry(round(place.left()) - 7, 19, min(size.width(), round(place.width()) + 9), size.height())

    def event(self, event: QEvent) -> bool:
        """Say what the words below a name mean."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            name = _variant_at(self, event.pos())
            if name is not None and self._below:
                is_missing = self._below[name].startswith("not")
                words = _NOT_THERE.format(name) if is_missing else COMPARE["executed"]
                QToolTip.showText(event.globalPos(), _rich("", words), self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = theme.tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, place in zip(ALL, columns(self.width())[1:], strict=True):
            is_missing = self._below.get(name, "").startswith("not")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.VARIANTS[name], 0.4 if is_missing else 1.0))
            painter.drawEllipse(QRectF(place.left(), 6, 8, 8))
            _write(
                painter, name, place.left() + 14, 15, place.right(), theme.BODY, 600, look.faint_text if is_missing else look.text
            )
            below = "" if name == "INT8" and self.int8_button.isVisible() else self._below.get(name, "")
            _write(painter, below, place.left(), 33, place.right(), theme.TINY, 400, look.quiet)
        painter.fillRect(0, HEADS_HEIGHT - 1, self.width(), 1, theme.colour(look.line))


class CompareRow(QWidget):
    """One metric."""

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = row
        self._tell()

    @property
    def row(self) -> Row:
        """What it shows."""
        return self._row

    def show_row(self, row: Row) -> None:
        """Other numbers."""
        if row != self._row:
            if row.has_bars != self._row.has_bars:
                self.updateGeometry()
            self._row = row
            self._tell()
            self.update()

    def explain(self, name: Precision | None) -> str:
        """What hovering shows: the variant's own words, then the definition."""
        row = self._row
        if name is None or name not in row.cells:
            return _rich(row.label, COMPARE[row.key])
        return _rich(f"{row.label}, {row.spoken(name)}", f"{row.cells[name].detail} {COMPARE[row.key]}".strip())

    def sizeHint(self) -> QSize:
        """Lower without bars."""
        return QSize(360, _HEIGHT if self._row.has_bars else _LOW_HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Explain the cell under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.explain(_variant_at(self, event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look, painter, row = theme.tokens(), QPainter(self), self._row
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label, *places = columns(self.width())
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(look.quiet))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(0, 0, label.width(), self.height() - 1), flags, row.label)
        if row.empty:
            _write(painter, row.empty, places[0].left(), 17, places[-1].right(), theme.QUIET, 400, look.faint_text)
        for name, place in zip(ALL, () if row.empty else places, strict=not row.empty):
            _paint_cell(painter, name, row.cells.get(name, Cell()), place, row.has_bars)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour(look.line))

    def _tell(self) -> None:
        self.setAccessibleName(self._row.text())
        self.setAccessibleDescription(COMPARE[self._row.key])


def _variant_at(widget: QWidget, point: QPoint) -> Precision | None:
    for name, place in zip(ALL, columns(widget.width())[1:], strict=True):
        if place.left() <= point.x() <= place.right() + _GAP:
            return name
    return None


def _rich(head: str, words: str) -> str:
    """Markup, because only that is wrapped in a tooltip."""
    title = f"<b>{html.escape(head)}</b><br>" if head else ""
    return f"<p>{title}{html.escape(words)}</p>"


def _paint_cell(painter: QPainter, name: Precision, cell: Cell, place: QRectF, has_bars: bool) -> None:
    look, base = theme.tokens(), 18.0
    colour = getattr(look, _ROLES[cell.mark])
    if cell.number in ("–", "same") or cell.is_words:
        colour = look.faint_text if cell.number in ("–", "same") else look.quiet
    size, weight = (theme.QUIET, 500) if cell.is_words else (theme.NUMBER, 600)
    x = _write(painter, cell.number, place.left(), base, place.right(), size, weight, colour)
    right = place.right() - (14 if cell.mark else 0)
    fits = QFontMetricsF(theme.font(theme.TINY)).horizontalAdvance(cell.unit) <= right - x - 3
    x = _write(painter, cell.unit if fits else cell.short_unit or cell.unit, x + 3, base, right, theme.TINY, 400, look.faint_text)
    if cell.mark:
        _paint_mark(painter, cell.mark, QPointF(x + 5, base - 9), colour)
    if has_bars and cell.share is not None:
        _paint_bar(painter, name, cell, QRectF(place.left(), 25, place.width(), _BAR))


def _paint_mark(painter: QPainter, mark: str, at: QPointF, colour: str) -> None:
    """A tick for the best, a triangle for what is worse than the baseline: told apart without colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    if mark == "best":
        painter.drawPolyline([at + QPointF(0, 5), at + QPointF(2.6, 7.6), at + QPointF(7.5, 1.5)])
    else:
        painter.drawPolygon([at + QPointF(0.5, 8), at + QPointF(4, 1.5), at + QPointF(7.5, 8)])


def _paint_bar(painter: QPainter, name: Precision, cell: Cell, place: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if cell.layers:
        _paint_layers(painter, cell, place)
        return
    # what is certain is solid; what the interval leaves open is pale, and a notch says where the value is
    low, high = cell.band or (cell.share or 0.0, cell.share or 0.0)
    painter.setBrush(theme.colour(theme.VARIANTS[name], _FAINT_BAND))
    painter.drawRoundedRect(_piece(place, high), _BAR / 2, _BAR / 2)
    painter.setBrush(theme.colour(theme.VARIANTS[name]))
    painter.drawRoundedRect(_piece(place, low), _BAR / 2, _BAR / 2)
    if cell.band and cell.share is not None and (high - low) * place.width() > 3:
        painter.fillRect(QRectF(place.left() + cell.share * place.width() - 1, place.top() - 2, 2, _BAR + 4), painter.brush())


def _paint_layers(painter: QPainter, cell: Cell, place: QRectF) -> None:
    total, left = sum(cell.layers.values()), place.left()
    for kind, number in cell.layers.items():
        # a lone layer among hundreds still gets a visible piece
        width = max(place.width() * number / total, 4.0)
        left = min(left, place.right() - width)
        painter.setBrush(theme.colour(theme.EXECUTED.get(kind, theme.OTHER_EXECUTED)))
        painter.drawRoundedRect(QRectF(left, place.top(), width - 1, _BAR), _BAR / 2, _BAR / 2)
        left += width


def _piece(place: QRectF, share: float) -> QRectF:
    return QRectF(place.left(), place.top(), max(_BAR, min(share, 1.0) * place.width()), place.height())


def _write(painter: QPainter, text: str, x: float, base: float, right: float, size: int, weight: int, colour: str) -> float:
    """Write on the line, elided where there is too little room; where the words end."""
    if not text or x >= right:
        return x
    font = theme.font(size, weight)
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(text) > right - x + 0.5:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - x)
    painter.setFont(font)
    painter.setPen(theme.colour(colour))
    painter.drawText(QPointF(x, base), text)
    return x + metrics.horizontalAdvance(text)
