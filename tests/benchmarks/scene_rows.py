"""Rows about the drawn scenes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rows import Row, Settings

_SCRIPT = Path(__file__).with_name("drawn_scene.py")


def scene(settings: Settings) -> list[Row]:
    """Both worlds in every light at 1280×720, each in a process of its own: the slowest stretch of the slowest."""
    frames = "150" if settings.pairs > 2 else "30"
    rates = {}
    for world in ("highway", "parking-lot"):
        for light in ("day", "night", "rain"):
            words = [sys.executable, str(_SCRIPT), f"scene:{world}?light={light}", frames]
            output = subprocess.run(words, check=True, capture_output=True, text=True, cwd=_SCRIPT.parents[2]).stdout
            rates[f"{world}, {light}"] = float(output)
    slowest = min(rates, key=rates.__getitem__)
    words = f"slowest: {slowest}; median {sorted(rates.values())[len(rates) // 2]:.0f} FPS of 6"
    return [Row("scene rendering at 1280×720 on one core", rates[slowest], "≥ 60", " FPS", words)]
