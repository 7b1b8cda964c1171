"""The truth label: what was asked, what really ran, on what, and whether the numbers may be believed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.messages import Opened, Telemetry
from edgeperf_gui.domain.results import Steady
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.footer import short_version
from edgeperf_gui.ui.names import device_name, short_device
from edgeperf_gui.ui.words import Rule, Run, Tile, Words

_TILES: Final = (
    (("read", "Read"), ("compile", "Compile"), ("first", "First inference"), ("size", "File size")),
    (("streams", "Streams"), ("requests", "Requests"), ("threads", "Threads"), ("hint", "Hint")),
    (("foreign", "Foreign CPU"), ("own", "Own CPU"), ("memory", "Memory"), ("inference_precision", "Asked type")),
)
_ROWS: Final = (("devices", "Device"), ("cpu", "Processor"), ("openvino", "Runtime"))


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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.tokens().inset))
        painter.drawRoundedRect(QRectF(self.rect()), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)


class _Scroll(QScrollArea):
    """Scrolls when the card is lower than its contents; asks for all the height there is to have."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self._body = body
        body.setProperty("role", "scrolled")
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        hint = self._body.sizeHint()
        return QSize(max(hint.width(), 320), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 120)


class TruthPanel(Card):
    """The dock."""

    def __init__(self) -> None:
        super().__init__("truth", "What really ran")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._precision = Words([Run("Press Start: Space", "faint_text")], body, size=theme.NUMBER, fills=True)
        self._precision.setToolTip(definitions.TRUTH["executed"])
        self._layers = Words((), body, fills=True)
        self._bar = LayerBar(body)
        self._bar.setToolTip(definitions.TRUTH["executed"])
        for widget in (self._precision, self._bar, self._layers):
            column.addWidget(widget)
        self._tiles: dict[str, Tile] = {}
        for row in _TILES:
            column.addWidget(Rule(body))
            column.addLayout(self._tile_row(row))
        column.addWidget(Rule(body))
        self._rows: dict[str, Words] = {}
        column.addLayout(self._row_grid())
        self._verdict = _Verdict(body)
        column.addWidget(self._verdict)
        column.addStretch(1)
        self._verdict.say(Run("Not started", "quiet", 600, dot=theme.tokens().faint), "Numbers appear when a session runs.")
        self.column.addWidget(_Scroll(body))
        self.column.setContentsMargins(13, 4, 6, 10)
        column.setContentsMargins(0, 0, 7, 0)

    def show_opened(self, opened: Opened | None, inventory: Inventory | None) -> None:
        """The label itself; it stays until the next session has one."""
        if opened is None:
            return
        did, cost, machine = opened.effective, opened.model, opened.machine
        executed = list(did.executed_precision)
        self._precision.say(
            [
                Run("stored ", "quiet", size=theme.BODY),
                Run(did.stored_precision, "text", 600),
                Run("   executed ", "quiet", size=theme.BODY),
                Run(" + ".join(executed) or figures.UNKNOWN, "text", 600),
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
        say["streams"](figures.UNKNOWN if did.streams is None else str(did.streams))
        say["requests"](str(did.requests))
        say["threads"](figures.UNKNOWN if did.threads is None else str(did.threads))
        say["hint"](did.hint)
        say["inference_precision"](did.inference_precision or figures.UNKNOWN)
        quota = "" if machine.cpu_quota is None else f" · may use {machine.cpu_quota:g}"
        self._tell("devices", ", ".join(device_name(name, inventory) for name in did.execution_devices))
        self._tell("cpu", f"{short_device(machine.cpu)} · {figures.count(machine.logical_cpus, 'core')}{quota}")
        self._tell("openvino", f"OpenVINO {short_version(machine.openvino)} · OpenCV {machine.opencv} · Python {machine.python}")

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        """The machine's load in the last window."""
        foreign = telemetry.foreign_cpu_percent if telemetry else None
        own = telemetry.own_cpu_percent if telemetry else None
        memory = telemetry.engine_rss_bytes if telemetry else None
        self._tiles["foreign"].say(figures.percent(foreign), "" if foreign is None else "%")
        self._tiles["own"].say(figures.percent(own), "" if own is None else "%")
        self._tiles["memory"].say(figures.UNKNOWN if memory is None else str(round(memory / 1e6)), "" if memory is None else "MB")

    def show_steady(self, steady: Steady | None, running: bool) -> None:
        """Whether the numbers may be believed, and why."""
        look = theme.tokens()
        if steady is None:
            words = "The first window of 2 s is not over yet." if running else "Numbers appear when a session runs."
            self._verdict.say(Run("Measuring" if running else "Not running", "quiet", 600, dot=look.faint), words)
            return
        verdict, _, rest = steady.reason.partition(": ")
        dot = look.passed if steady.is_steady else look.undecided
        dot = dot if running else look.faint
        self._verdict.say(Run(verdict.capitalize(), "text", 600, dot=dot), f"{rest[:1].upper()}{rest[1:]}." if rest else "")

    def _tell(self, key: str, words: str) -> None:
        self._rows[key].say([Run(words, "text")])

    def _tile_row(self, row: tuple[tuple[str, str], ...]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.INSIDE)
        for key, label in row:
            tile = Tile(label, definitions.TRUTH[key])
            tile.say(figures.UNKNOWN)
            self._tiles[key] = tile
            line.addWidget(tile, 1)
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
