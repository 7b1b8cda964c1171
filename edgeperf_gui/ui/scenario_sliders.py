"""Sliders beside numbers that can be typed, each with a way back to what the scenario's file says."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QSlider, QToolButton, QWidget

from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_knobs import KNOBS, STEPS, Knob, value_of, words_of

_LABEL: Final = 82
_NUMBER: Final = 58
_UNIT: Final = 28
_ROW: Final = 26
_HANDLE: Final = 7.0


class Slider(QSlider):
    """Goes to where it is clicked; the wheel scrolls the page and never changes a number by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(2)
        self.setPageStep(20)
        self.setFixedHeight(_ROW)
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold where it is clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - _HANDLE) / max(1.0, self.width() - 2 * _HANDLE)
        self.setValue(round(min(1.0, max(0.0, share)) * STEPS))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, width = self.height() / 2, self.width() - 2 * _HANDLE
        x = _HANDLE + width * self.value() / STEPS
        painter.setBrush(theme.colour(look.inset if look.is_dark else look.line))
        painter.drawRoundedRect(QRectF(_HANDLE, middle - 2, width, 4), 2, 2)
        painter.setBrush(theme.colour(look.action))
        painter.drawRoundedRect(QRectF(_HANDLE, middle - 2, x - _HANDLE, 4), 2, 2)
        rim = look.action if self.hasFocus() else look.text if look.is_dark else look.faint
        painter.setPen(QPen(theme.colour(rim), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.colour(theme.ON_PICTURE))
        painter.drawEllipse(QPointF(x, middle), _HANDLE - 1, _HANDLE - 1)


class _Back(QToolButton):
    """A small arrow back; keeps its place while there is nothing to go back to."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(22, 22)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Reset {name}")
        self.setToolTip(f"Reset {name} to what the scenario's file says")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isEnabled():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1.4))
        painter.drawArc(QRectF(6.5, 6.5, 9, 9), 60 * 16, 250 * 16)
        painter.drawPolyline([QPointF(10, 4.2), QPointF(13.4, 6.8), QPointF(10.4, 9.6)])


class _Row:
    """One knob: label, slider, number, unit, way back."""

    def __init__(self, owner: ScenarioSliders, knob: Knob, grid: QGridLayout, at: int) -> None:
        self.knob = knob
        self.label, self.unit = QLabel(knob.label), QLabel(knob.unit)
        self.slider, self.number, self.back = Slider(), QLineEdit(), _Back(knob.label, owner)
        for words in (self.label, self.unit):
            words.setFont(theme.font(theme.QUIET))
            words.setProperty("role", "quiet")
        self.label.setFixedWidth(_LABEL)
        self.label.setBuddy(self.number)
        self.unit.setFixedWidth(_UNIT)
        self.slider.setAccessibleName(knob.label)
        self.number.setAccessibleName(f"{knob.label}{', ' + knob.unit if knob.unit else ''}")
        self.number.setFixedWidth(_NUMBER)
        self.number.setFont(theme.font(theme.QUIET, 600))
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.number.setProperty("role", "small")
        self.widgets: tuple[QWidget, ...] = (self.label, self.slider, self.number, self.unit, self.back)
        for column, widget in enumerate(self.widgets):
            widget.setToolTip(widget.toolTip() or knob.tip)
            grid.addWidget(widget, at, column)

    def show(self, scenario: Scenario, kept: Scenario) -> None:
        value = value_of(self.knob, scenario) if self.knob.is_for(scenario) else None
        for widget in self.widgets:
            widget.setVisible(value is not None)
        if value is None:
            return
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(self.knob.place_of(value))
        if not self.number.hasFocus() or not self.number.isModified():
            self.number.setText(words_of(self.knob, value))
        self.back.setEnabled(getattr(scenario, self.knob.key) != getattr(kept, self.knob.key))


class ScenarioSliders(QWidget):
    """`moved` carries changed fields while a slider is dragged, `typed` those of a typed number; `resetAsked` a key."""

    moved = Signal(dict)
    typed = Signal(dict)
    settled = Signal()
    resetAsked = Signal(str)
    refused = Signal(str)  # a typed text that is no number, as a sentence; empty once mended

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        self.rows = {knob.key: _Row(self, knob, grid, at) for at, knob in enumerate(KNOBS)}
        grid.setRowStretch(len(KNOBS), 1)
        for row in self.rows.values():
            self._connect(row)

    def _connect(self, row: _Row) -> None:
        knob = row.knob
        row.slider.valueChanged.connect(lambda place: self.moved.emit(knob.fields(knob.value_at(place))))
        for grip in (row.slider.sliderPressed, row.slider.sliderReleased):  # what keys moved before is another change
            grip.connect(self.settled)
        row.number.editingFinished.connect(lambda: self._on_typed(row))
        row.back.clicked.connect(lambda: self.resetAsked.emit(knob.key))

    def show_scenario(self, scenario: Scenario, kept: Scenario) -> None:
        """Show these numbers; `kept` is what the file says."""
        for row in self.rows.values():
            row.show(scenario, kept)

    def _on_typed(self, row: _Row) -> None:
        if not row.number.isModified():
            return
        knob, text = row.knob, row.number.text().strip()
        words = text.removesuffix(knob.unit).strip().replace(",", ".") if knob.unit else text
        try:
            value = float(words)
        except ValueError:
            unit = f" in {knob.unit}" if knob.unit else ""
            self.refused.emit(
                f"“{text[:40]}” is no number for {knob.label}. Give one{unit}, such as {words_of(knob, knob.low * 2)}."
            )
            return
        if not 0 < value <= 1e9 or (knob.is_whole and value != round(value)):
            least = "a whole number from 1" if knob.is_whole else "a number above 0"
            self.refused.emit(f"{knob.label.capitalize()} {text[:40]} cannot be. Give {least}.")
            return
        row.number.setModified(False)
        self.refused.emit("")
        self.typed.emit(knob.fields(value))
