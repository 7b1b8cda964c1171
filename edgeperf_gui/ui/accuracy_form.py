"""What shall be measured: model, variants, the folder with labels, device, threshold, how many images."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final, cast

from PySide6.QtCore import QLocale, QMimeData, QStandardPaths, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import caption
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.variant_boxes import VariantBox, VariantBoxes

_MOST_IMAGES: Final = 1024
_TIPS: Final = {
    "model": "The model whose answers are judged",
    "data": "A folder with pictures; their labels in it or beside it",
    "labels": "Only when the labels are elsewhere: COCO's json file, or the folder of label files",
    "device": "The device of OpenVINO that answers",
    "threshold": "The score from which a box counts for precision, recall, F1 and agreement. AP looks at all scores.",
    "limit": "Most images to look at: a fixed random choice, the same for every variant. 0 takes all.",
}


class PathLine(QLineEdit):
    """A path that can be typed, chosen or dropped."""

    def __init__(self, name: str, hint: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setToolTip(tip)
        self.setAcceptDrops(True)

    def path(self) -> str:
        """What stands there, as the engine takes it; empty for nothing."""
        text = self.text().strip().strip('"')
        return os.path.expanduser(text) if text else ""  # noqa: PTH111 (a text that cannot be a path must not raise here)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if dropped_path(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Use the first."""
        if path := dropped_path(event.mimeData()):
            event.acceptProposedAction()
            self.setText(path)
        else:
            super().dropEvent(event)


class AccuracyForm(QWidget):
    """`asked` comes with Enter in a path; `changed` with every choice."""

    asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ModelCard, ...] = ()
        self.model = Picker("Model", self)
        self._variants = VariantBoxes(self, self.changed.emit)
        self.boxes = self._variants.boxes
        self.data = PathLine("Folder with labels", "Drop a folder here", _TIPS["data"], self)
        self.labels = PathLine("Separate labels", "In or beside the folder", _TIPS["labels"], self)
        self.data_button, self.labels_button = QPushButton("Browse…", self), QPushButton("Browse…", self)
        self.device = Picker("Device", self)
        self.threshold, self.limit = QDoubleSpinBox(self), QSpinBox(self)
        self._prepare()
        self._build()

    def _prepare(self) -> None:
        self.threshold.setLocale(QLocale.c())  # scores are written with a point everywhere on the page
        self.threshold.setRange(0.0, 1.0)
        self.threshold.setSingleStep(0.05)
        self.threshold.setValue(0.4)
        self.limit.setRange(0, _MOST_IMAGES)
        self.limit.setSpecialValueText("all")
        for spin, name in ((self.threshold, "Score threshold"), (self.limit, "Most images")):
            spin.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
            spin.setAccessibleName(name)
            spin.setFixedHeight(theme.CONTROL_HEIGHT)
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        for key in ("model", "device", "threshold", "limit"):
            getattr(self, key).setToolTip(_TIPS[key])
        menu = QMenu(self.labels_button)
        menu.addAction("COCO's json file…", self._ask_json)
        menu.addAction("A folder of label files…", lambda: _ask_folder(self, "A folder of label files", self.labels))
        self.labels_button.setMenu(menu)
        self.data_button.clicked.connect(lambda: _ask_folder(self, "A folder of pictures with labels", self.data))
        self.data_button.setAccessibleName("Choose the folder with labels")
        self.labels_button.setAccessibleName("Choose separate labels")
        for button in (self.data_button, self.labels_button):
            button.setAutoDefault(False)
        self.model.activated.connect(lambda _row: self._variants.offer(self.card(), fresh=True))
        for line in (self.data, self.labels):
            line.textChanged.connect(lambda _text: self.changed.emit())
            line.returnPressed.connect(self.asked)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for title, *controls in (
            ("Model", self.model),
            ("Variants", *self.boxes.values()),
            ("Folder with labels", self.data, self.data_button),
            ("Labels elsewhere (optional)", self.labels, self.labels_button),
            ("Device", self.device),
        ):
            self._add(column, str(title), cast("list[QWidget]", controls))
        pair = QHBoxLayout()
        pair.setSpacing(theme.BETWEEN)
        for title, control in (("Score threshold", self.threshold), ("Most images", self.limit)):
            half = QVBoxLayout()
            half.setSpacing(4)
            self._add(half, title, [control])
            pair.addLayout(half, 1)
        column.addLayout(pair)
        column.addSpacing(4)

    def _add(self, column: QVBoxLayout, title: str, controls: Sequence[QWidget]) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        for at, control in enumerate(controls):
            row.addWidget(control, 1 if at == 0 and not isinstance(control, VariantBox) else 0)
        if isinstance(controls[0], VariantBox):
            row.addStretch(1)
        column.addWidget(caption(title, controls[0]))
        column.addLayout(row)
        column.addSpacing(6)

    # What is chosen -----------------------------------------------------------------------------------------------------------

    def offer(self, models: Sequence[ModelCard], devices: Sequence[str]) -> None:
        """These there are; what is chosen stays chosen."""
        model, device = self.model.currentData(), self.device.currentData()
        before = self.card()
        self._models = tuple(models)
        self.model.offer([(card.title, card.name, card.name) for card in models])
        self.device.offer([(name, name, "") for name in devices])
        self.model.select(model)
        self.device.select(device)
        after = self.card()
        self._variants.offer(after, fresh=before is None or after is None or before.name != after.name)

    def choose(self, model: str, device: str | None = None, data: str | None = None) -> None:
        """Choose these; what is None stays as it is."""
        self.model.select(model)
        if device is not None:
            self.device.select(device)
        if data is not None:
            self.data.setText(data)
        self._variants.offer(self.card(), fresh=True)

    def card(self) -> ModelCard | None:
        """The model that is chosen."""
        return next((card for card in self._models if card.name == self.model.currentData()), None)

    def precisions(self) -> tuple[Precision, ...]:
        """The variants that are chosen."""
        return self._variants.chosen()

    def fields(self) -> dict[str, Any]:
        """The rest, by the names of AccuracySpec."""
        return {
            "labels": self.labels.path() or None,
            "device": self.device.currentData() or "CPU",
            "threshold": round(self.threshold.value(), 2),
            "limit": self.limit.value() or None,
        }

    def missing(self) -> str:
        """What has to be chosen yet, as a sentence; empty when all is there."""
        if self.card() is None:
            return "Looking for models…"
        if not self.precisions():
            return "Choose at least one variant."
        return "" if self.data.path() else "Choose a folder with pictures and labels."

    def lock(self, locked: bool) -> None:
        """Nothing can be chosen while it is measured."""
        for control in (self.model, self.data, self.data_button, self.labels, self.labels_button, self.device, self.threshold):
            control.setEnabled(not locked)
        self.limit.setEnabled(not locked)
        self._variants.lock(locked)

    def _ask_json(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "COCO's json file", self.data.path() or _home(), "COCO (*.json)")
        if path:
            self.labels.setText(path)


def dropped_path(data: QMimeData) -> str:
    """The first local file or folder; empty when there is none."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")


def _ask_folder(parent: QWidget, title: str, line: PathLine) -> None:
    if path := QFileDialog.getExistingDirectory(parent, title, line.path() or _home()):
        line.setText(path)


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
