"""Answers against labels: gathers findings image by image, and gives the figures of a detector or a classifier."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import numpy as np

from edgeperf_gui.analysis import bootstrap, detection_accuracy
from edgeperf_gui.analysis.classification_accuracy import classification_accuracy
from edgeperf_gui.analysis.detection_matches import Floats, Matches, Numbers, Objects, match_images
from edgeperf_gui.domain.accuracy import Accuracy, ClassificationAccuracy, DetectionAccuracy
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.records import Detections
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.zoo.coco_eval import coco_figures
from edgeperf_gui.zoo.dataset import Dataset, LabelledImage
from edgeperf_gui.zoo.label_names import LabelMap, match_labels
from edgeperf_gui.zoo.picture_file import decode_picture

LOW_THRESHOLD: Final = 0.01
"""Score from which detections are kept where average precision is computed: it wants the uncertain ones too."""

_RESAMPLED_ANSWERS: Final = 150_000_000
"""Detections times resamples: some five seconds a variant."""
_LEAST_RESAMPLES: Final = 400

Size = tuple[int, int]


class Score(Protocol):
    """Figures so far of one variant on one set of images."""

    figure: str
    """Name of the one number that stands for all: `ap` or `top1`."""
    notes: tuple[str, ...]
    """What a reader should know of the labels."""

    @property
    def images(self) -> int:
        """How many were counted."""

    @property
    def answers(self) -> int:
        """How many answers there are to resample."""

    def add(self, image: LabelledImage, size: Size, findings: Findings) -> None:
        """One image of `size` (width, height). Raises DatasetError when its labels do not fit it."""

    def value(self) -> float | None:
        """The one number, 0…1; None when nothing is labelled."""

    def accuracy(self, threshold: float) -> Accuracy:
        """All figures; `threshold`: score from which a detection counts for precision, recall and F1."""

    def resampled(self) -> Callable[[Numbers], Floats]:
        """The one number as a function of how often each image was drawn, for `bootstrap`."""


class DetectionScore:
    """Boxes against boxes. Classes that only one side knows are left out."""

    figure = "ap"

    def __init__(self, card: ModelCard, dataset: Dataset, labels: Sequence[str]) -> None:
        """`labels`: the model's. Raises DatasetError when the set's classes are not the model's."""
        self._map = _label_map(dataset, labels)
        self.notes = self._map.notes
        self._known = np.array([number for number in self._map.to_model if number is not None], np.int64)
        if np.unique(self._known).size < len(self._map.names):
            self.notes += ("what the model finds of classes that are not labelled is left out",)
        self.found: list[Detections] = []
        """By image, of classes that are labelled."""
        self.truth: list[Objects] = []
        """By image, in the model's classes and the picture's pixels."""
        self._matches: Matches | None = None

    def add(self, image: LabelledImage, size: Size, findings: Findings) -> None:
        """One image of `size` (width, height)."""
        self.truth.append(objects_in(image, size, self._map))
        self.found.append(findings.boxes[np.isin(findings.boxes["label"], self._known)])
        self._matches = None

    @property
    def images(self) -> int:
        """How many were counted."""
        return len(self.truth)

    @property
    def answers(self) -> int:
        """How many detections there are."""
        return sum(map(len, self.found))

    @property
    def matches(self) -> Matches:
        """Detections matched with labels, of all images so far."""
        if self._matches is None:
            classes = max([len(self._map.names), *(self._known + 1)])
            self._matches = match_images(self.found, self.truth, classes)
        return self._matches

    def value(self) -> float | None:
        """Average precision."""
        value = float(detection_accuracy.average_precision(self.matches)[0])
        return None if np.isnan(value) else value

    def resampled(self) -> Callable[[Numbers], Floats]:
        """Average precision of drawn images."""
        matches = self.matches
        return lambda drawn: detection_accuracy.average_precision(matches, drawn)

    def accuracy(self, threshold: float) -> DetectionAccuracy:
        """COCO's figures, and precision, recall and F1 at the threshold."""
        matches, images = self.matches, self.images
        figures = coco_figures(self.found, self.truth)
        precision, recall = detection_accuracy.at_threshold(matches, threshold)
        return DetectionAccuracy(
            images=images,
            boxes=int(matches.objects.sum()),
            **{name: getattr(figures, name) for name in figures.__slots__},
            threshold=threshold,
            precision=precision,
            recall=recall,
            f1=detection_accuracy.f1(precision, recall),
            curve=detection_accuracy.curve(matches) if figures.ap is not None else (),
            classes=detection_accuracy.class_table(matches, self._map.names, threshold),
        )


