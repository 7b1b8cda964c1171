"""A box a variant, to choose some of those that a model has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.tick_box import TickBox

_VARIANTS: Final = cast("tuple[Precision, ...]", tuple(theme.VARIANTS))
_LACKING: Final = "This model has no {} variant yet. The Models page makes INT8: Ctrl+M."


class VariantBox(TickBox):
    """A box in the variant's colour."""

    def __init__(self, name: Precision, parent: QWidget | None = None) -> None:
        super().__init__(name, f"Measure {name}", parent)
        self._name = name

    def ink(self) -> str:
        """The variant's."""
        return theme.VARIANTS[self._name]

    def sizeHint(self) -> QSize:
        """All are as wide."""
        return QSize(78, theme.CONTROL_HEIGHT)


class VariantBoxes:
    """One of each, in the one order of variants; `changed` is called with every choice."""

    def __init__(self, parent: QWidget, changed: Callable[[], None]) -> None:
        self._card: ModelCard | None = None
        self._changed = changed
        self.boxes = {name: VariantBox(name, parent) for name in _VARIANTS}
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self._changed())

    def offer(self, card: ModelCard | None, *, fresh: bool) -> None:
        """Those of this model; with a `fresh` one all are chosen."""
        self._card = card
        for name, box in self.boxes.items():
            box.setEnabled(self._has(name))
            box.setToolTip("" if self._has(name) else _LACKING.format(name))
            if fresh or not self._has(name):
                box.setChecked(self._has(name))
        self._changed()

    def chosen(self) -> tuple[Precision, ...]:
        """The variants that are chosen."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked() and self._has(name))

    def lock(self, locked: bool) -> None:
        """Nothing can be chosen meanwhile."""
        for name, box in self.boxes.items():
            box.setEnabled(not locked and self._has(name))

    def _has(self, name: Precision) -> bool:
        return self._card is not None and name in self._card.variants
