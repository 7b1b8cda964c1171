"""Drawn scenes: deterministic, endless, and true to their own ground truth."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.engine.sources.scene import HEIGHT, SCENES, WIDTH, SceneSource


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_the_same_every_time_and_moves(name):
    one, other = SceneSource(f"scene:{name}"), SceneSource(f"scene:{name}")
    frames = [one.read(None).pixels.copy() for _ in range(40)]
    buffer = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for expected in frames:
        frame = other.read(buffer)
        assert frame.pixels is buffer
        assert np.array_equal(buffer, expected)
    assert not np.array_equal(frames[0], frames[1])
    one.rewind()
    assert np.array_equal(one.read(None).pixels, frames[0])
    assert (one.info.width, one.info.height, one.info.fps, one.info.live, one.info.frames) == (1280, 720, 30.0, False, None)


@pytest.mark.parametrize("name", SCENES)
def test_everything_that_differs_from_the_background_is_ground_truth(name):
    world = SCENES[name]()
    picture = np.empty_like(world.background)
    for frame in (0, 91, 5000, 1_000_000):
        world.draw(frame, picture)
        changed = (picture != world.background).any(axis=2)
        for placed in world.placed(frame):
            assert 0 <= placed.x1 < placed.x2 <= WIDTH
            assert 0 <= placed.y1 < placed.y2 <= HEIGHT
            changed[placed.y1 : placed.y2, placed.x1 : placed.x2] = False
        assert not changed.any()


def test_an_unknown_scene_lists_the_known_ones():
    with pytest.raises(SourceError, match="scene:road or scene:crossing"):
        SceneSource("scene:moon")
