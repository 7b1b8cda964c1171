"""YOLOX: a table with a row a cell: offsets in the cell, logarithms of the size, objectness and classes after the sigmoid."""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np

from edgeperf_gui.domain.card import ModelCard, Positive
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.cells import centre_scores, one_table
from edgeperf_gui.engine.decoders.decoder import Built, Outputs, read_options, wrong_shape
from edgeperf_gui.engine.decoders.suppression import NOTHING, BoxOptions, corners_of, finish


class YoloxOptions(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Its name; None takes the model's first."""
    strides: Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=8)] = msgspec.field(
        default_factory=lambda: [8, 16, 32]
    )
    """Input pixels per cell, one a level."""


class Yolox:
    """Decodes `[1, cells of all levels, 5 + classes]`."""

    def __init__(self, size: tuple[int, int], options: YoloxOptions) -> None:
        """Prepare for an input of `size` (width, height)."""
        self._options = options
        levels = []
        for stride in options.strides:
            columns, rows = size[0] // stride, size[1] // stride
            y, x = np.divmod(np.arange(columns * rows), max(columns, 1))
            levels.append(np.stack([x * stride, y * stride, np.full_like(x, stride)], axis=1))
        cells = np.concatenate(levels).astype(np.float32)
        self._corner, self._stride = cells[:, :2], cells[:, 2:]

    def __call__(self, outputs: Outputs, letterbox: Letterbox) -> Findings:
        """Objects in source pixels, best score first."""
        table = one_table(outputs, 6)
        if len(table) != len(self._stride):
            raise wrong_shape(outputs, f"[1, {len(self._stride)}, 5 + classes]")
        rows, labels, score = centre_scores(table, self._options)
        if not rows.size:
            return NOTHING
        boxes = table[rows, :4].astype(np.float32)
        stride = self._stride[rows]
        with np.errstate(invalid="ignore", over="ignore"):  # what overflows ends as infinity, dropped later
            boxes[:, :2] = boxes[:, :2] * stride + self._corner[rows]
            boxes[:, 2:] = np.exp(boxes[:, 2:]) * stride
        return finish(corners_of(boxes), labels, score, letterbox, self._options)


def build_yolox(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, YoloxOptions, score_threshold)
    return (options.output,) if options.output else (), Yolox((card.input.width, card.input.height), options)
