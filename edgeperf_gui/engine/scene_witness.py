"""Beside a session with a drawn scene: which of its frames were processed, what was found in them, and what was true.

With an oracle the model still runs, for its cost; but what it finds is replaced by the truth, of which a chosen part is left out.
"""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.detection_matches import corners_of
from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.truth import visible_intervals
from edgeperf_gui.analysis.true_findings import (
    LEAST_VISIBILITY,
    FrameFound,
    found_in,
    hold_against,
    often_found,
    over_time,
    vehicle_classes,
)
from edgeperf_gui.analysis.true_looks import counting, looks_of, times_found, true_looks
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.findings import NO_BOXES, Findings
from edgeperf_gui.domain.messages import SceneFindings, SceneSeen
from edgeperf_gui.domain.records import DETECTION, Detections
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.truth import COCO_NAMES, ORACLE, SceneTruth, TrueLooks, TrueObject
from edgeperf_gui.engine.recorder import CAPACITY
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.sources.scene import SceneSource
from edgeperf_gui.engine.sources.source import Source

_NAMES: Final = tuple(dict.fromkeys(COCO_NAMES.values()))
ORACLE_LABELS: Final = tuple(f"{ORACLE}{name}" for name in _NAMES)
_ORACLE_SCORE: Final = 1.0
_MOST_MATCHED: Final = 6000
"""Frames whose findings are held against the truth after a run; the newest, and it takes some seconds."""
_NEWS_NS: Final = 1_000_000_000
_SAMPLED_A_S: Final = 4
"""Of a second's frames so many go out with their findings: neighbours look alike, and to judge one takes 2 ms."""
_MOST_SAMPLED: Final = 8
_MOST_NUMBERS: Final = 4096
"""In one message."""
_REMEDY: Final = "Use --source scene:highway or scene:parking-lot, or leave it out."


