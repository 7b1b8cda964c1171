from __future__ import annotations

import multiprocessing
import time

import numpy as np
import pytest

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.link.frame_slots import (
    MAX_CLASSES,
    MAX_DETECTIONS,
    MAX_MASK_PIXELS,
    MAX_PIXELS,
    MAX_TEXT_BYTES,
    FrameSlots,
    fit_view,
)

CONTEXT = multiprocessing.get_context("spawn")
SIZES = [(1, 1), (320, 180), (333, 77), (640, 360), (800, 600)]
MASKS = [None, (1, 1), (52, 31), (512, 512)]


@pytest.fixture
def slots():
    return FrameSlots.create(CONTEXT)


def findings(frame):
    """Something of everything, all of it told by the frame's number."""
    found = np.zeros(frame % 7, DETECTION)
    found["label"] = frame
    shape = MASKS[frame % len(MASKS)]
    return Findings(
        found,
        tuple((frame + place, frame / 2) for place in range(frame % 5)),
        None if shape is None else np.full(shape, frame % 256, np.uint8),
        (f"frame {frame}",) * (frame % 3),
    )


def put(slots, frame, size=(8, 4)):
    slots.preview(*size)[:] = frame % 251
    slots.publish(frame, frame * 10, (frame, 2 * frame), findings(frame))


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
    found = preview.findings
    assert len(found.boxes) == frame % 7
    assert (found.boxes["label"] == frame).all()
    assert found.classes == tuple((frame + place, frame / 2) for place in range(frame % 5))
    assert found.values == (f"frame {frame}",) * (frame % 3)
    shape = MASKS[frame % len(MASKS)]
    assert (found.mask is None) if shape is None else (found.mask.shape == shape and (found.mask == frame % 256).all())
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
    slots.publish(3, 0, (1, 1), Findings())
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
    slots.publish(1, 0, (1, 1), Findings(np.zeros(MAX_DETECTIONS + 9, DETECTION)))
    assert len(slots.take().findings.boxes) == MAX_DETECTIONS
    with pytest.raises(ValueError, match="does not fit"):
        slots.preview(MAX_PIXELS + 1, 1)
    with pytest.raises(ValueError, match="without"):
        slots.publish(1, 0, (1, 1), Findings())


@pytest.mark.parametrize(("view", "fitted"), [((0, 0), None), ((5, -1), None), ((640, 360), (640, 360)), ((1, 1), (1, 1))])
def test_a_view_is_fitted(view, fitted):
    assert fit_view(*view) == fitted


def test_a_huge_view_keeps_its_proportion():
    width, height = fit_view(7680, 4320)
    assert width * height <= MAX_PIXELS
    assert width / height == pytest.approx(16 / 9, rel=0.01)


def sent(slots, found):
    slots.preview(1, 1)
    slots.publish(1, 0, (1, 1), found)
    return slots.take().findings


def test_nothing_found_arrives_as_nothing(slots):
    found = sent(slots, Findings())
    assert (len(found.boxes), found.classes, found.mask, found.values, found.count) == (0, (), None, (), 0)


def test_too_many_classes_are_cut_to_the_best(slots):
    classes = tuple((label, 1 / (label + 1)) for label in range(20))
    assert sent(slots, Findings(classes=classes)).classes == classes[:MAX_CLASSES]


def test_long_text_is_cut_between_letters(slots):
    found = sent(slots, Findings(values=("–" * MAX_TEXT_BYTES,)))  # three bytes each
    assert found.values == ("–" * (MAX_TEXT_BYTES // 3),)
    assert sent(slots, Findings(values=("a", "", "ß \ud800"))).values == ("a", "", "ß ?")


@pytest.mark.parametrize("shape", [(512, 896), (1024, 2048), (3, 400_000), (400_000, 3), (1, 300_000), (513, 512)])
def test_a_large_mask_is_thinned_out_evenly(slots, shape):
    mask = np.zeros(shape, np.uint8)
    mask[shape[0] // 2 :] = 1
    mask[:, shape[1] // 2 :] += 2
    found = sent(slots, Findings(mask=mask)).mask
    assert 0.4 * MAX_MASK_PIXELS < found.size <= MAX_MASK_PIXELS
    assert (found.shape[0] < found.shape[1]) == (shape[0] < shape[1])
    if min(shape) > 500:
        assert found[0, 0] == 0 and found[-1, -1] == 3 and found[-1, 0] == 1 and found[0, -1] == 2
        assert found.shape[1] / found.shape[0] == pytest.approx(shape[1] / shape[0], rel=0.01)
        assert (found == 3).mean() == pytest.approx(0.25, abs=0.01)


def test_what_was_taken_stays_when_the_slot_is_written_again(slots):
    first = sent(slots, Findings(mask=np.full((4, 4), 7, np.uint8), values=("first",)))
    for frame in range(2, 6):
        put(slots, frame)
    assert (first.mask == 7).all() and first.values == ("first",)
