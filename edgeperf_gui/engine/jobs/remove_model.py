"""The job that removes a model of the user's own."""

from __future__ import annotations

import threading

from edgeperf_gui.domain.graph import RemoveResult
from edgeperf_gui.domain.jobs import RemoveSpec
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, failure_told, tell_result, tell_stopped
from edgeperf_gui.zoo.cards import remove_model


def run(spec: RemoveSpec, outbox: JobOutbox, stop: threading.Event) -> RemoveResult | None:
    """Remove `spec.model`; None when it was stopped before. Raises EdgeperfError, after having told the outbox."""
    if stop.is_set():
        tell_stopped(spec.session_id, outbox)
        return None
    with failure_told(spec.session_id, outbox):
        result = RemoveResult(spec.model, str(remove_model(spec.model)))
    tell_result(spec.session_id, outbox, result)
    return result