class SceneWitness:
    """Called by the pipeline for every processed frame, outside every measured stage."""

    def __init__(self, source: SceneSource, spec: SessionSpec, labels: tuple[str, ...]) -> None:
        self._source = source
        self._spec = spec
        self.labels = labels if spec.oracle is None else ORACLE_LABELS
        """What the numbers of the findings' classes mean."""
        self._vehicles = vehicle_classes(self.labels)
        self._numbers = np.zeros(CAPACITY, np.int64)
        self._count = 0
        self._kept: deque[tuple[int, Detections]] = deque(maxlen=_MOST_MATCHED)
        self._sampled: deque[tuple[int, Detections]] = deque(maxlen=_MOST_SAMPLED)
        self._sample_every = max(1, round(source.spec.fps / _SAMPLED_A_S))
        self._next_sample = self._told = self._told_ns = 0

    def saw(self, number: int | None, findings: Findings) -> Findings:
        """A frame was processed; what is to be shown of it."""
        if number is None:
            return findings
        self._numbers[self._count % CAPACITY] = number
        self._count += 1
        if self._spec.oracle is not None:
            findings = Findings(self._oracle(number, self._spec.oracle))
        if self._spec.looks is not None or self._spec.oracle is not None:
            self._kept.append((number, findings.boxes))
        if number >= self._next_sample:
            self._sampled.append((number, findings.boxes))
            self._next_sample = number + self._sample_every
        return findings

    def news(self, now_ns: int) -> SceneSeen | None:
        """About once a second what was seen since; None in between, and where the scene waits for its frames: nobody is missed.

        Called by the sender's thread, beside `saw`.
        """
        count = self._count
        if count == self._told or now_ns - self._told_ns < _NEWS_NS or not self._goes_on:
            return None
        numbers = self._numbers[np.arange(max(self._told, count - _MOST_NUMBERS), count) % CAPACITY]
        self._told, self._told_ns = count, now_ns
        sampled = [self._sampled.popleft() for _ in range(len(self._sampled))] if self._vehicles.size else []
        found = tuple(SceneFindings(frame, self._of_vehicles(boxes).tobytes()) for frame, boxes in sampled)
        return SceneSeen(self._spec.session_id, now_ns, np.sort(numbers).tobytes(), found)

    @property
    def _goes_on(self) -> bool:
        """Whether the scene keeps its own pace, whoever looks."""
        return self._spec.paced and not self._spec.arrivals

    def _of_vehicles(self, boxes: Detections) -> Detections:
        return boxes[np.isin(boxes["label"], self._vehicles)]

    def label(self, loaded: Runtime) -> Runtime:
        """The truth label says so when what is found is not the model's."""
        effective = msgspec.structs.replace(loaded.effective, oracle_miss_percent=self._spec.oracle)
        return replace(loaded, effective=effective)

    def judge(self, result: RunResult, within_s: float | None = None) -> RunResult:
        """The result with the scene's truth beside it; of a run that did not keep the scene's pace there are no looks.

        `within_s`: somebody waits, so of the findings only as many of the newest are held against the truth.
        """
        spec, fps = self._spec, self._source.spec.fps
        numbers = self._seen(result.throughput.warmup_discarded)
        if not numbers.size or not self._goes_on:
            return result
        start_s, end_s = float(numbers[0]) / fps, float(numbers[-1] + 1) / fps
        looks = spec.looks or 1
        frames = self._held_against(int(numbers[0]), within_s)
        found = None
        if frames:
            first_s = frames[0].frame / fps
            since = counting(visible_intervals(self._source.spec, first_s, end_s), first_s, end_s)
            found = true_looks(looks, times_found(since, often_found(frames)))
        truth = SceneTruth(
            frames=len(numbers),
            seconds=end_s - start_s,
            found=found,
            whole=found_in(frames, fps),
            over_time=over_time(frames, fps),
            oracle_miss_percent=spec.oracle,
        )
        return msgspec.structs.replace(result, looks=self._looks(looks, numbers), scene=truth)

    def looks(self, k: int, discarded: int) -> TrueLooks | None:
        """The share of vehicles that were seen so often after the first `discarded` frames; None when there are no others."""
        numbers = self._seen(discarded)
        return self._looks(k, numbers) if numbers.size else None

    def _seen(self, discarded: int) -> NDArray[np.int64]:
        """Numbers of the processed frames after the first ones, in order; of the newest that were kept."""
        kept = np.sort(self._numbers[: min(self._count, CAPACITY)])
        return kept[discarded:] if self._count <= CAPACITY else kept

    def _looks(self, k: int, numbers: NDArray[np.int64]) -> TrueLooks:
        fps = self._source.spec.fps
        start_s, end_s = float(numbers[0]) / fps, float(numbers[-1] + 1) / fps
        intervals = counting(visible_intervals(self._source.spec, start_s, end_s), start_s, end_s)
        return true_looks(k, looks_of(intervals, numbers, fps))

    def _held_against(self, first: int, within_s: float | None) -> list[FrameFound]:
        """The kept findings against the truth, oldest first; none where the model finds no vehicles."""
        if not self._vehicles.size:
            return []
        end_s = math.inf if within_s is None else time.perf_counter() + within_s
        frames = []
        for number, boxes in sorted(self._kept, key=lambda kept: -kept[0]):
            if number < first or time.perf_counter() > end_s:
                break
            vehicles = self._of_vehicles(boxes)
            frames.append(hold_against(number, corners_of(vehicles), vehicles["label"], self._source.truth(number)))
        return frames[::-1]

    def _oracle(self, number: int, miss_percent: float) -> Detections:
        seen = [
            one
            for one in self._source.truth(number)
            if one.visibility >= LEAST_VISIBILITY
            and 100 * chance.share(self._source.spec.seed, number, one.id, _DRAW) >= miss_percent
        ]
        return np.array([_as_detection(one) for one in seen], DETECTION) if seen else NO_BOXES


_DRAW: Final = 61


def _as_detection(one: TrueObject) -> tuple[float, float, float, float, float, int]:
    return one.x1, one.y1, one.x2, one.y2, _ORACLE_SCORE, _NAMES.index(COCO_NAMES[one.kind])


def witness_of(spec: SessionSpec, source: Source | None, labels: tuple[str, ...]) -> SceneWitness | None:
    """Of a session with a drawn scene; None of any other. Raises BadInput when one asks for what only a scene can tell."""
    if isinstance(source, SceneSource):
        if spec.looks is not None and (spec.arrivals or not spec.paced):
            raise BadInput(
                "Looks are counted while the scene goes on at its own pace; flat out or by --arrivals nothing is ever missed.",
                "Use --paced.",
            )
        return SceneWitness(source, spec, labels)
    if spec.oracle is not None:
        raise BadInput("An oracle knows the truth of drawn scenes only.", _REMEDY)
    if spec.looks is not None:
        raise BadInput("Who was really looked at is known of drawn scenes only.", _REMEDY)
    return None
