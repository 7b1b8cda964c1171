"""Exports that suppress overlaps inside the graph (YOLOv10, `end2end`, `nms=True`): a row an object, with named columns."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
import numpy as np

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.cells import one_table
from edgeperf_gui.engine.decoders.decoder import Built, Floats, Outputs, read_options
from edgeperf_gui.engine.decoders.suppression import BoxOptions, rank

Column = Literal["x1", "y1", "x2", "y2", "score", "label", "image"]
_BOX: Final[tuple[Column, ...]] = ("x1", "y1", "x2", "y2")
_NEEDED: Final[tuple[Column, ...]] = (*_BOX, "score", "label")


class YoloNmsOptions(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Its name; None takes the model's first."""
    columns: Annotated[list[Column], msgspec.Meta(min_length=6, max_length=16)] = msgspec.field(
        default_factory=lambda: ["x1", "y1", "x2", "y2", "score", "label"]
    )
    """What stands where in a row; `image` is passed over, as are columns beyond those named."""
    coordinates: Literal["pixels", "shares"] = "pixels"
    """Of the model's input: pixels, or shares 0…1 of its width and height."""


def decode(outputs: Outputs, letterbox: Letterbox, options: YoloNmsOptions) -> Findings:
    """Objects in source pixels, best score first."""
    table = one_table(outputs, len(options.columns)).astype(np.float32)
    corners: Floats = table[:, np.array([options.columns.index(name) for name in _BOX])]
    labels, score = table[:, options.columns.index("label")], table[:, options.columns.index("score")]
    if options.coordinates == "shares":
        corners = to_pixels(corners, letterbox)
    known = (labels >= 0) & (labels < 2**31)
    return rank(corners[known], labels[known].astype(np.int32), score[known], letterbox, options)


def to_pixels(shares: Floats, letterbox: Letterbox) -> Floats:
    """Corners as shares of the input to input pixels, as a new array."""
    with np.errstate(invalid="ignore", over="ignore"):
        pixels: Floats = shares * np.array((letterbox.input_width, letterbox.input_height) * 2, np.float32)
    return pixels


def build_yolo_nms(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, YoloNmsOptions, score_threshold)
    missing = [name for name in _NEEDED if options.columns.count(name) != 1]
    if missing:
        raise ModelError(
            f"The decoder options of {card.name} must name the column {missing[0]} once in `columns`.", "Correct its card.toml."
        )
    names = (options.output,) if options.output else ()
    return names, lambda outputs, letterbox: decode(outputs, letterbox, options)
