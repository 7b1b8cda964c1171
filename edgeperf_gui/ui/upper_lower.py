"""Two parts of a page above each other, with a border that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


class UpperLower(QSplitter):
    """The upper part gets three fifths of what room there is to share; neither can be dragged away."""

    def __init__(self, upper: QWidget, lower: QWidget, sizes: tuple[int, int] | None = None) -> None:
        """`sizes`: heights in pixels to begin with; without any, as high as the parts like to be."""
        super().__init__(Qt.Orientation.Vertical)
        for part, share in ((upper, 3), (lower, 2)):
            self.addWidget(part)
            self.setStretchFactor(self.indexOf(part), share)
        self.setChildrenCollapsible(False)
        if sizes is not None:
            self.setSizes(list(sizes))
