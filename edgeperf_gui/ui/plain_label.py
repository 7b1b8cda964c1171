"""Words on a page: titles, and those that wrap and can be selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from edgeperf_gui.ui import theme


def label(text: str, size: int, role: str = "", *, weight: int = 400) -> QLabel:
    """Plain words that wrap and can be selected."""
    words = QLabel(text)
    words.setFont(theme.font(size, weight))
    words.setTextFormat(Qt.TextFormat.PlainText)  # names come from files that nobody has vouched for
    words.setWordWrap(True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        words.setProperty("role", role)
    return words


def heading(text: str) -> QLabel:
    """The title of a part of a page."""
    words = QLabel(text)
    words.setFont(theme.title_font())
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setProperty("role", "title")
    return words
