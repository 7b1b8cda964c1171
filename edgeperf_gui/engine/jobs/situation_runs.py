"""Real runs of situations: those that service times are taken from, and those that a prediction is held against."""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.analysis.service_times import Measured, ServiceTimes, service_times
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.summary import summarise
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.session import CameraMode, SessionSpec
from edgeperf_gui.domain.simulation import Outcome, SimulationSpec, Situation
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.arrivals import Arrivals, Timetable, poisson_s
from edgeperf_gui.engine.cameras import AtRate, Cameras
from edgeperf_gui.engine.pacing import Pacer
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.run_end import JOIN_S, check_end, follow
from edgeperf_gui.engine.runner import settle
from edgeperf_gui.engine.scene_witness import SceneWitness, witness_of
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo.catalogue import read_labels

_OVERLOAD: Final = 2.0
"""Times the throughput flat out: the reader then works for frames that are dropped, too, and takes the cores from the model."""
_LADDER: Final = (0.85, 0.55, 0.35, 0.2, 0.1)
"""Parts of it at which frames find the machine at rest: nearly busy, to asleep."""
_CALM: Final = 0.6
"""A calm run lasts so much of the one flat out, or longer for its batches; one under overload, which varies more, as long."""
_CALM_BATCHES: Final = 40
_LONGEST: Final = 2.0
"""Calm runs longer than so many times the one flat out are left out, but for the fastest."""
_WARM_UP_S: Final = 0.5
_GLANCE_S: Final = 0.05
_APART: Final = 17
"""Frames that one camera's recording begins after another's."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a real run; `looks` of a scene's vehicles, when they are asked for; its frames, when it had one camera."""

    outcome: Outcome
    looks: TrueLooks | None = None
    frames: Measured | None = None


