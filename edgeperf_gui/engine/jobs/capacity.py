"""How many cameras fit: predicted from one, then verified by real runs."""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np

from edgeperf_gui.analysis.early_stopping import judge_misses
from edgeperf_gui.analysis.stats import P99_MIN_SAMPLES, percentile
from edgeperf_gui.domain.capacity import CapacityResult, CapacitySpec, CapacityStep, Verdict
from edgeperf_gui.domain.errors import BadInput, EdgeperfError, Hung, RunError
from edgeperf_gui.domain.session import CameraMode, FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.cameras import AtRate, Cameras, Served
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo.catalogue import find_model

_WARM_UP_S: Final = 1.0
_LEAST_S: Final = 3.0
"""A step is not decided earlier: an overload takes a while to fill the mailboxes."""
_LOOK_S: Final = 0.25
_APART: Final = 17
"""Frames that one camera's recording begins after another's, so that they do not all show the same picture."""


def run(spec: CapacitySpec, outbox: JobOutbox, stop: threading.Event) -> CapacityResult | None:
    """Predict, then verify; stopped early it returns the steps that were run, None before the first.

    Raises BadInput (model, device, source, a source without a rate) and RunError, after telling the outbox.
    """
    with failure_told(spec.session_id, outbox):
        result = Capacity(spec, Teller(spec.session_id, outbox), stop).run()
    if stop.is_set():
        if result is not None:
            Teller(spec.session_id, outbox).so_far(result)
        outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))
    elif result is not None:
        tell_result(spec.session_id, outbox, result)
    return result


