"""Text detection of the DB kind (PP-OCR det): a probability map whose bright islands, grown again, are lines of text."""

from __future__ import annotations

from typing import Annotated, Any, Final

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.decoder import Built, Floats, Outputs, Share, read_options, take_outputs, wrong_shape
from edgeperf_gui.engine.decoders.suppression import NOTHING, found, to_source, whole

_LEAST_SIDE: Final = 3.0
"""Shorter islands, in pixels of the map, are specks; grown ones must be two pixels longer."""


class DbTextOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card's `decoder_options`; the defaults are PP-OCR's."""

    output: str | None = None
    """Name of the map `[1, 1, h, w]`, 0…1; None takes the model's first."""
    pixel_threshold: Share = 0.3
    """Probability from which a pixel belongs to text."""
    score_threshold: Share = 0.6
    """Mean probability that an island needs."""
    unclip_ratio: Annotated[float, msgspec.Meta(ge=0.0, le=10.0)] = 1.5
    """Islands are shrunken text; each grows back by its area · ratio / perimeter on all sides."""
    max_candidates: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1000
    max_detections: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


def decode(outputs: Outputs, letterbox: Letterbox, options: DbTextOptions) -> Findings:
    """Upright boxes around the (perhaps slanted) lines of text, best score first; all have label 0."""
    (output,) = take_outputs(outputs, 1)
    if output.ndim < 2 or output.size != output.shape[-1] * output.shape[-2] or not output.size:
        raise wrong_shape([output], "[1, 1, height, width]")
    chances = np.ascontiguousarray(output.reshape(output.shape[-2:]), np.float32)
    islands, _ = cv2.findContours((chances > options.pixel_threshold).view(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    corners: list[tuple[float, float, float, float]] = []
    scores: list[float] = []
    for island in islands[: options.max_candidates]:
        rectangle = cv2.minAreaRect(island)
        if min(rectangle[1]) < _LEAST_SIDE:
            continue
        score = _mean_inside(chances, cv2.boxPoints(rectangle))
        grown = _grow(rectangle, options.unclip_ratio)
        if score >= options.score_threshold and min(grown[1]) >= _LEAST_SIDE + 2:
            points = cv2.boxPoints(grown)
            corners.append((*points.min(axis=0), *points.max(axis=0)))
            scores.append(score)
    if not scores:
        return NOTHING
    to_input = (letterbox.input_width / chances.shape[1], letterbox.input_height / chances.shape[0]) * 2
    boxes = to_source(np.array(corners, np.float32) * np.array(to_input, np.float32), letterbox)
    boxes, labels, score_array = whole(boxes, np.zeros(len(boxes), np.int32), np.array(scores, np.float32))
    return found(boxes, labels, score_array, np.argsort(-score_array, kind="stable")[: options.max_detections])


def _mean_inside(chances: Floats, points: NDArray[Any]) -> float:
    """Mean of the map within a quadrangle."""
    height, width = chances.shape
    left, top = (max(int(edge), 0) for edge in np.floor(points.min(axis=0)))
    right, bottom = (int(edge) + 1 for edge in np.ceil(points.max(axis=0)))
    part = chances[top : min(bottom, height), left : min(right, width)]
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [(points - (left, top)).astype(np.int32)], (1,))
    mean = float(cv2.mean(part, inside)[0])
    return min(mean, 1.0) if mean == mean else 0.0


def _grow(rectangle: Any, ratio: float) -> Any:
    """The rectangle ((x, y), (width, height), angle) with every side moved outwards."""
    centre, (width, height), angle = rectangle
    reach = width * height * ratio / (2 * (width + height))
    return centre, (width + 2 * reach, height + 2 * reach), angle


def build_db_text(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says."""
    options = read_options(card, DbTextOptions, score_threshold)
    names = (options.output,) if options.output else ()
    return names, lambda outputs, letterbox: decode(outputs, letterbox, options)
