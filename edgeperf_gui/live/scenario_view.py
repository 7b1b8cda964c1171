"""The scenario page's state: two scenarios as they were changed, held against the runs, with a way back for every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.outlook import Faster, faster, outlook
from edgeperf_gui.analysis.scenario_quality import Quality
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.live.scenario_runs import ScenarioRuns
from edgeperf_gui.live.scenario_shelf import ScenarioShelf

FIRST: Final = ("parking-ticket-kiosk", "highway-number-plates")
_DEPTH: Final = 100

Ratios = Callable[[RunResult], Mapping[Precision, float]]
"""How many times faster the inference of the other variants is than the run's."""
Qualities = Callable[[RunResult], Quality | None]
"""How good the answers of the run's variant are."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the scenario as its file has it, and as it was changed here."""

    name: str
    kept: Scenario
    scenario: Scenario

    @property
    def is_changed(self) -> bool:
        """Whether it is not what its file says."""
        return self.kept != self.scenario


class ScenarioView(QObject):
    """`changed` carries the number of the side, 0 or 1, whose scenario or outlook is new."""

    changed = Signal(int)
    undoChanged = Signal()

    def __init__(
        self,
        runs: ScenarioRuns,
        shelf: ScenarioShelf,
        ratios: Ratios = lambda run: {},
        parent: QObject | None = None,
        qualities: Qualities = lambda run: None,
    ) -> None:
        super().__init__(parent)
        self.runs, self.shelf, self._ratios, self._qualities = runs, shelf, ratios, qualities
        self._sides: list[Side] = []
        self._outlooks: list[Outlook | None] = [None, None]
        self._faster: tuple[Faster, ...] = ()
        self._quality: Quality | None = None
        self._upkeep: Upkeep | None = None
        self._sheet: DeviceSheet | None = None
        self._past: list[tuple[int, Side]] = []
        self._future: list[tuple[int, Side]] = []
        self._dragged: tuple[int, str] | None = None
        runs.changed.connect(self.refresh)
        shelf.changed.connect(self._on_shelf)

    # What the page reads ------------------------------------------------------------------------------------------------------

    @property
    def sides(self) -> tuple[Side, ...]:
        """Left and right."""
        if not self._sides:
            self._sides = [self._first(name) for name in FIRST]
        return tuple(self._sides)

    def outlook(self, at: int) -> Outlook | None:
        """What the runs come to for this side; None while there is no run."""
        return self._outlooks[at]

    def preview(self, name: str, scenario: Scenario) -> Outlook | None:
        """What the runs come to for a scenario that is on neither side."""
        runs = self.runs.runs
        return outlook(name, scenario, runs, self._faster, self._upkeep, self._sheet, self._quality) if runs else None

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a change taken back can be made again."""
        return bool(self._future)

    # What the page does -------------------------------------------------------------------------------------------------------

    def choose(self, at: int, name: str) -> None:
        """Another scenario on this side."""
        entry = self.shelf.get(name)
        if entry is not None and entry.scenario is not None and name != self.sides[at].name:
            self._put(at, Side(name, entry.scenario, entry.scenario))

    def choose_saved(self, at: int, name: str) -> None:
        """The scenario that was just saved, as its file has it now."""
        entry = self.shelf.get(name)
        if entry is not None and entry.scenario is not None:
            self._put(at, Side(name, entry.scenario, entry.scenario))

    def change(self, at: int, *, is_dragged: bool = False, **fields: Any) -> None:
        """Change numbers of this side by their keys; moves of one slider in one drag are taken back together."""
        side = self.sides[at]
        wanted = msgspec.structs.replace(side.scenario, **fields)
        if wanted == side.scenario:
            return
        drag = (at, ",".join(fields)) if is_dragged else None
        self._put(at, Side(side.name, side.kept, wanted), is_more=drag is not None and drag == self._dragged)
        self._dragged = drag

    def settle(self) -> None:
        """The drag has ended: the next move is a change of its own."""
        self._dragged = None

    def reset(self, at: int, *keys: str) -> None:
        """These numbers, or all of this side, as its file has them."""
        kept = self.sides[at].kept
        self.change(at, **{key: getattr(kept, key) for key in keys or kept.__struct_fields__})

    def undo(self) -> None:
        """Take back the last change of either side."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Make the change again."""
        self._step(self._future, self._past)

    def use_upkeep(self, upkeep: Upkeep) -> None:
        """Count bills with this price."""
        if upkeep != self._upkeep:
            self._upkeep = upkeep
            self.refresh()

    def use_sheet(self, sheet: DeviceSheet | None) -> None:
        """Take price and size from the sheet of this device."""
        if sheet != self._sheet:
            self._sheet = sheet
            self.refresh()

    def refresh(self) -> None:
        """Hold both against the runs anew."""
        runs = self.runs.runs
        self._faster = faster(runs, self._ratios(runs[0])) if runs else ()
        self._quality = self._qualities(runs[0]) if runs else None
        for at in range(len(self.sides)):
            self._evaluate(at)
            self.changed.emit(at)

    # Inside -------------------------------------------------------------------------------------------------------------------

    def _put(self, at: int, side: Side, *, is_more: bool = False) -> None:
        if not is_more:
            self._past = [*self._past[1 - _DEPTH :], (at, self.sides[at])]
        self._future.clear()
        self._dragged = None
        self._show(at, side)

    def _step(self, source: list[tuple[int, Side]], target: list[tuple[int, Side]]) -> None:
        if not source:
            return
        at, side = source.pop()
        target.append((at, self.sides[at]))
        self._dragged = None
        self._show(at, side)

    def _show(self, at: int, side: Side) -> None:
        self._sides[at] = side
        self._evaluate(at)
        self.changed.emit(at)
        self.undoChanged.emit()

    def _evaluate(self, at: int) -> None:
        side = self.sides[at]
        self._outlooks[at] = self.preview(side.name, side.scenario)

    def _first(self, name: str) -> Side:
        entries = [self.shelf.get(name), *self.shelf.entries]
        found = next((one for one in entries if one is not None and one.scenario is not None), None)
        if found is None or found.scenario is None:  # not even those that ship can be read
            nothing = Scenario(title="No scenario", why="No scenario file can be read. Make one with “Edit…”.")
            return Side("", nothing, nothing)
        return Side(found.name, found.scenario, found.scenario)

    def _on_shelf(self) -> None:
        """A file was saved or deleted: what was not changed here follows it."""
        for at, side in enumerate(self.sides):
            entry = self.shelf.get(side.name)
            if entry is None or entry.scenario is None:
                self._sides[at] = self._first(FIRST[at])
            elif entry.scenario != side.kept:
                self._sides[at] = Side(side.name, entry.scenario, side.scenario if side.is_changed else entry.scenario)
        self.refresh()
