"""What an import assumed, why, and the fields to correct it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.model_files import DECODERS
from edgeperf_gui.live.model_shelf import Imported
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.model_words import decoder, triple
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented

_LARGEST: Final = 8192
_NUMBERS: Final = "one number, or three with commas, in the order of the channels"
Triple = tuple[float, float, float]


class ImportForm(QFrame):
    """`applied` carries the changed fields of ImportSpec; `accepted` comes when all is right as it is."""

    applied = Signal(dict)
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[str, Any] = {}
        self._busy = False
        self._title = _label("", theme.READOUT, weight=600)
        self.reason, self.notes, self._trouble = (_label("", theme.QUIET, role) for role in ("", "quiet", "failed"))
        for words in (self.reason, self.notes, self._trouble):
            words.setWordWrap(True)
        self.width_box, self.height_box = _size_box("Input width"), _size_box("Input height")
        self.channels = Segmented("Channel order", (("BGR", "BGR"), ("RGB", "RGB")))
        self.mean, self.scale = _line("Mean", _NUMBERS), _line("Scale", _NUMBERS)
        self.decoder = Picker("Decoder")
        self.decoder.offer([(words, key, key) for key, words in DECODERS.items()])
        self.labels = _line("Labels file", "a text file, one label a line")
        self._browse = QPushButton("Choose…")
        self._browse.setAccessibleName("Choose the labels file")
        self.apply_button, self.accept_button = QPushButton("Import again with these"), QPushButton("It is right")
        self.accept_button.setProperty("role", "primary")
        for button in (self._browse, self.apply_button, self.accept_button):
            button.setAutoDefault(False)
        self._build()
        self._connect()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.BETWEEN)
        grid.setVerticalSpacing(theme.INSIDE)
        grid.setColumnMinimumWidth(0, 110)
        grid.setColumnStretch(1, 1)
        rows = (
            ("Decoder", _row(self.decoder)),
            ("Input size", _row(self.width_box, _label("×", theme.BODY, "quiet"), self.height_box, None)),
            ("Channel order", _row(self.channels, None)),
            ("Mean", _row(self.mean)),
            ("Scale", _row(self.scale)),
            ("Labels", _row(self.labels, self._browse)),
        )
        for at, (name, row) in enumerate(rows):
            grid.addWidget(_label(name, theme.QUIET, "quiet"), at, 0)
            grid.addLayout(row, at, 1)
        self.channels.setFixedWidth(160)
        buttons = _row(self.accept_button, self.apply_button, None)
        self._keeping = _label(
            "Importing again replaces this model; an INT8 variant made from it has to be made again.", theme.TINY
        )
        self._keeping.setProperty("role", "faint")
        self._keeping.setWordWrap(True)
        body = QWidget()
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, theme.INSIDE, 0)
        column.setSpacing(theme.BETWEEN)
        for part in (self._title, self.reason, self.notes):
            column.addWidget(part)
        column.addSpacing(theme.INSIDE)
        column.addLayout(grid)
        column.addWidget(self._trouble)
        column.addLayout(buttons)
        column.addWidget(self._keeping)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _connect(self) -> None:
        self.accept_button.clicked.connect(lambda: self.accepted.emit())
        self.apply_button.clicked.connect(self._apply)
        self._browse.clicked.connect(self._choose_labels)
        for line in (self.mean, self.scale, self.labels):
            line.textChanged.connect(lambda _text: self._judge())
        for box in (self.width_box, self.height_box):
            box.valueChanged.connect(lambda _value: self._judge())
        self.decoder.activated.connect(lambda _row: self._judge())
        self.channels.chosen.connect(lambda _key: self._judge())

    def show_import(self, imported: Imported, *, busy: bool) -> None:
        """Show what came of it; what is being typed stays as long as it is the same import."""
        result, card = imported.result, imported.result.card
        self._title.setText(f"{result.name} is imported. Is this right?")
        self.reason.setText(f"Decoder {decoder(result.decoder)}: {result.reason}")
        self.notes.setText("\n".join(result.notes))
        self.notes.setVisible(bool(result.notes))
        pixels = card.input
        shown = {
            "width": pixels.width,
            "height": pixels.height,
            "channels": pixels.channels,
            "mean": tuple(pixels.mean),
            "scale": tuple(pixels.scale),
            "decoder": card.decoder,
            "labels": imported.spec.labels,
            "import": imported.spec.session_id,
        }
        if shown != self._shown:
            self._shown = shown
            self.width_box.setValue(pixels.width)
            self.height_box.setValue(pixels.height)
            self.channels.choose(pixels.channels)
            self.mean.setText(triple(pixels.mean))
            self.scale.setText(triple(pixels.scale))
            self.decoder.select(card.decoder)
            self.labels.setText(imported.spec.labels or "")
        self._busy = busy
        self._judge()

    def fields(self) -> dict[str, Any]:
        """What was changed, by the names of ImportSpec; raises ValueError with a sentence."""
        now: dict[str, Any] = {
            "width": self.width_box.value(),
            "height": self.height_box.value(),
            "channels": self.channels.key(),
            "mean": numbers(self.mean.text(), "Mean"),
            "scale": numbers(self.scale.text(), "Scale"),
            "decoder": self.decoder.currentData(),
            "labels": self.labels.text().strip() or None,
        }
        if 0.0 in now["scale"]:
            raise ValueError("Scale is what each channel is divided by; it cannot be 0.")
        return {key: value for key, value in now.items() if value != self._shown.get(key)}

    def _judge(self) -> None:
        try:
            changed, trouble = bool(self.fields()), ""
        except ValueError as error:
            changed, trouble = False, str(error)
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        self.apply_button.setEnabled(changed and not self._busy)

    def _apply(self) -> None:
        self.applied.emit(self.fields())

    def _choose_labels(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose the labels file", "", "Texts (*.txt *.names *.yaml);;All files (*)")
        if path:
            self.labels.setText(path)


def numbers(text: str, what: str) -> Triple:
    """One number for all channels, or three; raises ValueError with a sentence."""
    try:
        found = [float(part) for part in text.replace(";", ",").split(",")]
    except ValueError:
        found = []
    if len(found) == 1:
        found *= 3
    if len(found) != 3 or not all(abs(number) < 1e9 for number in found):
        raise ValueError(f"{what} takes {_NUMBERS}, such as 103.53, 116.28, 123.675.")
    return found[0], found[1], found[2]


def _size_box(name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, _LARGEST)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    box.setAccessibleName(name)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    box.setFixedSize(84, theme.CONTROL_HEIGHT)
    return box


def _line(name: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setToolTip(f"{name}: {hint}")
    return line


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.INSIDE)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _label(text: str, size: int, role: str = "", *, weight: int = 400) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(size, weight))
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label
