"""The job that looks how good a variant's answers are: against labels, and against FP32's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, Final, Protocol

import msgspec

from edgeperf_gui.analysis.agreement import AgreementSoFar
from edgeperf_gui.domain.accuracy import AccuracyDifference, AccuracyResult
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import DatasetError, EdgeperfError, ModelError
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import AccuracySpec, Answer, Progress
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.scoring import LOW_THRESHOLD, Score, difference, score_for
from edgeperf_gui.engine.sources.images import decode_picture
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.zoo.catalogue import find_model, read_labels
from edgeperf_gui.zoo.dataset import Dataset, LabelledImage
from edgeperf_gui.zoo.datasets import read_dataset

_REFERENCE: Final[Precision] = "FP32"
_BETWEEN_REPORTS_S: Final = 0.1
_MISSHAPEN: Final = 0.05
"""Share of images that may have another shape than their labels say: a few in any set lie on their side (EXIF)."""


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
        if spec.precision not in card.variants:
            raise ModelError(f"{card.title} has no {spec.precision} variant.", f"It has {', '.join(card.variants)}.")
        dataset = read_dataset(spec.data, spec.labels).choose(spec.limit)
        labels = read_labels(card)
        score, reference_score = (score_for(card, dataset, labels) for _ in range(2))
        if self.stop.is_set():
            return None
        answers, effective = self._load(card, spec.precision)
        reference = self._reference(card, answers)
        if self.stop.is_set():
            return None
        if score is None and reference is None:
            raise DatasetError(
                f"There are no labels in “{spec.data}”, and {card.title} has no {_REFERENCE} variant to agree with.",
                "Give labels with --labels.",
            )
        self.status(RunState.RUNNING)
        agreement = AgreementSoFar(answers.names, spec.threshold) if reference is not None else None
        for image, pixels in self._pictures(dataset):
            self._look(image, pixels, (answers, reference), (score, reference_score), agreement)
        if not self._seen:
            self._refuse_unseen(dataset)
            return None
        self._report(len(dataset.images), "computing the figures", at_once=True)
        against = self._against_reference(score, reference_score) if reference is not None else None
        return AccuracyResult(
            spec=spec,
            precision=spec.precision,
            effective=effective,
            dataset=dataset.title,
            accuracy=score.accuracy(spec.threshold) if score is not None else None,
            agreement=agreement.result() if agreement is not None else None,
            against_fp32=against,
            complete=self._done == len(dataset.images),
            unreadable=self._unreadable,
            notes=self._notes(dataset, score),
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

    def _reference(self, card: ModelCard, answers: Answers) -> Answers | None:
        """FP32 executed in f32; the very same answers when it is FP32 that is looked at; None without such a variant."""
        if self.spec.precision == _REFERENCE:
            return answers
        return self._load(card, _REFERENCE)[0] if _REFERENCE in card.variants else None

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

    def _look(
        self,
        image: LabelledImage,
        pixels: Pixels,
        answers: tuple[Answers, Answers | None],
        scores: tuple[Score | None, Score | None],
        agreement: AgreementSoFar | None,
    ) -> None:
        variant, reference = answers
        findings = variant(pixels)
        theirs = findings if reference is None or reference is variant else reference(pixels)
        if reference is not None and agreement is not None:
            agreement.add((reference.tensors, variant.tensors), (theirs, findings))
        size = (pixels.shape[1], pixels.shape[0])
        for score, found in zip(scores, (findings, theirs), strict=True):
            if score is not None:
                score.add(image, size, found)

    def _against_reference(self, score: Score | None, reference: Score | None) -> AccuracyDifference | None:
        if score is None or reference is None:
            return None
        found: Interval | None = difference(score, reference, self.stop)
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
