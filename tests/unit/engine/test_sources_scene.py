"""Drawn scenes: deterministic, endless, true to their own ground truth in every light, and open to every parameter."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgeperf_gui.analysis.scenes.vehicles import KINDS
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.engine.scenery.picture import Scene
from edgeperf_gui.engine.sources.scene import SCENES, SceneSource
from edgeperf_gui.engine.sources.source import GoesOn

SMALL = "size=640x360"


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("light", ["day", "night", "rain"])
def test_a_scene_is_the_same_every_time_and_moves(name: str, light: str) -> None:
    address = f"scene:{name}?{SMALL}&light={light}"
    one, other = SceneSource(address), SceneSource(address)
    frames = []
    for number in range(8):
        frame = one.read(None)
        assert frame is not None
        assert frame.number == number
        frames.append(frame.pixels.copy())
    buffer = np.full((360, 640, 3), 255, np.uint8)
    for expected in frames:
        frame = other.read(buffer)
        assert frame is not None
        assert frame.pixels is buffer
        assert np.array_equal(buffer, expected)
    assert not np.array_equal(frames[0], frames[1])
    one.rewind()
    again = one.read(None)
    assert again is not None
    assert np.array_equal(again.pixels, frames[0])
    assert (one.info.width, one.info.height, one.info.fps, one.info.live, one.info.frames) == (640, 360, 30.0, False, None)
    one.close()


@pytest.mark.parametrize("name", SCENES)
def test_any_frame_can_be_drawn_at_once(name: str) -> None:
    """What was drawn before leaves no trace: cached sprites are those that would be painted anew."""
    spec = parse(f"scene:{name}?{SMALL}")
    long, fresh = Scene(spec), Scene(spec)
    picture, expected = np.empty((360, 640, 3), np.uint8), np.empty((360, 640, 3), np.uint8)
    for number in (0, 700, 701, 300, 10_000, 701):
        long.draw(number, picture)
    fresh.draw(701, expected)
    assert np.array_equal(picture, expected)


def test_the_world_goes_on_while_nobody_looks() -> None:
    source, other = SceneSource(f"scene:highway?{SMALL}"), SceneSource(f"scene:highway?{SMALL}")
    assert isinstance(source, GoesOn)
    source.skip(5)
    late = source.read(None)
    frames = [other.read(None) for _ in range(6)]
    assert late is not None
    assert frames[5] is not None
    assert late.number == 5
    assert np.array_equal(late.pixels, frames[5].pixels)


def kinds_seen(scene: Scene) -> dict[str, tuple[int, int]]:
    """A frame and a vehicle of each kind that stands free and large in it."""
    found: dict[str, tuple[int, int]] = {}
    for number in range(0, 4000, 25):
        for one in scene.truth(number):
            inside = one.x1 > 2 and one.y1 > 2 and one.x2 < scene.spec.width - 2 and one.y2 < scene.spec.height - 2
            if one.visibility == 1.0 and inside and one.y2 - one.y1 > 60:
                found.setdefault(one.kind, (number, one.id))
    return found


@pytest.mark.parametrize(("name", "kinds"), [("highway", KINDS), ("parking-lot", ("car", "suv", "van"))])
def test_a_box_is_what_is_drawn(name: str, kinds: tuple[str, ...]) -> None:
    """With and without one vehicle: what differs lies in its box or is its shadow, and fills the box to each side."""
    scene = Scene(parse(f"scene:{name}?noise=0&density=9"))
    with_it, without = (np.empty((720, 1280, 3), np.uint8) for _ in range(2))
    found = kinds_seen(scene)
    assert set(found) == set(kinds)
    for number, vehicle in found.values():
        scene.draw(number, with_it)
        scene.draw(number, without, without=vehicle)
        box = next(one for one in scene.truth(number) if one.id == vehicle)
        brighter, darker = cv2.subtract(with_it, without).any(axis=2), cv2.subtract(without, with_it).any(axis=2)
        outside = np.ones((720, 1280), bool)
        outside[int(box.y1) - 1 : int(box.y2) + 2, int(box.x1) - 1 : int(box.x2) + 2] = False
        assert not (brighter & outside).any(), "a shadow only darkens"
        # nothing but the shadow leaves the box, and it lies no farther than the sun casts it
        rows, columns = np.nonzero(darker & outside)
        assert rows.size == 0 or (rows.min() > box.y1 and rows.max() < box.y2 + 0.7 * (box.y2 - box.y1))
        assert columns.size == 0 or columns.max() < box.x2 + 1.6 * (box.y2 - box.y1)
        inside = (brighter | darker) & ~outside
        rows, columns = np.nonzero(inside)
        assert (rows.min(), columns.min()) == pytest.approx((box.y1, box.x1), abs=2.5)
        assert (rows.max(), columns.max()) == pytest.approx((box.y2, box.x2), abs=2.5)
        assert inside.sum() > 0.5 * (box.x2 - box.x1) * (box.y2 - box.y1)


def test_an_empty_place_is_the_background() -> None:
    scene = Scene(parse(f"scene:highway?{SMALL}&noise=0"))
    picture = np.empty((360, 640, 3), np.uint8)
    scene.draw(77, picture)
    changed = (picture != scene.background).any(axis=2)
    assert changed.any()
    for one in scene.truth(77):  # a box with room for its shadow
        tall, wide = one.y2 - one.y1, one.x2 - one.x1
        area = np.s_[int(one.y1) - 1 : int(one.y2 + tall) + 2, int(one.x1 - wide) - 2 : int(one.x2 + 2 * wide) + 2]
        changed[max(0, area[0].start) : area[0].stop, max(0, area[1].start) : area[1].stop] = False
    assert not changed.any()


def test_noise_is_as_strong_as_asked_and_new_in_every_frame() -> None:
    quiet, loud = Scene(parse(f"scene:highway?{SMALL}&noise=0")), Scene(parse(f"scene:highway?{SMALL}&noise=6"))
    plain, noisy, next_noisy = (np.empty((360, 640, 3), np.uint8) for _ in range(3))
    quiet.draw(3, plain)
    loud.draw(3, noisy)
    loud.draw(4, next_noisy)
    grain = noisy.astype(int) - plain
    assert grain.std() == pytest.approx(6, abs=0.4)
    assert abs(grain.mean()) < 0.2
    sky = np.s_[:40, :]
    assert not np.array_equal(noisy[sky], next_noisy[sky])


def test_each_light_and_seed_is_another_picture() -> None:
    pictures = []
    for parameters in ("", "&light=night", "&light=rain", "&seed=2", "&height=12"):
        source = SceneSource(f"scene:highway?{SMALL}{parameters}")
        frame = source.read(None)
        assert frame is not None
        pictures.append(frame.pixels)
    day, night, rain = (picture.mean() for picture in pictures[:3])
    assert night < 0.6 * day
    assert night < rain
    for at, one in enumerate(pictures):
        assert not any(np.array_equal(one, other) for other in pictures[:at])


def test_former_names_are_opened_as_what_took_their_place() -> None:
    assert SceneSource("scene:road").info.title == "scene:highway"
    assert SceneSource("scene:crossing").info.title == "scene:parking-lot"
    assert SceneSource("scene:highway?seed=1&fps=60").info.title == "scene:highway?fps=60"


def test_an_unknown_scene_lists_the_known_ones() -> None:
    with pytest.raises(SourceError, match="scene:parking-lot or scene:highway"):
        SceneSource("scene:moon")


@pytest.mark.parametrize("size", ["160x90", "800x800", "1000x400"])
@pytest.mark.parametrize("name", SCENES)
def test_any_size_can_be_drawn(name: str, size: str) -> None:
    source = SceneSource(f"scene:{name}?size={size}&light=night&height=20")
    frame = source.read(None)
    assert frame is not None
    width, height = map(int, size.split("x"))
    assert frame.pixels.shape == (height, width, 3)
    assert source.truth(0)
