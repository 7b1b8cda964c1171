"""What the page of a job says, whatever the job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeperf_gui.live.machine_job import MachineJob

WAITS: Final = "A running session waits meanwhile, and goes on afterwards."


@dataclass(frozen=True, slots=True)
class JobWords:
    """Of one kind of job."""

    title: str
    """Of the page."""
    invitation: str
    what: str
    """What the job does, before it has begun."""
    meanwhile: str
    """While there is nothing to be seen yet."""
    run: str
    """On the button."""
    cancel_tip: str
    bar: str
    """What the bar is the progress of."""
    stopping: str
    cancelled: str
    failed: str
    """Of a failure without a sentence of its own."""


def activity(job: MachineJob, stopping: str) -> str:
    """What it does now."""
    if job.is_stopping:
        return stopping
    if job.is_waiting:
        return "Waiting for the session to end …"
    said = job.progress.activity if job.progress is not None else "starting …"
    return said[:1].upper() + said[1:]
