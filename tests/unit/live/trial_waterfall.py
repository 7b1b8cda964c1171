"""Waterfalls that never load a model: what they do is said by the model's name."""

from __future__ import annotations

import os
import signal
import threading

import msgspec

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.waterfall import Pacing, WaterfallResult, WaterfallSpec, WaterfallStep
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, follow

MACHINE = Machine("bench", "Linux", "3.11", "2026", "5", "a CPU", 2, None, 8_000_000_000)
EFFECTIVE = Effective("FP16", {"bf16": 34}, ("CPU",), 1, 1, 2, "latency", "bf16")


def run(spec: WaterfallSpec, outbox: JobOutbox, stop: threading.Event) -> None:
    """One round and then the end; `dies` is killed after the round, `patient` waits there to be stopped."""

    def work(teller: Teller) -> WaterfallResult:
        if spec.model == "refuses":
            raise ModelError("There is no such model.", "Choose another.")
        partial = result_of(spec, complete=False)
        teller.so_far(partial)
        teller.progress(1, 60, "round 2: decode")
        if spec.model == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if spec.model == "patient":
            stop.wait(20)
        return partial if stop.is_set() else msgspec.structs.replace(partial, complete=True)

    follow(spec.session_id, outbox, stop, work)


def result_of(spec: WaterfallSpec, *, complete: bool) -> WaterfallResult:
    return WaterfallResult(
        spec=spec,
        machine=MACHINE,
        effective=EFFECTIVE,
        app_requests=1,
        command="",
        steps=(WaterfallStep("inference", Interval(8.0), 8.0, 125.0),),
        whole_ms=Interval(10.0),
        whole_fps=100.0,
        rest_ms=Interval(2.0),
        pacing=Pacing(25.0, 11.0, 8.5, Interval(1.3), 20),
        clean_rounds=1,
        dirty_rounds=0,
        only_dirty=False,
        seconds=1.0,
        complete=complete,
    )
