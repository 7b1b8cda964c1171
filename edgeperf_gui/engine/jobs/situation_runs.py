"""Real runs of situations: those that service times are taken from, and those that a prediction is held against."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.analysis.calibration_rungs import Pace, rungs
from edgeperf_gui.analysis.service_times import InOrder, Measured, ServiceTimes, service_times
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.summary import summarise
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.session import CameraMode, SessionSpec
from edgeperf_gui.domain.simulation import Outcome, SimulationSpec, Situation
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.arrivals import AfterWarmUp, Arrivals, Timetable, poisson_s
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

_WARM_UP_S: Final = 0.5
_GLANCE_S: Final = 0.05
_BRIEFEST_S: Final = 1e-6
_APART: Final = 17
"""Frames that one camera's recording begins after another's."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a real run; `looks` of a scene's vehicles, when they are asked for.

    `own`: its service times, when it had one camera and all its frames were kept; `first_frame`: of its source, where it began.
    """

    outcome: Outcome
    looks: TrueLooks | None = None
    own: InOrder | None = None
    first_frame: int = 0


@dataclass(frozen=True, slots=True)
class _Paced:
    """A run by a timetable: what came after its warm-up of so many frames, and the stamps between which it lasted."""

    records: Records
    completed: int
    dropped: int
    warm_up_frames: int
    begin_ns: int
    end_ns: int
    witness: SceneWitness | None


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
        self._pace: Pace | None = None
        self.requests = self._loaded.effective.requests
        self.streams = self._loaded.effective.streams or like.streams
        settle()

    def calibrate(self, *situations: Situation) -> tuple[Measured, ...] | None:
        """Frames at the rates next to those of `situations`; None when stopped.

        The first time the capacity is measured before, flat out: the rates hang on it, and later ones are the same, so that all
        can be taken together. The machine drifts: the rates of the first of `situations` are measured last that time, right
        before it is run, and later first, right after it was.
        """
        seconds, is_before = self._spec.calibration_s, self._pace is None
        pace = self._pace = self._pace or self._flat_out(seconds)
        if pace is None:
            return None
        asked = list(dict.fromkeys(rung for one in situations for rung in rungs(one, pace, seconds)))
        runs = []
        for rung in reversed(asked) if is_before else asked:
            self._tell("measuring service times " + ("flat out" if rung.is_flat_out else f"at {rung.rate_fps:.0f} FPS"))
            at_rate = msgspec.structs.replace(self._situation, rate_fps=rung.rate_fps)
            records = self._records(None if rung.is_flat_out else _timetable(at_rate), rung.seconds)
            if records is None:
                return None
            runs.append(Measured(records, rung.rate_fps))
        return tuple(runs)

    def _flat_out(self, seconds: float) -> Pace | None:
        self._tell("measuring the throughput flat out")
        records = self._records(None, seconds)
        if records is None:
            return None
        if not records.size:
            raise self._too_brief("no frame was done in time")
        decoding_s = float((records["decode_end_ns"] - records["decode_start_ns"]).mean()) / 1e9
        return Pace(len(records) / seconds, 1 / max(decoding_s, _BRIEFEST_S))

    def service_times(self, situation: Situation, runs: Sequence[Measured]) -> ServiceTimes:
        """From those calibrations that are next to it. Raises RunError when they are too short."""
        assert self._pace is not None, "runs come from a calibration"
        rates = {rung.rate_fps for rung in rungs(situation, self._pace, self._spec.calibration_s)}
        try:
            return service_times([run for run in runs if run.rate_fps in rates], self.streams)
        except ValueError as error:
            raise self._too_brief(str(error)) from error

    def _too_brief(self, why: str) -> RunError:
        return RunError(f"{self._card.title} was measured too briefly: {why}.", "Take a smaller batch, or a longer calibration.")

    def measure(self, situation: Situation) -> Ran | None:
        """A real run of the same; None when stopped."""
        return self._measure_one(situation) if situation.cameras == 1 else self._measure_many(situation)

    def _measure_one(self, situation: Situation) -> Ran | None:
        meter = LoadMeter()
        timetable = _timetable(situation)
        run = self._paced(timetable, situation.seconds)
        if run is None:
            return None
        summary = summarise(
            run.records,
            streams=self.streams,
            batch=self._situation.batch,
            completed=run.completed,
            dropped=run.dropped,
            source_fps=situation.rate_fps,
            saturated=False,
            end_ns=run.end_ns,
            cut_warmup=False,  # it came before, and a queue that grows all the time has no steady part to be cut to
        )
        outcome = Outcome(
            fps=summary.throughput.fps,
            due=timetable.due_until(run.end_ns) if isinstance(timetable, Arrivals) else run.completed + run.dropped,
            completed=run.completed,
            dropped=run.dropped,
            age=summary.age,
            foreign_cpu_percent=meter.total().foreign_percent,
        )
        looks = self._spec.looks
        seen = run.witness.looks(looks, run.warm_up_frames) if looks is not None and run.witness is not None else None
        is_whole = 0 < run.records.size == run.completed  # a recorder keeps the newest
        own = InOrder(Measured(run.records, situation.rate_fps), self.streams, run.begin_ns) if is_whole else None
        return Ran(outcome, seen, own, run.warm_up_frames)

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
        """What a run of so long recorded after its warm-up; flat out without a timetable. None when stopped."""
        if timetable is not None:
            run = self._paced(timetable, seconds)
            return run.records if run is not None else None
        recorder, end_s = Recorder(), time.perf_counter() + seconds + _WARM_UP_S
        pipeline = self._run(recorder, None, lambda: time.perf_counter() >= end_s)
        return after_warm_up(recorder.since(0)) if pipeline is not None else None

    def _paced(self, timetable: Timetable, seconds: float) -> _Paced | None:
        """Warm up, then run so long by a timetable; None when stopped."""
        recorder, lasts_ns = Recorder(), round(seconds * 1e9)
        warm = AfterWarmUp(timetable, _WARM_UP_S, self._situation.batch, lambda: recorder.count)
        pipeline = self._run(
            recorder, warm, lambda: warm.begins_ns is not None and time.perf_counter_ns() >= warm.begins_ns + lasts_ns
        )
        if pipeline is None:
            return None
        if warm.begins_ns is None:
            raise RunError(f"{self._spec.source} ended before {self._card.title} was warm.", "Give a longer recording.")
        end_ns, records = warm.begins_ns + lasts_ns, recorder.since(0)
        is_late = records["complete_ns"] > end_ns
        return _Paced(
            records=records[~is_late & (records["due_ns"] >= warm.begins_ns)],
            completed=recorder.count - warm.warm_up_frames - int(is_late.sum()),
            dropped=int(records["dropped"][~is_late][-1]),  # the reader went on until it was halted
            warm_up_frames=warm.warm_up_frames,
            begin_ns=warm.begins_ns,
            end_ns=end_ns,
            witness=pipeline.witness,
        )

    def _run(self, recorder: Recorder, timetable: Timetable | None, is_over: Callable[[], bool]) -> Pipeline | None:
        """A pipeline that ran until then; None when stopped by the user."""
        source = self._open()
        try:
            pipeline = Pipeline(
                source,
                self._loaded,
                self._card,
                recorder,
                paced=timetable is not None,
                loop=True,
                timetable=timetable,
                witness=self._witness(source),
            )
            pipeline.start()
            follow(pipeline, self._stop, _GLANCE_S, is_over)
            joined = pipeline.join(JOIN_S)
        finally:
            source.close()
        check_end(pipeline.error, joined, "The run")
        return None if self._stop.is_set() else pipeline

    def _witness(self, source: Source) -> SceneWitness | None:
        """Of a drawn scene whose looks are asked for: it costs a little, so nobody else has one."""
        return witness_of(self._asked, source, read_labels(self._card)) if self._spec.looks is not None else None

    def _open(self) -> Source:
        source = open_source(self._spec.source, CameraMode(), lambda text: None)
        if source.info.live:
            source.close()
            raise BadInput("A live source gives one rate, its own.", "Give a recording or a scene.")
        return source


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
