"""Jobs and a session that measure nothing: what they do is named by the model or source. Imported by the spawned child."""

from __future__ import annotations

import os
import signal

import msgspec

from edgeperf_gui.domain.compare import Blocks, CompareResult
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.results import Machine
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus


def run(spec, outbox, stop):
    """The job's function."""
    TRIALS[spec.model](spec, outbox, stop)


def session(spec, outbox, stop):
    """A live session that waits to be stopped."""
    outbox.send(SessionStatus(spec.session_id, RunState.RUNNING))
    stop.wait()
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))


def quick(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 0, None, "reading frames"))
    answer(spec, outbox, rounds=3, is_final=False)
    outbox.send(Progress(spec.session_id, 2, 60, "round 3"))
    answer(spec, outbox, rounds=9, is_final=True)


def patient(spec, outbox, stop):
    answer(spec, outbox, rounds=3, is_final=False)
    outbox.send(Progress(spec.session_id, 2, 60, "round 3"))
    stop.wait()
    answer(spec, outbox, rounds=4, is_final=True, complete=False)


def dies(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 0, None, "compiling trial INT8 for CPU"))
    stop.wait(0.3)
    os.kill(os.getpid(), signal.SIGSEGV)


def refuses(spec, outbox, stop):
    raise ModelError("Trial has only FP16; there is nothing to compare.", "Make another variant.")


def mumbles(spec, outbox, stop):
    outbox.send(Answer(spec.session_id, b'{"schema": "of tomorrow"}'))


def answer(spec, outbox, rounds, *, is_final, complete=True):
    machine = Machine("host", "os", "3.11", "2026.4", "5.0", "cpu", 2, None, None)
    complete = is_final and complete
    result = CompareResult(spec, machine, "FP32", {}, {}, (), {}, Blocks(rounds, 0), 48, complete)
    outbox.send(Answer(spec.session_id, msgspec.json.encode(result), is_final))


TRIALS = {function.__name__: function for function in (quick, patient, dies, refuses, mumbles)}
