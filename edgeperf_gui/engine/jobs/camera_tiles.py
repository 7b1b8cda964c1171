"""Small pictures of the first cameras, all in one, a few times a second, and only while somebody looks.

The worker that infers spends some 30 µs on a picture that is asked for: it is scaled to its tile at once, so no buffer is kept
from its camera. Everything else is done by the thread that waits for the run's end.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from edgeperf_gui.domain.capacity import MOST_TILES, CamerasSeen, CameraTile
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION, Detections
from edgeperf_gui.engine.cameras import VirtualCamera
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.sources.source import Pixels

_BETWEEN_S: Final = 0.25
_GAP: Final = 6
_LEAST_SIDE: Final = 8
Place = tuple[int, int, int, int]
"""Left, top, width, height."""


class CameraTiles:
    """Of one run after the other."""

    def __init__(self, session_id: str, outbox: Outbox) -> None:
        self._session_id, self._outbox = session_id, outbox
        self._frame = 0
        self._next_s = 0.0
        self._wanted: dict[int, tuple[int, int]] = {}
        self._seen: dict[int, tuple[Pixels, Detections]] = {}

    def forget(self) -> None:
        """Another run begins."""
        self._wanted, self._seen = {}, {}

    def offer(self, camera: int, pixels: Pixels, found: Findings) -> None:
        """A frame that was inferred; called by the worker. Taken when this camera's picture is wanted."""
        size = self._wanted.pop(camera, None)
        if size is None:
            return
        boxes = found.boxes.copy()
        height, width = pixels.shape[:2]
        for name, scale in (("x1", size[0] / width), ("x2", size[0] / width), ("y1", size[1] / height), ("y2", size[1] / height)):
            boxes[name] *= scale
        small = np.empty((size[1], size[0], 3), np.uint8)
        cv2.resize(pixels, size, dst=small, interpolation=cv2.INTER_LINEAR)
        self._seen[camera] = (small, boxes)

    def show(self, cameras: Sequence[VirtualCamera], counts: Sequence[tuple[int, int]], seconds: float | None) -> None:
        """Show what was offered, and ask for more. `counts`: each camera's (due, missed); `seconds` since counting began."""
        size = self._outbox.preview_size()
        if size is None or min(size) < _LEAST_SIDE * MOST_TILES:
            self._wanted = {}
            return
        if time.monotonic() < self._next_s:
            return
        self._next_s = time.monotonic() + _BETWEEN_S
        first = cameras[:MOST_TILES]
        shapes = [(camera.source.info.width, camera.source.info.height) for camera in first]
        places = laid_out(shapes, *size)
        if self._seen:
            self._publish(first, counts, seconds, places, (size, len(cameras)))
        self._wanted = {number: place[2:] for number, place in enumerate(places)}

    def _publish(
        self,
        cameras: Sequence[VirtualCamera],
        counts: Sequence[tuple[int, int]],
        seconds: float | None,
        places: Sequence[Place],
        whole: tuple[tuple[int, int], int],
    ) -> None:
        (width, height), number_of_cameras = whole
        self._frame += 1
        tiles = tuple(
            _tile(number, camera, count, seconds, place)
            for number, (camera, count, place) in enumerate(zip(cameras, counts, places, strict=False))
        )
        # before the picture, so that whoever shows it has both
        self._outbox.send(CamerasSeen(self._session_id, self._frame, number_of_cameras, tiles))
        canvas = self._outbox.preview(width, height)
        found = []
        for number, (left, top, wide, high) in enumerate(places):
            target = canvas[top : top + high, left : left + wide]
            small, boxes = self._seen.get(number, (None, None))
            if small is None or boxes is None or small.shape[:2] != (high, wide):
                target[:] = 0
                continue
            cv2.cvtColor(small, cv2.COLOR_BGR2BGRA, dst=target)
            moved = boxes.copy()
            for name, by in (("x1", left), ("x2", left), ("y1", top), ("y2", top)):
                moved[name] += by
            found.append(moved)
        boxes_of_all = np.concatenate(found) if found else np.empty(0, DETECTION)
        self._outbox.publish(self._frame, time.perf_counter_ns(), (width, height), Findings(boxes_of_all))


def laid_out(shapes: Sequence[tuple[int, int]], width: int, height: int) -> list[Place]:
    """Where each picture of this (width, height) goes, in rows of equal cells; as many columns as make the pictures largest."""
    columns = max(range(1, len(shapes) + 1), key=lambda columns: (_area(shapes, width, height, columns), -columns))
    rows = -(-len(shapes) // columns)
    cell = (width - _GAP * (columns - 1)) / columns, (height - _GAP * (rows - 1)) / rows
    places = []
    for at, (wide, high) in enumerate(shapes):
        scale = min(cell[0] / wide, cell[1] / high)
        size = max(1, int(wide * scale)), max(1, int(high * scale))
        left = (at % columns) * (cell[0] + _GAP) + (cell[0] - size[0]) / 2
        top = (at // columns) * (cell[1] + _GAP) + (cell[1] - size[1]) / 2
        places.append((int(left), int(top), *size))
    return places


def _area(shapes: Sequence[tuple[int, int]], width: int, height: int, columns: int) -> float:
    rows = -(-len(shapes) // columns)
    cell = (width - _GAP * (columns - 1)) / columns, (height - _GAP * (rows - 1)) / rows
    if min(cell) < 1:
        return 0.0
    return sum(wide * high * min(cell[0] / wide, cell[1] / high) ** 2 for wide, high in shapes)


def _tile(number: int, camera: VirtualCamera, count: tuple[int, int], seconds: float | None, place: Place) -> CameraTile:
    due, missed = count
    done = len(camera.ages_ms)
    return CameraTile(
        number=number + 1,
        place=place,
        rate=camera.source.info.fps or 0.0,
        fps=done / seconds if seconds else None,
        age_ms=camera.ages_ms[-1] if done else None,
        missed=missed,
        due=due,
    )
