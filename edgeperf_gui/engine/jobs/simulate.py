"""Predict settings that were not run from measured service times; and, on request, run them and show both."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence

import msgspec

from edgeperf_gui.analysis.scenes.truth import visible_intervals
from edgeperf_gui.analysis.service_times import Measured, ServiceTimes
from edgeperf_gui.analysis.simulation import Simulated, simulate_again
from edgeperf_gui.analysis.true_looks import counting, looks_of, true_looks
from edgeperf_gui.analysis.typical_run import at_other_paces, simulated_runs, spans, typical
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.domain.simulation import Prediction, SimulationResult, SimulationSpec, Situation
from edgeperf_gui.domain.situations import named, refuse
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, follow
from edgeperf_gui.engine.jobs.situation_runs import Ran, SituationRuns
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.zoo.catalogue import find_model


def run(spec: SimulationSpec, outbox: JobOutbox, stop: threading.Event) -> SimulationResult | None:
    """Everything that `spec` asks for; stopped early it returns what was predicted by then, None before the first.

    Raises BadInput (model, device, source, a situation that cannot be run) and RunError, after telling the outbox.
    """
    return follow(spec.session_id, outbox, stop, lambda teller: _Simulating(spec, teller, stop).run())


class _Simulating:
    def __init__(self, spec: SimulationSpec, teller: Teller, stop: threading.Event) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._machine = describe_machine()
        self._predictions: list[Prediction] = []

    def run(self) -> SimulationResult | None:
        self._card = find_model(self._spec.model)
        refuse(self._spec.situations, self._spec.source, self._spec.looks)
        # situations that differ in nothing but what comes to the model share their compiled model and their calibration
        ordered = sorted(self._spec.situations, key=_loaded_by)
        for _, alike in itertools.groupby(ordered, key=_loaded_by):
            if not self._stop.is_set():
                self._predict(tuple(alike))
        return self._result(complete=not self._stop.is_set()) if self._predictions else None

    def _predict(self, alike: tuple[Situation, ...]) -> None:
        """A situation that is run as well is predicted from calibrations before and after it: the machine's own pace drifts."""
        runs = SituationRuns(self._spec, self._card, alike[0], self._stop, self._tell)
        before = runs.calibrate(*(alike[:1] if self._spec.verify else alike))
        for situation, following in itertools.zip_longest(alike, alike[1:]):
            real = msgspec.structs.replace(situation, streams=runs.streams, requests=runs.requests)
            ran: Ran | None = None
            after: tuple[Measured, ...] | None = ()
            if self._spec.verify and before is not None:
                self._tell(f"running {named(situation)}")
                ran = runs.measure(real)
                after = runs.calibrate(*filter(None, (situation, following))) if ran is not None else None
            if self._stop.is_set() or before is None or after is None:
                return
            self._tell(f"simulating {named(situation)}")
            times = runs.service_times(situation, (*before, *after))
            self._predictions.append(self._prediction(real, times, ran))
            self._teller.so_far(self._result(complete=False))
            before = after or before

    def _prediction(self, situation: Situation, times: ServiceTimes, ran: Ran | None) -> Prediction:
        simulated = simulated_runs(situation, times)
        outcomes = [one.outcome for one in simulated]
        own = ran.own if ran else None
        again = simulate_again(situation, own) if own else None
        first_frame = ran.first_frame if ran else 0  # so that all look at the same vehicles
        return Prediction(
            situation=situation,
            predicted=typical(outcomes),
            measured=ran.outcome if ran else None,
            samples=times.samples,
            looks=self._looks(situation, simulated, first_frame),
            measured_looks=ran.looks if ran else None,
            spans=spans([*outcomes, *at_other_paces(situation, times)]),
            hindcast=again.outcome if again else None,
            hindcast_looks=self._looks(situation, [again], first_frame) if again else None,
            slowdown=own.work_ms / times.work_ms(situation.rate_fps) if own else None,
        )

    def _looks(self, situation: Situation, simulated: Sequence[Simulated], first_frame: int) -> TrueLooks | None:
        """Of the run with the median share of vehicles, from that frame of the scene on."""
        if self._spec.looks is None:
            return None
        scene = parse(self._spec.source)
        start_s = first_frame / scene.fps
        end_s = start_s + situation.seconds
        intervals = counting(visible_intervals(scene, start_s, end_s), start_s, end_s)
        seen = [[first_frame + round(due_s * scene.fps) for _, due_s in one.seen] for one in simulated]
        looks = sorted((true_looks(self._spec.looks, looks_of(intervals, each, scene.fps)) for each in seen), key=_seen)
        return looks[len(looks) // 2]

    def _tell(self, activity: str) -> None:
        self._teller.progress(len(self._predictions), len(self._spec.situations), activity)

    def _result(self, *, complete: bool) -> SimulationResult:
        return SimulationResult(self._spec, self._machine, tuple(self._predictions), complete)


def _seen(looks: TrueLooks) -> int:
    return looks.seen


def _loaded_by(situation: Situation) -> tuple[int, int, int, str, bool]:
    """What a compiled model and its service times depend on."""
    return situation.batch, situation.streams, situation.requests, situation.line, situation.by_chance
