"""What shall be swept: variants, hints, ranges of batch, streams, requests and threads; deadline and rate that are to be met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import Hint
from edgeperf_gui.domain.sweep import MOST_POINTS, SweepPoint, SweepSpec
from edgeperf_gui.domain.sweep_ranges import check_ranges, counts_in, number_of_points
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.caption import beside, titled
from edgeperf_gui.ui.number_line import Limits, NumberLine
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.tick_box import TickBox
from edgeperf_gui.ui.trade_off_words import TIPS, size_words
from edgeperf_gui.ui.variant_boxes import VariantBoxes

_HINTS: Final[tuple[tuple[Hint, str], ...]] = (("none", "None"), ("latency", "Latency"), ("throughput", "Throughput"))
_ADAPTIVE: Final = (("all", "All"), ("adaptive", "Adaptive"))
_INPUTS: Final = (("noise", "Noise"), ("source", "The source’s frames"))
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
        self._variants = VariantBoxes(self, self.changed.emit)
        self.boxes = self._variants.boxes
        self.batches, self.streams, self.requests = (
            _line("Batches", "1", TIPS["batches"]),
            _line("Streams", "automatic", TIPS["streams"]),
            _line("Requests", "automatic", TIPS["requests"]),
        )
        self.threads = _line("Threads", "automatic", TIPS["threads"])
        self.inputs = Segmented("Inputs", _INPUTS)
        self.deadline = NumberLine("Deadline, ms", TIPS["deadline"], "none", Limits(most=_LATEST_MS))
        self.rate = NumberLine("Required rate, FPS", TIPS["rate"], "none", Limits(most=_FASTEST))
        self.hints = {hint: TickBox(text, f"Hint {text}", self) for hint, text in _HINTS}
        self.rounds = QSpinBox(self)
        self.adaptive = Segmented("Points that go on", _ADAPTIVE)
        self._prepare()
        self._build()

    def _prepare(self) -> None:
        self.batches.setText("1,2,4")
        for hint, box in self.hints.items():
            box.setChecked(hint == "none")
            box.setToolTip(TIPS["hint"])
            box.toggled.connect(lambda _on: self.changed.emit())
        self.rounds.setRange(1, 100)
        self.rounds.setValue(5)
        self.rounds.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.rounds.setFixedHeight(theme.CONTROL_HEIGHT)
        self.rounds.lineEdit().setTextMargins(6, 0, 0, 0)
        self.rounds.setAccessibleName("Rounds")
        self.adaptive.choose("all")
        self.inputs.choose("noise")
        for key in ("model", "rounds", "adaptive", "inputs"):
            getattr(self, key).setToolTip(TIPS[key])
        for line in (self.batches, self.streams, self.requests, self.threads):
            line.textChanged.connect(lambda _text: self.changed.emit())
        met = (self.deadline.edit, self.rate.edit)
        for line in met:
            line.textChanged.connect(lambda _text: self.wanted.emit())
        for line in (self.batches, self.streams, self.requests, self.threads, *met):
            line.returnPressed.connect(self.asked)
        self.model.activated.connect(lambda _row: self._variants.offer(self.card(), fresh=True))
        for choice in (self.adaptive, self.inputs):
            choice.chosen.connect(lambda _key: self.changed.emit())
        self.rounds.valueChanged.connect(lambda _value: self.changed.emit())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (titled("Model", self.model),),
            (titled("Variants", _Boxes(self.boxes.values())),),
            (titled("Batch", self.batches), titled("Threads", self.threads)),
            (titled("Streams", self.streams), titled("Requests", self.requests)),
            (titled("Hints", _Boxes(self.hints.values())),),
            (titled("Inputs", self.inputs),),
            (self.deadline, self.rate),
            (titled("Rounds", self.rounds), titled("Points that go on", self.adaptive)),
        )
        for row in rows:
            column.addLayout(beside(*row))
            column.addSpacing(4)

    # What is chosen -----------------------------------------------------------------------------------------------------------

    def offer(self, models: Sequence[ModelCard]) -> None:
        """These there are; what is chosen stays chosen."""
        before, name = self.card(), self.model.currentData()
        self._models = tuple(models)
        self.model.offer([(card.title, card.name, card.name) for card in models])
        self.model.select(name)
        after = self.card()
        self._variants.offer(after, fresh=before is None or after is None or before.name != after.name)

    def choose(self, model: str) -> None:
        """Choose this one with all its variants."""
        self.model.select(model)
        self._variants.offer(self.card(), fresh=True)

    def card(self) -> ModelCard | None:
        """The model that is chosen."""
        return next((card for card in self._models if card.name == self.model.currentData()), None)

    def precisions(self) -> tuple[Precision, ...]:
        """The variants that are chosen."""
        return self._variants.chosen()

    def deadline_ms(self) -> float | None:
        """None for none. Raises BadInput."""
        return self.deadline.number()

    def rate_fps(self) -> float | None:
        """None for none. Raises BadInput."""
        return self.rate.number()

    def want(self, line: str, value: float | None) -> None:
        """Write a dragged `deadline` or `rate` into its field, which tells it on."""
        (self.deadline if line == "deadline" else self.rate).edit.setText("" if value is None else figures.rate(value))

    def spec(self, device: str, source: str, known: tuple[SweepPoint, ...] = ()) -> SweepSpec:
        """What is asked for; `source` is the live session's. Raises BadInput with what is wrong, or missing yet."""
        card = self.card()
        if card is None:
            raise BadInput("Looking for models…")
        if not self.precisions():
            raise BadInput("Choose at least one variant.")
        if not any(box.isChecked() for box in self.hints.values()):
            raise BadInput("Choose at least one hint.")
        fields: dict[str, Any] = {
            name: _counts(line, title)
            for name, line, title in (
                ("batches", self.batches, "Batch"),
                ("streams", self.streams, "Streams"),
                ("requests", self.requests, "Requests"),
                ("threads", self.threads, "Threads"),
            )
        }
        spec = SweepSpec(
            session_id="",
            model=card.name,
            device=device,
            source=source if self.inputs.key() == "source" else None,
            precisions=self.precisions(),
            hints=tuple(hint for hint, box in self.hints.items() if box.isChecked()),
            deadline_ms=self.deadline_ms(),
            rate=self.rate_fps(),
            adaptive=self.adaptive.key() == "adaptive",
            rounds=self.rounds.value(),
            known=known,
            **fields,
        )
        check_ranges(spec)
        if (number := number_of_points(spec)) > MOST_POINTS:
            raise BadInput(f"These ranges make {figures.thousands(number)} points.", f"Narrow them to {MOST_POINTS} at most.")
        return spec

    def words(self, device: str, source: str) -> tuple[str, bool]:
        """How many points and how long, or what is wrong; and whether it can be run."""
        try:
            return size_words(self.spec(device, source)), True
        except (BadInput, msgspec.ValidationError) as error:
            return str(error) if not isinstance(error, BadInput) else f"{error.sentence} {error.remedy}".strip(), False

    def lock(self, locked: bool) -> None:
        """While it is measured only deadline and rate can be changed: they need no new sweep."""
        for name in ("model", "batches", "streams", "requests", "threads", "inputs", "rounds", "adaptive"):
            getattr(self, name).setEnabled(not locked)
        for box in self.hints.values():
            box.setEnabled(not locked)
        self._variants.lock(locked)


def _line(name: str, hint: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setToolTip(tip)
    return line


class _Boxes(QWidget):
    """One beside the other."""

    def __init__(self, boxes: Iterable[TickBox]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        for box in boxes:
            row.addWidget(box)
        row.addStretch(1)


def _counts(line: QLineEdit, title: str) -> tuple[int | None, ...]:
    text = line.text().strip()
    if not text:
        return (1,) if title == "Batch" else (None,)
    try:
        return counts_in(text)
    except BadInput as error:
        raise BadInput(f"{title}: {error.sentence}", error.remedy) from None
