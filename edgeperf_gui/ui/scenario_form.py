"""A scenario's numbers as fields: each with its unit and its meaning, on a page that scrolls where it is low."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from edgeperf_gui.live.scenario_draft import toml_of
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import heading
from edgeperf_gui.ui.segmented import Segmented


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the file."""

    key: str
    label: str
    unit: str
    tip: str


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that belong together."""

    title: str
    fields: tuple[Field, ...]


GROUPS: Final = (
    Group(
        "Cameras",
        (
            Field("cameras", "Cameras", "", "How many share the machine."),
            Field("camera_fps", "Each delivers", "fps", "What a camera gives, whatever is asked of it."),
            Field("rate_fps", "Rate needed", "fps", "Frames of each camera that must be processed; empty: what the looks need."),
            Field("hours_per_day", "Hours a day", "h", "For energy and bills."),
        ),
    ),
    Group(
        "Objects",
        (
            Field("speed_km_h", "Speed", "km/h", "Of an object that passes; with the length of view it gives the time in view."),
            Field("visible_m", "In view for", "m", "Length of way on which an object can be seen."),
            Field("dwell_s", "Stands for", "s", "How long an object stands in view, where it does not pass."),
            Field("looks", "Looks needed", "×", "How often an object has to be seen."),
            Field("seen_share", "By a share of", "", "Of the objects that have to be seen so often, such as 0.99."),
            Field("metres_per_frame", "Way a frame", "m", "Longest way between two processed frames."),
            Field("objects_per_minute", "Objects a minute", "", "How many come."),
        ),
    ),
    Group("Age", (Field("deadline_ms", "Deadline", "ms", "Longest age of a frame, at the percentile beside it."),)),
    Group(
        "Limits",
        (
            Field("power_w", "Power", "W", "What the device may draw."),
            Field("volume_l", "Size", "l", "How large the device may be, in litres, with what it needs around it."),
            Field("battery_wh", "Battery", "Wh", "Volts × ampere-hours."),
            Field("battery_hours", "It lasts", "h", "How long the battery has to last."),
            Field("price", "Price", "", "What the device may cost; its device sheet says what it does cost."),
            Field("currency", "Currency", "", "Of prices and bill; empty: €. A sheet in another currency decides nothing."),
            Field("cost_a_year", "Bill a year", "", "What its electricity may cost a year, drawn the hours a day above."),
            Field("price_per_kwh", "Price of a kWh", "", "Of that electricity. Alone it gives the bill, without a limit."),
            Field("min_accuracy", "Accuracy", "", "Least AP or top-1, such as 0.3."),
            Field("min_agreement", "Agreement", "", "Least AP of the variant's answers against FP32's."),
        ),
    ),
)
UNITS: Final = {field.key: field.unit for group in GROUPS for field in group.fields if field.unit}
_PERCENTILES: Final = tuple((name, name) for name in ("p50", "p90", "p95", "p99"))
_FIELD_WIDTH: Final = 74
_UNIT_WIDTH: Final = 34


class ScenarioForm(QScrollArea):
    """`changed` comes with every key stroke."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.why = QLineEdit(), QPlainTextEdit()
        self.percentile = Segmented("Percentile of the age", _PERCENTILES)
        self.fields = {field.key: QLineEdit() for group in GROUPS for field in group.fields}
        self._prepare()
        self._build()

    def _prepare(self) -> None:
        self.title.setAccessibleName("Title")
        self.title.setMaxLength(120)
        self.why.setAccessibleName("Why: two sentences")
        self.why.setToolTip("Two sentences: why its numbers are what they are")
        self.why.setFixedHeight(62)
        self.why.setTabChangesFocus(True)
        self.why.setFont(theme.font(theme.QUIET))
        self.percentile.setFixedWidth(176)
        self.percentile.setToolTip("The share of the frames that must keep the deadline: p99 is 99 in 100")
        self.title.textChanged.connect(lambda _text: self.changed.emit())
        self.why.textChanged.connect(self.changed)
        self.percentile.chosen.connect(lambda _key: self.changed.emit())
        for group in GROUPS:
            for field in group.fields:
                line = self.fields[field.key]
                line.setFixedWidth(_FIELD_WIDTH)
                line.setProperty("role", "small")
                line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                line.setMaxLength(40)
                line.setAccessibleName(f"{field.label}{', ' + field.unit if field.unit else ''}")
                line.setToolTip(f"{field.tip} In the file: {field.key}")
                line.textChanged.connect(lambda _text: self.changed.emit())

    def _build(self) -> None:
        body = QWidget()
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(4)
        for text, widget in (("Title", self.title), ("Why its numbers are what they are, in two sentences", self.why)):
            column.addWidget(heading(text))
            column.addWidget(widget)
            column.addSpacing(4)
        for group in GROUPS:
            column.addWidget(heading(group.title))
            column.addLayout(self._grid(group))
            column.addSpacing(4)
        column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _grid(self, group: Group) -> QGridLayout:
        """Two fields a line, each a label, the field and its unit."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for at, field in enumerate(group.fields):
            row, column = divmod(at, 2)
            words, unit = QLabel(field.label), QLabel(field.unit)
            words.setBuddy(self.fields[field.key])
            unit.setFixedWidth(_UNIT_WIDTH)
            for small in (words, unit):
                small.setFont(theme.font(theme.QUIET))
                small.setProperty("role", "quiet")
                small.setToolTip(field.tip)
            grid.addWidget(words, row, 3 * column)
            grid.addWidget(self.fields[field.key], row, 3 * column + 1)
            grid.addWidget(unit, row, 3 * column + 2)
        if group.title == "Age":
            grid.addWidget(self.percentile, 0, 3, 1, 3, Qt.AlignmentFlag.AlignRight)
        for column in (0, 3):
            grid.setColumnStretch(column, 1)
        return grid

    def texts(self) -> dict[str, str]:
        """What stands in the fields, by key, in the order of the file."""
        numbers = {key: line.text() for key, line in self.fields.items()}
        percentile = {"percentile": self.percentile.key() or ""} if numbers["deadline_ms"].strip() else {}
        return {"title": self.title.text(), "why": self.why.toPlainText(), **numbers, **percentile}

    def toml(self) -> str:
        """The file that the fields make."""
        return toml_of(self.texts(), UNITS)

    def show_texts(self, texts: dict[str, str]) -> None:
        """Fill the fields, without a signal for each."""
        was_blocked = self.blockSignals(True)
        self.title.setText(texts.get("title", ""))
        self.why.setPlainText(texts.get("why", ""))
        self.percentile.choose(texts.get("percentile", "") or "p99")
        for key, line in self.fields.items():
            line.setText(texts.get(key, ""))
            line.setCursorPosition(0)
        self.blockSignals(was_blocked)
        self.changed.emit()
