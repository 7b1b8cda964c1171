"""Asks with what an INT8 variant shall be calibrated."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.card import ModelCard
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
    "With a folder of labelled images the accuracy is measured too, and layers stay as they are until it costs at most "
    "0.01 AP or top-1. That takes much longer."
)
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
        self.samples.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.samples.setAccessibleName("Samples")
        self.samples.lineEdit().setTextMargins(6, 0, 0, 0)
        self.samples.setFixedSize(96, theme.CONTROL_HEIGHT)
        self.preset = Segmented("Preset", _PRESETS)
        self.preset.choose("mixed")
        self.preset.setToolTip(_PRESET_TIP)
        self.labels = Picker("Accuracy")
        self.labels.setToolTip(_LABELS_TIP)
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
        }

    def use_data(self, path: str) -> None:
        """Calibrate with this folder, video or source."""
        self._chosen = path
        self._offer()

    def use_labels(self, path: str | None) -> None:
        """Watch the accuracy on this labelled folder, or not at all."""
        self._labelled = path
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


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(theme.QUIET))
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
