"""Whether the last session tried a change that came to nothing: then to undo that change is to go on as before."""

from __future__ import annotations

from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.settings import Settings, needs_restart


class Trial:
    """How the last session began, and whether with a change."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._is_change = False

    def begin(self, settings: Settings, store: SessionStore) -> None:
        """A session begins with these. `store` still holds the one before: the same once more is no less of a trial."""
        is_again = self._is_change and store.status.went_wrong
        self._is_change, self.settings = is_again or needs_restart(self.settings, settings), settings

    def failed_with(self, settings: Settings, store: SessionStore) -> bool:
        """Whether it was a change to these, and ended in a failure before the first frame."""
        failed = self._is_change and store.status.went_wrong and not store.frames_completed
        return failed and not needs_restart(self.settings, settings)
