"""One session from spec to result: `run(spec, outbox, stop)`.

An ordinary function with three callers: the link's child, the command line, and tests.

    IDLE → STARTING → WARMING → RUNNING → STOPPING → FINISHED(reason)
"""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import cv2
import msgspec

from edgeperf_gui.analysis.steady import judge
from edgeperf_gui.analysis.summary import summarise, windows_of
from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.errors import BadInput, EdgeperfError, RunError, SourceLost, StoreError
from edgeperf_gui.domain.messages import Notice, Opened
from edgeperf_gui.domain.results import RunResult, Steady
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.inference_only import run_inference_only
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.power.session_energy import SessionEnergy
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.run_arrivals import RunArrivals, plain
from edgeperf_gui.engine.run_end import JOIN_S, as_told, check_end, follow
from edgeperf_gui.engine.scene_witness import witness_of
from edgeperf_gui.engine.sender import Sender
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source
from edgeperf_gui.engine.telemetry import Load, LoadMeter
from edgeperf_gui.store.run_file import RunEnd, RunHeader, RunWriter
from edgeperf_gui.zoo.catalogue import find_model, read_labels

_SWITCH_INTERVAL_S: Final = 0.0005
"""A C call that released the interpreter lock waits up to this long to get it back; the default of 5 ms is a frame."""
_LOOK_S: Final = 0.02
_JUDGE_S: Final = 0.5
"""A run that was stopped has to be over before its window loses patience."""


