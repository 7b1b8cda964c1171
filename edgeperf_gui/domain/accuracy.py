"""How good a variant's answers are: against labels (accuracy), and against FP32's own (agreement). Unknown is None, never 0."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import AccuracySpec
from edgeperf_gui.domain.proportion import Proportion as Proportion
from edgeperf_gui.domain.results import Effective, Machine


class OperatingPoint(msgspec.Struct, frozen=True):
    """All classes together, at one score threshold and IoU 0.5."""

    threshold: float
    precision: float | None
    """None where nothing scores as much."""
    recall: float | None


class ClassDetection(msgspec.Struct, frozen=True):
    """One class of a labelled detection set."""

    name: str
    boxes: int
    """Labelled objects of the class."""
    ap: float | None
    ap50: float | None
    precision: Proportion
    recall: Proportion


class DetectionAccuracy(msgspec.Struct, frozen=True, tag="detection", tag_field="task"):
    """COCO's twelve figures, and precision, recall and F1 at one threshold (IoU 0.5, all classes together)."""

    images: int
    boxes: int
    """Labelled objects counted; those to be ignored (crowds, difficult ones) are not."""
    ap: float | None
    ap50: float | None
    ap75: float | None
    ap_small: float | None
    """Objects below 32² pixels; medium up to 96², large above."""
    ap_medium: float | None
    ap_large: float | None
    ar1: float | None
    ar10: float | None
    ar100: float | None
    ar_small: float | None
    ar_medium: float | None
    ar_large: float | None
    threshold: float
    """Score from which a detection counts for precision, recall and F1."""
    precision: Proportion
    recall: Proportion
    f1: float | None
    curve: tuple[OperatingPoint, ...]
    classes: tuple[ClassDetection, ...]


class ClassCount(msgspec.Struct, frozen=True):
    """One class of a labelled classification set: how many of its pictures were answered right."""

    name: str
    top1: Proportion
    top5: Proportion


class Confusion(msgspec.Struct, frozen=True):
    """A cell of the confusion matrix that is not empty: pictures of `label` answered as `answer`."""

    label: str
    answer: str
    count: int


class ClassificationAccuracy(msgspec.Struct, frozen=True, tag="classification", tag_field="task"):
    """How often the right class came first, and how often among the first five."""

    images: int
    top1: Proportion
    top5: Proportion
    classes: tuple[ClassCount, ...]
    confusion: tuple[Confusion, ...]
    """Most frequent first."""


Accuracy = DetectionAccuracy | ClassificationAccuracy


class OutputAgreement(msgspec.Struct, frozen=True):
    """One output tensor against the reference's, mean over images. None where the reference is all zero."""

    name: str
    nmse: float | None
    """‖reference − x‖² / ‖reference‖²"""
    cosine: float | None


class Agreement(msgspec.Struct, frozen=True):
    """How far a variant's answers match those of FP32, executed in f32, on the same images."""

    images: int
    boxes: int
    """FP32's detections that score at least `threshold`: they take the place of labels."""
    threshold: float
    ap: float | None
    """AP against those boxes; None when there are none, or the task has no boxes."""
    mean_iou: float | None
    """Of pairs with IoU ≥ 0.5 and the same class, both scoring at least `threshold`."""
    matched: Proportion
    """Share of FP32's boxes that have such a partner."""
    top1: Proportion | None
    """Same first class, for classification."""
    nmse: float | None
    """Mean over outputs."""
    cosine: float | None
    """Of the output where it is worst."""
    outputs: tuple[OutputAgreement, ...]


class AccuracyDifference(msgspec.Struct, frozen=True):
    """Variant minus FP32 on the same images, with a paired bootstrap interval over images."""

    figure: str
    """`ap` or `top1`."""
    difference: Interval

    def in_words(self, precision: Precision) -> str:
        """The loss or gain of that variant, in points of the figure."""
        value, name = self.difference.value * 100, {"ap": "AP", "top1": "top-1"}[self.figure]
        what = "neither loses nor gains" if value == 0 else f"{'loses' if value < 0 else 'gains'} {abs(value):.1f} {name} points"
        interval = self.difference
        if interval.low is None or interval.high is None:
            return f"{precision} {what} against FP32 (too few images for an interval)."
        shown = ": no difference shown" if interval.contains(0.0) else ""
        ends = " … ".join(f"{end * 100:+.1f}".replace("-", "−") for end in (interval.low, interval.high))
        return f"{precision} {what} against FP32, 95 % interval {ends}{shown}."


class AccuracyResult(msgspec.Struct, frozen=True):
    """One variant, looked at on a folder of images. Written as JSON with `schema: "edgeperf.accuracy/1"`."""

    spec: AccuracySpec
    precision: Precision
    effective: Effective
    dataset: str
    """Its format and size, for a person."""
    accuracy: Accuracy | None
    """None without labels."""
    agreement: Agreement | None
    """None when the model has no FP32 variant."""
    against_fp32: AccuracyDifference | None
    complete: bool
    """False when it was stopped before the last image: every figure is about the images it states."""
    unreadable: int = 0
    """Pictures that could not be decoded and were left out."""
    notes: tuple[str, ...] = ()
    """What a reader should know: labelled images that are not there, classes left out, names assumed."""
    schema: str = "edgeperf.accuracy/1"
    machine: Machine | None = None
    """Where it was looked at; None in results of before this was written down."""
    others: tuple[AccuracyResult, ...] = ()
    """The variants of `spec.also`, on the very same images; these have no others."""

    def each(self) -> tuple[AccuracyResult, ...]:
        """Every variant, in the order asked for."""
        return (self, *self.others)
