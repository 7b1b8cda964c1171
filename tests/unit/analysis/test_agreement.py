"""Agreement: exactly one with itself, by hand otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from edgeperf_gui.analysis.agreement import AgreementSoFar, box_agreement, cosine, nmse
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION

tensors = arrays(np.float32, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e6, 1e6, width=32))


@given(tensors)
def test_a_tensor_agrees_with_itself_exactly(tensor: np.ndarray) -> None:
    assert nmse(tensor, tensor.copy()) == 0.0
    assert cosine(tensor, tensor.copy()) == (1.0 if tensor.any() else None)


def test_by_hand() -> None:
    reference, other = np.array([[3.0, 4.0]]), np.array([[3.0, 3.0]])
    assert nmse(reference, other) == pytest.approx(1 / 25)
    assert cosine(reference, other) == pytest.approx(21 / (5 * 18**0.5))
    assert nmse(np.zeros(2), np.ones(2)) is None
    assert cosine(np.zeros(2), np.ones(2)) is None
    assert nmse(reference, -reference) == pytest.approx(4.0)


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(list(rows), DETECTION)


SURE, UNSURE = (0.1, 0.2, 10.7, 10.3, 0.9, 3), (20, 20, 30, 30, 0.2, 3)


def test_boxes_agree_with_themselves_exactly() -> None:
    random = np.random.default_rng(6)
    images = []
    for _ in range(30):
        rows = np.zeros(8, DETECTION)
        low = random.uniform(0, 500, (8, 2)) + 700 * np.arange(8)[:, None]
        rows["x1"], rows["y1"] = low.T
        rows["x2"], rows["y2"] = (low + random.uniform(1, 90, (8, 2))).T
        rows["score"], rows["label"] = np.sort(random.random(8))[::-1], random.integers(0, 5, 8)
        images.append(rows)
    found = box_agreement(images, images, 0.4)
    assert (found.ap, found.mean_iou, found.matched.value) == (1.0, 1.0, 1.0)
    assert found.boxes == sum(int((rows["score"] >= np.float32(0.4)).sum()) for rows in images)


def test_the_threshold_decides_which_boxes_stand_for_labels() -> None:
    assert box_agreement([boxes(SURE, UNSURE)], [boxes(SURE)], 0.4).ap == 1.0
    low = box_agreement([boxes(SURE, UNSURE)], [boxes(SURE)], 0.1)
    assert (low.boxes, low.ap) == (2, pytest.approx(51 / 101))
    nothing = box_agreement([boxes(UNSURE)], [boxes(SURE)], 0.4)
    assert (nothing.boxes, nothing.ap, nothing.mean_iou, nothing.matched.value) == (0, None, None, None)


def test_a_shifted_box_is_found_with_its_overlap() -> None:
    reference, other = boxes((0, 0, 10, 10, 0.9, 3)), boxes((0, 0, 10, 8, 0.9, 3))
    found = box_agreement([reference], [other], 0.4)
    assert found.mean_iou == pytest.approx(0.8)
    assert found.ap == pytest.approx(0.7)
    other_class = boxes((0, 0, 10, 10, 0.9, 4))
    assert box_agreement([reference], [other_class], 0.4).matched.hits == 0


def test_gathered_image_by_image() -> None:
    so_far = AgreementSoFar(["a", "b"], 0.4)
    one, two = np.array([1.0, 0.0]), np.array([1.0, 1.0])
    for other, classes in ((one, ((7, 0.9),)), (two, ((8, 0.9),))):
        so_far.add(((one, one), (one, other)), (Findings(classes=((7, 0.9),)), Findings(classes=classes)))
    found = so_far.result()
    assert (found.images, found.boxes, found.ap) == (2, 0, None)
    assert [(output.name, output.nmse) for output in found.outputs] == [("a", 0.0), ("b", 0.5)]
    assert found.nmse == 0.25
    assert found.cosine == pytest.approx((1 + 0.5**0.5) / 2)
    assert found.top1 is not None
    assert (found.top1.hits, found.top1.n) == (1, 2)
