"""The runs that scenarios are held against: those of the live session, or one that was stored."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.scenario_runs import difference
from edgeperf_gui.analysis.session_result import session_result
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.live.energy_now import energy_now
from edgeperf_gui.live.session_store import SessionStore, now_ns
from edgeperf_gui.store.run_json import Opened, open_result

_PAUSE_NS: Final = {False: 350_000_000, True: 1_000_000_000}
"""By whether frames are read flat out: summing up takes some milliseconds, which then are missing elsewhere."""


class ScenarioRuns(QObject):
    """Of the live session the newest run flat out and the newest paced one, while variant and settings stay the same."""

    changed = Signal()

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._live: dict[bool, RunResult] = {}  # by whether it is saturated
        self._stored: tuple[tuple[str, Opened], ...] = ()
        self._is_watched = False
        self._read_ns = 0
        store.recordsChanged.connect(self._on_records)
        store.openedChanged.connect(lambda _opened: self._update())

    @property
    def is_live(self) -> bool:
        """Whether the live session is looked at."""
        return not self._stored

    @property
    def runs(self) -> tuple[RunResult, ...]:
        """What there is, the one that is measured now first; empty before the first frames."""
        return tuple(self._live.values()) if self.is_live else tuple(opened.result for _, opened in self._stored)

    @property
    def stored_names(self) -> tuple[str, ...]:
        """File names of the stored runs that are looked at."""
        return tuple(name for name, _ in self._stored)

    @property
    def lacks(self) -> str:
        """What their files do not hold of them, in sentences; or empty."""
        return " ".join(opened.lacks for _, opened in self._stored if opened.lacks)

    def watch(self, wanted: bool) -> None:
        """Follow the live session, or leave it alone while nobody looks."""
        self._is_watched = wanted
        if wanted:
            self._update()

    def use_live(self) -> None:
        """Look at the live session."""
        self._stored = ()
        self._update()
        self.changed.emit()

    def use_stored(self, path: Path) -> None:
        """Look at a stored run; one alike that was read otherwise stays beside it. Raises BadInput."""
        opened = open_result(path)
        run = opened.result
        others = [
            (name, other)
            for name, other in self._stored
            if not difference(run, other.result) and other.result.throughput.saturated != run.throughput.saturated
        ]
        self._stored = ((path.name, opened), *others)
        self.changed.emit()

    def _on_records(self) -> None:
        opened = self._store.opened
        if now_ns() - self._read_ns >= _PAUSE_NS[opened is not None and opened.is_saturated]:
            self._update()

    def _update(self) -> None:
        store = self._store
        if not self._is_watched or not self.is_live or store.opened is None or store.asked is None:
            return
        self._read_ns = now_ns()
        run = session_result(store.asked, store.opened, store.whole(), store.dropped, store.telemetry)
        if run is None:
            return
        run = msgspec.structs.replace(run, energy=energy_now(store))
        others = {key: other for key, other in self._live.items() if not difference(run, other)}
        saturated = run.throughput.saturated
        self._live = {saturated: run, **{key: other for key, other in others.items() if key != saturated}}
        self.changed.emit()
