"""Which colour and which line is which variant, what it found in this frame, and how often it differs."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.watch import Tally, VariantAnswer, WatchBegan, WatchedVariant
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.watch_words import executed

_HEIGHT: Final = 46
_SIGN: Final = 26
_LINES: Final = ("outer", "middle", "inner")
_PRECISIONS: Final[tuple[Precision, ...]] = ("FP32", "FP16", "INT8")


class _Entry(QWidget):
    """One variant: its sign, its name, and a line of counts that keeps its place while they change."""

    def __init__(self, precision: Precision, order: int) -> None:
        super().__init__()
        self.precision, self.order = precision, order
        self._executed, self._counts = "", ""
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(150)

    def say(self, executed_words: str, counts: str, tip: str) -> None:
        """Show this."""
        if (executed_words, counts) != (self._executed, self._counts):
            self._executed, self._counts = executed_words, counts
            self.setAccessibleName(self.text())
            self.update()
        self.setToolTip(tip)

    def text(self) -> str:
        """What stands there."""
        name = f"{self.precision} executed {self._executed}" if self._executed else self.precision
        return f"{name}: {self._counts}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        self._paint_sign(painter)
        left = 12 + _SIGN + 10
        painter.setFont(theme.font(theme.BODY, 600))
        painter.setPen(theme.colour(look.text))
        painter.drawText(left, 19, self.precision)
        after = left + painter.fontMetrics().horizontalAdvance(self.precision) + 6
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(look.faint_text))
        if self._executed:
            painter.drawText(after, 19, f"executed {self._executed}")
        painter.setPen(theme.colour(look.quiet))
        room = self.width() - left - 8
        painter.drawText(left, 37, painter.fontMetrics().elidedText(self._counts, Qt.TextElideMode.ElideRight, room))

    def _paint_sign(self, painter: QPainter) -> None:
        """Three boxes in each other, this variant's in its colour: where its line stands when all agree."""
        middle = QRectF(12, (_HEIGHT - _SIGN) / 2, _SIGN, _SIGN)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for order in range(len(_PRECISIONS)):
            mine = order == self.order
            colour = theme.VARIANTS[self.precision] if mine else theme.tokens().line
            painter.setPen(QPen(theme.colour(colour), 3 if mine else 1.5))
            inset = 1.5 + 4 * order
            painter.drawRect(middle.adjusted(inset, inset, -inset, -inset))


class WatchLegend(QWidget):
    """A card a variant, side by side; variants that the model lacks are not there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = {name: _Entry(name, order) for order, name in enumerate(_PRECISIONS)}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        for entry in self.entries.values():
            row.addWidget(entry)

    def show_counts(self, began: WatchBegan | None, answers: tuple[VariantAnswer, ...], tally: Tally) -> None:
        """What each variant found in the frame on show, and in how many frames it differed so far."""
        found = {answer.precision: _found(answer) for answer in answers}
        variants = began.variants if began is not None else tuple(WatchedVariant(name, {}) for name in _PRECISIONS)
        known = {variant.precision: variant for variant in variants}
        for name, entry in self.entries.items():
            entry.setVisible(name in known)
            if name not in known:
                continue
            entry.order = [variant.precision for variant in variants].index(name)
            words = executed(known[name]) if known[name].executed else ""
            rate = "the reference" if name == variants[0].precision else _rate(name, tally)
            entry.say(words, " · ".join(filter(None, (found.get(name, ""), rate))), _tip(entry, variants[0].precision))


def _found(answer: VariantAnswer) -> str:
    if answer.classes:
        return f"{answer.classes[0][1] * 100:.0f} % sure"
    count = len(answer.boxes) // DETECTION.itemsize
    return f"{count} {'box' if count == 1 else 'boxes'}"


def _rate(name: Precision, tally: Tally) -> str:
    if not tally.frames or name not in tally.differing:
        return ""
    differing = tally.differing[name]
    share = 100 * differing / tally.frames
    return f"differs in {differing} ({np.format_float_positional(share, 1, trim='-')} %)" if differing else "never differs"


def _tip(entry: _Entry, reference: Precision) -> str:
    line = f"Where the variants agree, the {_LINES[entry.order]} line is {entry.precision}'s."
    if entry.precision == reference:
        return f"{line}\nThe others are held against it: its answers stand in for labels that nobody has given."
    return f"{line}\nCounted are the frames in which its answer differs from that of {reference}."
