"""How many cameras fit: predicted from one of each kind, then verified by real runs."""

from __future__ import annotations

import threading
from typing import Final

import msgspec

from edgeperf_gui.domain.capacity import CapacityResult, CapacitySpec, CapacityStep, KindFound
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.verdict import Verdict
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.camera_kinds import CameraKinds
from edgeperf_gui.engine.jobs.camera_run import CameraRun, FlatOut
from edgeperf_gui.engine.jobs.camera_tiles import CameraTiles
from edgeperf_gui.engine.jobs.job_outbox import Teller, follow
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.runner import settle
from edgeperf_gui.zoo.catalogue import find_model

_MOST_AGAIN: Final = 3
"""Steps of a search that are run again because others disturbed them: they may never let go of the machine."""
REACHED: Final = 0.93
"""Of the bound cores ÷ (CPU seconds a frame × rate), what paced cameras reach with hardly a miss: 0.88–0.97 was measured in five
configurations. Frames come when they are due, not when a core is free, and what was held up has to be caught up with."""


def run(spec: CapacitySpec, outbox: Outbox, stop: threading.Event) -> CapacityResult | None:
    """Predict, then verify; stopped early it returns the steps that were run, None before the first.

    Raises BadInput (model, device, source, a source without a rate or with too low a one) and RunError, after telling the outbox.
    """
    tiles = CameraTiles(spec.session_id, outbox)
    return follow(spec.session_id, outbox, stop, lambda teller: Capacity(spec, teller, stop, tiles).run())


