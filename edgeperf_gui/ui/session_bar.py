"""The left card: what to run. Every change goes through the controller at once; nothing here is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.scene import DEFAULTS, SCHEME, is_scene
from edgeperf_gui.domain.session import LARGEST_COUNT, CameraMode, SourceInfo
from edgeperf_gui.live.settings import DEFAULT_SOURCE, Settings
from edgeperf_gui.ui import batch_words, figures, oracle_words, theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.names import device_name, source_name
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented

SCENES: Final = (*(f"{SCHEME}{world}" for world in DEFAULTS), f"{SCHEME}highway?light=night", f"{SCHEME}highway?light=rain")
_OPEN_FILE, _OPEN_FOLDER, _OPEN_URL = "open file", "open folder", "open address"
_OPENERS: Final = ((_OPEN_FILE, "Open file…"), (_OPEN_FOLDER, "Open folder…"), (_OPEN_URL, "Open address…"))
_MODELS: Final = "\0models"
"""No model has such a name."""
_VARIANTS: Final = (("FP32", "FP32"), ("FP16", "FP16"), ("INT8", "INT8"))
_HINTS: Final = (("latency", "Latency"), ("throughput", "Throughput"), ("none", "None"))
_FEEDS: Final = (("paced", "Paced"), ("flat", "Flat out"))
_COUNTS: Final = (("streams", "Streams"), ("requests", "Requests"), ("threads", "Threads"))
_SIZES: Final = ((None, None), (640, 480), (1280, 720), (1920, 1080))
_LIVE: Final = "a live source sets its own pace"
_RATES: Final = (None, 15.0, 25.0, 30.0, 60.0)


class SessionBar(Card):
    """The dock. `changed` carries settings by name; opening files is the window's work."""

    changed = Signal(dict)
    sourceChosen = Signal(str)
    openFile = Signal()
    openFolder = Signal()
    openUrl = Signal()
    openModels = Signal()
    listOpening = Signal()  # of sources, models or devices

    def __init__(self) -> None:
        super().__init__("session", "Session")
        self._settings = Settings()
        self._inventory: Inventory | None = None
        body = QWidget()
        body.setProperty("role", "scrolled")
        self._form = QVBoxLayout(body)
        self._form.setContentsMargins(0, 0, 7, 0)
        self._form.setSpacing(5)
        self.source, self.model, self.device = Picker("Source"), Picker("Model"), Picker("Device")
        self.camera_size, self.camera_rate = Picker("Camera resolution"), Picker("Camera rate")
        self.batch, self.boxes = Picker("Batch"), Picker("Boxes")
        self._opened_source: SourceInfo | None = None
        self.variant = Segmented("Variant", _VARIANTS)
        self.hint = Segmented("Hint", _HINTS)
        self.feed = Segmented("Feed", _FEEDS)
        self._camera_box = self._row_of(("Resolution", self.camera_size), ("Rate", self.camera_rate))
        self.counts = {key: _Count(label) for key, label in _COUNTS}
        self._counts_box = self._row_of(*((label, self.counts[key]) for key, label in _COUNTS))
        self._add("Source", self.source)
        self._form.addWidget(self._camera_box)
        self._boxes_box = self._row_of(("Boxes", self.boxes))
        self._form.addWidget(self._boxes_box)
        self._add("Model", self.model)
        self._add("Variant", self.variant)
        self._add("Device", self.device)
        self._add("Hint", self.hint)
        self._form.addWidget(self._counts_box)
        self._add("Batch", self.batch)
        self._add("Feed", self.feed)
        self._form.addStretch(1)
        self.column.addWidget(_Scroll(body))
        self.column.setContentsMargins(13, 6, 6, 12)
        self._fill_camera()
        self._connect()
        self.show_settings(self._settings)

    def show_settings(self, settings: Settings) -> None:
        """Show these as chosen."""
        before, self._settings = self._settings.source, settings
        if settings.source != before:
            self.show_source(None)
        self._fill_source()
        self._fill_model()
        self._fill_device()
        self.variant.choose(settings.precision)
        self.hint.choose(settings.hint)
        self.feed.choose("paced" if settings.paced else "flat")
        self._fill_batch()
        self._counts_box.setVisible(settings.hint == "none")
        for key, box in self.counts.items():
            box.show_count(getattr(settings, key))
        self._camera_box.setVisible(settings.source.startswith("camera:"))
        self._boxes_box.setVisible(is_scene(settings.source))
        self.boxes.offer(oracle_words.rows(settings.oracle))
        self.boxes.select(settings.oracle)
        self.camera_size.select((settings.camera.width, settings.camera.height))
        self.camera_rate.select(settings.camera.fps)

    def show_inventory(self, inventory: Inventory) -> None:
        """Offer these."""
        self._inventory = inventory
        self.show_settings(self._settings)

    def show_source(self, source: SourceInfo | None) -> None:
        """What the opened source allows: the rate behind "paced"; a live one has no choice. None: not opened yet."""
        self._opened_source = source
        self._fill_batch()
        fps = source.fps if source else None
        self.feed.rename("paced", f"Paced {figures.rate(round(fps, 1))} fps" if fps else "Paced")
        is_live = source.live if source else self._settings.source.startswith("camera:")
        for key, _ in _FEEDS:
            self.feed.offer(key, not is_live, _LIVE if is_live else "")

    def _connect(self) -> None:
        for picker in (self.source, self.model, self.device):
            picker.opening.connect(self.listOpening)
        self.source.activated.connect(self._on_source)
        self.model.activated.connect(self._on_model)
        self.device.activated.connect(lambda: self.changed.emit({"device": self.device.currentData()}))
        self.variant.chosen.connect(lambda key: self.changed.emit({"precision": key}))
        self.hint.chosen.connect(lambda key: self.changed.emit({"hint": key, "streams": None, "requests": None, "threads": None}))
        self.boxes.activated.connect(lambda: self.changed.emit({"oracle": self.boxes.currentData()}))
        self.batch.activated.connect(lambda: self.changed.emit({"batch": self.batch.currentData()}))
        self.feed.chosen.connect(lambda key: self.changed.emit({"paced": key == "paced"}))
        for key, box in self.counts.items():
            box.counted.connect(lambda number, key=key: self.changed.emit({key: number or None}))
        for picker in (self.camera_size, self.camera_rate):
            picker.activated.connect(self._on_camera)

    def _on_source(self) -> None:
        openers: dict[str, Callable[[], None]] = {
            _OPEN_FILE: self.openFile.emit,
            _OPEN_FOLDER: self.openFolder.emit,
            _OPEN_URL: self.openUrl.emit,
        }
        chosen = self.source.currentData()
        if chosen in openers:
            self.source.select(self._settings.source)
            openers[chosen]()
        elif chosen is not None:
            self.sourceChosen.emit(chosen)

    def _on_model(self) -> None:
        chosen = self.model.currentData()
        if chosen == _MODELS:
            self.model.select(self._settings.model)
            self.openModels.emit()
        elif chosen is not None:
            self.changed.emit({"model": chosen})

    def _on_camera(self) -> None:
        width, height = self.camera_size.currentData()
        self.changed.emit({"camera": CameraMode(width=width, height=height, fps=self.camera_rate.currentData())})

    def _fill_source(self) -> None:
        cameras = [camera.address for camera in self._inventory.cameras] if self._inventory else []
        known = dict.fromkeys([DEFAULT_SOURCE, *self._settings.recent_sources, *cameras, *SCENES])
        if self._settings.source not in known:
            known = {self._settings.source: None, **known}
        rows = [(source_name(address, self._inventory), address, shown(address)) for address in known]
        self.source.offer([*rows, None, *((text, key, "") for key, text in _OPENERS)])
        self.source.select(self._settings.source)
        self.source.setToolTip(shown(self._settings.source))

    def _fill_model(self) -> None:
        cards: tuple[ModelCard, ...] = self._inventory.models if self._inventory else ()
        items: list[tuple[str, Any, str]] = [(card.title, card.name, f"{card.licence} · {card.origin}") for card in cards]
        if self._settings.model not in (card.name for card in cards):
            items.insert(0, (self._settings.model, self._settings.model, ""))
        self.model.offer([*items, None, ("Models…", _MODELS, "Look at the models; import, quantise or remove one")])
        self.model.select(self._settings.model)
        card = next((card for card in cards if card.name == self._settings.model), None)
        for key, _ in _VARIANTS:
            available = key in card.variants if card else key != "INT8"
            self.variant.offer(key, available, "" if available else f"This model has no {key} variant yet.")

    def _fill_device(self) -> None:
        devices = [device.name for device in self._inventory.devices] if self._inventory else []
        names = dict.fromkeys([*devices, self._settings.device])
        full = {device.name: device.full_name for device in self._inventory.devices} if self._inventory else {}
        self.device.offer([(device_name(name, self._inventory), name, full.get(name, "")) for name in names])
        self.device.select(self._settings.device)
        self.device.setToolTip(full.get(self._settings.device, self._settings.device))

    def _fill_batch(self) -> None:
        chosen, fps = self._settings.batch, batch_words.rate_of(self._settings, self._opened_source)
        self.batch.offer(batch_words.rows(chosen, fps))
        self.batch.select(chosen)
        self.batch.setToolTip("\n".join(filter(None, (batch_words.wait_sentence(chosen, fps), batch_words.WHAT))))

    def _fill_camera(self) -> None:
        sizes: list[tuple[str, Any, str]] = [(f"{w}×{h}" if w else "As it comes", (w, h), "") for w, h in _SIZES]
        self.camera_size.offer(sizes)
        self.camera_rate.offer([(f"{rate:g} fps" if rate else "Any", rate, "") for rate in _RATES])

    def _add(self, label: str, control: QWidget) -> None:
        words = _label(label)
        words.setBuddy(control)
        self._form.addWidget(words)
        self._form.addWidget(control)
        self._form.addSpacing(6)

    def _row_of(self, *fields: tuple[str, QWidget]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 6)
        grid.setHorizontalSpacing(theme.INSIDE)
        grid.setVerticalSpacing(5)
        for at, (label, control) in enumerate(fields):
            words = _label(label)
            words.setBuddy(control)
            grid.addWidget(words, 0, at)
            grid.addWidget(control, 1, at)
            grid.setColumnStretch(at, 1)
        return box


class _Count(QSpinBox):
    """A count, or "auto": the runtime chooses. Tells its value when editing is finished, not at every key."""

    counted = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setRange(0, LARGEST_COUNT)
        self.setSpecialValueText("auto")
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: 0 lets the runtime choose. Arrow keys change it.")
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._told = 0
        self.editingFinished.connect(self._tell)

    def show_count(self, count: int | None) -> None:
        """Show this count; None is "auto". What somebody is just typing stays as long as the count is the same."""
        if self.hasFocus() and self._told == (count or 0):
            return
        self._told = count or 0
        self.setValue(self._told)

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        self._tell()

    def _tell(self) -> None:
        if self.value() != self._told:
            self._told = self.value()
            self.counted.emit(self.value())


class _Scroll(QScrollArea):
    """The form scrolls when the window is very low."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        return QSize(228, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(216, 160)


def _label(text: str) -> QLabel:
    words = QLabel(text)
    words.setProperty("role", "quiet")
    words.setFont(theme.font(theme.QUIET))
    return words
