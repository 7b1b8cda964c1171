"""The button that opens the watch page."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from edgeperf_gui.ui import theme

TIP = "Every frame through all variants at once: see where their answers differ (Ctrl+Shift+W)"


class WatchButton(QPushButton):
    """It stands beside the one that runs the comparison."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Watch", parent)
        self.setFont(theme.font(theme.QUIET, 600))
        self.setToolTip(TIP)
        self.setAccessibleName("Watch the variants on the same frames")