class ClassificationScore:
    """Ranked classes against the one label of each picture. Pictures of classes that the model does not know are left out."""

    figure = "top1"

    def __init__(self, card: ModelCard, dataset: Dataset, labels: Sequence[str]) -> None:
        """`labels`: the model's. Raises DatasetError when the set's classes are not the model's."""
        self._map = _label_map(dataset, labels)
        self.notes = self._map.notes
        self._labels: list[int] = []
        self._ranked: list[list[int]] = []

    def add(self, image: LabelledImage, size: Size, findings: Findings) -> None:
        """One image; its size plays no part."""
        label = self._map.to_model[int(image.labels[0])]
        if label is not None:
            self._labels.append(label)
            self._ranked.append([answer for answer, _ in findings.classes])

    @property
    def images(self) -> int:
        """How many were counted."""
        return len(self._labels)

    @property
    def answers(self) -> int:
        """One an image."""
        return len(self._labels)

    def value(self) -> float | None:
        """Top-1."""
        return float(self._right().mean()) if self._labels else None

    def resampled(self) -> Callable[[Numbers], Floats]:
        """Top-1 of drawn images."""
        right = self._right()
        return lambda drawn: (drawn @ right) / drawn.sum(axis=1)

    def accuracy(self, threshold: float) -> ClassificationAccuracy:
        """Top-1, top-5, per class and what was taken for what."""
        return classification_accuracy(np.array(self._labels, np.int64), self._ranked, self._map.names)

    def _right(self) -> Floats:
        pairs = zip(self._labels, self._ranked, strict=True)
        return np.array([bool(ranked) and ranked[0] == label for label, ranked in pairs], np.float64)


_SCORES: Final[dict[str, tuple[str, Callable[[ModelCard, Dataset, Sequence[str]], Score]]]] = {
    "detection": ("boxes", DetectionScore),
    "classification": ("classes", ClassificationScore),
}
"""By the model's task: the kind of labels it takes, and who keeps the score."""
_KINDS: Final = {"boxes": "boxes round objects", "classes": "one class a picture"}


def score_for(card: ModelCard, dataset: Dataset, labels: Sequence[str]) -> Score | None:
    """Who keeps the score of this model on that set; None for a set without labels.

    `labels`: the model's class names. Raises DatasetError when the set's labels are of another kind, or of other classes.
    """
    if dataset.kind == "unlabelled":
        return None
    kind, make = _SCORES.get(card.task, ("", None))
    if make is None:
        raise DatasetError(
            f"Accuracy is measured for detection and classification; {card.title} does {card.task}.",
            "Give images without labels to see how far it agrees with FP32.",
        )
    if kind != dataset.kind:
        raise DatasetError(
            f"The labels do not match the model: {card.title} does {card.task} and needs {_KINDS[kind]}, the labels are"
            f" {_KINDS[dataset.kind]}.",
            "Give labels of that kind.",
        )
    return make(card, dataset, labels)


def evaluate_images(
    answer: Callable[[Pixels], Findings], score: Score, images: Iterable[LabelledImage], stop: threading.Event | None = None
) -> float | None:
    """Answer each picture, keep the score, and return its one number (AP or top-1, 0…1; None when nothing is labelled).

    `answer`: an `Answers`, or any function from a picture to findings with a low score threshold. Ends early when stopped.
    """
    for image in images:
        if stop is not None and stop.is_set():
            break
        pixels = decode_picture(image.path)
        if pixels is not None:
            score.add(image, (pixels.shape[1], pixels.shape[0]), answer(pixels))
    return score.value()


class _Stopped(Exception):
    """Nobody wants to know any more."""


def difference(variant: Score, reference: Score, stop: threading.Event | None = None) -> Interval | None:
    """Variant minus reference on the same images, with a paired bootstrap interval; None when nothing is labelled, or stopped."""
    if variant.value() is None or reference.value() is None:
        return None
    figures = (variant.resampled(), reference.resampled())

    def variant_figure(drawn: Numbers) -> Floats:
        if stop is not None and stop.is_set():
            raise _Stopped
        return figures[0](drawn)

    resamples = min(max(_RESAMPLED_ANSWERS // max(variant.answers, 1), _LEAST_RESAMPLES), bootstrap.RESAMPLES)
    try:
        return bootstrap.paired_difference(variant.images, variant_figure, figures[1], resamples)
    except _Stopped:
        return None


def objects_in(image: LabelledImage, size: Size, labels: LabelMap) -> Objects:
    """The labelled objects of a picture of `size` (width, height), in its pixels and the model's classes."""
    numbers = [labels.to_model[label] for label in image.labels.tolist()]
    known = np.array([number is not None for number in numbers], bool)
    x, y = image.scale(*size)
    ignored = np.zeros(len(known), bool) if image.ignored is None else image.ignored
    return Objects(
        corners=image.corners_in(*size)[known],
        labels=np.array([number for number in numbers if number is not None], np.int64),
        ignored=ignored[known],
        areas=None if image.areas is None else (image.areas * (x * y))[known],
    )


def _label_map(dataset: Dataset, labels: Sequence[str]) -> LabelMap:
    highest = max((int(image.labels.max()) for image in dataset.images if image.labels.size), default=-1)
    return match_labels(dataset.names, labels, highest)