class SituationRuns:
    """A compiled model, and the runs through it."""

    def __init__(
        self, spec: SimulationSpec, card: ModelCard, like: Situation, stop: threading.Event, tell: Callable[[str], None]
    ) -> None:
        """Load the model for situations `like` this one. Raises ModelError and DeviceError."""
        self._spec, self._card, self._stop, self._tell = spec, card, stop, tell
        self._asked = asked = SessionSpec(
            session_id=spec.session_id,
            source=spec.source,
            model=spec.model,
            precision=spec.precision,
            device=spec.device,
            hint=spec.hint,
            streams=like.streams,
            requests=like.requests,
            batch=like.batch,
            cache_dir=spec.cache_dir,
        )
        self._loaded = runtime.load(card, asked, tell)
        self._situation = like
        self._capacity_fps = 0.0
        self.requests = self._loaded.effective.requests
        self.streams = self._loaded.effective.streams or like.streams
        settle()

    def calibrate(self, around: Situation) -> tuple[Measured, ...] | None:
        """Frames that come one upon the other, and frames that find the machine rested for more and less long; None when stopped.

        A second time the rates are those of the first, so that both can be taken together. Flat out comes first, because the
        others are parts of it. Of these the nearest to the rate asked come last before the first situation is run, and first
        after each: the machine drifts.
        """
        is_before = not self._capacity_fps
        seconds = self._spec.calibration_s
        self._tell("measuring service times, flat out")
        flat = self._records(None, seconds)
        if flat is None:
            return None
        if not flat.size:
            raise self._too_brief("no frame was done in time")
        self._capacity_fps = self._capacity_fps or len(flat) / seconds
        runs = [Measured(flat, self._capacity_fps)]
        rungs = ladder(self._capacity_fps, self._situation, seconds)
        asked_fps = around.rate_fps * around.cameras
        for rate_fps, lasts_s in sorted(rungs, key=lambda rung: abs(math.log(rung[0] / asked_fps)), reverse=is_before):
            self._tell(f"measuring service times at {rate_fps:.0f} FPS")
            calm = self._records(_timetable(msgspec.structs.replace(self._situation, rate_fps=rate_fps)), lasts_s)
            if calm is None:
                return None
            runs.append(Measured(calm, rate_fps))
        return tuple(runs)

    def service_times(self, runs: Sequence[Measured]) -> ServiceTimes:
        """From calibrations. Raises RunError when they are too short."""
        try:
            return service_times(runs, self.streams)
        except ValueError as error:
            raise self._too_brief(str(error)) from error

    def own_times(self, ran: Ran | None) -> ServiceTimes | None:
        """Of the frames of a real run; None without one, and with too few frames."""
        if ran is None or ran.frames is None:
            return None
        try:
            return service_times([ran.frames], self.streams)
        except ValueError:
            return None

    def _too_brief(self, why: str) -> RunError:
        return RunError(f"{self._card.title} was measured too briefly: {why}.", "Take a smaller batch, or a longer calibration.")

    def measure(self, situation: Situation) -> Ran | None:
        """A real run of the same; None when stopped."""
        return self._measure_one(situation) if situation.cameras == 1 else self._measure_many(situation)

    def _measure_one(self, situation: Situation) -> Ran | None:
        meter = LoadMeter()
        pipeline, recorder = self._start(_timetable(situation))
        ended_ns = self._follow(pipeline, situation.seconds)
        if ended_ns is None:
            return None
        records = recorder.since(0)
        summary = summarise(
            records,
            streams=self.streams,
            batch=self._situation.batch,
            completed=recorder.count,
            dropped=pipeline.dropped,
            source_fps=situation.rate_fps,
            saturated=False,
            end_ns=ended_ns,
        )
        # drops are of the same frames as throughput and age: of those after the warm-up
        cut = summary.throughput.warmup_discarded
        completed, dropped = recorder.count - cut, pipeline.dropped - (int(records["dropped"][cut - 1]) if cut else 0)
        outcome = Outcome(
            fps=summary.throughput.fps,
            due=completed + dropped,
            completed=completed,
            dropped=dropped,
            age=summary.age,
            foreign_cpu_percent=meter.total().foreign_percent,
        )
        looks, witness = self._spec.looks, pipeline.witness
        seen = witness.looks(looks, cut) if looks is not None and witness is not None else None
        return Ran(outcome, seen, Measured(after_warm_up(records), situation.rate_fps))

    def _measure_many(self, situation: Situation) -> Ran | None:
        period_s = 1 / situation.rate_fps
        sources = [self._open() for _ in range(situation.cameras)]
        phased = [
            AtRate(source, situation.rate_fps, period_s * number / len(sources), number * _APART % (source.info.frames or 1))
            for number, source in enumerate(sources)
        ]
        crowd = Cameras(self._loaded, self._card, phased)
        crowd.start()
        try:
            while not crowd.running.is_set() and crowd.error is None and not self._stop.wait(_GLANCE_S):
                pass
            self._stop.wait(_WARM_UP_S)
            for camera in crowd.cameras:
                camera.count_from_now()
            meter, start = LoadMeter(), time.perf_counter()
            while (left_s := start + situation.seconds - time.perf_counter()) > 0 and crowd.error is None:
                if self._stop.wait(min(left_s, _GLANCE_S)):
                    break
            seconds, served = time.perf_counter() - start, [camera.served() for camera in crowd.cameras]
        finally:
            crowd.stop()
            for source in phased:
                source.close()
        check_end(crowd.error, joined=True, who="The run")
        if self._stop.is_set():
            return None
        ages = [age for one in served for age in one.ages_ms]
        dropped = sum(one.dropped for one in served)
        return Ran(
            Outcome(
                fps=len(ages) / seconds,
                due=len(ages) + dropped,
                completed=len(ages),
                dropped=dropped,
                age=stage_stats(np.array(ages)),
                foreign_cpu_percent=meter.total().foreign_percent,
            )
        )

    def _records(self, timetable: Timetable | None, seconds: float) -> Records | None:
        """What a run of so long recorded after its warm-up; None when stopped."""
        pipeline, recorder = self._start(timetable)
        if self._follow(pipeline, seconds + _WARM_UP_S) is None:
            return None
        return after_warm_up(recorder.since(0))

    def _start(self, timetable: Timetable | None) -> tuple[Pipeline, Recorder]:
        recorder = Recorder()
        self._source = self._open()
        paced = timetable is not None
        pipeline = Pipeline(
            self._source,
            self._loaded,
            self._card,
            recorder,
            paced=paced,
            loop=True,
            timetable=timetable,
            witness=self._witness(),
        )
        pipeline.start()
        return pipeline, recorder

    def _follow(self, pipeline: Pipeline, seconds: float) -> int | None:
        """When it was told to end, a stamp; None when stopped by the user. Closes its source."""
        end_s = time.perf_counter() + seconds
        try:
            ended_ns = follow(pipeline, self._stop, _GLANCE_S, lambda: time.perf_counter() >= end_s)
            joined = pipeline.join(JOIN_S)
        finally:
            self._source.close()
        check_end(pipeline.error, joined, "The run")
        return None if self._stop.is_set() else ended_ns

    def _witness(self) -> SceneWitness | None:
        """Of a drawn scene whose looks are asked for: it costs a little, so nobody else has one."""
        return witness_of(self._asked, self._source, read_labels(self._card)) if self._spec.looks is not None else None

    def _open(self) -> Source:
        source = open_source(self._spec.source, CameraMode(), lambda text: None)
        if source.info.live:
            source.close()
            raise BadInput("A live source gives one rate, its own.", "Give a recording or a scene.")
        return source


def ladder(capacity_fps: float, situation: Situation, seconds: float) -> Iterator[tuple[float, float]]:
    """Rates in FPS and how long each is measured, seconds, from the fastest on; `seconds`: the run flat out.

    Frames that all queue never overload the machine: their reader waits for a free buffer.
    """
    for part in (*([_OVERLOAD] if situation.line == "newest" else []), *_LADDER):
        rate_fps = part * capacity_fps
        share = 1.0 if part >= 1 else _CALM
        lasts_s = max(share * seconds, _CALM_BATCHES * situation.batch / min(rate_fps, capacity_fps))
        if part >= _LADDER[0] or lasts_s <= _LONGEST * seconds:
            yield rate_fps, lasts_s


def after_warm_up(records: Records) -> Records:
    """Frames whose decoding began half a second after the first one's, or later."""
    begins_ns = records["decode_start_ns"]
    kept: Records = records[begins_ns > begins_ns.min() + _WARM_UP_S * 1e9] if records.size else records
    return kept


def _timetable(situation: Situation) -> Timetable:
    if situation.line == "newest":
        return Pacer(situation.rate_fps)
    if situation.by_chance:
        return Arrivals(poisson_s(situation.rate_fps))
    return Arrivals(number / situation.rate_fps for number in itertools.count())
