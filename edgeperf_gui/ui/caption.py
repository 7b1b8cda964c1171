"""Quiet words above or before a control, which take the keyboard to it, and controls beside each other."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from edgeperf_gui.ui import theme

_GAP: Final = 3


def caption(text: str, control: QWidget) -> QLabel:
    """The words alone."""
    words = QLabel(text)
    words.setFont(theme.font(theme.QUIET))
    words.setProperty("role", "quiet")
    words.setBuddy(control)
    return words


def titled(text: str, control: QWidget) -> QWidget:
    """The control, and the words above it."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    column.addWidget(caption(text, control))
    column.addWidget(control)
    return both


def beside(*controls: QWidget) -> QHBoxLayout:
    """Controls in one line, each as wide as the others."""
    line = QHBoxLayout()
    line.setSpacing(theme.BETWEEN)
    for control in controls:
        line.addWidget(control, 1)
    return line
