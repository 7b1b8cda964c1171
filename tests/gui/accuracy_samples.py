"""Plausible results of an accuracy measurement: what the gui tests are fed with."""

from __future__ import annotations

import msgspec
import numpy as np
import replay

from edgeperf_gui.analysis.classification_accuracy import classification_accuracy
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import (
    AccuracyDifference,
    AccuracyResult,
    Agreement,
    ClassDetection,
    DetectionAccuracy,
    OperatingPoint,
)
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import AccuracySpec
from edgeperf_gui.domain.results import Effective

LOSSES = {"FP32": Interval(0.0, 0.0, 0.0), "FP16": Interval(-0.002, -0.005, 0.001), "INT8": Interval(-0.026, -0.041, -0.012)}
ANIMALS = ("cat", "dog", "bird")


def detection(loss: float = 0.0) -> DetectionAccuracy:
    curve = tuple(
        OperatingPoint(float(score), min(1.0, 0.2 + float(score)), max(0.0, 0.7 - 0.7 * float(score) + loss))
        for score in np.round(np.arange(0.01, 1.0, 0.01), 2)
    )
    rows = [("car", 40, 0.5), ("person", 120, 0.4), ("unicorn", 2, None)]
    classes = tuple(
        ClassDetection(name, boxes, ap and ap + loss, ap, proportion(1, 2), proportion(1, 2)) for name, boxes, ap in rows
    )
    return DetectionAccuracy(
        images=128, boxes=162, ap=0.336 + loss, ap50=0.477, ap75=0.361, ap_small=None, ap_medium=0.33, ap_large=0.5, ar1=0.3,
        ar10=0.4, ar100=0.477, ar_small=None, ar_medium=0.4, ar_large=0.6, threshold=0.4, precision=proportion(90, 120),
        recall=proportion(90, 162), f1=0.638, curve=curve, classes=classes,
    )  # fmt: skip


def agreement(ap: float | None = 0.965) -> Agreement:
    return Agreement(128, 469, 0.4, ap, 0.969, proportion(450, 469), None, 0.0053, 0.99619, ())


def classification(classes: int = 3) -> object:
    labels = np.repeat(np.arange(classes), 4)
    ranked = [[int(label), 0] for label in labels]
    ranked[-1] = [0, int(labels[-1])]
    names = ANIMALS if classes == 3 else tuple(f"class {number}" for number in range(classes))
    return classification_accuracy(labels, ranked, names)


def one(precision: str = "FP32", **changes: object) -> AccuracyResult:
    spec = AccuracySpec("s", "nanodet-g", "FP32", "/pictures/coco128", also=("FP16", "INT8"))
    loss = LOSSES[precision]
    fields = {
        "accuracy": detection(loss.value),
        "agreement": agreement(),
        "against_fp32": AccuracyDifference("ap", loss),
        "complete": True,
        "machine": replay.MACHINE,
    }
    effective = Effective(precision, {"f32": 35}, ("CPU",), 1, 1, 2, "latency", "f32")
    return AccuracyResult(spec=spec, precision=precision, effective=effective, dataset="YOLO, 128 images", **(fields | changes))


def result(*precisions: str, **changes: object) -> AccuracyResult:
    first, *others = (one(name, **changes) for name in precisions or ("FP32", "FP16", "INT8"))
    return msgspec.structs.replace(first, others=tuple(others))
