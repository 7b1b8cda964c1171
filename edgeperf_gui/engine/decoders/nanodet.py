"""NanoDet: per stride a table of class scores and a table of box-side distributions, one row a cell."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard, Positive
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.decoder import Built, Floats, Names, Outputs, read_options
from edgeperf_gui.engine.decoders.suppression import LEAST_THRESHOLD, NOTHING, BoxOptions, Indices, finish

_SIDES: Final = 4


class NanodetOptions(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`; `max_candidates` counts for each level and for all."""

    strides: Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=8)]
    """Input pixels per cell, one a level."""
    scores: Names
    """Per level the output `[1, cells, classes]` of class scores, 0…1."""
    boxes: Names
    """Per level the output `[1, cells, 4 · bins]` of box-side distributions, before the softmax."""
    bins: Annotated[int, msgspec.Meta(ge=2, le=256)]


class Nanodet:
    """Decodes the outputs of one model. Owns its scratch memory, so one thread at a time."""

    def __init__(self, size: tuple[int, int], options: NanodetOptions) -> None:
        """Prepare for an input of `size` (width, height)."""
        self._options = options
        self._threshold = np.float32(max(options.score_threshold, LEAST_THRESHOLD))
        grids = [(-(-size[0] // stride), -(-size[1] // stride), stride) for stride in options.strides]
        self._cells = [columns * rows for columns, rows, _ in grids]
        self._first_cell = np.cumsum([0, *self._cells[:-1]])
        self._centre = np.concatenate([_centres(*grid) for grid in grids])
        self._stride = np.repeat(np.array(options.strides, np.float32), self._cells)
        self._bins = np.arange(options.bins, dtype=np.float32)
        self._above: list[NDArray[np.bool_]] = []

    def __call__(self, outputs: Outputs, letterbox: Letterbox) -> Findings:
        """Objects in source pixels, best score first."""
        scores, boxes = outputs[: len(self._cells)], outputs[len(self._cells) :]
        if not self._above:  # only the first frame tells the number of classes
            _check_shapes(self._cells, scores, boxes, _SIDES * self._options.bins)
            self._above = [np.empty(level.size, np.bool_) for level in scores]
        survivors = self._survivors(scores, boxes)
        if survivors is None:
            return NOTHING
        cells, labels, score, sides = survivors
        return finish(self._corners(cells, sides), labels, score, letterbox, self._options)

    def _survivors(self, scores: Outputs, boxes: Outputs) -> tuple[Indices, Indices, Floats, Floats] | None:
        """Cell (over all levels), label, score and box sides of every pair at or above the threshold; None when there is none."""
        cells: list[Indices] = []
        labels: list[Indices] = []
        values: list[Floats] = []
        sides: list[Floats] = []
        for first, level, box, above in zip(self._first_cell, scores, boxes, self._above, strict=True):
            flat = level.reshape(-1)
            np.greater_equal(flat, self._threshold, out=above)
            hits = np.flatnonzero(above)
            if not hits.size:
                continue
            value = flat[hits]
            if hits.size > self._options.max_candidates:
                best = np.argpartition(value, -self._options.max_candidates)[-self._options.max_candidates :]
                hits, value = hits[best], value[best]
            cell, label = np.divmod(hits, level.shape[-1])
            cells.append(cell + first)
            labels.append(label)
            values.append(value)
            sides.append(box[0, cell])
        if not cells:
            return None
        return np.concatenate(cells), np.concatenate(labels), np.concatenate(values), np.concatenate(sides)

    def _corners(self, cells: Indices, sides: Floats) -> Floats:
        """Corners `[n, 4]` (x1, y1, x2, y2) in input pixels; `sides` `[n, 4 · bins]` is used up."""
        weights = sides.reshape(-1, self._bins.size)
        with np.errstate(invalid="ignore", over="ignore"):  # infinities in a damaged cell end as not-a-number, dropped later
            weights -= weights.max(axis=1, keepdims=True)
            np.exp(weights, out=weights)
            reach: Floats = ((weights @ self._bins) / weights.sum(axis=1)).reshape(-1, _SIDES)
            reach *= self._stride[cells, None]
        centre = self._centre[cells]
        np.subtract(centre, reach[:, :2], out=reach[:, :2])
        reach[:, 2:] += centre
        return reach


def _check_shapes(cells: list[int], scores: Outputs, boxes: Outputs, reach: int) -> None:
    """Raise ModelError when an output does not look the way the card says."""
    for count, score, box in zip(cells, scores, boxes, strict=True):
        if score.ndim != 3 or score.shape[:2] != (1, count) or box.shape != (1, count, reach):
            raise ModelError(
                f"The model's outputs have the shapes {list(score.shape)} and {list(box.shape)}"
                f" where [1, {count}, classes] and [1, {count}, {reach}] were expected.",
                "Correct strides, bins, scores, boxes or the input size in its card.toml.",
            )


def _centres(columns: int, rows: int, stride: int) -> Floats:
    """Centre of each cell `[columns · rows, 2]` (x, y) in input pixels, row by row."""
    y, x = np.divmod(np.arange(columns * rows), columns)
    return ((np.stack([x, y], axis=1) + 0.5) * stride - 0.5).astype(np.float32)


def build_nanodet(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says; a low threshold (0.05 and less) serves where average precision is computed."""
    options = read_options(card, NanodetOptions, score_threshold)
    if not len(options.strides) == len(options.scores) == len(options.boxes):
        raise ModelError(
            f"The decoder options of {card.name} name {len(options.strides)} strides, {len(options.scores)} scores and"
            f" {len(options.boxes)} boxes.",
            "Correct its card.toml: one of each per stride.",
        )
    return (*options.scores, *options.boxes), Nanodet((card.input.width, card.input.height), options)
