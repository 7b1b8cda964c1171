"""A line for one number: empty means that none is given; what is no number is said in a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import caption


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number may be."""

    above: float = 0.0
    most: float = 1e9
    with_least: bool = False
    """`above` itself may be given, too."""

    def allow(self, value: float) -> bool:
        """False for what is no number of this kind; NaN never is."""
        return math.isfinite(value) and (value > self.above or (self.with_least and value == self.above)) and value <= self.most


POSITIVE = Limits()


class NumberLine(QWidget):
    """A title above, the number below. Emits nothing: whoever shows it listens to `edit`."""

    def __init__(self, title: str, tip: str, placeholder: str = "", limits: Limits = POSITIVE) -> None:
        super().__init__()
        self._title, self._limits = title, limits
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(title)
        self.edit.setToolTip(tip)
        self.edit.setFixedHeight(theme.CONTROL_HEIGHT)
        self.edit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.edit.setMaxLength(32)
        words = caption(title, self.edit)
        words.setMinimumWidth(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(words)
        column.addWidget(self.edit)

    def show_number(self, value: float | None) -> None:
        """Show this; what somebody is just typing stays."""
        text = "" if value is None else f"{value:g}"
        if not self.edit.hasFocus() or not self.edit.isModified():
            if self.edit.text() != text:
                self.edit.setText(text)
            self.edit.setModified(False)

    def number(self) -> float | None:
        """None for an empty line. Raises BadInput."""
        text = self.edit.text().strip().replace(",", ".")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise BadInput(f"{self._title}: “{text}” is no number.", "Write one such as 12.5, or nothing.") from None
        if not self._limits.allow(value):
            raise BadInput(f"{self._title}: {text} cannot be.", f"It is {self._range()}.")
        return value

    def _range(self) -> str:
        least = f"at least {self._limits.above:g}" if self._limits.with_least else f"above {self._limits.above:g}"
        return f"{least} and at most {self._limits.most:.10g}"
