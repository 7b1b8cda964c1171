"""Classification figures: top-1, top-5, per class, and what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import ClassCount, ClassificationAccuracy, Confusion

TOP: Final = 5

Numbers = NDArray[np.int64]


def classification_accuracy(labels: Numbers, ranked: Sequence[Sequence[int]], names: Sequence[str]) -> ClassificationAccuracy:
    """Figures of pictures with one label each `[n]` and the classes answered, best first; `names` by class number."""
    first = np.array([answer[0] if len(answer) else -1 for answer in ranked], np.int64).reshape(-1)
    right = first == labels
    among = np.array([label in answer[:TOP] for label, answer in zip(labels.tolist(), ranked, strict=True)], bool).reshape(-1)
    classes = []
    for label in np.unique(labels):
        mine = labels == label
        n = int(mine.sum())
        top1, top5 = proportion(int(right[mine].sum()), n), proportion(int(among[mine].sum()), n)
        classes.append(ClassCount(_name(names, int(label)), top1, top5))
    cells, counts = np.unique(np.stack([labels, first], axis=1), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    confusion = tuple(
        Confusion(_name(names, int(cells[at, 0])), _name(names, int(cells[at, 1])), int(counts[at])) for at in order
    )
    return ClassificationAccuracy(
        images=labels.size,
        top1=proportion(int(right.sum()), labels.size),
        top5=proportion(int(among.sum()), labels.size),
        classes=tuple(classes),
        confusion=confusion,
    )


def _name(names: Sequence[str], label: int) -> str:
    return names[label] if 0 <= label < len(names) else "none" if label < 0 else str(label)
