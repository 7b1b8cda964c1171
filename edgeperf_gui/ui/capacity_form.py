"""What shall be served: model, variant and device, the cameras, and what has to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from edgeperf_gui.domain.capacity import (
    HIGHEST_PERCENT,
    LEAST,
    LONGEST_MS,
    LONGEST_S,
    MOST_CAMERAS,
    CapacitySpec,
)
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import Hint
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.camera_kind_rows import CameraKindRows
from edgeperf_gui.ui.capacity_words import TIPS
from edgeperf_gui.ui.caption import beside, caption
from edgeperf_gui.ui.number_line import Limits, NumberLine
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented

_VARIANTS: Final = tuple((name, name) for name in theme.VARIANTS)
_HINTS: Final = (("throughput", "Throughput"), ("latency", "Latency"), ("none", "None"))
_DEFAULT: Final = CapacitySpec("", "", ())
_LOOKING: Final = "Looking for models…"


class CapacityForm(QScrollArea):
    """`changed` comes with every choice. It scrolls where a mix has more kinds than the page has room for."""

    changed = Signal()
    asked = Signal()  # Enter in a field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ModelCard, ...] = ()
        self._has_chosen = False
        self.model, self.device = Picker("Model"), Picker("Device")
        self.variant, self.hint = Segmented("Variant", _VARIANTS), Segmented("Hint", _HINTS)
        self.kinds = CameraKindRows()
        self.deadline = NumberLine("Deadline, ms", TIPS["deadline"], "two periods", _range(LEAST, LONGEST_MS))
        self.misses = NumberLine("Missed at most, %", TIPS["misses"], "1", _range(LEAST, HIGHEST_PERCENT))
        self.most = NumberLine("Most cameras", TIPS["most"], "64", _range(1, MOST_CAMERAS))
        self.seconds = NumberLine("Seconds a step", TIPS["seconds"], "30", _range(1, LONGEST_S))
        self._numbers = (self.deadline, self.misses, self.most, self.seconds)
        self._body = QWidget()
        self._body.setProperty("role", "scrolled")
        self._build()
        self._connect()
        self.hint.choose("throughput")
        for key, control in (("model", self.model), ("device", self.device), ("hint", self.hint), ("precision", self.variant)):
            control.setToolTip(TIPS[key])

    def _build(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(4)
        for title, control in (
            ("Model", self.model),
            ("Variant", self.variant),
            ("Device", self.device),
            ("Hint", self.hint),
            ("Cameras: what they show, and how often", self.kinds),
        ):
            column.addWidget(caption(title, control))
            column.addWidget(control)
            column.addSpacing(4)
        for pair in (self._numbers[:2], self._numbers[2:]):
            column.addLayout(beside(*pair))
            column.addSpacing(4)
        column.addStretch(1)
        self.setWidget(self._body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _connect(self) -> None:
        self.model.activated.connect(lambda _row: self._offer_variants())
        self.device.activated.connect(lambda _row: self.changed.emit())
        for choice in (self.variant, self.hint):
            choice.chosen.connect(lambda _key: self.changed.emit())
        self.kinds.changed.connect(self.changed)
        self.kinds.asked.connect(self.asked)
        for one in self._numbers:
            one.edit.textChanged.connect(lambda _text: self.changed.emit())
            one.edit.returnPressed.connect(self.asked)

    # What is chosen -----------------------------------------------------------------------------------------------------------

    def offer(self, models: Sequence[ModelCard], devices: Sequence[str], settings: Settings) -> None:
        """These there are; what is chosen stays chosen. At first that of the settings is."""
        name, device = self.model.currentData(), self.device.currentData()
        if not self._has_chosen and models:
            self._has_chosen = True
            name, device = settings.model, settings.device
            self.variant.choose(settings.precision)
            self.kinds.offer(settings.recent_sources)
            if not settings.source.startswith("camera:") and "://" not in settings.source:
                self.kinds.rows[0].choose(settings.source)
        self._models = tuple(models)
        self.model.offer([(card.title, card.name, card.name) for card in models])
        self.model.select(name)
        self.device.offer([(one, one, one) for one in devices])
        self.device.select(device)
        self.kinds.offer(settings.recent_sources)
        self._offer_variants()

    def card(self) -> ModelCard | None:
        """The model that is chosen."""
        return next((card for card in self._models if card.name == self.model.currentData()), None)

    def spec(self) -> CapacitySpec:
        """What is asked for. Raises BadInput with what is wrong, or missing yet."""
        card = self.card()
        if card is None:
            raise BadInput(_LOOKING)
        precision = self.variant.key()
        if precision not in card.variants:
            raise BadInput(f"{card.title} has no {precision} variant.", f"It has {', '.join(card.variants)}.")
        most, kinds = self.most.number(), self.kinds.kinds()
        if most is not None and most != int(most):
            raise BadInput(f"{most:g} is no number of cameras.", "Write a whole number.")
        return CapacitySpec(
            session_id="",
            model=card.name,
            kinds=kinds,
            precision=precision,
            device=self.device.currentData() or "CPU",
            hint=cast("Hint", self.hint.key() or _DEFAULT.hint),
            deadline_ms=self.deadline.number(),
            max_miss_percent=self.misses.number() or _DEFAULT.max_miss_percent,
            most=int(most or _DEFAULT.most),
            seconds=self.seconds.number() or _DEFAULT.seconds,
        )

    def words(self) -> tuple[str, bool]:
        """About how long it takes, or what is wrong; and whether it can be run."""
        try:
            spec = self.spec()
        except BadInput as error:
            return f"{error.sentence} {error.remedy}".strip(), False
        kinds = f"a mix of {len(spec.kinds)} kinds, " if len(spec.kinds) > 1 else ""
        return f"{kinds.capitalize()}{'up' if kinds else 'Up'} to {figures.count(spec.most, 'camera')}, a few minutes", True

    def lock(self, locked: bool) -> None:
        """Nothing can be changed while it is measured."""
        self._body.setEnabled(not locked)

    def _offer_variants(self) -> None:
        card = self.card()
        for name, _ in _VARIANTS:
            is_there = card is not None and name in card.variants
            self.variant.offer(name, is_there, "" if is_there else f"This model has no {name} variant yet: see Models, Ctrl+M.")
        if card is not None and self.variant.key() not in card.variants:
            self.variant.choose(next(iter(card.variants)))
        self.changed.emit()


def _range(lowest: float, highest: float) -> Limits:
    return Limits(lowest, highest, with_least=True)
