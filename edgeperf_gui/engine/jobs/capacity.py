"""How many cameras fit: predicted from one, then verified by real runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from edgeperf_gui.analysis.early_stopping import judge_cameras, look_times
from edgeperf_gui.analysis.stats import P99_MIN_SAMPLES, percentile
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.capacity import CapacityResult, CapacitySpec, CapacityStep, Verdict
from edgeperf_gui.domain.errors import BadInput, EdgeperfError, Hung, RunError
from edgeperf_gui.domain.session import CameraMode, FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.cameras import AtRate, Cameras, Served
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.runner import settle
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo.catalogue import find_model

_WARM_UP_S: Final = 1.0
_WARM_UP_PERIODS: Final = 1.5
"""By then every camera, whatever its phase, has shown a frame."""
_LEAST_S: Final = 3.0
"""A step is not decided earlier: an overload takes a while to fill the mailboxes."""
_GLANCE_S: Final = 0.25
"""How often the window is told, and silent requests are asked."""
_APART: Final = 17
"""Frames that one camera's recording begins after another's, so that they do not all show the same picture."""
_FARTHEST: Final = 250
"""Frames: further on, finding the place would take longer than the run."""


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
        settle()
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
        return AtRate(source, self._rate, number / (of * self._rate), number * _APART % min(source.info.frames or 1, _FARTHEST))

    def _follow(self, crowd: Cameras, cameras: int) -> CapacityStep | None:
        """Count from the end of the warm-up until a look decides, or the last one was taken."""
        self._teller.progress(len(self._steps), None, f"{_cameras(cameras)}: finding their places in the recording")
        while not crowd.running.is_set() and crowd.error is None:
            if self._stop.wait(_GLANCE_S):
                return None
        if not self._wait_until(time.perf_counter() + max(_WARM_UP_S, _WARM_UP_PERIODS / self._rate), crowd, lambda: None):
            return None
        for camera in crowd.cameras:
            camera.count_from_now()
        meter, start, cpu_start = LoadMeter(), time.perf_counter(), time.process_time()
        looks = look_times(self._spec.seconds, _LEAST_S)
        step: CapacityStep | None = None
        for look_s in looks:
            if not self._wait_until(start + look_s, crowd, lambda: self._tell_missed(crowd)):
                return None
            seconds = time.perf_counter() - start
            served = [camera.served() for camera in crowd.cameras]
            step = self._judged(served, seconds, time.process_time() - cpu_start, meter.total().foreign_percent, len(looks))
            if step.verdict != "UNDECIDED":
                break
        return step

    def _wait_until(self, end_s: float, crowd: Cameras, tell: Callable[[], None]) -> bool:
        """Whether nothing went wrong until then, and nobody stopped it."""
        while (left_s := end_s - time.perf_counter()) > 0:
            if crowd.error is not None or self._stop.wait(min(_GLANCE_S, left_s)):
                return False
            crowd.find_failed_request()
            tell()
        return crowd.error is None

    def _tell_missed(self, crowd: Cameras) -> None:
        counts = [self._account(camera.served()) for camera in crowd.cameras]
        percent = 100 * sum(missed for _, missed in counts) / max(1, sum(due for due, _ in counts))
        self._teller.progress(len(self._steps), None, f"{_cameras(len(counts))}: {percent:.1f} % missed")

    def _account(self, one: Served) -> tuple[int, int]:
        """(due frames, those missed). A frame that is dropped or late is missed."""
        return len(one.ages_ms) + one.dropped, one.dropped + sum(age > self._deadline_ms for age in one.ages_ms)

    def _judged(
        self, served: list[Served], seconds: float, cpu_s: float, foreign_percent: float | None, looks: int
    ) -> CapacityStep:
        """The step as it stands; every camera is judged, and all together."""
        counts = [self._account(one) for one in served]
        frames, missed = sum(n for n, _ in counts), sum(misses for _, misses in counts)
        ages = np.concatenate([np.array(one.ages_ms) for one in served])
        verdict: Verdict = judge_cameras(counts, self._spec.max_miss_percent / 100, looks)
        if frames and not ages.size:
            verdict = "FAIL"
        note = "" if frames else "no frame was due while it ran: give it more --seconds"
        if verdict == "FAIL" and foreign_percent is not None and foreign_percent > DIRTY_PERCENT:
            verdict = "UNDECIDED"
            note = f"too much was missed, but other programs took {foreign_percent:.0f} % of the CPU: close them and run again"
        return CapacityStep(
            cameras=len(served),
            fps_each=min(len(one.ages_ms) for one in served) / seconds,
            miss_percent=100 * missed / frames if frames else 0.0,
            age_p99_ms=percentile(ages, 0.99) if ages.size >= P99_MIN_SAMPLES else None,
            verdict=verdict,
            frames=frames,
            cpu_ms_per_frame=1e3 * cpu_s / ages.size if ages.size else None,
            foreign_cpu_percent=foreign_percent,
            worst_camera_miss_percent=max(100 * misses / n if n else 0.0 for n, misses in counts),
            note=note,
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


def _cameras(number: int) -> str:
    return f"{number} camera{'s'[: number > 1]}"


def _as_told(error: BaseException) -> EdgeperfError:
    if isinstance(error, EdgeperfError):
        return error
    told = RunError(f"The cameras stopped: {type(error).__name__}: {runtime.last_line(error)}.", "Run it again.")
    told.__cause__ = error
    return told
