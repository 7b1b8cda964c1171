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
from datetime import UTC, datetime
from typing import Final

import cv2

from edgeperf_gui.analysis.steady import judge
from edgeperf_gui.analysis.summary import summarise, windows_of
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import EdgeperfError, Hung, RunError, SourceLost, StoreError
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.results import Machine, RunResult, StageStats, Steady
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus, SourceInfo
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.inference_only import run_inference_only
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.sender import Sender
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source
from edgeperf_gui.engine.telemetry import Load, LoadMeter
from edgeperf_gui.store.run_file import RunEnd, RunHeader, RunWriter
from edgeperf_gui.zoo.catalogue import find_model, read_labels

_SWITCH_INTERVAL_S: Final = 0.0005
"""A C call that released the interpreter lock waits up to this long to get it back; the default of 5 ms is a frame."""
_JOIN_S: Final = 5.0


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
    session.status(RunState.FINISHED, reason)
    return result


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
        self.outbox.send(SessionStatus(self.spec.session_id, state, reason, activity, sentence, remedy))

    def run(self) -> tuple[RunResult, FinishReason]:
        spec = self.spec
        self.status(RunState.STARTING, activity="looking up the model")
        card = find_model(spec.model)
        source = None if spec.inference_only else self._open_source()
        try:
            loaded = runtime.load(card, spec, lambda text: self.status(RunState.STARTING, activity=text))
            machine = describe_machine()
            info = source.info if source else None
            opened = Opened(spec.session_id, machine, loaded.effective, loaded.times, info, read_labels(card))
            self.outbox.send(opened)
            _settle()
            recorder, meter = Recorder(), LoadMeter(spec.companion_pids)
            if source is None:
                self._run_inference_only(loaded, recorder)
                steady, dropped, reason = (
                    judge(windows_of(recorder.since(0), meter.total().foreign_percent)),
                    0,
                    self._why_ended(None),
                )
            else:
                steady, dropped, reason = self._run_pipeline(card, source, loaded, recorder, meter, opened)
            self.status(RunState.STOPPING)
        finally:
            if source is not None:
                source.close()
        return _result(spec, loaded, machine, info, recorder, meter.total(), steady, dropped), reason

    def _open_source(self) -> Source:
        self.status(RunState.STARTING, activity="opening the source")
        return open_source(self.spec.source, self.spec.camera, self._notify)

    def _notify(self, sentence: str, remedy: str = "") -> None:
        if self.sender is not None:
            self.sender.notify(sentence, remedy)
        else:
            self.status(RunState.STARTING, activity=sentence)

    def _run_inference_only(self, loaded: runtime.Runtime, recorder: Recorder) -> None:
        self.status(RunState.RUNNING)
        run_inference_only(loaded, recorder, self.stop, self.spec.seconds)

    def _run_pipeline(
        self, card: ModelCard, source: Source, loaded: runtime.Runtime, recorder: Recorder, meter: LoadMeter, opened: Opened
    ) -> tuple[Steady, int, FinishReason]:
        pipeline = Pipeline(source, loaded, card, recorder, self.spec.paced, self.spec.loop)
        self.sender = sender = Sender(self.spec.session_id, pipeline, recorder, self.outbox, meter)
        writer = self._open_run_file(opened)
        self.status(RunState.WARMING)
        sender.start(writer)
        pipeline.start()
        try:
            self._watch(pipeline, recorder)
        finally:
            joined = pipeline.join(_JOIN_S)
            sender.finish()
            if writer:
                with contextlib.suppress(StoreError):  # told already, when the disk filled up
                    writer.end(RunEnd(self._why_ended(pipeline)))
        error = pipeline.error or sender.error
        if isinstance(error, EdgeperfError):
            raise error
        if error is not None:
            raise RunError(f"The pipeline stopped: {type(error).__name__}: {runtime.last_line(error)}.") from error
        if not joined:
            raise Hung("The source or the device did not come back from its last call.", "Try another source or device.")
        if recorder.count == 0 and pipeline.ended:
            raise RunError("No frame was completed.")
        return sender.steady, pipeline.dropped, self._why_ended(pipeline)

    def _watch(self, pipeline: Pipeline, recorder: Recorder) -> None:
        """Wait for the end; the measured seconds begin with the first completed frame."""
        end: float | None = None
        while pipeline.alive() and not self.stop.wait(0.02):
            if recorder.count and end is None:
                self.status(RunState.RUNNING)
                end = time.perf_counter() + (self.spec.seconds or float("inf"))
            if end is not None and time.perf_counter() >= end:
                self._timed_out = True
                return

    def _why_ended(self, pipeline: Pipeline | None) -> FinishReason:
        if pipeline is None or self._timed_out:
            return FinishReason.STOPPED if self.stop.is_set() else FinishReason.COMPLETED
        if pipeline.error is not None:
            return FinishReason.SOURCE_LOST if isinstance(pipeline.error, SourceLost) else FinishReason.FAILED
        return FinishReason.SOURCE_ENDED if pipeline.ended else FinishReason.STOPPED

    def _open_run_file(self, opened: Opened) -> RunWriter | None:
        if self.spec.record_path is None:
            return None
        try:
            writer = RunWriter(self.spec.record_path)
            started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
            writer.header(RunHeader(self.spec, opened, started_at, time.perf_counter_ns()))
        except StoreError as error:
            self._notify(error.sentence, error.remedy)
            return None
        return writer


def _settle() -> None:
    """Make this process a quiet place to measure in."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    # the model's cores are busy; OpenCV's own pool would only fight for them
    cv2.setNumThreads(1)
    gc.collect()
    gc.freeze()


def _result(
    spec: SessionSpec,
    loaded: runtime.Runtime,
    machine: Machine,
    info: SourceInfo | None,
    recorder: Recorder,
    load: Load,
    steady: Steady,
    dropped: int,
) -> RunResult:
    saturated = spec.inference_only or not (spec.paced or (info is not None and info.live))
    summary = summarise(
        recorder.since(0),
        streams=loaded.effective.streams,
        dropped=dropped,
        source_fps=info.fps if info else None,
        saturated=saturated,
    )
    stages: dict[str, StageStats] = summary.stages
    if spec.inference_only:
        stages = {"inference": stages["inference"]} if "inference" in stages else {}
    seconds = f" -t {spec.seconds:g}" if spec.seconds else ""
    return RunResult(
        spec=spec,
        machine=machine,
        effective=loaded.effective,
        model=loaded.times,
        source=info,
        stages=stages,
        age=summary.age,
        throughput=summary.throughput,
        steady=steady,
        foreign_cpu_percent=load.foreign_percent,
        own_cpu_percent=load.own_percent,
        openvino_command=loaded.command + seconds,
        openvino_latency=summary.openvino_latency,
    )
