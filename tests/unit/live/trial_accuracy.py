"""Jobs that look at no image: what they do is named by the model. Imported by the spawned child."""

from __future__ import annotations

import os
import signal

import msgspec

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import AccuracyResult, ClassificationAccuracy
from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.results import Effective


def run(spec, outbox, stop):
    """The job's function."""
    TRIALS[spec.model](spec, outbox, stop)


def quick(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 1, 4, "looking at images"))
    answer(spec, outbox)


def patient(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 1, 4, "looking at images"))
    stop.wait()
    answer(spec, outbox, complete=False)


def refuses(spec, outbox, stop):
    raise DatasetError("There are no pictures in that folder.", "Give one with pictures.")


def dies(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 1, 4, "looking at images"))
    stop.wait(0.3)
    os.kill(os.getpid(), signal.SIGSEGV)


def mumbles(spec, outbox, stop):
    outbox.send(Answer(spec.session_id, b'{"schema": "of tomorrow"}'))


def answer(spec, outbox, complete=True):
    accuracy = ClassificationAccuracy(4, proportion(3, 4), proportion(4, 4), (), ())
    effective = Effective("FP32", {"f32": 3}, ("CPU",), 1, 1, 1, "latency", "f32")
    results = [
        AccuracyResult(spec, name, effective, "4 images", accuracy, None, None, complete) for name in (spec.precision, *spec.also)
    ]
    result = msgspec.structs.replace(results[0], others=tuple(results[1:]))
    outbox.send(Answer(spec.session_id, msgspec.json.encode(result)))


TRIALS = {function.__name__: function for function in (quick, patient, refuses, dies, mumbles)}
