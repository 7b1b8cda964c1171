"""Sweeps that never load a model: what they do is said by the model's name."""

from __future__ import annotations

import os
import signal
import threading

import msgspec

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.results import Machine, StageStats
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.sweep import Best, SweepPoint, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import is_settled
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result
from edgeperf_gui.engine.jobs.sweep import asked_points

MACHINE = Machine("bench", "Linux", "3.11", "2026", "5", "a CPU", 2, None, 8_000_000_000)
LATENCY = StageStats(300, 10.0, 10.0, 10.8, 11.2, 13.1, 9.0, 19.0, 9.9, 10.1)


def run(spec: SweepSpec, outbox: JobOutbox, stop: threading.Event) -> None:
    """Each point in turn; `dies` is killed in the second unless it is known not to run, `patient` waits there to be stopped."""
    teller = Teller(spec.session_id, outbox)
    with failure_told(spec.session_id, outbox):
        if spec.model == "refuses":
            raise ModelError("There is no such model.", "Choose another.")
    known = [point for point in spec.known if is_settled(point, spec.rounds)]
    points = [next((one for one in known if one.batch == point.batch), point) for point in asked_points(spec)]
    for at, point in enumerate(points):
        if is_settled(point, spec.rounds):
            continue
        teller.so_far(_result(spec, points, at))
        teller.progress(at, len(points), f"point {at + 1}")
        if at == 1 and spec.model == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if at == 1 and spec.model == "patient":
            stop.wait(20)
        if stop.is_set():
            teller.so_far(_result(spec, points, None))
            outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))
            return
        points[at] = msgspec.structs.replace(point, latency=LATENCY, fps=100.0 * point.batch, clean_blocks=spec.rounds)
    tell_result(spec.session_id, outbox, msgspec.structs.replace(_result(spec, points, None), complete=True))


def _result(spec: SweepSpec, points: list[SweepPoint], under_way: int | None) -> SweepResult:
    asked = msgspec.structs.replace(spec, known=())
    return SweepResult(asked, MACHINE, tuple(points), Best(None, None, None, ""), 1.0, None, complete=False, under_way=under_way)
