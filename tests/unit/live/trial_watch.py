"""A watch that watches nothing: what it does is named by the model. Imported by the spawned child."""

from __future__ import annotations

import os
import signal
import time

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus, SourceInfo
from edgeperf_gui.domain.watch import Apart, Disagreement, Tally, VariantAnswer, WatchBegan, Watched, WatchedVariant

ANSWERS = (VariantAnswer("FP32"), VariantAnswer("INT8"))


def run(spec, outbox, stop):
    """The job's function."""
    outbox.send(Progress(spec.session_id, 0, 2, "compiling trial FP32 for CPU"))
    TRIALS[spec.model](spec, outbox, stop)


def begin(spec, outbox):
    variants = (WatchedVariant("FP32", {"f32": 1}), WatchedVariant("INT8", {"i8": 1}))
    outbox.send(WatchBegan(spec.session_id, variants, ("person",), SourceInfo("trial", 8, 4, 25.0, live=False), 0.4))


def frame(spec, outbox, number):
    outbox.send(Watched(spec.session_id, number, ANSWERS, (), Tally(number + 1, number + 1, {"INT8": 0})))
    outbox.preview(8, 4)[:] = number
    outbox.publish(number, time.perf_counter_ns(), (8, 4), Findings())


def patient(spec, outbox, stop):
    begin(spec, outbox)
    number = 0
    while not stop.wait(0.02):
        frame(spec, outbox, number)
        number += 1
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))


def quarrels(spec, outbox, stop):
    """Forty disagreements; each fifth one is a large one."""
    begin(spec, outbox)
    for number in range(40):
        parts = tuple(Apart("INT8", row, "FP32") for row in range(3 if number % 5 == 0 else 1))
        outbox.send(Disagreement(spec.session_id, number, number / 10, ANSWERS, parts, (8, 4), b"no jpeg"))
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.SOURCE_ENDED))


def reconnects(spec, outbox, stop):
    begin(spec, outbox)
    outbox.send(Notice(spec.session_id, "The stream was lost; calling again."))
    stop.wait()
    frame(spec, outbox, 0)


def refuses(spec, outbox, stop):
    raise ModelError("Trial has only FP16.", "Make another variant.")


def dies(spec, outbox, stop):
    begin(spec, outbox)
    frame(spec, outbox, 0)
    outbox.send(Progress(spec.session_id, 1, 2, "running trial INT8"))
    stop.wait(0.3)
    os.kill(os.getpid(), signal.SIGSEGV)


TRIALS = {function.__name__: function for function in (patient, quarrels, reconnects, refuses, dies)}
