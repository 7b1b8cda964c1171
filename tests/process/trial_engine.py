"""An engine for tests of the boundary: does what its source's name says. Imported by the spawned child."""

from __future__ import annotations

import os
import signal
import sys
import time

import msgspec
import numpy as np

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.inventory import Device, Inventory
from edgeperf_gui.domain.messages import Notice, Opened, RecordBatch
from edgeperf_gui.domain.records import DETECTION, FRAME
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus, SourceInfo


def run(spec, outbox, stop):
    """The engine's function."""
    TRIALS[spec.source.removeprefix("scene:")](spec, outbox, stop)


def steady(spec, outbox, stop):
    status = SessionStatus(spec.session_id, RunState.STARTING, activity="compiling trial for CPU")
    outbox.send(status)
    outbox.send(opened(spec))
    outbox.send(SessionStatus(spec.session_id, RunState.RUNNING, activity="running trial"))
    frame = 0
    while not stop.wait(0.005):
        outbox.send(RecordBatch(spec.session_id, record(frame).tobytes(), dropped=0))
        if (size := outbox.preview_size()) is not None:
            outbox.preview(*size)[:] = frame % 256
            outbox.publish(frame, time.perf_counter_ns(), (640, 480), Findings(np.zeros(1, DETECTION)))
        frame += 1
    outbox.send(SessionStatus(spec.session_id, RunState.STOPPING))
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))


def noted(spec, outbox, stop):
    said = opened(spec)
    source = SourceInfo("noted", 640, 480, 25.0, False, note="Its rate had to be assumed.")
    outbox.send(msgspec.structs.replace(said, source=source))
    stop.wait(60)


def stuck(spec, outbox, stop):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    outbox.send(opened(spec))
    outbox.send(SessionStatus(spec.session_id, RunState.RUNNING))
    for frame in range(10):
        outbox.send(RecordBatch(spec.session_id, record(frame).tobytes(), dropped=0))
    while True:
        time.sleep(1)


def talk_and_fail(spec, outbox, stop):
    print("a line before it failed")
    fail(spec, outbox, stop)


def segv(spec, outbox, stop):
    outbox.send(SessionStatus(spec.session_id, RunState.STARTING, activity="compiling trial for GPU"))
    print("the driver says goodbye")
    os.system("echo a native library says goodbye >&2")
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(spec, outbox, stop):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    outbox.send(SessionStatus(spec.session_id, RunState.RUNNING, activity="waiting for a dead driver"))
    while True:
        time.sleep(1)


def flood(spec, outbox, stop):
    outbox.send(SessionStatus(spec.session_id, RunState.RUNNING))
    number = 0
    while not stop.is_set():
        outbox.send(Notice(spec.session_id, str(number)))
        number += 1


def stale(spec, outbox, stop):
    outbox.send(Notice("another session", "late"))
    outbox.send(SessionStatus("another session", RunState.FINISHED, FinishReason.COMPLETED))
    outbox.send(Notice(spec.session_id, "own"))


def fail(spec, outbox, stop):
    raise SourceError("There is no such file.", "Choose another one.")


def fail_twice(spec, outbox, stop):
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.FAILED, sentence="first"))
    raise SourceError("second")


def bug(spec, outbox, stop):
    print(1 / 0)


def leave(spec, outbox, stop):
    sys.exit(3)


def echo(spec, outbox, stop):
    while not stop.wait(0.005):
        for frame, shown_ns in outbox.shown():
            outbox.send(Notice(spec.session_id, f"shown {frame} {shown_ns}"))
        outbox.send(Notice(spec.session_id, f"view {outbox.preview_size()}"))


def deaf(spec, outbox, stop):
    """Reads nothing any more: the whole process is stopped."""
    outbox.send(Notice(spec.session_id, "stopping"))
    os.kill(os.getpid(), signal.SIGSTOP)


TRIALS = {
    trial.__name__: trial
    for trial in (steady, segv, hang, flood, stale, fail, fail_twice, bug, leave, echo, deaf, noted, stuck, talk_and_fail)
} | {"quiet": lambda spec, outbox, stop: None}


def record(frame):
    """One plausible record."""
    row = np.zeros(1, FRAME)
    now = time.perf_counter_ns()
    row["frame"] = frame
    for order, name in enumerate(
        name for name in FRAME.names if name.endswith("_ns") and name not in ("shown_ns", "openvino_latency_ns")
    ):
        row[name] = now - 7_000_000 + order * 1_000_000
    return row


def opened(spec):
    """A plausible answer."""
    machine = Machine("host", "os", "3.11", "2026.4", "5.0", "cpu", 2, None, None)
    effective = Effective(spec.precision, {"f32": 3}, ("CPU",), 1, 1, 2, spec.hint, "f32")
    return Opened(
        spec.session_id,
        machine,
        effective,
        ModelTimes(1.0, 2.0, 3.0, 4, "off"),
        SourceInfo("trial", 640, 480, 25.0, False),
        ("cat", "dog"),
    )


def inventory():
    return Inventory((Device("CPU", "A processor"),), (), ())


def inventory_dies():
    os.kill(os.getpid(), signal.SIGSEGV)


def inventory_hangs():
    time.sleep(600)


def inventory_fails():
    raise RuntimeError("no plugin")
