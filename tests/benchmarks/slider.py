"""Moves the sliders of the scenario page and times each move until its verdict is painted. Prints milliseconds as JSON.

    python tests/benchmarks/slider.py MOVES

Twenty thousand frames of a paced session and as many of one flat out are held, as many as the window keeps.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gui"))

import replay
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.live.scenario_runs import ScenarioRuns
from edgeperf_gui.live.scenario_shelf import ScenarioShelf
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_page import ScenarioPage

FRAMES = 20_000
PATIENCE_S = 1.0


class Painted(QObject):
    """When the verdict's widgets were painted last."""

    def __init__(self, widgets: tuple[QWidget, ...]) -> None:
        super().__init__()
        self.count = 0
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False

    def after_ms(self, move: Callable[[], object]) -> float:
        """Milliseconds from a move until something is painted; of a move that nothing follows, as long as it was waited for."""
        before, start = self.count, time.perf_counter()
        move()
        while True:
            QApplication.processEvents()
            took_s = time.perf_counter() - start
            if self.count > before or took_s >= PATIENCE_S:
                return 1e3 * took_s


def main() -> None:
    app = QApplication([])
    theme.apply(app, "dark")
    store = SessionStore()
    runs = ScenarioRuns(store)
    page = ScenarioPage(ScenarioView(runs, ScenarioShelf(), lambda run: {"FP32": 0.6, "INT8": 1.7}))
    page.resize(1600, 900)
    page.open()
    for paced, fps in ((True, 25), (False, 84)):
        replay.ingest_session(store, str(fps), FRAMES / fps, time.perf_counter_ns(), fps, paced=paced)
        store.asked = SessionSpec(str(fps), "street.mp4", "nanodet-g", paced=paced)
        runs.watch(True)
    app.processEvents()
    times_ms = []
    card = page.cards[1]
    sliders = [row.slider for row in card.sliders.rows.values() if row.slider.isVisible()]
    painted = Painted((card.rows, card.picture))
    for move in range(int(sys.argv[1])):
        slider = sliders[move % len(sliders)]
        place = 40 + (move * 37) % 320
        place = place if place != slider.value() else place + 5
        times_ms.append(painted.after_ms(functools.partial(slider.setValue, place)))
    page.close()
    print(json.dumps(sorted(times_ms)))


if __name__ == "__main__":
    main()
