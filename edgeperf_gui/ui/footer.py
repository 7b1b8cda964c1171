"""The bottom line: the truth about the numbers above it, in one row."""

from __future__ import annotations

import time

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from edgeperf_gui.domain.messages import Opened, Telemetry
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.words import Run, Words

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

    def show_truth(self, opened: Opened | None, telemetry: Telemetry | None) -> None:
        """The label; it stays until the next session has one."""
        if opened is None:
            return
        did = opened.effective
        runs = [
            Run("stored ", "quiet"),
            Run(did.stored_precision, "text", 600),
            Run(" · executed ", "quiet"),
            Run(figures.layers(did.executed_precision), "text", 600),
            Run(_GAP),
            Run(
                " · ".join(
                    (
                        ", ".join(did.execution_devices) or figures.UNKNOWN,
                        figures.count(did.streams, "stream"),
                        figures.count(did.requests, "request"),
                        figures.count(did.threads, "thread"),
                        f"hint {did.hint}",
                    )
                ),
                "quiet",
            ),
            Run(f"{_GAP}OpenVINO {short_version(opened.machine.openvino)}{_GAP}", "quiet"),
            Run("foreign CPU ", "quiet"),
        ]
        foreign = telemetry.foreign_cpu_percent if telemetry else None
        runs.append(Run(figures.UNKNOWN if foreign is None else f"{foreign:.1f} %", "text", 600))
        self._truth.say(runs)

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


def short_version(version: str) -> str:
    """`2026.4.1-…` without its build."""
    return version.split("-")[0]
