"""COCO's twelve figures of a detector, by faster-coco-eval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from edgeperf_gui.analysis.detection_matches import Objects, corners_of
from edgeperf_gui.domain.records import Detections

_STATS: Final = ("AP_all", "AP_50", "AP_75", "AP_small", "AP_medium", "AP_large")
_RECALLS: Final = ("AR_all", "AR_second", "AR_third", "AR_small", "AR_medium", "AR_large")


@dataclass(frozen=True, slots=True)
class CocoFigures:
    """Average precision and average recall; None where there are no objects of that size."""

    ap: float | None = None
    ap50: float | None = None
    ap75: float | None = None
    ap_small: float | None = None
    ap_medium: float | None = None
    ap_large: float | None = None
    ar1: float | None = None
    ar10: float | None = None
    ar100: float | None = None
    ar_small: float | None = None
    ar_medium: float | None = None
    ar_large: float | None = None


def coco_figures(found: Sequence[Detections], truth: Sequence[Objects]) -> CocoFigures:
    """Evaluate each image's detections against its objects; coordinates in pixels, classes by number."""
    from faster_coco_eval import COCO, COCOeval_faster

    labels, detections = truth_as_coco(truth), detections_as_coco(found)
    if not labels["annotations"]:
        return CocoFigures()
    evaluation = COCOeval_faster(COCO(labels), _results(COCO, labels, detections), iouType="bbox")
    evaluation.run()
    figures = evaluation.stats_as_dict
    return CocoFigures(*(_known(figures[name]) for name in (*_STATS, *_RECALLS)))


def truth_as_coco(truth: Sequence[Objects]) -> dict[str, Any]:
    """Labels in COCO's own form; ids count from 1, because 0 means "unmatched" there."""
    annotations: list[dict[str, Any]] = []
    for image, objects in enumerate(truth, 1):
        areas = objects.box_areas if objects.areas is None else objects.areas
        rows = zip(_boxes(objects.corners), objects.labels.tolist(), objects.ignored.tolist(), areas.tolist(), strict=True)
        for box, label, ignored, area in rows:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": label + 1,
                    "bbox": box,
                    "area": area,
                    "iscrowd": int(ignored),
                }
            )
    categories = [{"id": number, "name": str(number)} for number in sorted({row["category_id"] for row in annotations})]
    images = [{"id": image} for image in range(1, len(truth) + 1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def detections_as_coco(found: Sequence[Detections]) -> list[dict[str, Any]]:
    """Detections in COCO's own form."""
    return [
        {"image_id": image, "category_id": label + 1, "bbox": box, "score": score}
        for image, detections in enumerate(found, 1)
        for box, label, score in zip(
            _boxes(corners_of(detections)), detections["label"].tolist(), detections["score"].tolist(), strict=True
        )
    ]


def _results(coco: Any, labels: dict[str, Any], detections: list[dict[str, Any]]) -> Any:
    """Detections of labelled classes, indexed; an empty list too, which `loadRes` refuses."""
    known = {category["id"] for category in labels["categories"]}
    annotations = [
        detection | {"id": number, "area": detection["bbox"][2] * detection["bbox"][3], "iscrowd": 0}
        for number, detection in enumerate((row for row in detections if row["category_id"] in known), 1)
    ]
    return coco({"images": labels["images"], "annotations": annotations, "categories": labels["categories"]})


def _boxes(corners: Any) -> list[list[float]]:
    """x, y, width, height."""
    boxes = corners.copy()
    boxes[:, 2:] -= boxes[:, :2]
    return list(boxes.tolist())


def _known(value: float) -> float | None:
    """COCO says −1 where there is nothing to evaluate."""
    return float(value) if math.isfinite(value) and value >= 0 else None
