"""Which parts of the time axis may be believed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from edgeperf_gui.domain.messages import Telemetry
from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.live.session_store import SessionStore

Spans = tuple[tuple[int, int], ...]
"""Stretches of time as (from, to), in order, not touching."""

OPEN_END: Final = 2**62
"""The end of a stretch that goes on."""
_KEPT: Final = 200


class Steadiness(QObject):
    """Remembers when numbers were not steady.

    A new session starts grey; a window's verdict holds for that window and until the next one; what was grey once stays grey.
    """

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._closed: list[tuple[int, int]] = []
        self._open_from_ns: int | None = None
        self._session_id = ""
        store.statusChanged.connect(self._on_status)
        store.telemetryChanged.connect(self._on_telemetry)

    @property
    def is_steady(self) -> bool:
        """Whether the newest numbers may be believed."""
        return self._open_from_ns is None

    @property
    def grey(self) -> Spans:
        """When they may not; the last stretch may go on."""
        going_on = () if self._open_from_ns is None else ((self._open_from_ns, OPEN_END),)
        return (*self._closed, *going_on)

    def _on_status(self, status: SessionStatus) -> None:
        if status.session_id != self._session_id and status.state is not RunState.IDLE:
            self._session_id = status.session_id
            self._open(self._store.start_ns)

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        if not telemetry.steady.is_steady:
            self._open(telemetry.start_ns)
        elif self._open_from_ns is not None:
            # the windows that the verdict rests on were grey while they lasted, and past time is never recoloured
            self._closed = [*self._closed[1 - _KEPT :], (self._open_from_ns, max(telemetry.end_ns, self._open_from_ns))]
            self._open_from_ns = None

    def _open(self, from_ns: int) -> None:
        if self._open_from_ns is not None:
            return
        if self._closed and self._closed[-1][1] >= from_ns:
            from_ns = self._closed.pop()[0]
        self._open_from_ns = from_ns
