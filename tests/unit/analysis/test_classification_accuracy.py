"""Top-1, top-5, per class and confusions, by hand."""

from __future__ import annotations

import numpy as np

from edgeperf_gui.analysis.classification_accuracy import classification_accuracy

NAMES = ["cat", "dog", "cow", "hen", "fox", "owl", "bat"]


def test_by_hand() -> None:
    labels = np.array([0, 0, 1, 2, 2])
    ranked = [[0, 1], [1, 0], [1], [6, 5, 4, 3, 1, 2], []]
    found = classification_accuracy(labels, ranked, NAMES)
    assert (found.images, found.top1.hits, found.top5.hits) == (5, 2, 3)  # the sixth answer is not among five
    assert [(row.name, row.top1.hits, row.top1.n, row.top5.hits) for row in found.classes] == [
        ("cat", 1, 2, 2),
        ("dog", 1, 1, 1),
        ("cow", 0, 2, 0),
    ]
    assert {(cell.label, cell.answer): cell.count for cell in found.confusion} == {
        ("cat", "cat"): 1,
        ("cat", "dog"): 1,
        ("dog", "dog"): 1,
        ("cow", "bat"): 1,
        ("cow", "none"): 1,
    }


def test_the_most_frequent_confusion_comes_first() -> None:
    found = classification_accuracy(np.array([0, 1, 1, 1, 1]), [[0], [0], [0], [0], [1]], NAMES)
    assert (found.confusion[0].label, found.confusion[0].answer, found.confusion[0].count) == ("dog", "cat", 3)


def test_no_pictures_and_numbers_without_names() -> None:
    nothing = classification_accuracy(np.empty(0, np.int64), [], NAMES)
    assert (nothing.images, nothing.top1.value, nothing.classes, nothing.confusion) == (0, None, (), ())
    assert classification_accuracy(np.array([9]), [[9]], NAMES).classes[0].name == "9"
