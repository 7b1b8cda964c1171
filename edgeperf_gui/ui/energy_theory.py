"""The theoretical energy of an inference: what memory takes beside arithmetic, a column a layer, and single operations."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.energy import ModelEnergy
from edgeperf_gui.live.operator_count import OperatorCount
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.bars import Bar, Bars
from edgeperf_gui.ui.definitions import ENERGY
from edgeperf_gui.ui.layer_columns import LayerColumns
from edgeperf_gui.ui.segmented import Segmented

_NAME_WIDTH: Final = 112
_OPERATION_WIDTH: Final = 130
_COUNTING: Final = "Counting the layers: the model is compiled once, to see in which type each one runs…"
_ONLY_RATIOS: Final = "For ratios between variants only: a processor takes 20 to 100 times as much."


class EnergyTheory(QWidget):
    """Reads what `OperatorCount` knows."""

    def __init__(self, count: OperatorCount) -> None:
        super().__init__()
        self._count = count
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(theme.font(theme.QUIET))
        self.words.setProperty("role", "quiet")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.bars = Bars("Theoretical energy of an inference", _NAME_WIDTH, self, line=22)
        self.bars.setToolTip("\n".join(f"{name.capitalize()}: {ENERGY[name]}" for name in theme.OPERATORS))
        self.columns = LayerColumns(self)
        self.operations = Bars("Energy of one operation on 32 bits", _OPERATION_WIDTH, self, line=15)
        self.view = Segmented("Shown below", (("layers", "By layer"), ("operations", "One operation, pJ")))
        self.view.choose("layers")
        self.view.setToolTip("A column a layer, or why memory counts: the energy of single operations on 32 bits")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.columns)
        self._stack.addWidget(_at_top(self.operations))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.bars)
        column.addWidget(self.words)
        column.addWidget(self.view)
        column.addWidget(self._stack, 1)
        self.view.chosen.connect(lambda key: self._stack.setCurrentIndex(("layers", "operations").index(key)))
        count.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        found, failure = self._count.result, self._count.failure
        self.bars.setVisible(found is not None)
        self.view.setVisible(found is not None)
        self._stack.setVisible(found is not None)
        if found is None:
            waiting = self._count.hindrance or _COUNTING
            self.words.setText(f"{failure.sentence} {failure.remedy}".strip() if failure is not None else waiting)
            return
        self.bars.show_bars(
            [
                Bar(name, value, figures.figure(value), "mJ", colour=theme.OPERATORS[name])
                for name, value in zip(
                    theme.OPERATORS, (found.arithmetic_mj, found.weights_mj, found.activations_mj), strict=True
                )
            ]
        )
        self.words.setText(sentence(found))
        self.words.setToolTip(f"{found.source}. {_ONLY_RATIOS}")
        self.columns.show_layers([layer for layer in found.layers if layer.energy.total_mj > 0])
        self.operations.show_bars(
            [Bar(name, pj, f"{pj:g}", "pJ", colour=_ink(name)) for name, pj in self._count.operations_pj().items()]
        )

    def text(self) -> str:
        """Bars and sentence."""
        is_counted = self.bars.isVisibleTo(self)
        return "\n".join(filter(None, (self.bars.text() if is_counted else "", self.words.text())))


def _ink(operation: str) -> str:
    """Of the family of memory, or of arithmetic."""
    return theme.OPERATORS["weights" if any(word in operation for word in ("DRAM", "SRAM")) else "arithmetic"]


def _at_top(bars: Bars) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bars)
    column.addStretch(1)
    return body


def sentence(found: ModelEnergy) -> str:
    """What it comes to: the sum, memory against arithmetic, and what it may be used for."""
    memory = found.weights_mj + found.activations_mj
    total = f"{figures.figure(found.total_mj)} mJ an inference, {found.model} {found.precision}, {found.node} table."
    if found.arithmetic_mj > 0:
        times = memory / found.arithmetic_mj
        share = 100 * memory / found.total_mj
        total += f" Memory takes {figures.figure(times)}× what arithmetic takes ({share:.0f} %)."
    left_out = f" {figures.count(found.undecided_layers, 'layer')} not counted." if found.undecided_layers else ""
    return f"{total}{left_out} Only ratios between variants count."
