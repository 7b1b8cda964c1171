"""Which decoder fits a model without a card: judged by what it says of itself, then by the shapes of its outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from edgeperf_gui.engine.decoders import model_info
from edgeperf_gui.engine.decoders.fitting import Options, fit, fit_as
from edgeperf_gui.engine.decoders.output_clues import Port, clues_of

Task = Literal["detection", "classification", "segmentation", "raw"]

TASKS: Final[dict[str, Task]] = {
    "classification": "classification",
    "segmentation": "segmentation",
    "raw": "raw",
}
"""A card's task by its decoder; the others are for detection."""

_THRESHOLDS: Final[dict[str, tuple[str, ...]]] = {
    "nanodet": ("score_threshold", "iou_threshold"),
    "yolox": ("score_threshold", "iou_threshold"),
    "yolov5": ("score_threshold", "iou_threshold"),
    "yolov8": ("score_threshold", "iou_threshold"),
    "yolo_nms": ("score_threshold",),
    "ssd": ("score_threshold",),
    "db_text": ("score_threshold",),
}
"""Which of the thresholds that a model carries its decoder uses."""

_IMAGENET: Final = {
    "channels": "RGB",
    "mean": (123.675, 116.28, 103.53),
    "scale": (58.395, 57.12, 57.375),
    "keep_aspect": False,
}
_ULTRALYTICS: Final = {"channels": "RGB", "scale": (255.0, 255.0, 255.0)}
_CUSTOMS: Final[dict[str, dict[str, Any]]] = {
    "nanodet": {"channels": "BGR", "mean": (103.53, 116.28, 123.675), "scale": (57.375, 57.12, 58.395)},
    "yolox": {"channels": "BGR"},
    "yolov5": _ULTRALYTICS,
    "yolov8": _ULTRALYTICS,
    "yolo_nms": _ULTRALYTICS,
    "ssd": {"channels": "BGR", "keep_aspect": False},
    "classification": _IMAGENET,
    "segmentation": _IMAGENET,
    # the text detectors read BGR pictures with ImageNet's numbers in RGB's order, and were trained that way
    "db_text": _IMAGENET | {"channels": "BGR", "keep_aspect": True},
}
"""How models of each family usually want their pixels."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The decoder that seems to fit, its card options, and why, in a sentence a user can judge."""

    decoder: str
    options: Options
    reason: str
    labels: tuple[str, ...] = ()
    """Label names that the model carries."""
    input: dict[str, Any] = field(default_factory=dict)
    """Fields of the card's input: the model's own word, or the custom of its family."""

    @property
    def task(self) -> Task:
        """For the card."""
        return TASKS.get(self.decoder, "detection")


def guess(outputs: Sequence[Port], inputs: Sequence[Port], rt_info: Mapping[str, str], *, decoder: str | None = None) -> Guess:
    """The decoder for a model with these ports; `rt_info` holds its `model_info` entries. Falls back to `raw`, never raises.

    With `decoder` it is that one, and only its options are guessed.
    """
    info = {str(key).strip().lower(): str(value).strip() for key, value in rt_info.items()}
    labels = model_info.read_label_names(info)
    clues = clues_of(outputs, inputs, len(labels))
    fitting = fit_as(decoder, clues) if decoder else fit(info.get("model_type", ""), clues)
    told = model_info.thresholds(info)
    used = {name: told[name] for name in _THRESHOLDS.get(fitting.decoder, ()) if name in told}
    # a model that takes bytes does its own arithmetic on them
    takes_bytes = any(kind == "u8" for _, _, kind in inputs)
    pixels = {} if takes_bytes else _CUSTOMS.get(fitting.decoder, {}) | model_info.pixels(info)
    return Guess(fitting.decoder, fitting.options | used, fitting.reason, labels, pixels)
