"""What a model carries about itself: OpenVINO's `model_info` entries, as Model API and the exporters write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_MOST_LABELS: Final = 100_000
_TRUE: Final = ("true", "yes", "1")


def read_label_names(info: Mapping[str, str]) -> tuple[str, ...]:
    """OpenVINO's own model_info writes labels apart by blanks, with a low line for a blank inside one."""
    return tuple(word.replace("_", " ").strip() or word for word in info.get("labels", "").split()[:_MOST_LABELS])


def thresholds(info: Mapping[str, str]) -> dict[str, float]:
    """The card options `score_threshold` and `iou_threshold`, as far as they are told and can be true."""
    told = {}
    for key, option in (("confidence_threshold", "score_threshold"), ("iou_threshold", "iou_threshold")):
        values = _numbers(info.get(key, ""))
        if len(values) == 1 and 0.0 <= values[0] <= 1.0:
            told[option] = values[0]
    return told


def pixels(info: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the card's input by the model's own word."""
    if info.get("embedded_processing", "").lower() in _TRUE:
        return {"mean": (0.0, 0.0, 0.0), "scale": (1.0, 1.0, 1.0)}
    said: dict[str, Any] = {}
    for key, name in (("mean_values", "mean"), ("scale_values", "scale")):
        values = _numbers(info.get(key, ""))
        values = values * 3 if len(values) == 1 else values
        if len(values) == 3 and (name == "mean" or all(values)):
            said[name] = tuple(values)
    if "reverse_input_channels" in info:
        said["channels"] = "RGB" if info["reverse_input_channels"].lower() in _TRUE else "BGR"
    if info.get("resize_type"):
        said["keep_aspect"] = "letterbox" in info["resize_type"] or "fit_to_window" in info["resize_type"]
    return said


def _numbers(text: str) -> list[float]:
    found = re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?", text[:200])
    return [float(word) for word in found]
