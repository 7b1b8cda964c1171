"""The time axis as the store and the verdicts have it."""

from __future__ import annotations

from edgeperf_gui.domain.session import RunState
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui.marks import Mark, Timeline
from edgeperf_gui.ui.steadiness import Steadiness


def timeline(store: SessionStore, steadiness: Steadiness, now_ns: int) -> Timeline:
    """What all plots share at this moment."""
    return Timeline(
        end_ns(store, now_ns),
        tuple(Mark(mark.at_ns, mark.text) for mark in store.markers),
        steadiness.grey,
        store.seams_ns,
        store.status.state is RunState.FINISHED,
    )


def end_ns(store: SessionStore, now_ns: int) -> int:
    """Now while a session is on; the last frame's time afterwards, so that an ended session stays on the axis."""
    newest = store.recent(0.0)
    return int(newest["complete_ns"][-1]) if store.status.state is RunState.FINISHED and len(newest) else now_ns
