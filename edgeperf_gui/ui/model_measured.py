"""What was measured of a model: the newest accuracy of each variant with its n, its latency and throughput, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.live.measured_ledger import MeasuredResult, MeasuredVariant
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.definitions import ACCURACY, COMPARE
from edgeperf_gui.ui.words import Run, Words

_NOTHING: Final = "Nothing yet: press Accuracy…, or compare the variants in the window."
_FIGURES: Final = {"ap": "AP", "top1": "top-1"}
_TIPS: Final = {
    "accuracy": ACCURACY["ap"],
    "comparison": f"{COMPARE['inference']} Throughput: {COMPARE['fps']}",
}
_KINDS: Final = {"accuracy": "Accuracy", "comparison": "Speed"}


class MeasuredResults(QWidget):
    """A line on when, on what and where; then a line a variant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._shown: tuple[MeasuredResult, ...] | None = None
        self._lines: list[Words] = []
        self.show_results(())

    def show_results(self, results: Sequence[MeasuredResult]) -> None:
        """Show these, newest first."""
        if tuple(results) == self._shown:
            return
        self._shown = tuple(results)
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = []
        for result in self._shown:
            self._add(_head(result), "")
            for name in theme.VARIANTS:
                variant = result.variants.get(name)  # type: ignore[call-overload]
                if variant is not None:
                    self._add(_variant(name, variant), _TIPS[result.kind])  # type: ignore[arg-type]
        if not self._lines:
            self._add([Run(_NOTHING, "quiet")], "")
        self.setAccessibleName(f"Measured: {self.text()}")

    def text(self) -> str:
        """All lines in words."""
        return "\n".join(line.text() for line in self._lines)

    def _add(self, runs: Sequence[Run], tip: str) -> None:
        line = Words(runs, self, fills=True)
        line.setToolTip(tip or line.text())
        self._lines.append(line)
        self._column.addWidget(line)


def _head(result: MeasuredResult) -> list[Run]:
    about = " · ".join(part for part in (result.data, result.device, result.machine) if part)
    return [Run(f"{_KINDS[result.kind]} · {_when(result.measured_at)}"), Run(f"  {about}", "faint_text", size=theme.TINY)]


def _variant(name: Precision, found: MeasuredVariant) -> list[Run]:
    runs = [Run(name, "quiet", 600, dot=theme.VARIANTS[name])]
    if found.figure is not None:
        runs.append(Run(f"   {_FIGURES[found.figure]} ", "quiet"))
        runs.append(Run(figures.UNKNOWN if found.value is None else f"{found.value:.3f}", weight=600))
        counts = [figures.thousands(found.images) + " images" if found.images is not None else ""]
        counts += [figures.thousands(found.boxes) + " objects" if found.boxes is not None else ""]
        if found.low is not None and found.high is not None:
            counts.insert(0, f"{found.low:.3f}–{found.high:.3f}")
        runs.append(Run(f"  {', '.join(part for part in counts if part)}", "faint_text", size=theme.TINY))
    if found.latency_ms is not None:
        runs += [Run("   inference ", "quiet"), Run(figures.milliseconds(found.latency_ms), weight=600), Run(" ms", "faint_text")]
    if found.fps is not None:
        runs += [Run("   throughput ", "quiet"), Run(figures.milliseconds(found.fps), weight=600), Run(" FPS", "faint_text")]
    if found.frames is not None:
        runs.append(Run(f"  {figures.thousands(found.frames)} inferences", "faint_text", size=theme.TINY))
    return runs


def _when(measured_at: str) -> str:
    try:
        return datetime.fromisoformat(measured_at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return "at an unknown time"
