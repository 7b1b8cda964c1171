"""What a dock costs the session beside it: in front of the others against behind their tab."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from rows import Row, Settings, pairs, ratio
from sides import ROOT, window

_METER = '[meter]\nname = "tdp"\ntdp_low_watts = 10\ntdp_high_watts = 20\n'
_LAY_OUT = """
from PySide6.QtWidgets import QApplication
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.main_window import MainWindow
app = QApplication([])
controller = Controller()
look = theme.apply(app, "dark")
window = MainWindow(controller, look)
window.open((1600, 900))
window.energy.raise_()
app.processEvents()
window.close()
again = MainWindow(controller, look)
again.open((1600, 900))
app.processEvents()
assert again.energy.is_seen, "the layout did not come back"
again.hide()
controller.shutdown()
"""


def energy_dock(settings: Settings) -> list[Row]:
    """The same session, its meter read, with the Energy dock in front and behind the comparison's tab."""
    # a hundredth is less than what two runs in a row differ by, so it takes more pairs
    settings = replace(settings, pairs=2 * settings.pairs - 1)
    rounds, dirty = pairs(settings, lambda: _side(settings, in_front=True), lambda: _side(settings, in_front=False))
    value, words = ratio(rounds, "fps")
    note = f"{words}; {len(rounds)} pairs, {dirty} dirty"
    return [Row("the Energy dock in front: FPS ÷ behind a tab", value, "≥ 0.99", "", note)]


def _side(settings: Settings, *, in_front: bool) -> dict[str, float]:
    kept = Path(os.environ["EDGEPERF_HOME"]) / "config" / "window.ini"
    kept.unlink(missing_ok=True)
    if in_front:
        environment = os.environ | ({} if os.environ.get("DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"})
        subprocess.run([sys.executable, "-c", _LAY_OUT], check=True, env=environment, cwd=ROOT, capture_output=True)
    try:
        return window(settings.window_seconds, paced=False, hint="throughput", more=_METER)
    finally:
        kept.unlink(missing_ok=True)
