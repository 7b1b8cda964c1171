"""Pictures of cameras: made for whoever looks, and for nobody else."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.capacity import CamerasSeen
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.jobs import camera_tiles as module
from edgeperf_gui.engine.jobs.camera_tiles import CameraTiles, laid_out


class Looker:
    """An outbox whose window is so large."""

    def __init__(self, size: tuple[int, int] | None) -> None:
        self.size = size
        self.messages: list = []
        self.pictures: list = []

    def send(self, message) -> None:
        self.messages.append(message)

    def preview_size(self):
        return self.size

    def preview(self, width, height):
        self.canvas = np.full((height, width, 4), 7, np.uint8)
        return self.canvas

    def publish(self, frame, _ns, source_size, findings) -> None:
        self.pictures.append((frame, source_size, findings, self.canvas))

    def shown(self):
        return []


def camera(number: int, ages: list[float]) -> SimpleNamespace:
    info = SourceInfo("grey", 640, 272, 10.0, False)
    return SimpleNamespace(number=number, source=SimpleNamespace(info=info), ages_ms=ages)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BETWEEN_S", 0.0)


FOUND = Findings(np.array([(64, 27.2, 128, 136, 0.9, 2)], DETECTION))
PIXELS = np.full((272, 640, 3), 200, np.uint8)


def test_the_first_sixteen_of_forty_with_boxes_in_their_places(at_once) -> None:
    looker = Looker((800, 400))
    tiles = CameraTiles("s", looker)
    cameras = [camera(number, [10.0, 21.0]) for number in range(40)]
    counts = [(3, 1)] * 40
    tiles.offer(0, PIXELS, FOUND)
    tiles.show(cameras, counts, 2.0)
    assert not looker.pictures, "nothing was asked for yet"
    for number in range(40):
        tiles.offer(number, PIXELS, FOUND)
    tiles.show(cameras, counts, 2.0)
    (seen,) = looker.messages
    assert isinstance(seen, CamerasSeen) and (seen.cameras, len(seen.tiles), seen.frame) == (40, 16, 1)
    tile = seen.tiles[5]
    assert (tile.number, tile.fps, tile.age_ms, tile.missed, tile.due, tile.rate) == (6, 1.0, 21.0, 1, 3, 10.0)
    ((frame, size, found, canvas),) = looker.pictures
    assert (frame, size, len(found.boxes)) == (1, (800, 400), 16)
    left, top, wide, high = tile.place
    assert (canvas[top : top + high, left : left + wide, :3] == 200).all()
    box = found.boxes[5]
    assert box["x1"] == pytest.approx(left + wide * 0.1, abs=0.5) and box["y2"] == pytest.approx(top + high * 0.5, abs=0.5)


def test_while_nobody_looks_nothing_is_scaled_or_sent(at_once) -> None:
    looker = Looker((800, 400))
    tiles = CameraTiles("s", looker)
    cameras, counts = [camera(0, [])], [(0, 0)]
    tiles.show(cameras, counts, None)
    looker.size = None
    tiles.show(cameras, counts, None)
    tiles.offer(0, PIXELS, FOUND)
    assert not tiles._seen
    looker.size = (20, 20)
    tiles.show(cameras, counts, None)
    assert not looker.messages and not looker.pictures and not tiles._wanted


def test_a_camera_without_a_picture_is_black_and_a_resize_asks_again(at_once) -> None:
    looker = Looker((800, 400))
    tiles = CameraTiles("s", looker)
    cameras, counts = [camera(0, []), camera(1, [])], [(0, 0)] * 2
    tiles.show(cameras, counts, None)
    tiles.offer(1, PIXELS, FOUND)
    tiles.show(cameras, counts, None)
    left, top, wide, high = looker.messages[0].tiles[0].place
    assert not looker.pictures[0][3][top : top + high, left : left + wide].any() and looker.messages[0].tiles[0].fps is None
    looker.size = (400, 300)
    tiles.show(cameras, counts, 1.0)
    assert len(looker.pictures[1][2].boxes) == 0, "the picture of another size is not stretched"
    tiles.offer(1, PIXELS, FOUND)
    tiles.show(cameras, counts, 1.0)
    assert len(looker.pictures[2][2].boxes) == 1
    tiles.forget()
    assert not tiles._seen


@given(
    st.lists(st.tuples(st.integers(16, 4000), st.integers(16, 4000)), min_size=1, max_size=16),
    st.integers(200, 1900),
    st.integers(200, 1200),
)
def test_pictures_stay_within_and_apart_and_in_proportion(shapes, width, height) -> None:
    places = laid_out(shapes, width, height)
    assert len(places) == len(shapes)
    covered = np.zeros((height, width), np.uint8)
    for (wide, high), (left, top, w, h) in zip(shapes, places, strict=True):
        assert left >= 0 and top >= 0 and left + w <= width and top + h <= height and w >= 1 and h >= 1
        covered[top : top + h, left : left + w] += 1
        assert abs(w - h * wide / high) <= 1 + wide / high or min(w, h) == 1
    assert covered.max() <= 1
