"""The bottom line: the truth about the numbers above it, in one row."""

from __future__ import annotations

import time

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.standing import Standing
from edgeperf_gui.ui.words import Role, Run, Words

_GAP = "     "


class Footer(QWidget):
    """What was stored, what was executed, where, and who else used the machine; at the right what this window costs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(32)
        self._truth = Words([Run("No session yet", "quiet")], self, fills=True)
        self._own = Words((), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        row.setSpacing(theme.EDGE)
        row.addWidget(self._truth, 1)
        row.addWidget(self._own)
        self._cpu = (time.process_time(), time.perf_counter())
        self._opened: Opened | None = None

    def show_truth(self, opened: Opened | None, standing: Standing) -> None:
        """The label; while the next session has none, that of the one before, dimmed and named so."""
        self._opened = opened = opened or self._opened
        if opened is None:
            return
        did = opened.effective
        load = standing.load.foreign_cpu_percent if standing.load and standing.is_current else None
        quiet: Role
        loud: Role
        quiet, loud = ("quiet", "text") if standing.is_current else ("faint_text", "faint_text")
        self._truth.say(
            [
                Run("" if standing.is_current else f"previous session{_GAP}", "quiet", 600),
                Run("stored ", quiet),
                Run(did.stored_precision, loud, 600),
                Run(" · executed ", quiet),
                Run(figures.layers(did.executed_precision), loud, 600),
                *_oracle(did, quiet, loud),
                Run(f"{_GAP}{_how(did)}{_GAP}OpenVINO {short_version(opened.machine.openvino)}{_GAP}", quiet),
                Run("foreign CPU ", quiet),
                Run(figures.UNKNOWN if load is None else f"{load:.1f} %", loud, 600),
            ]
        )

    def show_own(self) -> None:
        """What drawing costs, since the last call."""
        cpu, wall = time.process_time(), time.perf_counter()
        used = (cpu - self._cpu[0]) / max(wall - self._cpu[1], 1e-9)
        if wall - self._cpu[1] >= 1.0:
            self._cpu = (cpu, wall)
            self._own.say([Run(f"own window {used:.2f} core", "quiet")])

    def text(self) -> str:
        """The whole line."""
        return f"{self._truth.text()}{_GAP}{self._own.text()}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.tokens().card))
        painter.fillRect(0, 0, self.width(), 1, theme.colour(theme.tokens().line))


def _oracle(did: Effective, quiet: Role, loud: Role) -> list[Run]:
    """That the boxes are not the model's."""
    whose = figures.oracle(did.oracle_miss_percent)
    return [Run(" · boxes ", quiet), Run(whose, loud, 600)] if whose else []


def _how(did: Effective) -> str:
    """Where and with how much it runs."""
    counts = ((did.streams, "stream"), (did.requests, "request"), (did.threads, "thread"))
    devices = ", ".join(did.execution_devices) or figures.UNKNOWN
    batch = (f"batch {did.batch}",) if did.batch > 1 else ()
    return " · ".join((devices, *(figures.count(number, word) for number, word in counts), *batch, f"hint {did.hint}"))


def short_version(version: str) -> str:
    """`2026.4.1-…` without its build."""
    return version.split("-")[0]
