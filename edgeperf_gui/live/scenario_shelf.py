"""The scenarios there are: those that ship and the user's own, read, checked, saved, copied and deleted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.store import own_scenarios
from edgeperf_gui.store.scenarios import names, parsed, read


@dataclass(frozen=True, slots=True)
class Entry:
    """One scenario of the list."""

    name: str
    title: str
    """Its file's name where the file cannot be read."""
    is_own: bool
    scenario: Scenario | None
    trouble: str = ""
    """Why it cannot be read, and what to do."""


class ScenarioShelf(QObject):
    """Reads the folders when first asked, and after each change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What ships first, then the user's own, each in the order of its titles."""
        if not self._entries:
            self._read()
        return tuple(sorted(self._entries.values(), key=lambda one: (one.is_own, one.title.lower())))

    def get(self, name: str) -> Entry | None:
        """The scenario of this name."""
        return next((one for one in self.entries if one.name == name), None)

    def refresh(self) -> None:
        """Read the folders again."""
        before = self._entries
        self._read()
        if self._entries != before:
            self.changed.emit()

    def save(self, text: str, name: str | None = None) -> str:
        """Keep a TOML text as the user's `name`, or as a new one named by its title. Returns its name. Raises BadInput."""
        if name is None:
            name = own_scenarios.free_name(parsed(text, "scenario.toml").title)
        own_scenarios.save(name, text)
        self.refresh()
        return name

    def delete(self, name: str) -> None:
        """Remove one of the user's own. Raises BadInput."""
        own_scenarios.delete(name)
        self.refresh()

    def _read(self) -> None:
        self._entries = {}
        for name, path in names().items():
            is_own = own_scenarios.is_own(name)
            try:
                scenario = read(path)
            except BadInput as error:
                self._entries[name] = Entry(name, path.name, is_own, None, str(error))
            else:
                self._entries[name] = Entry(name, scenario.title, is_own, scenario)
