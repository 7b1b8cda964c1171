"""The job that looks how good variants' answers are: against labels, and against FP32's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import msgspec

from edgeperf_gui.analysis.agreement import AgreementSoFar
from edgeperf_gui.domain.accuracy import AccuracyDifference, AccuracyResult
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import DatasetError, EdgeperfError, ModelError
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import AccuracySpec, Answer, Progress
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.scoring import LOW_THRESHOLD, Score, difference, score_for
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.zoo.catalogue import find_model, read_labels
from edgeperf_gui.zoo.dataset import Dataset, LabelledImage
from edgeperf_gui.zoo.datasets import read_dataset
from edgeperf_gui.zoo.picture_file import decode_picture

_REFERENCE: Final[Precision] = "FP32"
_BETWEEN_REPORTS_S: Final = 0.1
_MISSHAPEN: Final = 0.05
"""Share of images that may have another shape than their labels say: a few in any set lie on their side (EXIF)."""


@dataclass(slots=True, eq=False)
class _Variant:
    """One of those looked at, or the reference."""

    precision: Precision
    answers: Answers
    effective: Effective
    score: Score | None
    agreement: AgreementSoFar | None = None


class JobOutbox(Protocol):
    """What the job needs of whoever listens."""

    def send(self, message: Any) -> None:
        """Hand over a SessionStatus, a Progress or an Answer."""


def run(spec: AccuracySpec, outbox: JobOutbox, stop: threading.Event) -> AccuracyResult | None:
    """Look at every image; when stopped, at those there was time for. None when stopped before the first.

    Raises EdgeperfError after telling the outbox that it failed and why.
    """
    job = _Job(spec, outbox, stop)
    try:
        result = job.run()
    except EdgeperfError as error:
        job.status(RunState.FINISHED, FinishReason.FAILED, error=error)
        raise
    if result is not None:
        outbox.send(Answer(spec.session_id, msgspec.json.encode(result)))
    stopped = result is None or not result.complete
    job.status(RunState.FINISHED, FinishReason.STOPPED if stopped else FinishReason.COMPLETED)
    return result


class _Job:
    def __init__(self, spec: AccuracySpec, outbox: JobOutbox, stop: threading.Event) -> None:
        self.spec = spec
        self.outbox = outbox
        self.stop = stop
        self._unreadable = 0
        self._misshapen = 0
        self._seen = 0
        self._reported = 0.0

    def status(
        self, state: RunState, reason: FinishReason | None = None, *, activity: str = "", error: EdgeperfError | None = None
    ) -> None:
        sentence, remedy = (error.sentence, error.remedy) if error else ("", "")
        self.outbox.send(SessionStatus(self.spec.session_id, state, reason, activity, sentence, remedy))

    def run(self) -> AccuracyResult | None:
        spec = self.spec
        self.status(RunState.STARTING, activity="reading the labels")
        card = find_model(spec.model)
        names = tuple(dict.fromkeys((spec.precision, *spec.also)))
        for name in names:
            if name not in card.variants:
                raise ModelError(f"{card.title} has no {name} variant.", f"It has {', '.join(card.variants)}.")
        dataset = read_dataset(spec.data, spec.labels).choose(spec.limit)
        scores = self._scores(card, dataset, names)
        if self.stop.is_set():
            return None
        variants = [_Variant(name, *self._load(card, name), score) for name, score in zip(names, scores, strict=False)]
        reference = self._reference(card, variants, scores[-1])
        if self.stop.is_set():
            return None
        if variants[0].score is None and reference is None:
            raise DatasetError(
                f"There are no labels in “{spec.data}”, and {card.title} has no {_REFERENCE} variant to agree with.",
                "Give labels with --labels.",
            )
        self.status(RunState.RUNNING)
        if reference is not None:
            for variant in variants:
                variant.agreement = AgreementSoFar(variant.answers.names, spec.threshold)
        for image, pixels in self._pictures(dataset):
            self._look(image, pixels, variants, reference)
        if not self._seen:
            self._refuse_unseen(dataset)
            return None
        self._report(len(dataset.images), "computing the figures", at_once=True)
        machine = describe_machine()
        first, *others = (self._result(variant, reference, dataset, machine) for variant in variants)
        return msgspec.structs.replace(first, others=tuple(others))

    def _scores(self, card: ModelCard, dataset: Dataset, names: Sequence[Precision]) -> list[Score | None]:
        """One a variant, and at the end one for the reference, which is the variant's own when that is looked at anyway."""
        labels = read_labels(card)
        scores = [score_for(card, dataset, labels) for _ in names]
        return [*scores, scores[names.index(_REFERENCE)] if _REFERENCE in names else score_for(card, dataset, labels)]

    def _result(self, variant: _Variant, reference: _Variant | None, dataset: Dataset, machine: Machine) -> AccuracyResult:
        score = variant.score
        return AccuracyResult(
            spec=self.spec,
            precision=variant.precision,
            effective=variant.effective,
            dataset=dataset.title,
            accuracy=score.accuracy(self.spec.threshold) if score is not None else None,
            agreement=variant.agreement.result() if variant.agreement is not None else None,
            against_fp32=self._against_reference(variant, reference),
            complete=self._done == len(dataset.images),
            unreadable=self._unreadable,
            notes=self._notes(dataset, score),
            machine=machine,
        )

    def _notes(self, dataset: Dataset, score: Score | None) -> tuple[str, ...]:
        misshapen = f"{self._misshapen} images have another shape than their labels say and are left out"
        return (*dataset.notes, *(score.notes if score else ()), *((misshapen,) if self._misshapen else ()))

    def _load(self, card: ModelCard, precision: Precision) -> tuple[Answers, Effective]:
        spec = SessionSpec(
            session_id=self.spec.session_id, source="", model=self.spec.model, precision=precision, device=self.spec.device
        )
        loaded = runtime.load(card, spec, lambda text: self.status(RunState.STARTING, activity=text))
        return Answers(loaded.compiled, card, score_threshold=LOW_THRESHOLD), loaded.effective

    def _reference(self, card: ModelCard, variants: Sequence[_Variant], score: Score | None) -> _Variant | None:
        """FP32 executed in f32; the very same when it is looked at anyway; None without such a variant."""
        known = next((variant for variant in variants if variant.precision == _REFERENCE), None)
        if known is not None or _REFERENCE not in card.variants:
            return known
        return _Variant(_REFERENCE, *self._load(card, _REFERENCE), score)

    def _pictures(self, dataset: Dataset) -> Iterator[tuple[LabelledImage, Pixels]]:
        for image in dataset.images:
            if self.stop.is_set():
                return
            self._report(len(dataset.images), "looking at images")
            pixels = decode_picture(image.path)
            if pixels is None:
                self._unreadable += 1
            elif self._fits(image, pixels, len(dataset.images)):
                yield image, pixels
                self._seen += 1

    def _fits(self, image: LabelledImage, pixels: Pixels, total: int) -> bool:
        """Whether the labels were drawn on a picture of this shape; raises when that is wrong of more than a few."""
        try:
            image.scale(pixels.shape[1], pixels.shape[0])
        except DatasetError:
            self._misshapen += 1
            if self._misshapen > total * _MISSHAPEN:
                raise
            return False
        return True

    @property
    def _done(self) -> int:
        return self._seen + self._unreadable + self._misshapen

    def _look(self, image: LabelledImage, pixels: Pixels, variants: Sequence[_Variant], reference: _Variant | None) -> None:
        size = (pixels.shape[1], pixels.shape[0])
        everyone = variants if reference is None or reference in variants else (*variants, reference)
        found = {one.precision: one.answers(pixels) for one in everyone}
        for one in everyone:
            if one.score is not None:
                one.score.add(image, size, found[one.precision])
            if one.agreement is not None and reference is not None:
                tensors = (reference.answers.tensors, one.answers.tensors)
                one.agreement.add(tensors, (found[reference.precision], found[one.precision]))

    def _against_reference(self, variant: _Variant, reference: _Variant | None) -> AccuracyDifference | None:
        score = variant.score
        if reference is None or score is None or reference.score is None:
            return None
        if variant is reference:  # nothing to resample
            found = Interval(0.0, 0.0, 0.0) if score.value() is not None else None
        else:
            found = difference(score, reference.score, self.stop)
        return AccuracyDifference(score.figure, found) if found is not None else None

    def _refuse_unseen(self, dataset: Dataset) -> None:
        """Nothing could be looked at: an error, unless that was asked for."""
        if not self.stop.is_set():
            raise DatasetError(
                f"None of the {len(dataset.images)} pictures can be read.", "Give JPEG, PNG, BMP or WebP pictures that open."
            )

    def _report(self, total: int, activity: str, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._reported >= _BETWEEN_REPORTS_S:
            self._reported = now
            self.outbox.send(Progress(self.spec.session_id, self._done, total, activity))
