"""The models there are, what is inside each, and the one piece of work on them that runs: import, quantise, remove."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.graph import ImportResult, InfoSpec, ModelInfo, RemoveResult
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.jobs import Answer, ImportSpec, Progress, QuantizeSpec, RemoveSpec
from edgeperf_gui.domain.quantization import QuantizeResult
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY

_INFO: Final = "edgeperf_gui.engine.jobs.model_info:run"
_UNREADABLE: Final = "The answer cannot be read ({}). The window and the engine may be of different versions."
_ASK_AGAIN: Final = 2

WorkSpec = ImportSpec | QuantizeSpec | RemoveSpec
WorkResult = ImportResult | QuantizeResult | RemoveResult
_WORKS: Final[dict[type[Any], tuple[str, type[Any], str]]] = {
    ImportSpec: ("edgeperf_gui.engine.jobs.import_model:run", ImportResult, "An import"),
    QuantizeSpec: ("edgeperf_gui.engine.jobs.quantize:run", QuantizeResult, "A quantisation"),
    RemoveSpec: ("edgeperf_gui.engine.jobs.remove_model:run", RemoveResult, "A removal"),
}
"""Function, result and name by the kind of spec."""


@dataclass(frozen=True, slots=True)
class Imported:
    """An import of this sitting: what was asked for, what came of it."""

    spec: ImportSpec
    result: ImportResult


class ModelShelf(QObject):
    """Every job runs in a child of its own: what a model file does to it is a sentence here."""

    changed = Signal()  # models, work, progress or failure
    infoChanged = Signal(str)  # what is known of the inside of the model of that name, or why it is not
    workDone = Signal(object)  # WorkResult, after `changed`
    workEnded = Signal(object)  # SessionStatus of every end, last of all

    def __init__(
        self, controller: Controller, make_host: Callable[[str], EngineHost] = EngineHost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._worker, self._counter = JobRunner(make_host, self), JobRunner(make_host, self)
        self.work: WorkSpec | None = None
        """What runs."""
        self.progress: Progress | None = None
        self.is_stopping = False
        self.failure: SessionStatus | None = None
        """Why the last work ended badly, until the next one begins or it was read."""
        self.imports: dict[str, Imported] = {}
        """By the model's name."""
        self._answer: WorkResult | None = None
        self._infos: dict[str, tuple[ModelCard, ModelInfo]] = {}
        self._info_failures: dict[str, tuple[ModelCard, SessionStatus]] = {}
        self._counting: ModelCard | None = None
        self._wanted: str | None = None  # counted when the present one is done
        self._news: dict[str, ModelCard | None] = {}  # what the inventory does not know yet; None: removed
        self._asked_again = 0
        self._connect()

    def _connect(self) -> None:
        self._worker.progressed.connect(self._on_progress)
        self._worker.answered.connect(self._on_answer)
        self._worker.ended.connect(self._on_end)
        self._counter.answered.connect(self._on_info)
        self._counter.ended.connect(self._on_counted)
        self._controller.inventoryChanged.connect(self._on_inventory)
        self._controller.settingsChanged.connect(self.changed)

    # What there is ------------------------------------------------------------------------------------------------------------

    @property
    def models(self) -> tuple[ModelCard, ...]:
        """By name; those just imported or removed are so at once."""
        inventory = self._controller.inventory
        known: dict[str, ModelCard | None] = {card.name: card for card in (inventory.models if inventory else ())}
        known.update(self._news)
        return tuple(card for _, card in sorted(known.items()) if card is not None)

    @property
    def in_use(self) -> str:
        """Name of the model that the settings say."""
        return self._controller.settings.model

    @property
    def source(self) -> str:
        """The current source, as the engine can open it."""
        return self._controller.settings.source_address()

    @property
    def is_session_on(self) -> bool:
        """The live session holds its source."""
        return self._controller.is_running

    def card(self, name: str | None) -> ModelCard | None:
        """The model of that name."""
        return next((card for card in self.models if card.name == name), None)

    def info(self, name: str) -> ModelInfo | None:
        """What was counted in it; None until `ask_info` was answered."""
        known = self._infos.get(name)
        return known[1] if known is not None and known[0] == self.card(name) else None

    def info_failure(self, name: str) -> SessionStatus | None:
        """Why it cannot be counted."""
        known = self._info_failures.get(name)
        return known[1] if known is not None and known[0] == self.card(name) else None

    def ask_info(self, name: str) -> None:
        """Count this model, unless that is known; only the newest question is answered."""
        if self.info(name) is not None or self.info_failure(name) is not None or self.card(name) is None:
            return
        if self._counting is not None and self._counting == self.card(name):
            self._wanted = None
            return
        self._wanted = name
        if self._counter.is_running:
            self._counter.cancel()
        else:
            self._count_wanted()

    # Work -------------------------------------------------------------------------------------------------------------------

    def import_file(self, path: str) -> bool:
        """Bring a model file in; False when something runs already, as with all work below. Then `failure` may say more."""
        return self._begin(ImportSpec(_new_id(), path))

    def correct(self, name: str, fields: Mapping[str, Any]) -> bool:
        """Import the model's file again with these fields of ImportSpec, in place of the first import."""
        before = self.imports[name].spec
        return self._begin(msgspec.structs.replace(before, session_id=_new_id(), replaces=name, name=None, **fields))

    def quantize(self, name: str, **fields: Any) -> bool:
        """Make its INT8 variant."""
        return self._begin(QuantizeSpec(_new_id(), name, **fields))

    def remove(self, name: str) -> bool:
        """Remove a model of the user's own."""
        return self._begin(RemoveSpec(_new_id(), name))

    def cancel(self) -> None:
        """Ask the work to end; nothing half-made is left."""
        if self.work is not None and not self.is_stopping:
            self.is_stopping = True
            self._worker.cancel()
            self.changed.emit()

    def forget_failure(self) -> None:
        """It was read."""
        self.failure = None
        self.changed.emit()

    def shutdown(self) -> None:
        """End everything before the window goes; waits a bounded time."""
        self.work = None
        self._worker.shutdown()
        self._controller.turn.leave(self)
        self._counter.shutdown()

    def _begin(self, spec: WorkSpec) -> bool:
        if self.work is not None:
            return False
        function, _, name = _WORKS[type(spec)]
        if not self._controller.turn.take(self, name):
            # the machine is being measured; this would show in the numbers
            self.failure = _failed(spec.session_id, self._controller.turn.refusal(self), REMEDY)
            self.changed.emit()
            return False
        self.work, self.progress, self.failure, self._answer = spec, None, None, None
        self.is_stopping = False
        self._worker.start(function, spec)
        self.changed.emit()
        return True

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        if self.work is None or not answer.is_final:
            return
        try:
            self._answer = msgspec.json.decode(answer.data, type=_WORKS[type(self.work)][1])
        except msgspec.MsgspecError as error:
            self.failure = _unreadable(answer.session_id, error)

    def _on_end(self, status: SessionStatus) -> None:
        spec, answer = self.work, self._answer
        self.work = self.progress = self._answer = None
        self.is_stopping = False
        self._controller.turn.leave(self)
        if status.went_wrong:
            self.failure = status
        done = answer if status.reason is FinishReason.COMPLETED else None
        if spec is not None and done is not None:
            self._take_in(spec, done)
        self._controller.refresh_inventory()  # which also tidies up after work that was killed
        self.changed.emit()
        if done is not None:
            self.workDone.emit(done)
        self.workEnded.emit(status)

    def _take_in(self, spec: WorkSpec, result: WorkResult) -> None:
        match spec, result:
            case ImportSpec(), ImportResult():
                self.imports[result.name] = Imported(msgspec.structs.replace(spec, replaces=None), result)
                self._news[result.name] = result.card
                self._forget_info(result.name)
            case RemoveSpec(), RemoveResult():
                self.imports.pop(result.name, None)
                self._news[result.name] = None
                self._forget_info(result.name)
            case QuantizeSpec(), _:
                self._forget_info(spec.model)
        self._asked_again = 0

    def _on_inventory(self, inventory: Inventory) -> None:
        there = {card.name: card for card in inventory.models}
        self._news = {name: card for name, card in self._news.items() if not _is_known(there.get(name), card)}
        if self._news and self._asked_again < _ASK_AGAIN:
            # it was asked before the work was done
            self._asked_again += 1
            self._controller.refresh_inventory()
        elif self._news:
            self._news = {}
        self.changed.emit()

    # Counting ---------------------------------------------------------------------------------------------------------------

    def _count_wanted(self) -> None:
        name, self._wanted = self._wanted, None
        self._counting = self.card(name)
        if name is not None and self._counting is not None:
            self._counter.start(_INFO, InfoSpec(_new_id(), name))

    def _on_info(self, answer: Answer) -> None:
        if self._counting is None:
            return
        try:
            self._infos[self._counting.name] = (self._counting, msgspec.json.decode(answer.data, type=ModelInfo))
        except msgspec.MsgspecError as error:
            self._info_failures[self._counting.name] = (self._counting, _unreadable(answer.session_id, error))

    def _on_counted(self, status: SessionStatus) -> None:
        card, self._counting = self._counting, None
        if card is not None and status.went_wrong:
            self._info_failures[card.name] = (card, status)
        if card is not None:
            self.infoChanged.emit(card.name)
        if self._wanted is not None and not self._counter.is_running:
            self._count_wanted()

    def _forget_info(self, name: str) -> None:
        self._infos.pop(name, None)
        self._info_failures.pop(name, None)


def is_own(card: ModelCard) -> bool:
    """The model stands in the user's own folder, and may be removed."""
    return Path(card.folder).parent == places.model_folders()[0].absolute()


def _is_known(found: ModelCard | None, news: ModelCard | None) -> bool:
    if found is None or news is None:
        return found is news
    return found.input == news.input and found.decoder == news.decoder


def _unreadable(session_id: str, error: msgspec.MsgspecError) -> SessionStatus:
    return _failed(session_id, _UNREADABLE.format(error), "Install edgeperf again.")


def _failed(session_id: str, sentence: str, remedy: str) -> SessionStatus:
    return SessionStatus(session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy)


def _new_id() -> str:
    return uuid.uuid4().hex
