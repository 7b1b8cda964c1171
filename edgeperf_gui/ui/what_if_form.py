"""What shall be predicted: rates, batches, numbers of cameras, and what becomes of frames that nobody takes in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scene import is_scene, parse
from edgeperf_gui.domain.simulation import LARGEST_BATCH, MOST_CAMERAS, MOST_REQUESTS, Line, SimulationSpec
from edgeperf_gui.domain.situations import FASTEST_FPS, combined, numbers_in, refuse
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.live.simulation_run import spec_for
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import beside, titled
from edgeperf_gui.ui.number_line import Limits, NumberLine
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.what_if_words import LIVE_SOURCE, TIPS, about, is_live, size_words

_LINES: Final = (("newest", "Keep the newest"), ("all", "Let them queue"))
_COMINGS: Final = (("evenly", "Evenly"), ("chance", "By chance"))
_WAYS: Final = (("predict", "Predict only"), ("verify", "Run each as well"))
_RATES: Final = "30,60,150"
_SECONDS: Final = 20.0
_LONGEST_S: Final = 3600.0
_MOST_LOOKS: Final = 10_000
_ONE: Final = 1


class WhatIfForm(QWidget):
    """`changed` comes with every choice."""

    changed = Signal()
    asked = Signal()  # Enter in a field

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.about = label("", theme.QUIET, "quiet")
        self.rates, self.batches, self.cameras = _list("Rates, FPS"), _list("Batch"), _list("Cameras")
        self.line = Segmented("Frames nobody takes in time", _LINES)
        self.coming, self.way = Segmented("Frames come", _COMINGS), Segmented("Check", _WAYS)
        self.requests = NumberLine("Requests", TIPS["requests"], "1", Limits(1, MOST_REQUESTS, with_least=True))
        self.streams = NumberLine("Streams", TIPS["streams"], "1", Limits(1, MOST_REQUESTS, with_least=True))
        self.seconds = NumberLine("Seconds of each", TIPS["seconds"], f"{_SECONDS:g}", Limits(1, _LONGEST_S, with_least=True))
        self.looks = NumberLine("Looks a vehicle", TIPS["looks"], "not asked", Limits(1, _MOST_LOOKS, with_least=True))
        self._prepare()
        self._build()
        self._connect()
        self.offer(settings)

    def _prepare(self) -> None:
        settings = self._settings
        self.rates.setText(f"{parse(settings.source).fps:g}" if _is_whole_scene(settings.source) else _RATES)
        self.batches.setText(str(settings.batch))
        self.cameras.setText("1")
        self.requests.show_number(settings.requests)
        self.streams.show_number(settings.streams)
        for choice, key in ((self.line, "newest"), (self.coming, "evenly"), (self.way, "verify")):
            choice.choose(key)
        for control, tip in (
            (self.rates, "rates"),
            (self.batches, "batches"),
            (self.cameras, "cameras"),
            (self.line, "line"),
            (self.coming, "coming"),
            (self.way, "verify"),
        ):
            control.setToolTip(TIPS[tip])

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.about)
        column.addSpacing(6)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (titled("Rates of each camera, FPS", self.rates),),
            (titled("Frames that nobody takes in time", self.line),),
            (titled("Frames come", self.coming),),
            (titled("Batch", self.batches), titled("Cameras", self.cameras)),
            (self.requests, self.streams),
            (self.seconds, self.looks),
            (titled("Check", self.way),),
        )
        for row in rows:
            column.addLayout(beside(*row))
            column.addSpacing(4)
        column.addStretch(1)

    def _connect(self) -> None:
        for choice in (self.line, self.coming, self.way):
            choice.chosen.connect(lambda _key: self.changed.emit())
        numbers = (self.requests, self.streams, self.seconds, self.looks)
        for edit in (self.rates, self.batches, self.cameras, *(one.edit for one in numbers)):
            edit.textChanged.connect(lambda _text: self.changed.emit())
            edit.returnPressed.connect(self.asked)

    # What is chosen -----------------------------------------------------------------------------------------------------------

    def offer(self, settings: Settings) -> None:
        """The live session's settings, of which model, variant, device and source are taken."""
        self._settings = settings
        self.about.setText(about(settings))
        self.looks.setVisible(is_scene(settings.source))

    def fill(self, rates_fps: Sequence[float], cameras: int) -> None:
        """Ask for what somebody needs: so many cameras at each of these rates, each with its newest frame."""
        self.rates.setText(",".join(dict.fromkeys(f"{rate:.4g}" for rate in rates_fps)))
        self.cameras.setText(str(cameras))
        self.line.choose("newest")
        self.coming.choose("evenly")
        if cameras > 1:
            self.batches.setText("1")
        self.changed.emit()

    def spec(self) -> SimulationSpec:
        """What is asked for. Raises BadInput with what is wrong."""
        settings = self._settings
        if is_live(settings):
            raise BadInput(*LIVE_SOURCE)
        situations = combined(
            _numbers(self.rates, FASTEST_FPS),
            _numbers(self.batches, LARGEST_BATCH, whole=True),
            _numbers(self.cameras, MOST_CAMERAS, whole=True),
            line=cast("Line", self.line.key() or "newest"),
            by_chance=self.coming.key() == "chance",
            requests=_whole(self.requests) or _ONE,
            streams=_whole(self.streams) or _ONE,
            seconds=self.seconds.number() or _SECONDS,
        )
        looks = _whole(self.looks) if is_scene(settings.source) else None
        refuse(situations, settings.source, looks)
        return spec_for(settings, situations, verify=self.way.key() == "verify", looks=looks)

    def words(self) -> tuple[str, bool]:
        """How many and about how long, or what is wrong; and whether it can be run."""
        try:
            return size_words(self.spec()), True
        except BadInput as error:
            return f"{error.sentence} {error.remedy}".strip(), False

    def lock(self, locked: bool) -> None:
        """Nothing can be changed while it is predicted."""
        self.setEnabled(not locked)


def _list(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setFixedHeight(theme.CONTROL_HEIGHT)
    edit.setMaxLength(400)
    return edit


def _numbers(edit: QLineEdit, highest: float, *, whole: bool = False) -> tuple[float, ...]:
    try:
        return numbers_in(edit.text(), highest, whole=whole)
    except BadInput as error:
        raise BadInput(f"{edit.accessibleName()}: {error.sentence}", error.remedy) from None


def _whole(line: NumberLine) -> int | None:
    """None for nothing. Raises BadInput."""
    number = line.number()
    if number is not None and number != int(number):
        raise BadInput(f"{line.edit.accessibleName()}: {number:g} is not whole.", "Write a whole number.")
    return None if number is None else int(number)


def _is_whole_scene(source: str) -> bool:
    """Whether it names a scene that exists."""
    try:
        return is_scene(source) and parse(source) is not None
    except BadInput:
        return False