def run(spec: SessionSpec, outbox: Outbox, stop: threading.Event) -> RunResult:
    """Run a session until it is stopped, its time is up or its source ends; returns what it measured.

    Every end is told to the outbox as a FINISHED status first. Raises BadInput (source, model, device) and RunError.
    """
    session = _Session(spec, outbox, stop)
    try:
        result, reason = session.run()
    except SourceLost as error:
        session.status(RunState.FINISHED, FinishReason.SOURCE_LOST, error=error)
        raise
    except EdgeperfError as error:
        session.status(RunState.FINISHED, FinishReason.FAILED, error=error)
        raise
    except Exception as error:
        failure = RunError(f"The engine failed: {type(error).__name__}: {runtime.last_line(error)}.", "Run it again.")
        session.status(RunState.FINISHED, FinishReason.FAILED, error=failure)
        raise failure from error
    session.status(RunState.FINISHED, reason)
    return result


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a run came to, apart from its records."""

    reason: FinishReason
    steady: Steady
    dropped: int
    end_ns: int
    """When it was told to end; frames that were under way complete later and count for their latency only."""
    unfinished: int | None = None


class _Session:
    def __init__(self, spec: SessionSpec, outbox: Outbox, stop: threading.Event) -> None:
        self.spec = spec
        self.outbox = outbox
        self.stop = stop
        self.sender: Sender | None = None
        self._timed_out = False

    def status(
        self, state: RunState, reason: FinishReason | None = None, *, activity: str = "", error: EdgeperfError | None = None
    ) -> None:
        sentence, remedy = (error.sentence, error.remedy) if error else ("", "")
        cause = error.cause if error else ""
        self.outbox.send(SessionStatus(self.spec.session_id, state, reason, activity, sentence, remedy, cause=cause))

    def run(self) -> tuple[RunResult, FinishReason]:
        self.spec = spec = plain(self.spec)
        energy = SessionEnergy(spec, self._notify)
        self.status(RunState.STARTING, activity="looking up the model")
        card = find_model(spec.model)
        source = None if spec.inference_only else self._open_source()
        try:
            if spec.arrivals and source is not None and source.info.live:
                raise BadInput("Frames of a camera or a stream come when they come.", "Leave arrivals out, or give a recording.")
            witness = witness_of(spec, source, read_labels(card))
            loaded = runtime.load(card, spec, lambda text: self.status(RunState.STARTING, activity=text))
            loaded = witness.label(loaded) if witness else loaded
            recorder = Recorder()
            coming = RunArrivals(spec, recorder)
            wiring = (loaded, card, recorder, spec.paced, spec.loop, coming.timetable, witness)
            pipeline = Pipeline(source, *wiring) if source else None
            opened = Opened(
                session_id=spec.session_id,
                machine=describe_machine(),
                effective=loaded.effective,
                model=loaded.times,
                source=source.info if source else None,
                labels=witness.labels if witness else read_labels(card),
                is_saturated=pipeline is None or pipeline.is_saturated,
            )
            self.outbox.send(opened)
            settle()
            meter = LoadMeter(spec.companion_pids)
            if pipeline is None:
                outcome = self._run_inference_only(loaded, recorder, meter, energy)
            else:
                outcome = self._run_pipeline(pipeline, recorder, meter, energy, opened)
            self.status(RunState.STOPPING)
        finally:
            energy.finish()
            if source is not None:
                source.close()
        result = self._result(loaded, opened, recorder, meter.total(), outcome)
        warmup = result.throughput.warmup_discarded
        spent = energy.result(recorder.since(0), warmup, outcome.end_ns, result.stages, loaded.effective, self.outbox.send)
        result = msgspec.structs.replace(result, energy=spent)
        if pipeline is not None:
            result = msgspec.structs.replace(result, queries=coming.queries(result, outcome.end_ns))
        result = witness.judge(result, _JUDGE_S if self.stop.is_set() else None) if witness else result
        return result, outcome.reason

    def _open_source(self) -> Source:
        self.status(RunState.STARTING, activity="opening the source")
        return open_source(self.spec.source, self.spec.camera, self._notify)

    def _notify(self, notice: Notice) -> None:
        notice = msgspec.structs.replace(notice, session_id=self.spec.session_id)
        if self.sender is not None:
            self.sender.notify(notice)
        else:
            self.outbox.send(notice)

    def _run_inference_only(
        self, loaded: runtime.Runtime, recorder: Recorder, meter: LoadMeter, energy: SessionEnergy
    ) -> _Outcome:
        self.status(RunState.RUNNING)
        energy.start()
        run_inference_only(loaded, recorder, self.stop, self.spec.seconds)
        end_ns = time.perf_counter_ns()
        energy.finish()
        steady = judge(windows_of(recorder.since(0), end_ns, meter.total().foreign_percent, loaded.effective.batch))
        return _Outcome(FinishReason.STOPPED if self.stop.is_set() else FinishReason.COMPLETED, steady, 0, end_ns)

    def _run_pipeline(
        self, pipeline: Pipeline, recorder: Recorder, meter: LoadMeter, energy: SessionEnergy, opened: Opened
    ) -> _Outcome:
        self.sender = sender = Sender(self.spec.session_id, pipeline, recorder, self.outbox, meter)
        writer = self._open_run_file(opened)
        self.status(RunState.WARMING)
        sender.start(writer)
        energy.start(sender.tell)
        pipeline.start()
        try:
            self._watch(pipeline, recorder)
        finally:
            end_ns = time.perf_counter_ns()
            energy.finish()
            joined = pipeline.join(JOIN_S)
            shipped = sender.finish()
            error = as_told(pipeline.error or sender.error)
            reason = self._why_ended(pipeline, error)
            if writer and shipped:
                with contextlib.suppress(StoreError):  # told already, when the disk filled up
                    writer.end(RunEnd(reason, error.sentence if error else ""))
        check_end(error, joined)
        if recorder.count == 0 and pipeline.ended:
            raise RunError("The source ended before a frame was completed.", "Try another source.")
        return _Outcome(reason, sender.steady, pipeline.dropped, end_ns, pipeline.unfinished)

    def _watch(self, pipeline: Pipeline, recorder: Recorder) -> None:
        """Wait for the end; the measured seconds begin with the first completed frame."""
        end: float | None = None

        def is_over() -> bool:
            nonlocal end
            if recorder.count and end is None:
                self.status(RunState.RUNNING)
                end = time.perf_counter() + (self.spec.seconds or float("inf"))
            self._timed_out = end is not None and time.perf_counter() >= end
            return self._timed_out

        follow(pipeline, self.stop, _LOOK_S, is_over)

    def _why_ended(self, pipeline: Pipeline, error: EdgeperfError | None) -> FinishReason:
        if error is not None:
            return FinishReason.SOURCE_LOST if isinstance(error, SourceLost) else FinishReason.FAILED
        if self._timed_out:
            return FinishReason.COMPLETED
        return FinishReason.SOURCE_ENDED if pipeline.ended else FinishReason.STOPPED

    def _open_run_file(self, opened: Opened) -> RunWriter | None:
        if self.spec.record_path is None:
            return None
        try:
            writer = RunWriter(self.spec.record_path)
            started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
            writer.header(RunHeader(without_secrets(self.spec), opened, started_at, time.perf_counter_ns()))
        except StoreError as error:
            self._notify(Notice(self.spec.session_id, error.sentence, error.remedy))
            return None
        return writer

    def _result(self, loaded: runtime.Runtime, opened: Opened, recorder: Recorder, load: Load, outcome: _Outcome) -> RunResult:
        spec = self.spec
        summary = summarise(
            recorder.since(0),
            streams=loaded.effective.streams,
            batch=loaded.effective.batch,
            completed=recorder.count,
            dropped=outcome.dropped,
            source_fps=opened.source.fps if opened.source else None,
            saturated=opened.is_saturated,
            unfinished=outcome.unfinished,
            end_ns=outcome.end_ns,
            cut_warmup=not spec.inference_only,  # benchmark_app cuts nothing either
        )
        return RunResult(
            spec=without_secrets(spec),
            machine=opened.machine,
            effective=loaded.effective,
            model=loaded.times,
            source=opened.source,
            stages={name: stats for name, stats in summary.stages.items() if name == "inference" or not spec.inference_only},
            age=summary.age,
            throughput=summary.throughput,
            steady=outcome.steady,
            foreign_cpu_percent=load.foreign_percent,
            own_cpu_percent=load.own_percent,
            openvino_command=loaded.command + _seconds_asked(spec, outcome, summary.throughput.wall_s),
            openvino_latency=summary.openvino_latency,
            age_ends="shown" if summary.age_ends_when_shown else "objects known",
            ended=outcome.reason,
            ages=summary.ages,
            intervals=summary.intervals,
        )


def without_secrets(spec: SessionSpec) -> SessionSpec:
    """The spec as it may be kept and shown: a stream's user and password left out."""
    return msgspec.structs.replace(spec, source=shown(spec.source))


def _seconds_asked(spec: SessionSpec, outcome: _Outcome, wall_s: float | None) -> str:
    """How long benchmark_app has to run for the same: as asked, or as long as a run went on that was stopped before."""
    seconds = wall_s if outcome.reason is FinishReason.STOPPED else spec.seconds
    return f" -t {max(1, round(seconds))}" if seconds else ""


def settle() -> None:
    """Make this process a quiet place to measure in."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    # the model's cores are busy; OpenCV's own pool would only fight for them
    cv2.setNumThreads(1)
    gc.collect()
    gc.freeze()
