"""YOLOv8, v9, v11 (raw heads): one table, a column a cell: centre, size, class scores after the sigmoid; no objectness."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import numpy as np

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.cells import one_table
from edgeperf_gui.engine.decoders.decoder import Built, Outputs, read_options, wrong_shape
from edgeperf_gui.engine.decoders.suppression import NOTHING, BoxOptions, best_pairs, corners_of, finish

_BOX = 4


class Yolov8Options(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Its name; None takes the model's first."""
    cells: Literal["last", "first"] = "last"
    """Last: `[1, 4 + classes, cells]`; first: `[1, cells, 4 + classes]`."""
    classes: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    """How many of the scores are classes; the rest (mask coefficients, key points) is left alone. None takes all."""


def decode(outputs: Outputs, letterbox: Letterbox, options: Yolov8Options) -> Findings:
    """Objects in source pixels, best score first."""
    table = one_table(outputs, 1)
    if options.cells == "first":
        table = table.T
    classes = options.classes or len(table) - _BOX
    if classes < 1 or len(table) < _BOX + classes:
        raise wrong_shape(outputs, f"4 + {options.classes or 'classes'} values a cell")
    # rows of the table follow each other in memory, so looking for the best of them class by class copies nothing
    labels, cells, score = best_pairs(table[_BOX : _BOX + classes], options)
    if not cells.size:
        return NOTHING
    return finish(corners_of(table[:_BOX, cells].T.astype(np.float32)), labels, score, letterbox, options)


def build_yolov8(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, Yolov8Options, score_threshold)
    names = (options.output,) if options.output else ()
    return names, lambda outputs, letterbox: decode(outputs, letterbox, options)
