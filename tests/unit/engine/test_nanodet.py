"""NanoDet's decoder on hand-made outputs: an input of 64 × 32 pixels, strides 16 and 32, three classes, bins 0…4."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.engine.decoders import DECODERS

OPTIONS = {
    "strides": [16, 32],
    "scores": ["score16", "score32"],
    "boxes": ["box16", "box32"],
    "bins": 5,
    "score_threshold": 0.5,
    "iou_threshold": 0.6,
}
CELLS = (8, 2)
CLASSES = 3
SAME_SIZE = Letterbox.fit((64, 32), (64, 32))


def card(**options):
    return ModelCard(
        name="toy",
        title="Toy",
        task="detection",
        licence="Apache-2.0",
        origin="made by hand",
        decoder="nanodet",
        input=InputCard(width=64, height=32),
        variants={"FP32": VariantCard("toy.xml", "FP32")},
        decoder_options=OPTIONS | options,
    )


def boxes_of(decode):
    """Only the boxes of what it finds."""
    return lambda outputs, letterbox: decode(outputs, letterbox).boxes


def decoder(**options):
    return boxes_of(DECODERS["nanodet"](card(**options))[1])


def silence():
    """Outputs in which no cell says anything."""
    scores = [np.zeros((1, cells, CLASSES), np.float32) for cells in CELLS]
    boxes = [np.zeros((1, cells, 4 * 5), np.float32) for cells in CELLS]
    return [*scores, *boxes]


def say(outputs, level, cell, label, score, reach):
    """Let a cell see an object that reaches `reach` (left, top, right, bottom; whole strides) from its centre."""
    outputs[level][0, cell, label] = score
    sides = np.full((4, 5), -100.0, np.float32)
    sides[np.arange(4), reach] = 100.0
    outputs[2 + level][0, cell] = sides.reshape(-1)


def corners(detection):
    return tuple(float(detection[name]) for name in ("x1", "y1", "x2", "y2"))


def test_outputs_are_asked_for_in_the_cards_order():
    assert DECODERS["nanodet"](card())[0] == ("score16", "score32", "box16", "box32")


def test_nothing_found():
    found = decoder()(silence(), SAME_SIZE)
    assert found.dtype == DETECTION
    assert len(found) == 0


def test_one_object():
    outputs = silence()
    # Cell 5 of the 4 × 2 grid is column 1, row 1: its centre is (1.5 · 16 − 0.5, 1.5 · 16 − 0.5).
    say(outputs, 0, 5, label=2, score=0.75, reach=(1, 1, 2, 0))
    (found,) = decoder()(outputs, SAME_SIZE)
    assert corners(found) == (7.5, 7.5, 55.5, 23.5)
    assert found["score"] == 0.75
    assert found["label"] == 2


def test_a_side_is_the_expectation_over_its_bins():
    outputs = silence()
    outputs[0][0, 5, 0] = 0.9
    sides = np.full((4, 5), -100.0, np.float32)
    sides[:, 0] = 0.0
    sides[:, 1] = math.log(3.0)  # a quarter says 0, three quarters say 1
    outputs[2][0, 5] = sides.reshape(-1)
    (found,) = decoder()(outputs, SAME_SIZE)
    assert corners(found) == pytest.approx((23.5 - 12, 23.5 - 12, 23.5 + 12, 32.0))


def test_levels_count_cells_and_strides_of_their_own():
    outputs = silence()
    say(outputs, 1, 1, label=1, score=0.6, reach=(1, 0, 0, 0))  # second cell of the 2 × 1 grid: centre (47.5, 15.5)
    outputs[3][0, 1, 3 * 5 :] = [-100, -100, -100, -100, -100]  # bottom: all alike, so 2 on average
    (found,) = decoder()(outputs, SAME_SIZE)
    assert corners(found) == (15.5, 15.5, 47.5, 32.0)


def test_boxes_go_back_through_the_letterbox():
    outputs = silence()
    say(outputs, 0, 5, label=0, score=0.75, reach=(1, 1, 2, 0))
    # A square frame of 320 lies as 32 × 32 at x = 16, so a pixel of the input is ten of the source.
    (found,) = decoder()(outputs, Letterbox.fit((320, 320), (64, 32)))
    assert corners(found) == (0.0, 75.0, 320.0, 235.0)


def test_a_box_wholly_in_the_padding_is_dropped():
    outputs = silence()
    say(outputs, 0, 0, label=0, score=0.9, reach=(0, 1, 0, 1))
    assert len(decoder()(outputs, Letterbox.fit((320, 320), (64, 32)))) == 0


def test_best_first_and_suppressed_within_a_class_only():
    outputs = silence()
    say(outputs, 0, 1, label=0, score=0.7, reach=(1, 0, 2, 1))  # the same box,
    say(outputs, 0, 2, label=0, score=0.8, reach=(2, 0, 1, 1))  # seen better from the next cell
    outputs[0][0, 1, 1] = 0.9  # and as another class
    found = decoder()(outputs, SAME_SIZE)
    assert [(round(float(row["score"]), 3), int(row["label"])) for row in found] == [(0.9, 1), (0.8, 0)]


def test_boxes_that_overlap_little_all_stay():
    outputs = silence()
    say(outputs, 0, 0, label=0, score=0.7, reach=(0, 0, 2, 1))
    say(outputs, 0, 2, label=0, score=0.8, reach=(1, 0, 1, 1))  # IoU 1/3
    assert len(decoder()(outputs, SAME_SIZE)) == 2


def test_the_threshold_can_be_lowered_and_includes_its_own_value():
    outputs = silence()
    say(outputs, 0, 5, label=0, score=0.25, reach=(1, 1, 1, 1))
    assert len(decoder()(outputs, SAME_SIZE)) == 0
    _, lower = DECODERS["nanodet"](card(), score_threshold=0.25)
    assert lower(outputs, SAME_SIZE).count == 1


def test_a_threshold_of_zero_does_not_let_silence_through():
    _, lowest = DECODERS["nanodet"](card(), score_threshold=0.0)
    assert lowest(silence(), SAME_SIZE).count == 0


def test_all_above_the_threshold_is_bounded():
    outputs = silence()
    for level in (0, 1):
        for cell in range(CELLS[level]):
            say(outputs, level, cell, 0, 0.6 + cell / 100, (1, 1, 1, 1))
        outputs[level][:] = outputs[level].max(axis=2, keepdims=True)
    assert len(decoder(max_detections=4)(outputs, SAME_SIZE)) == 4
    (best,) = decoder(max_candidates=1, max_detections=1)(outputs, SAME_SIZE)
    assert best["score"] == np.float32(0.67)


@pytest.mark.parametrize("damage", [math.nan, math.inf, -math.inf])
def test_damaged_numbers_never_become_a_box(damage):
    outputs = silence()
    outputs[0][0, 0, 0] = damage
    say(outputs, 0, 5, label=0, score=0.9, reach=(1, 1, 1, 1))
    outputs[2][0, 4] = damage
    outputs[0][0, 4, 1] = 0.9
    found = decoder()(outputs, SAME_SIZE)
    assert 0.9 in [pytest.approx(score) for score in found["score"].tolist()]
    assert all(np.isfinite(found[name]).all() for name in DETECTION.names)
    assert not (found["label"] == 1).any()


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.float32, (1, 8, 3), elements=st.floats(width=32)),
    hnp.arrays(np.float32, (1, 8, 20), elements=st.floats(width=32)),
    st.integers(1, 5000),
    st.integers(1, 5000),
)
def test_whatever_the_network_says_boxes_lie_in_the_frame(scores, boxes, width, height):
    outputs = silence()
    outputs[0], outputs[2] = scores, boxes
    found = decoder()(outputs, Letterbox.fit((width, height), (64, 32)))
    assert ((found["x1"] >= 0) & (found["x1"] < found["x2"]) & (found["x2"] <= width)).all()
    assert ((found["y1"] >= 0) & (found["y1"] < found["y2"]) & (found["y2"] <= height)).all()
    assert ((found["score"] >= 0.5) & (found["score"] <= 1.0)).all()
    assert (np.diff(found["score"]) <= 0).all()
    assert np.isin(found["label"], range(CLASSES)).all()


def test_results_do_not_share_memory_between_frames():
    outputs = silence()
    say(outputs, 0, 5, label=2, score=0.75, reach=(1, 1, 2, 0))
    decode = decoder()
    first = decode(outputs, SAME_SIZE)
    before = first.copy()
    say(outputs, 0, 5, label=1, score=0.8, reach=(0, 0, 1, 1))
    decode(outputs, SAME_SIZE)
    assert (first == before).all()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"strides": [16]}, "1 strides, 2 scores and 2 boxes"),
        ({"strides": []}, "strides"),
        ({"strides": [0, 32]}, "strides"),
        ({"bins": 1}, "bins"),
        ({"bins": "eleven"}, "bins"),
        ({"score_threshold": 1.5}, "score_threshold"),
        ({"iou_threshold": -0.1}, "iou_threshold"),
        ({"anchors": 3}, "anchors"),
    ],
)
def test_options_that_cannot_be_used(options, told):
    with pytest.raises(ModelError, match=told) as caught:
        decoder(**options)
    assert "card.toml" in caught.value.remedy


def test_an_option_that_is_missing():
    lacking = msgspec.structs.replace(card(), decoder_options={"strides": [8]})
    with pytest.raises(ModelError, match="scores"):
        DECODERS["nanodet"](lacking)


@pytest.mark.parametrize("output", range(4))
def test_outputs_of_another_shape_are_refused(output):
    outputs = silence()
    outputs[output] = np.zeros((1, 7, outputs[output].shape[2]), np.float32)
    with pytest.raises(ModelError, match="were expected"):
        decoder()(outputs, SAME_SIZE)
