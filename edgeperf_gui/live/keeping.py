"""What outlives the window: settings, saved soon after a change, and whether the other folders can be written at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.live.settings import Settings, load_settings, save_settings

_SAVE_DELAY_MS: Final = 500
_FOLDERS: Final[tuple[tuple[str, Callable[[], Path]], ...]] = (
    ("settings", lambda: places.settings_file().parent),
    ("run files", places.runs),
    ("logs", places.logs),
    ("compiled models", places.compiled_cache),
)


class Keeping(QObject):
    """Looks once, when made; what cannot be kept is told in one notice and then not tried again."""

    def __init__(self, tell: Callable[[str, str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._wanted: Settings | None = None
        closed = {what: folder() for what, folder in _FOLDERS if not _is_writable(folder())}
        self.settings, self.runs, self.cache = (what not in closed for what in ("settings", "run files", "compiled models"))
        self._timer = QTimer(self, interval=_SAVE_DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self.flush)
        if closed:
            tell(
                f"Not kept, because {next(iter(closed.values()))} cannot be written: {', '.join(closed)}.",
                "Make the folder writable, or set EDGEPERF_HOME to one that is.",
            )

    def load(self) -> Settings:
        """The settings of the last time; what cannot be used of them is told."""
        settings, warnings = load_settings()
        # a folder that cannot even be made holds no file, which was told already
        for sentence in warnings if self.settings else ():
            self._tell(sentence, "")
        return settings

    def later(self, settings: Settings) -> None:
        """Save these when no other change follows soon."""
        self._wanted = settings
        self._timer.start()

    def flush(self) -> None:
        """Save now what waits."""
        self._timer.stop()
        wanted, self._wanted = self._wanted, None
        if wanted is None or not self.settings:
            return
        try:
            save_settings(wanted)
        except SettingsError as error:
            self._tell(error.sentence, error.remedy)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
