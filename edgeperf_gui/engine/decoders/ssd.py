"""SSD and its kin: `DetectionOutput` rows, or a table of boxes beside a list of labels; both suppressed by the graph."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.cells import one_table
from edgeperf_gui.engine.decoders.decoder import Built, Floats, Outputs, read_options, take_outputs, wrong_shape
from edgeperf_gui.engine.decoders.suppression import BoxOptions, rank
from edgeperf_gui.engine.decoders.yolo_nms import to_pixels

_ROW = 7


class SsdOptions(BoxOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Name of the rows `[1, 1, n, 7]`: image, label, score, x1, y1, x2, y2. None takes the model's first."""
    boxes: str | None = None
    """Instead of `output`: name of the table `[n, 5]`: x1, y1, x2, y2, score."""
    labels: str | None = None
    """Beside `boxes`: name of the list `[n]` of labels; None calls everything the first label."""
    coordinates: Literal["shares", "pixels"] | None = None
    """Of the model's input; None means shares for `output` and pixels for `boxes`, as is the custom."""
    first_label: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    """Number of the label that stands first in the label list (1 where 0 is an unlisted background)."""


def decode_rows(outputs: Outputs, letterbox: Letterbox, options: SsdOptions) -> Findings:
    """`DetectionOutput`: the first image's rows; a negative image number ends the list."""
    (output,) = take_outputs(outputs, 1)
    if output.ndim < 2 or output.shape[-1] != _ROW or output.size != output.shape[-2] * _ROW:
        raise wrong_shape([output], "[1, 1, objects, 7]")
    rows = output.reshape(-1, _ROW).astype(np.float32)
    ends = np.flatnonzero(rows[:, 0] < 0)
    if ends.size:
        rows = rows[: ends[0]]
    return _place(rows[:, 3:], rows[:, 1], rows[:, 2], letterbox, options, shares=options.coordinates != "pixels")


def decode_pair(outputs: Outputs, letterbox: Letterbox, options: SsdOptions) -> Findings:
    """A table of boxes with scores, and a list of labels."""
    table = one_table(outputs, 5).astype(np.float32)
    labels: NDArray[Any] = np.full(len(table), options.first_label, np.float32)
    if options.labels is not None:
        labels = take_outputs(outputs, 2)[1].reshape(-1)
    if len(labels) != len(table):
        raise wrong_shape(outputs, "as many labels as boxes")
    return _place(table[:, :4], labels, table[:, 4], letterbox, options, shares=options.coordinates == "shares")


def _place(
    corners: Floats, labels: NDArray[Any], score: Floats, letterbox: Letterbox, options: SsdOptions, *, shares: bool
) -> Findings:
    if shares:
        corners = to_pixels(corners, letterbox)
    known = (labels >= options.first_label) & (labels < 2**31)
    own = labels[known].astype(np.int32) - options.first_label
    return rank(corners[known], own, score[known], letterbox, options)


def build_ssd(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, SsdOptions, score_threshold)
    if options.boxes is None:
        if options.labels is not None:
            raise ModelError(f"The decoder options of {card.name} name labels but no boxes.", "Correct its card.toml.")
        names = (options.output,) if options.output else ()
        return names, lambda outputs, letterbox: decode_rows(outputs, letterbox, options)
    pair = (options.boxes, options.labels) if options.labels else (options.boxes,)
    return pair, lambda outputs, letterbox: decode_pair(outputs, letterbox, options)
