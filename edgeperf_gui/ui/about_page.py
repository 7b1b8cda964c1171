"""What this program is, in which version, under which licence."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from edgeperf_gui import __version__
from edgeperf_gui.domain import places
from edgeperf_gui.ui import theme

_LINES = (
    "Where the time and the energy of a live inference pipeline go.",
    "Apache License 2.0. The fonts, the clip and the model have licences of their own, kept beside them.",
)
_SIZE = QSize(64, 64)


def program_icon() -> QIcon:
    """The program's sign; an empty icon where the file is missing."""
    return QIcon(str(places.shipped("resources/icons/edgeperf.svg")))


class AboutPage(QDialog):
    """A small page; nothing on it can be changed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About edgeperf")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 16)
        column.setSpacing(theme.INSIDE)
        sign = QLabel(self)
        sign.setPixmap(program_icon().pixmap(_SIZE, self.devicePixelRatioF()))
        name = QLabel(f"edgeperf {__version__}")
        name.setFont(theme.font(theme.NUMBER, 600))
        for label in (sign, name):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in _LINES:
            words = QLabel(line)
            words.setProperty("role", "quiet")
            words.setFont(theme.font(theme.QUIET))
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.INSIDE)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)
