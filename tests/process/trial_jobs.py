"""Jobs that end in every way a job can, for the child that runs them."""

from __future__ import annotations

import ctypes
import os
import time

from edgeperf_gui.domain.errors import ModelError, RunError
from edgeperf_gui.domain.graph import InfoSpec
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.engine.jobs import import_model


def good(spec, outbox, stop):
    print("words for the log")
    outbox.send(Progress(spec.session_id, 1, 2, "counting"))
    outbox.send(Notice(spec.session_id, "By the way."))
    outbox.send(Answer(spec.session_id, b'{"session_id": "a", "model": "early"}', is_final=False))
    outbox.send(Answer(spec.session_id, b'{"session_id": "a", "model": "counted"}'))


def silent(spec, outbox, stop):
    """No answer."""


def bad_input(spec, outbox, stop):
    raise ModelError("It is no model.", "Take another.")


def failing(spec, outbox, stop):
    raise RunError("It broke.")


def failing_after_an_answer(spec, outbox, stop):
    outbox.send(Answer(spec.session_id, b'{"session_id": "a", "model": "early"}', is_final=False))
    raise RunError("It broke at 40 of 64.", "Again.")


def surprised(spec, outbox, stop):
    raise ZeroDivisionError("by accident")


def crashing(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 0, 1, "reading toy.onnx"))
    ctypes.string_at(0)


def leaving(spec, outbox, stop):
    os._exit(7)


def patient(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 0, 1, "waiting"))
    stop.wait(60)


def deaf(spec, outbox, stop):
    outbox.send(Progress(spec.session_id, 0, 1, "not listening"))
    time.sleep(60)


def deaf_after_an_answer(spec, outbox, stop):
    outbox.send(Answer(spec.session_id, b'{"session_id": "a", "model": "early"}', is_final=False))
    outbox.send(Progress(spec.session_id, 1, 1, "not listening any more"))
    time.sleep(60)


def picture_size(spec, outbox, stop):
    stop.wait(60)
    outbox.send(Answer(spec.session_id, str(outbox.preview_size()).encode()))


def import_on_a_full_disk(spec, outbox, stop):
    """Files may not grow beyond 20 kB in this process."""
    import resource  # POSIX only

    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    import_model.run(spec, outbox, stop)


def import_killed_while_writing(spec, outbox, stop):
    class Deadly:
        def send(self, message):
            outbox.send(message)
            if isinstance(message, Progress) and message.activity == "writing FP16":
                os.kill(os.getpid(), 9)

    import_model.run(spec, Deadly(), stop)


SPEC = InfoSpec("trial", "toy")
