"""Which part of the time axis may be believed."""

from __future__ import annotations

from PySide6.QtCore import QObject

from edgeperf_gui.domain.messages import Telemetry
from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.live.session_store import SessionStore, now_ns


class Steadiness(QObject):
    """Follows the store's telemetry. Everything from `grey_from_ns` on is drawn grey; None: nothing is."""

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grey_from_ns: int | None = None
        self._session_id = ""
        store.statusChanged.connect(self._on_status)
        store.telemetryChanged.connect(self._on_telemetry)

    @property
    def is_steady(self) -> bool:
        """Whether the newest numbers may be believed."""
        return self.grey_from_ns is None

    def _on_status(self, status: SessionStatus) -> None:
        if status.session_id != self._session_id and status.state is not RunState.IDLE:
            self._session_id = status.session_id
            self.grey_from_ns = now_ns()

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        if telemetry.steady.is_steady:
            self.grey_from_ns = None
        else:
            self.grey_from_ns = min(telemetry.start_ns, self.grey_from_ns or telemetry.start_ns)
