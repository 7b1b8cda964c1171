"""Whose turn it is to load the machine: one job at a time, because two would measure each other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

_WHY: Final = "{} runs, and two jobs at once would spoil each other's numbers."
REMEDY: Final = "Wait for its end, or cancel it."


class MachineTurn(QObject):
    """One for the whole window, as `controller.turn`. The live session has no turn: a job that measures stops it instead.

    Every owner of a job that loads the machine (comparison, watch, accuracy, import, quantisation) asks for the turn before
    it starts the job's process, and gives it back when that process has gone, however it ended:

        if not controller.turn.take(self, "A comparison"):
            …  # say `controller.turn.refusal(self)`, and REMEDY; nothing has begun
        …
        controller.turn.leave(self)  # in the slot of JobRunner.ended, and in shutdown; harmless when it is not its turn

    Whoever shows a button that starts such a job disables it while `refusal` has something to say, and looks again on `changed`.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._owner: object | None = None
        self.name = ""
        """What runs, as the beginning of a sentence: "A comparison". Empty when it is nobody's turn."""

    def take(self, owner: object, name: str) -> bool:
        """Make it the owner's turn; False while it is another's. Its own turn may be taken again, under another name."""
        if self._owner not in (None, owner):
            return False
        self._set(owner, name)
        return True

    def leave(self, owner: object) -> None:
        """The owner's job has ended; no-op when it is not its turn."""
        if owner is self._owner:
            self._set(None, "")

    def refusal(self, owner: object) -> str:
        """Why the owner cannot begin now, as a sentence; empty when it can."""
        return "" if self._owner in (None, owner) else _WHY.format(self.name)

    def _set(self, owner: object | None, name: str) -> None:
        if (owner, name) != (self._owner, self.name):
            self._owner, self.name = owner, name
            self.changed.emit()
