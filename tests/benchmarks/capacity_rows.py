"""Rows about capacity."""

from __future__ import annotations

from rows import Row, Settings
from sides import CLIP, capacity


def cameras(settings: Settings) -> list[Row]:
    """How many cameras fit, predicted against verified, and what one of sixteen costs."""
    found = capacity("--source", str(CLIP), "--rate", "10")
    ratio_found = found["predicted"] / found["verified"] if found["verified"] else None
    by_cameras = {step["cameras"]: step["cpu_ms_per_frame"] for step in found["steps"]}
    slow = capacity("--source", str(CLIP), "--rate", "5", "--most", "16", "--seconds", "20")
    sixteen = {step["cameras"]: step["cpu_ms_per_frame"] for step in slow["steps"]}
    cost = sixteen[16] / sixteen[1] if 16 in sixteen else None
    words = f"{found['predicted']:.1f} / {found['verified']} cameras at 10 FPS, {len(by_cameras)} steps"
    return [
        Row("capacity: predicted ÷ verified", ratio_found, "≤ 1.15", "", words),
        Row("capacity: verified ÷ predicted", 1 / ratio_found if ratio_found else None, "≤ 1.18", "", "the same, the other way"),
        Row("16 virtual cameras: CPU per frame ÷ one camera's", cost, "≤ 1.15", "", "5 FPS each"),
    ]
