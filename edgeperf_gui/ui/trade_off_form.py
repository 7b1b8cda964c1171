"""What shall be swept: variants, and ranges of batch, streams and requests; deadline and rate that are to be met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import Hint
from edgeperf_gui.domain.sweep import MOST_POINTS, SweepPoint, SweepSpec
from edgeperf_gui.domain.sweep_ranges import counts_in, number_of_points
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.accuracy_form import VariantBox
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.trade_off_words import TIPS, size_words

_VARIANTS: Final = cast("tuple[Precision, ...]", tuple(theme.VARIANTS))
_HINTS: Final = (("none", "None"), ("latency", "Latency"), ("throughput", "Throughput"))
_ADAPTIVE: Final = (("all", "All"), ("adaptive", "Adaptive"))
_LATEST_MS: Final = 3_600_000.0
_FASTEST: Final = 1000.0


class TradeOffForm(QWidget):
    """`changed` comes with every choice; `wanted` when deadline or rate alone changed, which needs no new sweep."""

    changed = Signal()
    wanted = Signal()
    asked = Signal()  # Enter in a field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ModelCard, ...] = ()
        self.model = Picker("Model", self)
        self.boxes = {name: VariantBox(name, self) for name in _VARIANTS}
        self.batches, self.streams, self.requests = (
            _line("Batches", "1", TIPS["batches"]),
            _line("Streams", "automatic", TIPS["streams"]),
            _line("Requests", "automatic", TIPS["requests"]),
        )
        self.deadline, self.rate = _line("Deadline in ms", "none", TIPS["deadline"]), _line("Required FPS", "none", TIPS["rate"])
        self.hint = Segmented("Hint", _HINTS)
        self.rounds = QSpinBox(self)
        self.adaptive = Segmented("Points that go on", _ADAPTIVE)
        self._prepare()
        self._build()

    def _prepare(self) -> None:
        self.batches.setText("1,2,4")
        self.hint.choose("none")
        self.hint.setToolTip(TIPS["hint"])
        self.rounds.setRange(1, 100)
        self.rounds.setValue(5)
        self.rounds.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.rounds.setFixedHeight(theme.CONTROL_HEIGHT)
        self.rounds.lineEdit().setTextMargins(6, 0, 0, 0)
        self.rounds.setAccessibleName("Rounds")
        self.adaptive.choose("all")
        for key in ("model", "rounds", "adaptive"):
            getattr(self, key).setToolTip(TIPS[key])
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self.changed.emit())
        for line in (self.batches, self.streams, self.requests):
            line.textChanged.connect(lambda _text: self.changed.emit())
        for line in (self.deadline, self.rate):
            line.textChanged.connect(lambda _text: self.wanted.emit())
        for line in (self.batches, self.streams, self.requests, self.deadline, self.rate):
            line.returnPressed.connect(self.asked)
        self.model.activated.connect(lambda _row: self._offer_variants(fresh=True))
        self.hint.chosen.connect(lambda _key: self.changed.emit())
        self.rounds.valueChanged.connect(lambda _value: self.changed.emit())
        self.adaptive.chosen.connect(lambda _key: self.changed.emit())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        rows: tuple[tuple[tuple[str, tuple[QWidget, ...]], ...], ...] = (
            (("Model", (self.model,)),),
            (("Variants", tuple(self.boxes.values())),),
            (("Batch", (self.batches,)),),
            (("Streams", (self.streams,)), ("Requests", (self.requests,))),
            (("Hint", (self.hint,)),),
            (("Deadline, ms", (self.deadline,)), ("Required rate, FPS", (self.rate,))),
            (("Rounds", (self.rounds,)), ("Points that go on", (self.adaptive,))),
        )
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(theme.BETWEEN)
            for title, controls in row:
                line.addLayout(_titled(title, controls), 1)
            column.addLayout(line)
            column.addSpacing(4)

    # What is chosen -----------------------------------------------------------------------------------------------------------

    def offer(self, models: Sequence[ModelCard]) -> None:
        """These there are; what is chosen stays chosen."""
        before, name = self.card(), self.model.currentData()
        self._models = tuple(models)
        self.model.offer([(card.title, card.name, card.name) for card in models])
        self.model.select(name)
        after = self.card()
        self._offer_variants(fresh=before is None or after is None or before.name != after.name)

    def choose(self, model: str) -> None:
        """Choose this one with all its variants."""
        self.model.select(model)
        self._offer_variants(fresh=True)

    def card(self) -> ModelCard | None:
        """The model that is chosen."""
        return next((card for card in self._models if card.name == self.model.currentData()), None)

    def precisions(self) -> tuple[Precision, ...]:
        """The variants that are chosen."""
        card = self.card()
        return tuple(name for name, box in self.boxes.items() if box.isChecked() and card is not None and name in card.variants)

    def deadline_ms(self) -> float | None:
        """None for none. Raises BadInput."""
        return _number(self.deadline.text(), "deadline in milliseconds", _LATEST_MS)

    def rate_fps(self) -> float | None:
        """None for none. Raises BadInput."""
        return _number(self.rate.text(), "rate in frames a second", _FASTEST)

    def want(self, line: str, value: float | None) -> None:
        """Write a dragged `deadline` or `rate` into its field, which tells it on."""
        (self.deadline if line == "deadline" else self.rate).setText("" if value is None else figures.rate(value))

    def spec(self, device: str, known: tuple[SweepPoint, ...] = ()) -> SweepSpec:
        """What is asked for. Raises BadInput with what is wrong, or missing yet."""
        card = self.card()
        if card is None:
            raise BadInput("Looking for models…")
        if not self.precisions():
            raise BadInput("Choose at least one variant.")
        fields: dict[str, Any] = {
            name: _counts(line, title)
            for name, line, title in (
                ("batches", self.batches, "Batch"),
                ("streams", self.streams, "Streams"),
                ("requests", self.requests, "Requests"),
            )
        }
        spec = SweepSpec(
            session_id="",
            model=card.name,
            device=device,
            precisions=self.precisions(),
            hint=cast("Hint", self.hint.key() or "none"),
            deadline_ms=self.deadline_ms(),
            rate=self.rate_fps(),
            adaptive=self.adaptive.key() == "adaptive",
            rounds=self.rounds.value(),
            known=known,
            **fields,
        )
        if (number := number_of_points(spec)) > MOST_POINTS:
            raise BadInput(f"These ranges make {figures.thousands(number)} points.", f"Narrow them to {MOST_POINTS} at most.")
        return spec

    def words(self, device: str) -> tuple[str, bool]:
        """How many points and how long, or what is wrong; and whether it can be run."""
        try:
            return size_words(self.spec(device)), True
        except (BadInput, msgspec.ValidationError) as error:
            return str(error) if not isinstance(error, BadInput) else f"{error.sentence} {error.remedy}".strip(), False

    def lock(self, locked: bool) -> None:
        """While it is measured only deadline and rate can be changed: they need no new sweep."""
        for control in (self.model, self.batches, self.streams, self.requests, self.hint, self.rounds, self.adaptive):
            control.setEnabled(not locked)
        card = self.card()
        for name, box in self.boxes.items():
            box.setEnabled(not locked and card is not None and name in card.variants)

    def _offer_variants(self, *, fresh: bool) -> None:
        card = self.card()
        for name, box in self.boxes.items():
            is_there = card is not None and name in card.variants
            box.setEnabled(is_there)
            box.setToolTip("" if is_there else f"This model has no {name} variant yet. The Models page makes INT8: Ctrl+M.")
            if fresh or not is_there:
                box.setChecked(is_there)
        self.changed.emit()


def _line(name: str, hint: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setToolTip(tip)
    return line


def _titled(title: str, controls: Sequence[QWidget]) -> QVBoxLayout:
    label = QLabel(title)
    label.setFont(theme.font(theme.QUIET))
    label.setProperty("role", "quiet")
    label.setBuddy(controls[0])
    row = QHBoxLayout()
    row.setSpacing(theme.INSIDE)
    for control in controls:
        row.addWidget(control, 0 if isinstance(control, VariantBox) else 1)
    if isinstance(controls[0], VariantBox):
        row.addStretch(1)
    half = QVBoxLayout()
    half.setSpacing(4)
    half.addWidget(label)
    half.addLayout(row)
    return half


def _counts(line: QLineEdit, title: str) -> tuple[int | None, ...]:
    text = line.text().strip()
    if not text:
        return (1,) if title == "Batch" else (None,)
    try:
        return counts_in(text)
    except BadInput as error:
        raise BadInput(f"{title}: {error.sentence}", error.remedy) from None


def _number(text: str, name: str, highest: float) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadInput(f"“{text}” is no {name}.", "Write a number such as 40, or nothing.") from None
    if not 0 < value <= highest:  # nan is not, either
        raise BadInput(f"{text} is no {name}; it is above 0 and at most {highest:g}.")
    return value