class Capacity:
    """The search and its steps."""

    def __init__(self, spec: CapacitySpec, teller: Teller, stop: threading.Event, tiles: CameraTiles) -> None:
        self._spec, self._teller, self._stop, self._tiles = spec, teller, stop, tiles
        self._machine = describe_machine()
        self._cores = self._machine.cpu_quota or self._machine.logical_cpus
        self._found: tuple[KindFound, ...] = ()
        self._flat_out: list[FlatOut] = []
        self._steps: list[CapacityStep] = []
        self._again = 0

    def run(self) -> CapacityResult | None:
        """Everything, from the model's name to the result."""
        spec = self._spec
        card = find_model(spec.model)
        self._kinds = CameraKinds(spec)
        self._found = self._kinds.found
        asked = SessionSpec(
            session_id=spec.session_id,
            source=spec.kinds[0].source,
            model=spec.model,
            precision=spec.precision,
            device=spec.device,
            hint=spec.hint,
        )
        self._loaded = runtime.load(card, asked, self._tell)
        self._run = CameraRun(spec, self._loaded, card, self._stop, self._tiles, self._tell)
        settle()
        self._measure_cost()
        if self._stop.is_set():
            return None
        one = self._step(1)
        if one is None:
            return None
        if one.verdict != "FAIL" and not self._stop.is_set():
            self._search(max(2, min(round(self._predicted or 2), spec.most)))
        return self.result(complete=not self._stop.is_set())

    def _measure_cost(self) -> None:
        """One camera of each kind flat out; a kind of which hardly a frame was completed leaves no prediction."""
        for at, kind in enumerate(self._found):
            self._tell(f"what a frame of {kind.title} costs")
            measured = self._run.flat_out(self._kinds.open_one(at), self._cores)
            if measured is None:
                return
            self._flat_out.append(measured)
        costs = zip(self._found, self._flat_out, strict=True)
        self._found = tuple(_with_cost(kind, flat_out) for kind, flat_out in costs)
        self._teller.so_far(self.result(complete=False))

    @property
    def _predicted(self) -> float | None:
        """Cores that can be kept busy ÷ Σ over the mix (share × CPU seconds per frame × rate)."""
        cores = self._cores_used
        needed_ms = [kind.count * (kind.cpu_ms_per_frame or 0.0) * kind.rate for kind in self._found]
        if cores is None or not all(needed_ms):
            return None
        return cores * 1e3 * sum(kind.count for kind in self._found) / sum(needed_ms)

    @property
    def _cores_used(self) -> float | None:
        if len(self._flat_out) < len(self._found) or not self._found:
            return None
        return REACHED * self._cores * sum(flat_out.busy_share for flat_out in self._flat_out) / len(self._flat_out)

    def _search(self, first: int) -> None:
        """Gallop from the prediction until one number passes and a larger one does not; then halve what lies between."""
        low, high = 1, self._spec.most + 1
        number, stride = first, 1
        while low + 1 < high and not self._stop.is_set():
            step = self._decided(number)
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

    def _decided(self, cameras: int) -> CapacityStep | None:
        """A step, run once more when others disturbed it; None when stopped."""
        step = self._step(cameras)
        if step is None or not step.is_disturbed or self._again >= _MOST_AGAIN:
            return step
        self._again += 1
        return self._step(cameras)

    def _step(self, cameras: int) -> CapacityStep | None:
        """One real run; None when stopped before it was over."""
        costs = [flat_out.cpu_ms_per_frame for flat_out in self._flat_out]
        costs += [step.cpu_ms_per_frame for step in self._steps if step.cpu_ms_per_frame]
        step = self._run.step(self._kinds.open(cameras), self._kinds.row(cameras), self._found, min(costs, default=None))
        if step is not None:
            self._steps.append(step)
            self._teller.so_far(self.result(complete=False))
        return step

    def _tell(self, activity: str) -> None:
        self._teller.progress(len(self._steps), None, activity)

    def result(self, *, complete: bool) -> CapacityResult:
        """What is known so far."""
        passed = [step.cameras for step in self._steps if step.verdict == "PASS"]
        ones: list[Verdict] = [step.verdict for step in self._steps if step.cameras == 1]
        verified = max(passed, default=None)
        return CapacityResult(
            spec=self._spec,
            machine=self._machine,
            effective=self._loaded.effective,
            kinds=self._found,
            predicted=self._predicted,
            cores_used=self._cores_used,
            verified=verified,
            verdict="PASS" if verified else ones[-1] if ones else "UNDECIDED",
            sentence=self._sentence(verified),
            steps=tuple(self._steps),
            complete=complete,
        )

    def _sentence(self, verified: int | None) -> str:
        limits = f"at most {self._spec.max_miss_percent:g} % missed and answers {_deadlines(self._found)}"
        rule = f"{_rates(self._found)} with {limits}"
        if verified is None:
            one = next((step for step in self._steps if step.cameras == 1 and step.age_median_ms), None)
            took = one.age_median_ms if one is not None else None
            is_late = took is not None and took > max(kind.deadline_ms for kind in self._found)
            nearest = f"; one camera's answers take {took:.1f} ms (median)" if is_late else ""
            return f"No camera is certain to be served {rule}{nearest}."
        more = [step for step in self._steps if step.cameras > verified]
        next_one = min(more, key=lambda step: (step.cameras, step.verdict != "FAIL"), default=None)
        beyond = f"; {next_one.cameras} are {'not' if next_one.verdict == 'FAIL' else 'not certain to be'}" if next_one else ""
        return f"{verified} camera{'s are' if verified > 1 else ' is'} served {rule}{beyond}."


def _with_cost(kind: KindFound, flat_out: FlatOut) -> KindFound:
    return msgspec.structs.replace(kind, cpu_ms_per_frame=flat_out.cpu_ms_per_frame)


def _rates(kinds: tuple[KindFound, ...]) -> str:
    if len(kinds) == 1:
        return f"at {kinds[0].rate:g} FPS"
    return "of a mix of " + ", ".join(f"{kind.count} × {kind.title} at {kind.rate:g} FPS" for kind in kinds)


def _deadlines(kinds: tuple[KindFound, ...]) -> str:
    deadlines = {kind.deadline_ms for kind in kinds}
    return f"within {deadlines.pop():g} ms" if len(deadlines) == 1 else "within two periods of each camera's rate"
