"""Semantic segmentation: a score map a class, a map of labels, or one map of probabilities."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.decoder import Built, Outputs, Share, read_options, take_outputs, wrong_shape

Labels = NDArray[np.uint8]
_HIGHEST: Final = 255
_PART: Final = 32_768
"""Pixels looked at together."""


class SegmentationOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Its name; None takes the model's first."""
    kind: Literal["scores", "labels", "probability"] = "scores"
    """`[1, classes, h, w]`, the highest wins; `[1, 1, h, w]` or `[1, h, w]` of label numbers; or of probabilities of label 1."""
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    threshold: Share = 0.5
    """Probability from which a pixel is label 1."""


def decode(outputs: Outputs, letterbox: Letterbox, options: SegmentationOptions) -> Findings:
    """The label of every pixel of the frame, at the model's resolution. Labels above 255 are shown as 255."""
    (output,) = take_outputs(outputs, 1)
    maps = _maps(output, options)
    rows, columns = picture_part(maps.shape[1:], letterbox)
    maps = maps[:, rows, columns]
    if options.kind == "scores":
        return Findings(mask=highest(maps))
    if options.kind == "probability":
        return Findings(mask=(maps[0] >= options.threshold).astype(np.uint8))
    return Findings(mask=_as_labels(maps[0]))


def picture_part(shape: tuple[int, ...], letterbox: Letterbox) -> tuple[slice, slice]:
    """Rows and columns of a map `[h, w]` of the whole input that the frame covers, at least one of each."""
    x, y = shape[1] / letterbox.input_width, shape[0] / letterbox.input_height
    return _span(letterbox.top * y, letterbox.height * y, shape[0]), _span(letterbox.left * x, letterbox.width * x, shape[1])


def _span(start: float, length: float, end: int) -> slice:
    first = min(round(start), end - 1)
    return slice(first, min(max(round(start + length), first + 1), end))


def _maps(output: NDArray[Any], options: SegmentationOptions) -> NDArray[Any]:
    """`[maps, h, w]`."""
    maps = output[0] if output.ndim == 4 and len(output) == 1 else output
    if maps.ndim == 2:
        maps = maps[None]
    if maps.ndim == 3 and output.ndim == 4 and options.layout == "NHWC":
        maps = maps.transpose(2, 0, 1)
    if maps.ndim != 3 or not maps.size or (options.kind != "scores" and len(maps) != 1):
        raise wrong_shape([output], "[1, classes, height, width]" if options.kind == "scores" else "[1, height, width]")
    return maps


def highest(maps: NDArray[Any]) -> Labels:
    """Index of the highest of the maps at each pixel, the first of equals; not-a-number never wins. Quicker than argmax."""
    labels: Labels = np.empty(maps.shape[1:], np.uint8)
    rows = max(1, _PART // maps.shape[2])
    for start in range(0, len(labels), rows):  # in parts that stay in the processor's cache
        _highest_part(maps[:, start : start + rows], labels[start : start + rows])
    return labels


def _highest_part(maps: NDArray[Any], labels: Labels) -> None:
    best = np.full(labels.shape, -np.inf, np.result_type(maps.dtype, np.float16))
    np.fmax(best, maps[0], out=best)
    labels[:] = 0
    better = np.empty(labels.shape, np.bool_)
    mine = np.empty(labels.shape, np.uint8)
    for index, values in enumerate(maps[1:], 1):
        np.greater(values, best, out=better)
        np.fmax(best, values, out=best)
        # a later index is the higher one, so the highest index among the winners so far is the winner
        np.multiply(better.view(np.uint8), np.uint8(min(index, _HIGHEST)), out=mine)
        np.maximum(labels, mine, out=labels)


def _as_labels(values: NDArray[Any]) -> Labels:
    if values.dtype.kind == "f":
        values = np.nan_to_num(values)
    labels: Labels = np.clip(values, 0, _HIGHEST).astype(np.uint8)
    return labels


def build_segmentation(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says; `score_threshold` plays no part."""
    options = read_options(card, SegmentationOptions, score_threshold)
    names = (options.output,) if options.output else ()
    return names, lambda outputs, letterbox: decode(outputs, letterbox, options)
