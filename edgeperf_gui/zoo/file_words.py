"""What a model file says of itself in words: its runtime information, and its list of labels."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.catalogue import LARGEST_LABELS, read_text
from edgeperf_gui.zoo.image_input import LARGEST_SIDE, ImageSize

SECTIONS: Final = ("model_info", "framework")
"""Model API's and OpenVINO's own; and what the ONNX file carried, such as the names that Ultralytics writes."""
_MOST_LABELS: Final = 100_000
_LONGEST_LICENCE: Final = 120
NO_LICENCE: Final = "not stated"
"""What a card says where a file does not name its licence."""


def rt_texts(model: Any) -> dict[str, dict[str, str]]:
    """Runtime information by section, every value as the text an IR file would hold."""
    found: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        try:
            entries = model.get_rt_info([section]).value
            found[section] = {str(key): _text(getattr(value, "value", value)) for key, value in entries.items()}
        except (RuntimeError, AttributeError):  # absent, or a bare value where a section is expected
            continue
    return found


def model_info(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The section `model_info`, with what an ONNX file of Ultralytics says put into its words."""
    info = dict(texts.get("model_info", {}))
    said = texts.get("framework", {})
    if {"task", "stride", "names"} <= said.keys():
        info.setdefault("labels", " ".join("_".join(label.split()) or "_" for label in own_labels(texts)))
        if said["task"] in ("detect", "segment"):
            info.setdefault("model_type", "YOLO")
        elif said["task"] == "classify":
            info = {"mean_values": "0 0 0", "scale_values": "255 255 255", "resize_type": "standard", **info}
    return info


def own_size(texts: Mapping[str, Mapping[str, str]]) -> ImageSize | None:
    """Ultralytics' `imgsz`, `[height, width]`, for exports whose input is left open."""
    sides = [int(word) for word in re.findall(r"\d{1,5}", texts.get("framework", {}).get("imgsz", "")[:40])]
    if len(sides) != 2 or not all(32 <= side <= LARGEST_SIDE for side in sides):
        return None
    return ImageSize(sides[1], sides[0], "as the file's own words say")


def own_licence(texts: Mapping[str, Mapping[str, str]]) -> str:
    """The licence that the file names, on one line."""
    said = texts.get("framework", {}).get("license", "")[:_LONGEST_LICENCE]
    return " ".join(re.sub(r"[^\w\s.,:;/()+-]", " ", said).split()) or NO_LICENCE


def labels_of_file(path: Path) -> tuple[str, ...]:
    """One label a line; raises ModelError when there are none."""
    labels = tuple(line.strip() for line in read_text(path, LARGEST_LABELS).rstrip().splitlines())
    if not any(labels):
        raise ModelError(f"{path.name} holds no labels.", "A labels file has one label a line.")
    return labels


def own_labels(texts: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Labels that the file brings along; empty when it brings none, or none that make sense."""
    listed = texts.get("model_info", {}).get("labels", "")
    if listed.strip():
        # separated by spaces; a space inside a label is written as an underscore
        return tuple(label.replace("_", " ") for label in listed.split())[:_MOST_LABELS]
    said = texts.get("framework", {})
    # PaddlePaddle's exports to ONNX write one label a line
    return _literal_names(said.get("names", "")) or tuple(said.get("character", "").strip().splitlines()[:_MOST_LABELS])


def labels_beside(path: Path) -> Path | None:
    """A labels file that goes by the model's own name."""
    if path.is_dir():
        return None
    return next((place for ending in (".txt", ".names", ".labels") if (place := path.with_suffix(ending)).is_file()), None)


def _literal_names(text: str) -> tuple[str, ...]:
    """`{0: 'person', 1: 'car'}` or `['person', 'car']`."""
    if not text or len(text) > LARGEST_LABELS // 4 or re.search(r"[\[{(]\s*[\[{(]", text):
        return ()
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ()
    if isinstance(value, dict) and value and all(isinstance(key, int) and 0 <= key < _MOST_LABELS for key in value):
        return tuple(str(value.get(index, "")) for index in range(max(value) + 1))
    return tuple(map(str, value))[:_MOST_LABELS] if isinstance(value, list) else ()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value)
