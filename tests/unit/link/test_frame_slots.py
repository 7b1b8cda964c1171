from __future__ import annotations

import multiprocessing
import time

import numpy as np
import pytest

from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.link.frame_slots import MAX_DETECTIONS, MAX_PIXELS, FrameSlots, fit_view

CONTEXT = multiprocessing.get_context("spawn")
SIZES = [(1, 1), (320, 180), (333, 77), (640, 360), (800, 600)]


@pytest.fixture
def slots():
    return FrameSlots.create(CONTEXT)


def objects(frame):
    found = np.zeros(frame % 7, DETECTION)
    found["label"] = frame
    return found


def put(slots, frame, size=(8, 4)):
    slots.preview(*size)[:] = frame % 251
    slots.publish(frame, frame * 10, (frame, 2 * frame), objects(frame))


def hammer(slots, done):
    frame = 0
    while not done.is_set():
        frame += 1
        put(slots, frame, SIZES[frame % len(SIZES)])


def check(preview):
    frame = preview.frame
    width, height = SIZES[frame % len(SIZES)]
    assert preview.pixels.shape == (height, width, 4)
    assert (preview.pixels == frame % 251).all()
    assert len(preview.detections) == frame % 7
    assert (preview.detections["label"] == frame).all()
    assert preview.source_size == (frame, 2 * frame)
    assert preview.post_end_ns == frame * 10


def test_no_picture_is_ever_torn_and_numbers_only_grow(slots):
    done = CONTEXT.Event()
    writer = CONTEXT.Process(target=hammer, args=(slots, done), daemon=True)
    writer.start()
    try:
        last, taken, deadline = 0, 0, time.monotonic() + 60
        while taken < 400 and time.monotonic() < deadline:
            preview = slots.take()
            if preview is not None:
                check(preview)
                assert preview.frame > last
                last, taken = preview.frame, taken + 1
        assert taken == 400
    finally:
        done.set()
        writer.join(10)
        writer.kill()
        writer.join()
        writer.close()


def test_nothing_at_first_then_each_picture_once_and_the_newest_wins(slots):
    assert slots.take() is None
    for frame in range(1, 8):
        put(slots, frame)
    assert slots.take().frame == 7
    assert slots.take() is None


def test_a_picture_half_drawn_is_not_seen_and_the_last_one_stays(slots):
    put(slots, 1)
    slots.preview(8, 4)[:] = 99
    assert slots.take().frame == 1
    slots.preview(2, 2)[:] = 3
    slots.publish(3, 0, (1, 1), np.zeros(0, DETECTION))
    assert slots.take().pixels.shape == (2, 2, 4)


def test_the_last_picture_stays_as_it_is_while_the_next_is_taken(slots):
    put(slots, 1)
    first = slots.take()
    put(slots, 2)
    second = slots.take()
    assert (first.pixels == 1).all() and (second.pixels == 2).all()


def test_reset_forgets_everything_also_a_writer_that_died(slots):
    put(slots, 5)
    slots.preview(4, 4)
    slots.reset()
    assert slots.take() is None
    put(slots, 1)
    assert slots.take().frame == 1


def test_too_many_objects_are_cut_and_too_many_pixels_refused(slots):
    slots.preview(1, 1)
    slots.publish(1, 0, (1, 1), np.zeros(MAX_DETECTIONS + 9, DETECTION))
    assert len(slots.take().detections) == MAX_DETECTIONS
    with pytest.raises(ValueError, match="does not fit"):
        slots.preview(MAX_PIXELS + 1, 1)
    with pytest.raises(ValueError, match="without"):
        slots.publish(1, 0, (1, 1), np.zeros(0, DETECTION))


@pytest.mark.parametrize(("view", "fitted"), [((0, 0), None), ((5, -1), None), ((640, 360), (640, 360)), ((1, 1), (1, 1))])
def test_a_view_is_fitted(view, fitted):
    assert fit_view(*view) == fitted


def test_a_huge_view_keeps_its_proportion():
    width, height = fit_view(7680, 4320)
    assert width * height <= MAX_PIXELS
    assert width / height == pytest.approx(16 / 9, rel=0.01)
