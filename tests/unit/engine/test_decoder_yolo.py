"""The YOLO heads on hand-made outputs: an input of 64 × 32 pixels, so 8 × 4, 4 × 2 and 2 × 1 cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, TENFOLD, build, card, lies_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders import DECODERS

CELLS = 32 + 8 + 2
CLASSES = 3


def table(*said, rows_=CELLS):
    """`[1, rows, 5 + classes]` in which only the given rows (row, x, y, w, h, objectness, *scores) say something."""
    output = np.zeros((1, rows_, 5 + CLASSES), np.float32)
    for row, *values in said:
        output[0, row, : len(values)] = values
    return output


# YOLOX --------------------------------------------------------------------------------------------------------------------------


def test_yolox_decodes_by_cell_and_stride():
    # Row 32 + 5 is cell (1, 1) of the second level, stride 16: centre (16 + 0.5 · 16, 16 + 0.25 · 16) = (24, 20).
    output = table((37, 0.5, 0.25, math.log(1.5), math.log(0.5), 0.8, 0.1, 0.9))
    assert rows(build("yolox")([output], SAME_SIZE)) == [(12, 16, 36, 24, 0.72, 1)]
    # A pixel of the input is ten of the source, whose left edge is at 16.
    assert rows(build("yolox")([output], TENFOLD)) == [(0, 160, 200, 240, 0.72, 1)]


def test_yolox_counts_levels_in_the_order_of_the_strides():
    output = table((0, 1, 1, 0, 0, 1, 1), (41, 0.5, 0.5, 0, 0, 1, 0, 1))
    assert rows(build("yolox")([output], SAME_SIZE)) == [(4, 4, 12, 12, 1, 0), (32, 0, 64, 32, 1, 1)]
    only = build("yolox", strides=[32])
    assert rows(only([table((1, 0.5, 0.5, 0, 0, 1, 0, 1), rows_=2)], SAME_SIZE)) == [(32, 0, 64, 32, 1, 1)]


def test_yolox_needs_objectness_and_class():
    output = table((0, 1, 1, 0, 0, 0.5, 0.6), (1, 1, 1, 0, 0, 0.3, 1.0))
    assert build("yolox")([output], SAME_SIZE).count == 0
    assert [row[4] for row in rows(build("yolox", 0.3)([output], SAME_SIZE))] == [0.3, 0.3]


def test_yolox_merges_within_a_class_only():
    output = table((0, 1, 1, 0, 0, 0.9, 0.9), (1, 0, 1, 0, 0, 0.8, 0.9), (8, 1, 0, 0, 0, 0.7, 0, 1.0))
    assert [row[5] for row in rows(build("yolox")([output], SAME_SIZE))] == [0, 1]


# YOLOv5 -------------------------------------------------------------------------------------------------------------------------


def test_yolov5_reads_what_the_export_decoded():
    output = table((7, 24, 20, 24, 8, 0.8, 0.1, 0.9), rows_=3 * CELLS)
    assert rows(build("yolov5")([output], SAME_SIZE)) == [(12, 16, 36, 24, 0.72, 1)]
    assert rows(build("yolov5")([output], TENFOLD)) == [(0, 160, 200, 240, 0.72, 1)]


def raw_maps(apart):
    """Three silent maps; the second says in cell (column 1, row 1), anchor 2: sigmoid(0) everywhere but label 2."""
    maps = [np.full((1, 3, 32 // stride, 64 // stride, 5 + CLASSES), -50, np.float32) for stride in (8, 16, 32)]
    maps[1][0, 2, 1, 1] = [0, 0, 0, 0, 50, -50, -50, math.log(3)]
    return maps if apart else [level.transpose(0, 1, 4, 2, 3).reshape(1, -1, *level.shape[2:4]) for level in maps]


@pytest.mark.parametrize("apart", [True, False])
def test_yolov5_raw_maps(apart):
    # Centre (0.5 · 2 − 0.5 + 1) · 16 = 24 both ways; size is the anchor, 20 × 8; score the sigmoid of log 3, three quarters.
    anchors = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 20, 8, 7, 7, 8, 8, 9, 9]
    decode = build("yolov5", head="raw", anchors=anchors)
    assert rows(decode(raw_maps(apart), SAME_SIZE)) == [(14, 20, 34, 28, 0.75, 2)]


def test_yolov5_raw_maps_alone_say_nothing():
    silent = [np.full((1, 24, 32 // stride, 64 // stride), -50, np.float32) for stride in (8, 16, 32)]
    assert build("yolov5", head="raw")(silent, SAME_SIZE).count == 0


def test_yolov5_anchors_must_match_the_strides():
    with pytest.raises(ModelError, match="18 anchor sizes for 2 strides"):
        build("yolov5", head="raw", strides=[8, 16])


# YOLOv8 -------------------------------------------------------------------------------------------------------------------------


def columns(*said):
    """`[1, 4 + classes, cells]`."""
    output = np.zeros((1, 4 + CLASSES, CELLS), np.float32)
    for column, *values in said:
        output[0, : len(values), column] = values
    return output


def test_yolov8_has_no_objectness():
    output = columns((7, 24, 20, 24, 8, 0.1, 0.72, 0.2), (9, 50, 10, 8, 8, 0.9))
    assert rows(build("yolov8")([output], SAME_SIZE)) == [(46, 6, 54, 14, 0.9, 0), (12, 16, 36, 24, 0.72, 1)]
    assert rows(build("yolov8")([output], TENFOLD)) == [(300, 60, 320, 140, 0.9, 0), (0, 160, 200, 240, 0.72, 1)]


def test_yolov8_turned_round_is_the_same():
    output = columns((7, 24, 20, 24, 8, 0.1, 0.72, 0.2))
    turned = np.ascontiguousarray(output.transpose(0, 2, 1))
    assert rows(build("yolov8", cells="first")([turned], SAME_SIZE)) == rows(build("yolov8")([output], SAME_SIZE))


def test_yolov8_a_cell_may_be_two_things():
    found = build("yolov8")([columns((7, 24, 20, 24, 8, 0.6, 0.72))], SAME_SIZE)
    assert [row[4:] for row in rows(found)] == [(0.72, 1), (0.6, 0)]


def test_yolov8_leaves_mask_coefficients_alone():
    output = columns((7, 24, 20, 24, 8, 0.1, 0.72, 0.99))
    assert [row[5] for row in rows(build("yolov8", classes=2)([output], SAME_SIZE))] == [1]


def test_yolov8_in_half_precision():
    output = columns((7, 24, 20, 24, 8, 0.125, 0.75)).astype(np.float16)
    assert rows(build("yolov8")([output], SAME_SIZE)) == [(12, 16, 36, 24, 0.75, 1)]


# NMS inside the graph -----------------------------------------------------------------------------------------------------------


def test_rows_of_objects_are_only_ranked():
    output = np.array([[(1, 2, 11, 12, 0.5, 2), (1, 2, 11, 12, 0.9, 2), (0, 0, 5, 5, 0.2, 0), (0, 0, 0, 0, 0, 0)]], np.float32)
    expected = [(1, 2, 11, 12, 0.9, 2), (1, 2, 11, 12, 0.5, 2)]
    assert rows(build("yolo_nms")([output], SAME_SIZE)) == expected
    assert rows(build("yolo_nms")([output[0]], SAME_SIZE)) == expected


def test_rows_of_objects_go_back_through_the_letterbox():
    output = np.array([[(20, 4, 28, 12, 0.5, 1)]], np.float32)
    assert rows(build("yolo_nms")([output], TENFOLD)) == [(40, 40, 120, 120, 0.5, 1)]


def test_columns_may_stand_otherwise_and_be_shares():
    columns_ = ["image", "x1", "y1", "x2", "y2", "label", "score"]
    output = np.array([(0, 0.25, 0.5, 0.5, 0.75, 3, 0.8)], np.float32)
    decode = build("yolo_nms", columns=columns_, coordinates="shares")
    assert rows(decode([output], SAME_SIZE)) == [(16, 16, 32, 24, 0.8, 3)]


def test_no_rows_at_all():
    assert build("yolo_nms")([np.empty((1, 0, 6), np.float32)], SAME_SIZE).count == 0


def test_rows_with_damaged_labels_are_dropped():
    output = np.array([[(1, 1, 9, 9, 0.9, label) for label in (math.nan, math.inf, -1, 3e9, 2)]], np.float32)
    assert [row[5] for row in rows(build("yolo_nms")([output], SAME_SIZE))] == [2]


@pytest.mark.parametrize(
    "columns_", [["x1", "y1", "x2", "y2", "score", "score"], ["x1", "x1", "y1", "x2", "y2", "score", "label"]]
)
def test_each_column_is_needed_once(columns_):
    with pytest.raises(ModelError, match="once in `columns`"):
        build("yolo_nms", columns=columns_)


# All of them --------------------------------------------------------------------------------------------------------------------

HEADS = {
    "yolox": ({}, [(1, CELLS, 8)]),
    "yolov5": ({}, [(1, 20, 8)]),
    "yolov5 raw": ({"head": "raw"}, [(1, 24, 4, 8), (1, 24, 2, 4), (1, 3, 1, 2, 8)]),
    "yolov8": ({}, [(1, 7, 20)]),
    "yolov8 turned": ({"cells": "first"}, [(1, 20, 7)]),
    "yolo_nms": ({}, [(1, 20, 6)]),
    "yolo_nms shares": ({"coordinates": "shares"}, [(20, 6)]),
}


@pytest.mark.parametrize("head", HEADS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), width=st.integers(1, 4000), height=st.integers(1, 4000))
def test_whatever_the_network_says_boxes_lie_in_the_frame(head, data, width, height):
    options, shapes = HEADS[head]
    elements = st.one_of(st.floats(0, 1, width=32), st.floats(width=32), st.sampled_from([0.0, 0.5, 1.0, 30.0]))
    outputs = [data.draw(hnp.arrays(np.float32, shape, elements=elements)) for shape in shapes]
    found = build(head.split()[0], **options)(outputs, Letterbox.fit((width, height), (64, 32)))
    assert lies_in(found, width, height)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("shape", [(), (0,), (7,), (2, 20, 8), (1, 4, 4), (1, 1, 1, 1, 1, 1)])
def test_outputs_of_another_shape_are_refused(head, shape):
    options, shapes = HEADS[head]
    with pytest.raises(ModelError) as caught:
        build(head.split()[0], **options)([np.zeros(shape, np.float32)] * len(shapes), SAME_SIZE)
    assert "card.toml" in caught.value.remedy


@pytest.mark.parametrize("head", HEADS)
def test_too_few_outputs_are_refused(head):
    options, _ = HEADS[head]
    with pytest.raises(ModelError, match="has 0 outputs"):
        build(head.split()[0], **options)([], SAME_SIZE)


@pytest.mark.parametrize("head", ["yolox", "yolov5", "yolov8", "yolo_nms"])
def test_options_are_checked(head):
    for wrong in ({"anchor": 1}, {"score_threshold": 2.0}, {"max_detections": 0}):
        with pytest.raises(ModelError, match=next(iter(wrong))):
            DECODERS[head](card(head, **wrong))


def test_yolox_refuses_another_number_of_cells():
    with pytest.raises(ModelError, match=r"\[1, 41, 8\] where \[1, 42, 5 \+ classes\]"):
        build("yolox")([np.zeros((1, 41, 8), np.float32)], SAME_SIZE)


def test_results_do_not_share_memory_with_the_outputs():
    output = np.array([[(20, 4, 28, 12, 0.5, 1)]], np.float32)
    kept = output.copy()
    found = build("yolo_nms")([output], TENFOLD)
    assert (output == kept).all(), "the request's memory is not scratch paper"
    output[:] = 0
    assert rows(found) == [(40, 40, 120, 120, 0.5, 1)]
