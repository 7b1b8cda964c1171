"""The truth label: what was asked, what really ran, on what, and whether the numbers may be believed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.footer import short_version
from edgeperf_gui.ui.inset import paint_inset
from edgeperf_gui.ui.names import device_name, short_device
from edgeperf_gui.ui.standing import Standing
from edgeperf_gui.ui.words import Rule, Run, Tile, Words

_TILES: Final = (
    (("streams", "Streams"), ("requests", "Requests"), ("threads", "Threads"), ("hint", "Hint")),
    (("foreign", "Foreign CPU"), ("own", "Own CPU"), ("memory", "Memory"), ("inference_precision", "Asked type")),
    (("read", "Read"), ("compile", "Compile"), ("first", "First inference"), ("size", "File size")),
)
"""In the order in which they stay when there is less and less room; last comes the list of `_ROWS`."""
_ROWS: Final = (("devices", "Device"), ("cpu", "Processor"), ("openvino", "Runtime"))
_WIDTHS: Final = {"hint": 16, "read": 13, "compile": 20, "first": 17}
"""Shares of a row where the words need more or less than the others'."""
_PAST_SHARE: Final = 0.45
"""How much of its colour the label of an older session keeps."""


class LayerBar(QWidget):
    """Layers by executed type, as shares of one bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: dict[str, int] = {}
        self.setFixedHeight(6)

    def show_layers(self, layers: dict[str, int]) -> None:
        """Show these counts."""
        self._layers = layers
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.tokens().inset))
        painter.drawRoundedRect(QRectF(self.rect()), theme.MARK_RADIUS, theme.MARK_RADIUS)
        total, left = sum(self._layers.values()), 0.0
        for kind, number in self._layers.items():
            # a lone layer among hundreds still gets a visible piece
            width = max(self.width() * number / total, 4.0)
            painter.setBrush(theme.colour(theme.EXECUTED.get(kind, theme.OTHER_EXECUTED)))
            piece = QRectF(min(left, self.width() - width), 0, width - 1, 6)
            painter.drawRoundedRect(piece, theme.MARK_RADIUS, theme.MARK_RADIUS)
            left += width


class _Verdict(QWidget):
    """The inset box at the bottom: steady or not, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(theme.font(theme.QUIET))
        self.words.setProperty("role", "quiet")
        self._head = Words((), self, size=theme.BODY, fills=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(2)
        column.addWidget(self._head)
        column.addWidget(self.words)
        self.setToolTip(definitions.TRUTH["steady"])

    def say(self, head: Run, sentence: str) -> None:
        self._head.say([head])
        if self.words.text() != sentence:
            self.words.setText(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_inset(QPainter(self), self)


class _Group(QWidget):
    """A part of the label that is shown whole or not at all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)


class _Label(QWidget):
    """The label without the verdict: as many of its groups, first ones first, as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[_Group] = []
        self._dimmed = QGraphicsOpacityEffect(self)
        self._dimmed.setOpacity(_PAST_SHARE)
        self._dimmed.setEnabled(False)
        self.setGraphicsEffect(self._dimmed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def group(self) -> _Group:
        """The next part."""
        self._groups.append(_Group(self))
        return self._groups[-1]

    def dim(self, wanted: bool) -> None:
        """As something that is past."""
        if wanted != self._dimmed.isEnabled():
            self._dimmed.setEnabled(wanted)

    def sizeHint(self) -> QSize:
        hints = [group.sizeHint() for group in self._groups]
        height = sum(hint.height() for hint in hints) + 6 * (len(hints) - 1)
        return QSize(max([320, *(hint.width() for hint in hints)]), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, sum(group.sizeHint().height() + 6 for group in self._groups[:2]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        top = 0
        for group in self._groups:
            height = group.sizeHint().height()
            group.setGeometry(0, top, self.width(), height)
            group.setVisible(top + height <= self.height())
            # once one does not fit, none after it is shown either
            top += height + 6 if top + height <= self.height() else 10_000


class TruthPanel(Card):
    """The dock."""

    def __init__(self) -> None:
        super().__init__("truth", "What really ran")
        self._label = _Label()
        self._tiles: dict[str, Tile] = {}
        self._rows: dict[str, Words] = {}
        self._build_types()
        for row in _TILES:
            group = self._label.group()
            group.column.addWidget(Rule(group))
            group.column.addLayout(self._tile_row(row))
        group = self._label.group()
        group.column.addWidget(Rule(group))
        group.column.addLayout(self._row_grid())
        self._verdict = _Verdict()
        self._verdict.say(Run("Not started", "quiet", 600, dot=theme.tokens().faint), "Press Start or Space to measure.")
        self._has_label = False
        self.column.addWidget(self._label, 1)
        self.column.addWidget(self._verdict)
        self.column.setContentsMargins(13, 4, 13, 10)

    def _build_types(self) -> None:
        group = self._label.group()
        self._precision = Words([Run("No session yet", "faint_text")], group, size=theme.NUMBER, fills=True)
        self._bar = LayerBar(group)
        self._layers = Words((), group, fills=True)
        for widget in (self._precision, self._bar):
            widget.setToolTip(definitions.TRUTH["executed"])
        for widget in (self._precision, self._bar, self._layers):
            group.column.addWidget(widget)

    def show_opened(self, opened: Opened | None, inventory: Inventory | None, asked: SessionSpec | None = None) -> None:
        """The label itself; it stays, dimmed, until the next session has one."""
        if opened is None:
            return
        self._has_label = True
        did, cost, machine = opened.effective, opened.model, opened.machine
        executed = list(did.executed_precision)
        self._precision.say(
            [
                Run("stored ", "quiet", size=theme.BODY),
                Run(did.stored_precision, "text", 600),
                Run("   executed ", "quiet", size=theme.BODY),
                Run(" + ".join(executed) or figures.UNKNOWN, "text", 600),
                *([] if did.oracle_miss_percent is None else [Run(f"   {figures.oracle(did.oracle_miss_percent)}", "text", 600)]),
            ]
        )
        self._bar.show_layers(did.executed_precision)
        self._layers.say(
            Run(f"{kind} {number}    ", "quiet", dot=theme.EXECUTED.get(kind, theme.OTHER_EXECUTED))
            for kind, number in did.executed_precision.items()
        )
        say = {name: tile.say for name, tile in self._tiles.items()}
        say["read"](figures.figure(cost.read_ms), "ms")
        say["compile"](figures.figure(cost.compile_ms), "ms", "Compile" if cost.cache == "off" else f"Compile, {cost.cache}")
        say["first"](figures.figure(cost.first_inference_ms), "" if cost.first_inference_ms is None else "ms")
        say["size"](figures.megabytes(cost.size_bytes), "MB")
        for key in ("streams", "requests", "threads", "hint"):
            self._compare(key, getattr(did, key), getattr(asked, key) if asked else None)
        if did.batch > 1:
            is_other = asked is not None and asked.requests not in (None, did.requests)
            say["requests"](str(did.requests), f"× {did.batch} {f'(asked {asked.requests})' if asked and is_other else 'frames'}")
        say["inference_precision"](did.inference_precision or figures.UNKNOWN)
        quota = "" if machine.cpu_quota is None else f" · may use {machine.cpu_quota:g}"
        self._tell("devices", ", ".join(device_name(name, inventory) for name in did.execution_devices))
        self._tell("cpu", f"{short_device(machine.cpu)} · {figures.count(machine.logical_cpus, 'core')}{quota}")
        self._tell("openvino", f"OpenVINO {short_version(machine.openvino)} · OpenCV {machine.opencv} · Python {machine.python}")

    def show_standing(self, standing: Standing) -> None:
        """Whether the numbers may be believed, and why; whose label this is; the machine's load in the last window."""
        self._verdict.say(Run(standing.head, "text", 600, dot=getattr(theme.tokens(), standing.tone)), standing.sentence)
        is_previous = self._has_label and not standing.is_current
        self._label.dim(is_previous)
        self.say_note(Run("previous session" if is_previous else "", "quiet"))
        load = standing.load
        foreign = load.foreign_cpu_percent if load else None
        own = load.own_cpu_percent if load else None
        memory = load.engine_rss_bytes if load else None
        self._tiles["foreign"].say(figures.percent(foreign), "" if foreign is None else "%")
        self._tiles["own"].say(figures.percent(own), "" if own is None else "%")
        self._tiles["memory"].say(figures.UNKNOWN if memory is None else str(round(memory / 1e6)), "" if memory is None else "MB")

    def _compare(self, key: str, did: int | str | None, asked: int | str | None) -> None:
        """What runs, and what was asked for where that is something else."""
        other = asked is not None and asked != did
        number = figures.UNKNOWN if did is None else str(did)
        if key == "hint":  # two long words are too much for one line
            self._tiles[key].say(number, "", f"Hint, asked {asked}" if other else "Hint")
        else:
            self._tiles[key].say(number, f"(asked {asked})" if other else "")
        more = [definitions.TRUTH["unsaid"]] if did is None else []
        more += [f"{definitions.TRUTH['asked']} Asked: {asked}."] if other and did is not None else []
        self._tiles[key].setToolTip("\n".join((definitions.TRUTH[key], *more)))

    def _tell(self, key: str, words: str) -> None:
        self._rows[key].say([Run(words, "text")])

    def _tile_row(self, row: tuple[tuple[str, str], ...]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.INSIDE)
        for key, label in row:
            tile = Tile(label, definitions.TRUTH[key])
            tile.say(figures.UNKNOWN)
            self._tiles[key] = tile
            line.addWidget(tile, _WIDTHS.get(key, 12))
        return line

    def _row_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.BETWEEN)
        grid.setVerticalSpacing(4)
        for at, (key, label) in enumerate(_ROWS):
            name = QLabel(label)
            name.setProperty("role", "quiet")
            name.setFont(theme.font(theme.QUIET))
            name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            value = Words([Run(figures.UNKNOWN, "faint_text")], fills=True)
            for widget in (name, value):
                widget.setToolTip(definitions.TRUTH[key])
            grid.addWidget(name, at, 0)
            grid.addWidget(value, at, 1)
            self._rows[key] = value
        grid.setColumnStretch(1, 1)
        return grid
