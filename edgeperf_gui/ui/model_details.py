"""The right side of the models page: one model, what may be done with it, and what is inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.graph import ModelInfo
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.measured_ledger import MeasuredResult
from edgeperf_gui.live.model_shelf import ModelShelf, is_own
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.bars import Bar, Bars
from edgeperf_gui.ui.definitions import COMPARE
from edgeperf_gui.ui.model_measured import MeasuredResults
from edgeperf_gui.ui.model_words import decoder, licence, pictogram, pixels, ports, task, whose
from edgeperf_gui.ui.plain_label import heading
from edgeperf_gui.ui.task_pictogram import Pictogram
from edgeperf_gui.ui.words import Tile

_VARIANTS: Final[tuple[Precision, ...]] = ("FP32", "FP16", "INT8")
_MOST_TYPES: Final = 14
_TILES: Final = (
    ("params", "Parameters", COMPARE["params"]),
    ("macs", "MACs", COMPARE["macs"]),
    ("flops", "FLOPs", "Floating-point operations for one picture: two for each multiply-accumulate."),
    ("weights", "Weights", "Bytes of all weights as stored in the variant that was counted."),
    ("activations", "Activations", "Bytes that all layers write for one picture, in the graph's own types."),
)
_BUSY: Final = "One thing at a time: something is being done with a model."
_BUTTONS: Final = (
    ("use", "Use this model", "Run the session with this model"),
    ("int8", "Make INT8…", "Make the INT8 variant by post-training quantisation"),
    ("accuracy", "Accuracy…", "Measure its variants against labels"),
    ("correct", "Correct…", "Correct what the import assumed: input, decoder, labels"),
    ("remove", "Remove…", "Remove this model of yours, with all its variants"),
)


class ModelDetails(QFrame):
    """`asked` carries what was pressed: use, int8, accuracy, correct, remove."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Pictogram(self)
        self._title = _label("", theme.READOUT, weight=600)
        self._under = _label("", theme.QUIET, "quiet")
        self.buttons = {key: _button(text, tip) for key, text, tip in _BUTTONS}
        self.buttons["use"].setProperty("role", "primary")
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, key=key: self.asked.emit(key))
        self.tiles = {key: Tile(label, tip, self) for key, label, tip in _TILES}
        self.state = _label("", theme.QUIET, "quiet")
        self.state.setWordWrap(True)
        self.variants = Bars("Variants", 150, self)
        self.layers = Bars("Layers by type", 150, self, line=22)
        self.measured = MeasuredResults(self)
        self._facts = {key: _fact() for key in ("input", "inputs", "outputs", "decoder", "origin")}
        self._layers_title = heading("Layers")
        self._build()

    def _build(self) -> None:
        body = QWidget()
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, theme.INSIDE, 0)
        column.setSpacing(theme.INSIDE)
        tiles = QHBoxLayout()
        tiles.setSpacing(theme.INSIDE)
        for tile in self.tiles.values():
            tiles.addWidget(tile, 1)
        column.addLayout(tiles)
        column.addWidget(self.state)
        for title, widget in (
            (heading("Variants"), self.variants),
            (heading("Measured"), self.measured),
            (heading("Ports and decoder"), self._grid()),
            (self._layers_title, self.layers),
        ):
            column.addSpacing(theme.INSIDE)
            column.addWidget(title)
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.BETWEEN)
        whole.addLayout(self._head())
        whole.addLayout(self._button_row())
        whole.addWidget(scroll, 1)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._under)
        row = QHBoxLayout()
        row.setSpacing(theme.BETWEEN)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        return row

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        for key, button in self.buttons.items():
            if key == "remove":
                row.addStretch(1)
            row.addWidget(button)
        return row

    def _grid(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.BETWEEN)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 138)
        grid.setColumnStretch(1, 1)
        names = {"input": "Picture", "inputs": "Inputs", "outputs": "Outputs", "decoder": "Decoder", "origin": "Origin"}
        for row, (key, name) in enumerate(names.items()):
            grid.addWidget(_label(name, theme.QUIET, "quiet"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._facts[key], row, 1)
        return box

    def show_model(self, card: ModelCard, shelf: ModelShelf, measured: Sequence[MeasuredResult] = ()) -> None:
        """Show this model, what is known of its inside, and its newest measured results."""
        info, failure = shelf.info(card.name), shelf.info_failure(card.name)
        self._sign.show_sign(pictogram(card))
        self._title.setText(card.title)
        self._under.setText(
            f"{task(card)} · {licence(card)} · {whose(card)}" + (" · in use" if card.name == shelf.in_use else "")
        )
        self._show_buttons(card, shelf)
        self._show_tiles(info)
        self._show_state(failure, counted=info is not None)
        self.variants.show_bars(tuple(_variant_bars(card, info)))
        self.measured.show_results(measured)
        self._show_facts(card, info)
        kinds = list(info.histogram.items()) if info else []
        rest = sum(count for _, count in kinds[_MOST_TYPES:])
        bars = [Bar(kind, count, figures.thousands(count)) for kind, count in kinds[:_MOST_TYPES]]
        self.layers.show_bars([*bars, Bar("others", rest, figures.thousands(rest))] if rest else bars)
        self._layers_title.setText(f"Layers by type · {sum(info.histogram.values())}" if info else "Layers by type")

    def text(self) -> str:
        """Everything that stands there, in words."""
        facts = (f"{key}: {label.text()}" for key, label in self._facts.items())
        tiles = (tile.text() for tile in self.tiles.values())
        title = (self._title.text(), self._under.text(), self.state.text())
        return "\n".join((*title, *tiles, self.variants.text(), self.measured.text(), *facts, self.layers.text()))

    def _show_buttons(self, card: ModelCard, shelf: ModelShelf) -> None:
        busy, used = shelf.work is not None, card.name == shelf.in_use
        original = "FP32" in card.variants or "FP16" in card.variants
        again = "Make INT8 again…" if "INT8" in card.variants else "Make INT8…"
        self.buttons["int8"].setText(again)
        self.buttons["use"].setText("In use" if used else "Use this model")
        states = {
            "use": (True, not used, "The session runs with this model."),
            "int8": (True, original and not busy, _BUSY if busy else "Only an FP32 or FP16 variant can be quantised."),
            "accuracy": (True, True, ""),
            "correct": (card.name in shelf.imports, not busy, _BUSY),
            "remove": (is_own(card), not busy and not used, _BUSY if busy else "Use another model first."),
        }
        for key, _, tip in _BUTTONS:
            visible, enabled, why_not = states[key]
            self.buttons[key].setVisible(visible)
            self.buttons[key].setEnabled(enabled)
            self.buttons[key].setToolTip(tip if enabled else why_not)

    def _show_tiles(self, info: ModelInfo | None) -> None:
        if info is None:
            for tile in self.tiles.values():
                tile.say(figures.UNKNOWN)
            return
        for key, value, unit in (
            ("params", info.params / 1e6, "M"),
            ("macs", info.macs / 1e9, "G"),
            ("flops", info.flops / 1e9, "G"),
            ("weights", info.weight_bytes / 1e6, "MB"),
            ("activations", info.activation_bytes / 1e6, "MB"),
        ):
            self.tiles[key].say(f"{value:.2f}" if value < 99.995 else figures.figure(value), unit)

    def _show_state(self, failure: SessionStatus | None, *, counted: bool) -> None:
        words = "" if counted else f"{failure.sentence} {failure.remedy}" if failure else "Counting its layers…"
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.state.setProperty("role", "failed" if failure and not counted else "quiet")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)

    def _show_facts(self, card: ModelCard, info: ModelInfo | None) -> None:
        labels = f" · {info.labels} labels" if info and info.labels else " · no labels" if info else ""
        for key, lines in (
            ("input", (pixels(card.input),)),
            ("inputs", ports(info.inputs) if info else (figures.UNKNOWN,)),
            ("outputs", ports(info.outputs) if info else (figures.UNKNOWN,)),
            ("decoder", (decoder(card.decoder) + labels,)),
            ("origin", (card.origin,)),
        ):
            self._facts[key].setText("\n".join(lines))


def _variant_bars(card: ModelCard, info: ModelInfo | None) -> Iterable[Bar]:
    for name in _VARIANTS:
        variant = card.variants.get(name)
        if variant is None:
            yield Bar(name, None, note="not made yet", colour=theme.VARIANTS[name])
            continue
        size = info.size_bytes.get(name) if info else None
        note = "" if variant.stored == name else f"stored {variant.stored}"
        yield Bar(name, float(size or 0), figures.megabytes(size), "MB", note, theme.VARIANTS[name])


def _label(text: str, size: int, role: str = "", *, weight: int = 400) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(size, weight))
    label.setTextFormat(Qt.TextFormat.PlainText)  # titles come from files that nobody has vouched for
    if role:
        label.setProperty("role", role)
    return label


def _fact() -> QLabel:
    label = _label("", theme.QUIET)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setFont(theme.font(theme.BODY, 600))
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