class Capacity:
    """The search and its steps."""

    def __init__(self, spec: CapacitySpec, teller: Teller, stop: threading.Event) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._machine = describe_machine()
        self._steps: list[CapacityStep] = []
        self._predicted: float | None = None

    def run(self) -> CapacityResult | None:
        """Everything, from the model's name to the result."""
        spec = self._spec
        self._card = card = find_model(spec.model)
        self._rate = self._find_rate()
        self._deadline_ms = spec.deadline_ms or 2e3 / self._rate
        asked = SessionSpec(
            session_id=spec.session_id,
            source=spec.source,
            model=spec.model,
            precision=spec.precision,
            device=spec.device,
            hint=spec.hint,
        )
        self._loaded = runtime.load(card, asked, lambda text: self._teller.progress(0, None, text))
        one = self._step(1)
        if one is None:
            return None
        self._predicted = self._predict(one)
        if one.verdict != "FAIL" and not self._stop.is_set():
            self._search(max(2, min(round(self._predicted or 2), spec.most)))
        return self.result(complete=not self._stop.is_set())

    def _find_rate(self) -> float:
        source = open_source(self._spec.source, CameraMode(), lambda text: None)
        try:
            info = source.info
        finally:
            source.close()
        if info.live:
            raise BadInput("A live source cannot stand for many cameras.", "Give a recording or a scene.")
        rate = self._spec.rate or info.fps
        if rate is None:
            raise BadInput(f"{info.title} has no rate of its own.", "Give one with --rate.")
        return rate

    def _predict(self, one: CapacityStep) -> float | None:
        """From one camera's CPU time per frame: cores ÷ (CPU seconds per frame × rate)."""
        if not one.cpu_ms_per_frame:
            return None
        cores = self._machine.cpu_quota or self._machine.logical_cpus
        return cores * 1e3 / (one.cpu_ms_per_frame * self._rate)

    def _search(self, first: int) -> None:
        """Gallop from the prediction until one number passes and a larger one does not; then halve what lies between."""
        low, high = 1, self._spec.most + 1
        number, stride = first, 1
        while low + 1 < high and not self._stop.is_set():
            step = self._step(number)
            if step is None:
                return
            if step.verdict == "PASS":
                low = number
            else:
                high = number
            if low > 1 and high <= self._spec.most:
                number = (low + high) // 2
                continue
            number = min(number + stride, high - 1) if step.verdict == "PASS" else max(number - stride, low + 1)
            stride *= 2

    def _step(self, cameras: int) -> CapacityStep | None:
        """One real run; None when stopped before it was over."""
        sources = [self._open(number, cameras) for number in range(cameras)]
        crowd = Cameras(self._loaded, self._card, sources)
        crowd.start()
        try:
            step = self._follow(crowd, cameras)
        finally:
            joined = crowd.stop()
            for source in sources:
                source.close()
        if crowd.error is not None:
            raise _as_told(crowd.error)
        if not joined:
            raise Hung("A source or the device did not come back from its last call.", "Try another source or device.")
        if step is not None:
            self._steps.append(step)
            self._teller.so_far(self.result(complete=False))
        return step

    def _open(self, number: int, of: int) -> AtRate:
        """Camera `number`: its phase is its share of a period, its picture some frames further on."""
        source = open_source(self._spec.source, CameraMode(), lambda text: None)
        return AtRate(source, self._rate, number / (of * self._rate), number * _APART % (source.info.frames or 1))

    def _follow(self, crowd: Cameras, cameras: int) -> CapacityStep | None:
        if self._stop.wait(_WARM_UP_S):
            return None
        for camera in crowd.cameras:
            camera.count_from_now()
        meter, start, cpu_start = LoadMeter(), time.perf_counter(), time.process_time()
        while True:
            if self._stop.wait(_LOOK_S):
                return None
            seconds = time.perf_counter() - start
            step = self._judged([camera.served() for camera in crowd.cameras], seconds, time.process_time() - cpu_start, meter)
            self._teller.progress(
                len(self._steps), None, f"{cameras} camera{'s'[: cameras > 1]}: {step.miss_percent:.1f} % missed"
            )
            is_decided = step.verdict != "UNDECIDED" and seconds >= _LEAST_S
            if crowd.error is not None or is_decided or seconds >= self._spec.seconds:
                return step

    def _judged(self, served: list[Served], seconds: float, cpu_s: float, meter: LoadMeter) -> CapacityStep:
        """The step as it stands. A frame that is dropped or late is missed; every camera is judged, and all together."""
        limit = self._spec.max_miss_percent / 100
        counts = [(len(one.ages_ms) + one.dropped, _misses(one, self._deadline_ms)) for one in served]
        frames, missed = (sum(column) for column in zip(*counts, strict=True))
        ages = np.concatenate([np.array(one.ages_ms) for one in served])
        verdicts: list[Verdict] = [judge_misses(n, misses, limit) for n, misses in counts]
        whole = judge_misses(frames, missed, limit)
        return CapacityStep(
            cameras=len(served),
            fps_each=min(len(one.ages_ms) for one in served) / seconds,
            miss_percent=100 * missed / frames if frames else 0.0,
            age_p99_ms=percentile(ages, 0.99) if ages.size >= P99_MIN_SAMPLES else None,
            verdict="FAIL" if "FAIL" in verdicts or not ages.size else whole,
            frames=frames,
            cpu_ms_per_frame=1e3 * cpu_s / ages.size if ages.size else None,
            foreign_cpu_percent=meter.total().foreign_percent,
            worst_camera_miss_percent=max(100 * misses / n if n else 0.0 for n, misses in counts),
        )

    def result(self, *, complete: bool) -> CapacityResult:
        """What is known so far."""
        passed = [step.cameras for step in self._steps if step.verdict == "PASS"]
        one: Verdict = self._steps[0].verdict if self._steps else "UNDECIDED"  # of one camera
        verified = max(passed, default=None)
        return CapacityResult(
            spec=self._spec,
            machine=self._machine,
            effective=self._loaded.effective,
            rate=self._rate,
            deadline_ms=self._deadline_ms,
            predicted=self._predicted,
            verified=verified,
            verdict="PASS" if verified else one,
            sentence=self._sentence(verified),
            steps=tuple(self._steps),
            complete=complete,
        )

    def _sentence(self, verified: int | None) -> str:
        limits = f"at most {self._spec.max_miss_percent:g} % missed and answers within {self._deadline_ms:g} ms"
        rule = f"at {self._rate:g} FPS with {limits}"
        if verified is None:
            return f"No camera is certain to be served {rule}."
        more = [step for step in self._steps if step.cameras > verified and step.verdict != "PASS"]
        nearest = min(more, key=lambda step: step.cameras, default=None)
        beyond = f"; {nearest.cameras} are {'not' if nearest.verdict == 'FAIL' else 'not certain to be'}" if nearest else ""
        return f"{verified} camera{'s are' if verified > 1 else ' is'} served {rule}{beyond}."


def _misses(one: Served, deadline_ms: float) -> int:
    return one.dropped + sum(age > deadline_ms for age in one.ages_ms)


def _as_told(error: BaseException) -> EdgeperfError:
    if isinstance(error, EdgeperfError):
        return error
    told = RunError(f"The cameras stopped: {type(error).__name__}: {runtime.last_line(error)}.", "Run it again.")
    told.__cause__ = error
    return told
