"""Predict settings that were not run from measured service times; and, on request, run them and show both."""

from __future__ import annotations

import itertools
import threading
from typing import Final

import msgspec

from edgeperf_gui.analysis.scenes.truth import visible_intervals
from edgeperf_gui.analysis.simulation import Simulated, simulate
from edgeperf_gui.analysis.true_looks import counting, looks_of, true_looks
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scene import is_scene, parse
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.simulation import Prediction, SimulationResult, SimulationSpec, Situation
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result
from edgeperf_gui.engine.jobs.situation_runs import SituationRuns
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.zoo.catalogue import find_model

_MOST_FRAMES: Final = 2_000_000
"""Of one situation: about a minute of simulating, and some hundred megabytes."""


def run(spec: SimulationSpec, outbox: JobOutbox, stop: threading.Event) -> SimulationResult | None:
    """Everything that `spec` asks for; stopped early it returns what was predicted by then, None before the first.

    Raises BadInput (model, device, source, a situation that cannot be run) and RunError, after telling the outbox.
    """
    with failure_told(spec.session_id, outbox):
        result = _Simulating(spec, Teller(spec.session_id, outbox), stop).run()
    if stop.is_set():
        outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))
        return result if result.predictions else None
    tell_result(spec.session_id, outbox, result)
    return result


class _Simulating:
    def __init__(self, spec: SimulationSpec, teller: Teller, stop: threading.Event) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._machine = describe_machine()
        self._predictions: list[Prediction] = []

    def run(self) -> SimulationResult:
        self._card = find_model(self._spec.model)
        _refuse(self._spec)
        # situations that differ in nothing but what comes to the model share their compiled model and their calibration
        ordered = sorted(self._spec.situations, key=_loaded_by)
        for _, alike in itertools.groupby(ordered, key=_loaded_by):
            if not self._stop.is_set():
                self._predict(tuple(alike))
        return self._result(complete=not self._stop.is_set())

    def _predict(self, alike: tuple[Situation, ...]) -> None:
        runs = SituationRuns(self._spec, self._card, alike[0], self._stop, self._tell)
        times = runs.calibrate()
        if times is None:
            return
        for situation in alike:
            real = msgspec.structs.replace(situation, streams=runs.streams, requests=runs.requests)
            self._tell(f"simulating {_words(situation)}")
            simulated = simulate(real, times)
            if self._spec.verify:
                self._tell(f"running {_words(situation)}")
            measured = runs.measure(real) if self._spec.verify else None
            if self._stop.is_set():
                return
            self._predictions.append(Prediction(real, simulated.outcome, measured, times.samples, self._looks(real, simulated)))
            self._teller.so_far(self._result(complete=False))

    def _looks(self, situation: Situation, simulated: Simulated) -> TrueLooks | None:
        if self._spec.looks is None:
            return None
        scene, seconds = parse(self._spec.source), situation.seconds
        intervals = counting(visible_intervals(scene, 0.0, seconds), 0.0, seconds)
        frames = [round(due_s * scene.fps) for _, due_s in simulated.seen]
        return true_looks(self._spec.looks, looks_of(intervals, frames, scene.fps))

    def _tell(self, activity: str) -> None:
        self._teller.progress(len(self._predictions), len(self._spec.situations), activity)

    def _result(self, *, complete: bool) -> SimulationResult:
        return SimulationResult(self._spec, self._machine, tuple(self._predictions), complete)


def _loaded_by(situation: Situation) -> tuple[int, int, int]:
    """What a compiled model and its service times depend on."""
    return situation.batch, situation.streams, situation.requests


def _refuse(spec: SimulationSpec) -> None:
    """Raise BadInput for what the engine cannot run, and SourceError for a scene that does not exist."""
    if not spec.situations:
        raise BadInput("There is nothing to simulate.", "Give a rate.")
    if spec.looks is not None and not is_scene(spec.source):
        raise BadInput("How often vehicles are seen is known of drawn scenes only.", "Give --source scene:highway.")
    for one in spec.situations:
        if one.rate_fps * one.cameras * one.seconds > _MOST_FRAMES:
            raise BadInput(
                f"{_words(one)} for {one.seconds:g} s are more than {_MOST_FRAMES} frames.", "Simulate fewer seconds: --seconds."
            )
        if spec.looks is not None and (one.cameras > 1 or one.rate_fps != parse(spec.source).fps):
            raise BadInput("Looks are counted of one camera at the scene's own rate.", f"Give --rate {parse(spec.source).fps:g}.")
        if one.by_chance and (one.line == "newest" or one.cameras > 1):
            raise BadInput("Frames that come by chance queue, and come from one source.", "Give --line all and one camera.")
        if one.cameras > 1 and (one.line == "all" or one.batch > 1):
            raise BadInput(
                "Several cameras keep their newest frame each, and are served one by one.", "Give --line newest, --batch 1."
            )


def _words(one: Situation) -> str:
    cameras = f"{one.cameras} cameras at " if one.cameras > 1 else ""
    return f"{cameras}{one.rate_fps:g} FPS, batch {one.batch}, {one.line} frames"
