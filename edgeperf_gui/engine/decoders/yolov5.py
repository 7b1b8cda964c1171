"""YOLOv5 (and v6, v7, which speak alike): a row a candidate; decoded by the export, or three raw maps with their anchors."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard, Positive
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.cells import OBJECTNESS, centre_scores, one_table
from edgeperf_gui.engine.decoders.decoder import Built, Decode, Floats, Names, Outputs, read_options, take_outputs, wrong_shape
from edgeperf_gui.engine.decoders.suppression import LEAST_THRESHOLD, NOTHING, BoxOptions, corners_of, finish

ANCHORS: Final = [10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326]
"""Width and height in pixels of the usual three anchors of the usual three levels."""
_PER_LEVEL: Final = 3


class Yolov5Options(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`."""

    outputs: Names | None = None
    """Names of the decoded table, or of the raw maps, finest first; None takes the model's first."""
    head: Literal["decoded", "raw"] = "decoded"
    strides: Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=8)] = msgspec.field(
        default_factory=lambda: [8, 16, 32]
    )
    """Raw: input pixels per cell, one a level."""
    anchors: Annotated[list[Positive], msgspec.Meta(min_length=6, max_length=48)] = msgspec.field(default_factory=lambda: ANCHORS)
    """Raw: width, height of three anchors a level, in input pixels."""


def decode_table(outputs: Outputs, letterbox: Letterbox, options: Yolov5Options) -> Findings:
    """`[1, candidates, 5 + classes]`: centre, size in input pixels, objectness, class scores."""
    table = one_table(outputs, 6)
    rows, labels, score = centre_scores(table, options)
    if not rows.size:
        return NOTHING
    return finish(corners_of(table[rows, :4].astype(np.float32)), labels, score, letterbox, options)


def decode_maps(outputs: Outputs, letterbox: Letterbox, options: Yolov5Options) -> Findings:
    """Per level `[1, 3 · (5 + classes), rows, columns]` or `[1, 3, rows, columns, 5 + classes]`, before the sigmoid."""
    maps = take_outputs(outputs, len(options.strides))
    anchors = np.array(options.anchors, np.float32).reshape(-1, _PER_LEVEL, 2)
    levels = [
        _likely(_cells_last(level), stride, anchor, options)
        for level, stride, anchor in zip(maps, options.strides, anchors, strict=True)
    ]
    if len({level.shape[1] for level in levels}) > 1:
        raise wrong_shape(maps, "the same number of classes in each")
    table = np.concatenate(levels)
    rows, labels, score = centre_scores(table, options)
    if not rows.size:
        return NOTHING
    return finish(corners_of(table[rows, :4]), labels, score, letterbox, options)


def _cells_last(level: NDArray[Any]) -> NDArray[Any]:
    """One level as `[3, rows, columns, 5 + classes]`."""
    if level.ndim == 5 and level.shape[:2] == (1, _PER_LEVEL) and level.shape[4] > OBJECTNESS + 1:
        apart: NDArray[Any] = level[0]
        return apart
    if level.ndim == 4 and len(level) == 1 and level.shape[1] % _PER_LEVEL == 0 and level.shape[1] // _PER_LEVEL > OBJECTNESS + 1:
        return level.reshape(_PER_LEVEL, -1, *level.shape[2:]).transpose(0, 2, 3, 1)
    raise wrong_shape([level], "[1, 3 · (5 + classes), rows, columns]")


def _likely(level: NDArray[Any], stride: int, anchor: Floats, options: Yolov5Options) -> Floats:
    """The decoded rows of a level whose objectness suffices."""
    threshold = np.float32(max(options.score_threshold, LEAST_THRESHOLD))
    with np.errstate(over="ignore", divide="ignore"):
        least = -np.log(1 / threshold - 1)  # the sigmoid turned round: compare once, not after an exp for every cell
    which, y, x = np.nonzero(level[..., OBJECTNESS] >= least)
    with np.errstate(over="ignore", invalid="ignore"):
        rows: Floats = np.float32(1) / (np.float32(1) + np.exp(-level[which, y, x].astype(np.float32)))
        rows[:, 0] = (rows[:, 0] * 2 - 0.5 + x) * stride
        rows[:, 1] = (rows[:, 1] * 2 - 0.5 + y) * stride
        rows[:, 2:4] = (rows[:, 2:4] * 2) ** 2 * anchor[which]
    return rows


def build_yolov5(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, Yolov5Options, score_threshold)
    if options.head == "raw" and len(options.anchors) != 2 * _PER_LEVEL * len(options.strides):
        raise ModelError(
            f"The decoder options of {card.name} hold {len(options.anchors)} anchor sizes for {len(options.strides)} strides.",
            "Correct its card.toml: width and height of three anchors per stride.",
        )
    function = decode_maps if options.head == "raw" else decode_table

    def decode(outputs: Outputs, letterbox: Letterbox) -> Findings:
        return function(outputs, letterbox, options)

    typed: Decode = decode
    return tuple(options.outputs or ()), typed
