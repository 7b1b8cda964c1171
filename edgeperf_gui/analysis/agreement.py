"""How far a variant's answers match the reference's (FP32, executed in f32) on the same images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.detection_accuracy import average_precision
from edgeperf_gui.analysis.detection_matches import Objects, corners_of, match_images
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import Agreement, OutputAgreement
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import Detections

_NOTHING: Final = proportion(0, 0)

Tensor = NDArray[np.generic]


def nmse(reference: Tensor, other: Tensor) -> float | None:
    """‖reference − other‖² / ‖reference‖², NNCF's normalised mean square error; None for a reference of zeros."""
    if np.array_equal(reference, other):
        return 0.0
    a, b = _flat(reference), _flat(other)
    power = float(a @ a)
    difference = a - b
    return float(difference @ difference) / power if power else None


def cosine(reference: Tensor, other: Tensor) -> float | None:
    """Cosine of the angle between two tensors, seen as vectors; None when one is all zero."""
    if np.array_equal(reference, other) and reference.any():
        return 1.0
    a, b = _flat(reference), _flat(other)
    length = float(np.sqrt(a @ a) * np.sqrt(b @ b))
    return float(a @ b) / length if length else None


class AgreementSoFar:
    """Gathers image by image, keeping detections but never tensors."""

    def __init__(self, names: Sequence[str], threshold: float) -> None:
        """`names` of the outputs; `threshold`: score from which the reference's detections count as boxes to be found."""
        self._names = tuple(names)
        self._threshold = threshold
        self._nmse: list[list[float]] = [[] for _ in names]
        self._cosine: list[list[float]] = [[] for _ in names]
        self._reference: list[Findings] = []
        self._other: list[Findings] = []

    def add(self, outputs: tuple[Sequence[Tensor], Sequence[Tensor]], findings: tuple[Findings, Findings]) -> None:
        """One image: the reference's and the variant's tensors and findings (decoded with a low score threshold)."""
        for at, (reference, other) in enumerate(zip(*outputs, strict=True)):
            for gathered, value in ((self._nmse[at], nmse(reference, other)), (self._cosine[at], cosine(reference, other))):
                if value is not None:
                    gathered.append(value)
        self._reference.append(findings[0])
        self._other.append(findings[1])

    def result(self) -> Agreement:
        """The figures over all images so far."""
        outputs = tuple(map(OutputAgreement, self._names, map(_mean, self._nmse), map(_mean, self._cosine)))
        errors = [output.nmse for output in outputs if output.nmse is not None]
        angles = [output.cosine for output in outputs if output.cosine is not None]
        ranked = [(a.classes, b.classes) for a, b in zip(self._reference, self._other, strict=True) if a.classes]
        same = sum(bool(b) and a[0][0] == b[0][0] for a, b in ranked)
        boxes = box_agreement([f.boxes for f in self._reference], [f.boxes for f in self._other], self._threshold)
        return Agreement(
            images=len(self._reference),
            boxes=boxes.boxes,
            threshold=self._threshold,
            ap=boxes.ap,
            mean_iou=boxes.mean_iou,
            matched=boxes.matched,
            top1=proportion(same, len(ranked)) if ranked else None,
            nmse=_mean(errors),
            cosine=min(angles, default=None),
            outputs=outputs,
        )


def box_agreement(reference: Sequence[Detections], other: Sequence[Detections], threshold: float) -> Agreement:
    """The figures about boxes: the reference's detections from `threshold` on are what is to be found."""
    sure = [_from_score(detections, threshold) for detections in reference]
    truth = [Objects(corners_of(boxes), boxes["label"].astype(np.int64), np.zeros(len(boxes), bool)) for boxes in sure]
    labels = [int(detections["label"].max()) for detections in (*reference, *other) if len(detections)]
    classes = max(labels, default=0) + 1
    boxes = sum(map(len, sure))
    pairs = match_images([_from_score(detections, threshold) for detections in other], truth, classes)
    hits = pairs.hit[:, 0]
    return Agreement(
        images=len(truth),
        boxes=boxes,
        threshold=threshold,
        ap=float(average_precision(match_images(other, truth, classes))[0]) if boxes else None,
        mean_iou=float(pairs.iou[hits].mean()) if hits.any() else None,
        matched=proportion(int(hits.sum()), boxes) if boxes else _NOTHING,
        top1=None,
        nmse=None,
        cosine=None,
        outputs=(),
    )


def _from_score(detections: Detections, threshold: float) -> Detections:
    return detections[detections["score"] >= np.float32(threshold)]


def _flat(tensor: Tensor) -> NDArray[np.float64]:
    return tensor.astype(np.float64).reshape(-1)


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
