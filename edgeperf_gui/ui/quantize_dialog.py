"""Asks with what an INT8 variant shall be calibrated."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.names import source_name
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented

SAMPLES: Final = 300
_FOLDER, _VIDEO, _LABELLED, _UNWATCHED = "\0folder", "\0video", "\0labelled", "\0unwatched"
_VIDEOS: Final = "Videos (*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.ts *.mpg *.mpeg *.wmv);;All files (*)"
_WHAT: Final = (
    "Post-training quantisation looks at pictures like those the model will see, and stores weights and activations in "
    "8 bits. The live session goes on meanwhile, with less of the machine."
)
_CAMERA: Final = "A camera can be opened once only: stop the session before you start."
_LABELS_TIP: Final = (
    "With a folder of labelled images the accuracy is measured too, and layers stay as they are until the loss is small "
    "enough. That takes much longer."
)
_UNSCORED: Final = "Accuracy is measured for detection and classification only."
_DROP_TIP: Final = (
    "Largest loss of accuracy against the model as it is, in points of AP (detection) or of top-1 (classification): 1 point is "
    "0.01. Needs a folder of labelled images."
)
_SCORED: Final = ("detection", "classification")
_USUAL_POINTS: Final = 1.0
_PRESETS: Final = (("mixed", "Mixed"), ("performance", "Performance"))
_PRESET_TIP: Final = (
    "Mixed keeps activations asymmetric, which loses less; performance makes them symmetric, which may run faster."
)


class QuantizeDialog(QDialog):
    """`fields` are those of QuantizeSpec."""

    def __init__(self, parent: QWidget, card: ModelCard, source: str, *, source_is_busy: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Make INT8 of {card.title}")
        self.setMinimumWidth(480)
        self._source = self._chosen = source
        self._source_is_busy = source_is_busy and source.startswith("camera:")
        self.data = Picker("Calibration data")
        self.samples = QSpinBox()
        self.samples.setRange(1, 100_000)
        self.samples.setValue(SAMPLES)
        self.preset = Segmented("Preset", _PRESETS)
        self.preset.choose("mixed")
        self.preset.setToolTip(_PRESET_TIP)
        is_scored = card.task in _SCORED
        self.labels = Picker("Accuracy")
        self.labels.setToolTip(_LABELS_TIP if is_scored else _UNSCORED)
        self.labels.setEnabled(is_scored)
        self.max_drop = QDoubleSpinBox()
        self.max_drop.setRange(0.0, 100.0)
        self.max_drop.setDecimals(1)
        self.max_drop.setSingleStep(0.1)
        self.max_drop.setValue(_USUAL_POINTS)
        self.max_drop.setSuffix(" top-1 points" if card.task == "classification" else " AP points")
        self.max_drop.setToolTip(_DROP_TIP)
        for box, name, width in ((self.samples, "Samples", 96), (self.max_drop, "Largest loss of accuracy", 148)):
            box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
            box.setAccessibleName(name)
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setFixedSize(width, theme.CONTROL_HEIGHT)
        self._labelled: str | None = None
        self.note = _label("", "undecided")
        self._build()
        self._offer()
        self.use_labels(None)
        self.labels.activated.connect(lambda _row: self._on_labels())
        self.data.activated.connect(lambda _row: self._on_data())

    def _build(self) -> None:
        boxes = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(boxes.Cancel, self)
        self.start_button = QPushButton("Make INT8")
        self.start_button.setProperty("role", "primary")
        buttons.addButton(self.start_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(theme.EDGE)
        form.setVerticalSpacing(theme.INSIDE)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for name, control in (
            ("Calibrate with", self.data),
            ("Samples", self.samples),
            ("Preset", self.preset),
            ("Accuracy", self.labels),
            ("Largest loss", self.max_drop),
        ):
            label = _label(name, "quiet")
            label.setWordWrap(False)
            label.setMinimumHeight(theme.CONTROL_HEIGHT)
            form.addRow(label, control)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(theme.EDGE)
        column.addWidget(_label(_WHAT, "quiet"))
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(buttons)

    def fields(self) -> dict[str, Any]:
        """What was chosen."""
        return {
            "data": self._chosen,
            "samples": self.samples.value(),
            "preset": self.preset.key() or "mixed",
            "labels": self._labelled,
            "max_drop": round(self.max_drop.value() / 100, 4) if self._labelled else None,
        }

    def use_data(self, path: str) -> None:
        """Calibrate with this folder, video or source."""
        self._chosen = path
        self._offer()

    def use_labels(self, path: str | None) -> None:
        """Watch the accuracy on this labelled folder, or not at all."""
        self._labelled = path
        self.max_drop.setEnabled(path is not None)
        rows: list[tuple[str, Any, str] | None] = [("Not watched", _UNWATCHED, _LABELS_TIP)]
        if path is not None:
            rows.append((f"Watched on {source_name(path)}", path, path))
        self.labels.offer([*rows, None, ("Watch it on a labelled folder…", _LABELLED, _LABELS_TIP)])
        self.labels.select(path or _UNWATCHED)

    def _on_labels(self) -> None:
        chosen = self.labels.currentData()
        if chosen == _LABELLED:
            chosen = QFileDialog.getExistingDirectory(self, "A folder of labelled images") or self._labelled
        self.use_labels(None if chosen == _UNWATCHED else chosen)

    def _offer(self) -> None:
        rows: list[tuple[str, Any, str] | None] = [(f"Current source: {source_name(self._source)}", self._source, self._source)]
        if self._chosen != self._source:
            rows.append((source_name(self._chosen), self._chosen, self._chosen))
        self.data.offer([*rows, None, ("A folder of pictures…", _FOLDER, ""), ("A video…", _VIDEO, "")])
        self.data.select(self._chosen)
        is_taken = self._source_is_busy and self._chosen == self._source
        self.note.setText(_CAMERA if is_taken else "")
        self.note.setVisible(is_taken)

    def _on_data(self) -> None:
        chosen = self.data.currentData()
        if chosen == _FOLDER:
            chosen = QFileDialog.getExistingDirectory(self, "A folder of pictures")
        elif chosen == _VIDEO:
            chosen, _ = QFileDialog.getOpenFileName(self, "A video", "", _VIDEOS)
        self.use_data(chosen or self._chosen)


def ask_quantize(parent: QWidget, shelf: ModelShelf, card: ModelCard) -> bool:
    """Ask, and begin; False when the user would rather not, or when it cannot begin now."""
    asked = QuantizeDialog(parent, card, shelf.source, source_is_busy=shelf.is_session_on)
    is_wanted = asked.exec() == QDialog.DialogCode.Accepted
    fields = asked.fields()
    asked.deleteLater()
    return is_wanted and shelf.quantize(card.name, **fields)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(theme.QUIET))
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
