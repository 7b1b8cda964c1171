"""Watch: one frame after the other through all variants of a model, and what they do not agree on."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import cv2
import msgspec

from edgeperf_gui.analysis.disagreement import apart, lowest_score, shown
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.domain.watch import (
    Apart,
    Disagreement,
    Tally,
    VariantAnswer,
    WatchBegan,
    Watched,
    WatchedVariant,
    WatchSpec,
)
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.decoders.db_text import DbTextOptions
from edgeperf_gui.engine.decoders.suppression import BoxOptions
from edgeperf_gui.engine.jobs.job_outbox import Teller, failure_told
from edgeperf_gui.engine.jobs.watch_frames import WatchedFrame, WatchedFrames
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Pixels, Source
from edgeperf_gui.zoo.catalogue import find_model, read_labels

PICTURE_WIDTH: Final = 960
BETWEEN_PICTURES_S: Final = 0.5
"""Of a run of frames on which the variants disagree, the worst in so long is kept."""
_JPEG_QUALITY: Final = 85
_MOST_BOXES: Final = 300
_TASKS: Final = ("detection", "classification")
_DB_TEXT: Final = "db_text"


def run(spec: WatchSpec, outbox: Outbox, stop: threading.Event) -> Tally | None:
    """Watch until stopped, or until a live source ends. None when stopped before the first frame.

    Raises EdgeperfError, after telling the outbox.
    """
    watch = Watch(spec, outbox, stop)
    with failure_told(spec.session_id, outbox):
        tally = watch.run()
    reason = FinishReason.STOPPED if stop.is_set() else FinishReason.SOURCE_ENDED
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, reason))
    return tally


@dataclass(slots=True)
class _Candidate:
    """The worst disagreement of the present half second, with a copy of its picture."""

    pixels: Pixels
    frame: WatchedFrame
    answers: tuple[VariantAnswer, ...]
    apart: tuple[Apart, ...]
    weight: int
    since_s: float


class Watch:
    """Holds the variants, the tally, and the disagreement that may become a picture."""

    def __init__(self, spec: WatchSpec, outbox: Outbox, stop: threading.Event) -> None:
        self._spec = spec
        self._outbox = outbox
        self._stop = stop
        self._teller = Teller(spec.session_id, outbox)
        self._variants: dict[Precision, Answers] = {}
        self._threshold: float | None = None
        self._frames = self._agreed = 0
        self._differing: Counter[Precision] = Counter()
        self._candidate: _Candidate | None = None
        self._told_places: set[object] = set()

    def run(self) -> Tally | None:
        """Everything, from the model's name to the last frame."""
        spec = self._spec
        card = find_model(spec.model)
        names = _names(card, spec)
        self._teller.progress(0, len(names), "opening the source")
        source = open_source(spec.source, spec.camera, self._on_notice)
        try:
            self._threshold = threshold_of(card)
            ready = self._load(card, names)
            if self._stop.is_set():
                return None
            labels = tuple(read_labels(card))
            self._outbox.send(WatchBegan(spec.session_id, ready, labels, source.info, self._threshold))
            self._outbox.send(SessionStatus(spec.session_id, RunState.RUNNING))
            self._watch(source)
        finally:
            source.close()
        return self._tally() if self._frames else None

    def _load(self, card: ModelCard, names: tuple[Precision, ...]) -> tuple[WatchedVariant, ...]:
        """Compile every variant as a session would; what each really executes."""
        ready = []
        for at, name in enumerate(names):
            if self._stop.is_set():
                break
            self._teller.progress(at, len(names), f"preparing {name}")
            asked = SessionSpec(
                session_id=self._spec.session_id,
                source=self._spec.source,
                model=self._spec.model,
                precision=name,
                device=self._spec.device,
                hint=self._spec.hint,
                requests=1,
                cache_dir=self._spec.cache_dir,
            )
            loaded = runtime.load(card, asked, lambda text, at=at: self._teller.progress(at, len(names), text))  # type: ignore[misc]
            lowest = None if self._threshold is None else lowest_score(self._threshold)
            self._variants[name] = Answers(loaded.compiled, card, score_threshold=lowest)
            ready.append(WatchedVariant(name, loaded.effective.executed_precision))
        return tuple(ready)

    def _watch(self, source: Source) -> None:
        frames = WatchedFrames(source, self._stop)
        try:
            for frame in frames:
                self._look(frame)
        finally:
            frames.close()
            self._tell_candidate()  # a lost source takes nothing with it

    def _look(self, frame: WatchedFrame) -> None:
        """One frame through every variant; the message goes before the picture, so that whoever shows it has both."""
        found = {name: _bounded(answers(frame.pixels)) for name, answers in self._variants.items()}
        parts = tuple(self._compare(found))
        self._count(parts)
        answers = tuple(self._shown(name, found) for name in found)
        self._outbox.send(Watched(self._spec.session_id, frame.number, answers, parts, self._tally()))
        self._show(frame, next(iter(found.values())))
        self._consider(frame, answers, parts)

    def _compare(self, found: dict[Precision, Findings]) -> list[Apart]:
        """Every variant against the reference, which is the first."""
        (reference, expected), *others = found.items()
        parts = []
        for name, findings in others:
            lacking, extra = apart(expected, findings, self._threshold)
            parts += [Apart(reference, row, name) for row in lacking]
            parts += [Apart(name, row, reference) for row in extra]
        return parts

    def _shown(self, name: Precision, found: dict[Precision, Findings]) -> VariantAnswer:
        """What is drawn. The rows of those that count keep their numbers, because the best come first."""
        boxes, classes = found[name].boxes, found[name].classes
        if self._threshold is not None:
            boxes = shown(boxes, [other.boxes for key, other in found.items() if key != name], self._threshold)
        return VariantAnswer(name, boxes.tobytes(), classes[:3])

    def _count(self, parts: tuple[Apart, ...]) -> None:
        reference = next(iter(self._variants))
        differing = {name for one in parts for name in (one.of, one.missing_in)} - {reference}
        self._frames += 1
        self._agreed += not differing
        self._differing.update(differing)

    def _tally(self) -> Tally:
        others = list(self._variants)[1:]
        return Tally(self._frames, self._agreed, {name: self._differing[name] for name in others})

    # Pictures ---------------------------------------------------------------------------------------------------------------

    def _show(self, frame: WatchedFrame, found: Findings) -> None:
        """The picture for the window, as large as it is shown there."""
        size = self._outbox.preview_size()
        if size is None:
            return
        height, width = frame.pixels.shape[:2]
        scale = min(size[0] / width, size[1] / height)
        target = max(1, round(width * scale)), max(1, round(height * scale))
        canvas = self._outbox.preview(*target)
        cv2.cvtColor(cv2.resize(frame.pixels, target, interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2BGRA, dst=canvas)
        self._outbox.publish(frame.number, time.perf_counter_ns(), (width, height), found)

    def _consider(self, frame: WatchedFrame, answers: tuple[VariantAnswer, ...], parts: tuple[Apart, ...]) -> None:
        """Remember the worst disagreement of each half second; of a part of a file that comes round again only the first."""
        now_s = time.monotonic()
        if self._candidate is not None and now_s - self._candidate.since_s >= BETWEEN_PICTURES_S:
            self._tell_candidate()
        weight = len({(one.of, one.box) for one in parts})
        if not weight or frame.place in self._told_places:
            return
        if self._candidate is None or weight > self._candidate.weight:
            since_s = self._candidate.since_s if self._candidate is not None else now_s
            self._candidate = _Candidate(frame.pixels.copy(), frame, answers, parts, weight, since_s)

    def _tell_candidate(self) -> None:
        worst, self._candidate = self._candidate, None
        if worst is None:
            return
        self._told_places.add(worst.frame.place)
        height, width = worst.pixels.shape[:2]
        told = Disagreement(
            session_id=self._spec.session_id,
            frame=worst.frame.number,
            at_s=worst.frame.at_s,
            answers=worst.answers,
            apart=worst.apart,
            source_size=(width, height),
            jpeg=jpeg(worst.pixels),
        )
        self._outbox.send(told)

    def _on_notice(self, notice: Notice) -> None:
        self._outbox.send(msgspec.structs.replace(notice, session_id=self._spec.session_id))


def _bounded(found: Findings) -> Findings:
    return found if len(found.boxes) <= _MOST_BOXES else Findings(found.boxes[:_MOST_BOXES])


def jpeg(pixels: Pixels) -> bytes:
    """The picture, at most `PICTURE_WIDTH` wide."""
    height, width = pixels.shape[:2]
    if width > PICTURE_WIDTH:
        size = PICTURE_WIDTH, max(1, round(height * PICTURE_WIDTH / width))
        picture: Any = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    else:
        picture = pixels
    _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY))
    return bytes(data)


def threshold_of(card: ModelCard) -> float | None:
    """Score from which the live session shows a box of this model; None for a classifier."""
    if card.task == "classification":
        return None
    options = DbTextOptions() if card.decoder == _DB_TEXT else BoxOptions()
    chosen = card.decoder_options.get("score_threshold")
    return float(chosen) if isinstance(chosen, int | float) else options.score_threshold


def _names(card: ModelCard, spec: WatchSpec) -> tuple[Precision, ...]:
    """The variants to watch; raises ModelError when there is nothing to hold against each other."""
    if card.task not in _TASKS:
        raise ModelError(
            f"Watch needs a detector or a classifier; {card.title} is for {card.task}.",
            "Choose another model, or use Compare: it measures how far the outputs of any model agree.",
        )
    names = tuple(name for name in spec.precisions if name in card.variants)
    if len(names) < 2:
        raise ModelError(
            f"{card.title} has only {', '.join(names) or 'other variants'}; there is nothing to watch it against.",
            f"Make another variant on the Models page, or with: edgeperf models quantize {card.name}.",
        )
    return names
