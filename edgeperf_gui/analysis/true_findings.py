"""What was found in a drawn scene against what was there: precision and recall over time, and who was found how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeperf_gui.analysis.detection_matches import overlaps
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.truth import COCO_NAMES, ORACLE, Found, TrueObject

Floats = NDArray[np.float64]

LEAST_IOU: Final = 0.5
LEAST_VISIBILITY: Final = 0.3
"""A vehicle that is hidden more than that, or cut off, is neither missed nor wrong when found."""
MOST_STRETCHES: Final = 12
_VEHICLES: Final = frozenset({*COCO_NAMES.values(), "van", "vehicle", "suv"})
"""Names of classes that are vehicles."""
_LEAST_FRAMES: Final = 10
"""Of a stretch of time; fewer would only show chance."""


@dataclass(frozen=True, slots=True)
class FrameFound:
    """One processed frame held against the truth."""

    frame: int
    hits: int
    """Vehicles in view that were found."""
    wrong: int
    """Findings that fit no vehicle."""
    in_view: int
    """Vehicles in view, well enough to be seen."""
    ids: tuple[int, ...]
    """Of the vehicles that were found."""


def vehicle_classes(labels: Sequence[str]) -> NDArray[np.int32]:
    """Numbers of the classes that are vehicles, an oracle's too; empty for a model that knows none."""
    named = [number for number, label in enumerate(labels) if label.removeprefix(ORACLE).lower() in _VEHICLES]
    return np.array(named, np.int32)


def hold_against(frame: int, corners: Floats, labels: ArrayLike, objects: Sequence[TrueObject]) -> FrameFound:
    """Match findings (`[n, 4]` corners in pixels, best score first, and their classes `[n]`) with the objects of a frame.

    What lies on an object that does not count (too far away, hidden, cut off) is ignored, as COCO ignores crowds; so is a second
    class for a vehicle that was found, for any kind of vehicle counts as one.
    """
    counts = np.array([one.counts and one.visibility >= LEAST_VISIBILITY for one in objects], bool)
    boxes = np.array([(one.x1, one.y1, one.x2, one.y2) for one in objects], np.float64).reshape(-1, 4)
    table = overlaps(corners, boxes, ~counts)
    found: dict[int, Any] = {}
    wrong = 0
    for row, label in zip(table, np.asarray(labels).tolist(), strict=True):
        fitting = np.flatnonzero(counts & (row >= LEAST_IOU)).tolist()
        free = [at for at in fitting if at not in found]
        if free:
            found[max(free, key=row.__getitem__)] = label
        elif not any(found[at] != label for at in fitting) and not (~counts & (row >= LEAST_IOU)).any():
            wrong += 1
    ids = tuple(objects[at].id for at in found)
    return FrameFound(frame, len(ids), wrong, int(counts.sum()), ids)


def found_in(frames: Sequence[FrameFound], fps: float) -> Found | None:
    """Precision and recall of some frames, oldest first; None of none."""
    if not frames:
        return None
    hits, wrong, in_view = (sum(values) for values in zip(*((one.hits, one.wrong, one.in_view) for one in frames), strict=True))
    precision, recall = proportion(hits, hits + wrong), proportion(hits, in_view)
    return Found(frames[0].frame / fps, (frames[-1].frame + 1) / fps, len(frames), precision, recall)


def over_time(frames: Sequence[FrameFound], fps: float) -> tuple[Found, ...]:
    """The same for stretches of equally many frames."""
    number = min(MOST_STRETCHES, len(frames) // _LEAST_FRAMES)
    edges = np.linspace(0, len(frames), number + 1).astype(int).tolist() if number > 1 else []
    stretches = (found_in(frames[first:last], fps) for first, last in pairwise(edges))
    return tuple(one for one in stretches if one is not None)


def often_found(frames: Iterable[FrameFound]) -> Counter[int]:
    """By a vehicle's id, in how many of the frames it was found."""
    return Counter(number for one in frames for number in one.ids)
