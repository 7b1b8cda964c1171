"""Runs sessions and keeps the store fed: the one owner of the engine's host and of the one timer."""

from __future__ import annotations

import time
import uuid
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from edgeperf_gui.domain import places
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.messages import FromEngine, Notice, Opened
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.link.host import EngineHost, Preview
from edgeperf_gui.link.job import InventoryJob
from edgeperf_gui.live.cadence import STEPPING_BACK, WATCHING, Rota, is_its_turn
from edgeperf_gui.live.keeping import Keeping
from edgeperf_gui.live.machine_turn import MachineTurn
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.setting_changes import SettingHistory, describe_change
from edgeperf_gui.live.settings import Settings, needs_restart, session_spec, validated
from edgeperf_gui.live.tidings import Painted, Told, better, notice_about, remembered
from edgeperf_gui.live.trial import Trial
from edgeperf_gui.store.run_file import new_run_path

__all__ = ["Controller", "Preview"]


class Controller(QObject):
    """Start, stop, change; pictures, messages and inventory come by themselves while the event loop runs.

    Nothing is emitted for drawing while hidden (`set_visible(False)`); messages are drained all the same.
    """

    previewReady = Signal(object)  # Preview; its arrays stay as they are until the next but one
    plotsDue = Signal()  # about 10 a second while visible and active, and once after the end
    textDue = Signal()  # about 2 a second, likewise
    runningChanged = Signal(bool)  # a session is on, or a restart is under way
    settingsChanged = Signal(object)  # Settings
    undoChanged = Signal()
    inventoryChanged = Signal(object)  # Inventory
    _pictureCame = Signal()  # from the host's thread

    def __init__(
        self,
        store: SessionStore | None = None,
        host: EngineHost | None = None,
        inventory_job: InventoryJob | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store or SessionStore(self)
        self.turn = MachineTurn(self)
        self._host = host or EngineHost()
        self._job = inventory_job or InventoryJob()
        self._keeping = Keeping(self._notice, self)
        self._settings = self._keeping.load()
        self._history = SettingHistory()
        self._passing: str | None = None  # a source for this start only
        self._trial = Trial(self._settings)
        self._told, self._painted = Told(), Painted()
        self._inventory: Inventory | None = None
        self._visible, self._running = True, False
        self.restart_wanted = False  # a restart waits for the old session to end
        self._view = (0, 0)
        self._picture_ns = 0
        self._rota = Rota(WATCHING)
        self._errands = {"drain": self._drain, "plots": self.plotsDue.emit, "text": self.textDue.emit}
        self._timer = QTimer(self, interval=WATCHING.tick_ms, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._pictureCame.connect(self._on_picture, Qt.ConnectionType.QueuedConnection)
        self._host.on_picture = self._pictureCame.emit

    # State ----------------------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self._settings

    @property
    def inventory(self) -> Inventory | None:
        """What the machine offers; None until it was asked."""
        return self._inventory

    @property
    def is_running(self) -> bool:
        """True from start to end of a session, and while a restart waits for the old one to end."""
        return self._running

    @property
    def engine_pid(self) -> int | None:
        """The engine's process, while there is one."""
        return self._host.pid

    @property
    def can_undo(self) -> bool:
        """Whether a setting change can be taken back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a change taken back can be made again."""
        return self._history.can_redo

    # The session ------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start a session with the present settings; no-op while one runs, and after its end while one is stopping."""
        if not self._host.is_active:
            self._begin()
        elif self._host.is_stopping:
            self.restart_wanted = True
        self._update_running()

    def stop(self) -> None:
        """End the session in order; the engine is made to end when it does not."""
        self.restart_wanted = False
        self._host.request_stop()
        self._update_running()

    def toggle(self) -> None:
        """Start or stop."""
        self.stop() if self.is_running else self.start()

    def run_again(self) -> None:
        """Restart with the same settings, whether the session runs, ended or crashed."""
        self._host.request_stop()
        self.start()

    def change(self, **fields: Any) -> None:
        """Change settings by name; a running session restarts in place when the change concerns it. Raises SettingsError."""
        self._apply(validated(msgspec.structs.replace(self._settings, **fields)), remember=True)

    def set_source(self, address: str) -> None:
        """Use a source (dropped, pasted or chosen), and start when nothing runs; recent once opened. Raises SettingsError."""
        self._passing = None
        self.change(source=address)
        self.start()

    def use_once(self, address: str) -> None:
        """Use a source for this start only: nothing is saved because of it. Raises SettingsError."""
        self._settings = validated(msgspec.structs.replace(self._settings, source=address))
        self._passing = address

    def undo(self) -> None:
        """Take back the last setting change."""
        self._apply(self._history.undo(self._settings), remember=False)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._apply(self._history.redo(self._settings), remember=False)

    # The view ---------------------------------------------------------------------------------------------------------------

    def set_view_size(self, width: int, height: int) -> None:
        """Size of the picture's place in device pixels; the engine scales to it."""
        self._view = (width, height)
        self._send_view()

    def set_visible(self, visible: bool) -> None:
        """False while minimised: the engine makes no pictures and nothing is emitted for drawing."""
        if visible != self._visible:
            self._visible = visible
            self._send_view()

    def frame_painted(self, frame: int, shown_ns: int) -> None:
        """The picture of `frame` is on the screen (`perf_counter_ns`). Later paintings of the same picture do not count."""
        if self._painted.stamp(frame, shown_ns):
            self.store.mark_shown(frame, shown_ns)

    # The machine ------------------------------------------------------------------------------------------------------------

    def refresh_inventory(self) -> None:
        """Ask a short child process what there is; `inventoryChanged` answers within about 10 s whatever happens to it."""
        self._job.start()
        self._timer.start()

    def shutdown(self) -> None:
        """End everything before the window goes; waits a bounded time (about 3 s) for the engine."""
        self.restart_wanted, self._host.on_picture = False, None
        self._timer.stop()
        self._keeping.flush()
        self._job.close()
        self._host.close()
        self._drain()
        self._update_running()

    # Inside -----------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.restart_wanted = False
        session_id = uuid.uuid4().hex
        record_path = new_run_path(places.runs(), session_id) if self._keeping.runs else None
        self._trial.begin(self._settings, self.store)
        self._painted.clear()
        asked = session_spec(self._settings, session_id, record_path, cache=self._keeping.cache)
        self.store.begin(session_id, time.perf_counter_ns(), asked=asked)
        self._host.start(asked)
        self._send_view()
        self._timer.start()

    def _apply(self, wanted: Settings, *, remember: bool) -> None:
        before = self._settings
        if wanted == before:
            return
        if remember:
            self._history.remember(before)
        self._remember(wanted)
        self.undoChanged.emit()
        undoes_failure = not remember and not self.turn.name and self._trial.failed_with(before, self.store)
        if needs_restart(before, wanted) and (self.is_running or undoes_failure):
            self.store.add_marker(time.perf_counter_ns(), describe_change(before, wanted))
            self.run_again()

    def _tick(self) -> None:
        if self._visible and self._rota.cadence is STEPPING_BACK:
            self._show_newest()
        for errand in self._rota.due():
            if self._visible or errand == "drain":
                self._errands[errand]()

    def _on_picture(self) -> None:
        if self._visible and self._rota.cadence is WATCHING and self._timer.isActive() and self._show_newest():
            self._timer.start()  # ticks are counted from here, so that they fall into the pause before the next frame

    def _show_newest(self) -> bool:
        """Whether ticks may be counted from here."""
        now_ns = time.perf_counter_ns()
        is_turn = is_its_turn(now_ns - self._picture_ns, self._settings.view_rate)
        if not is_turn or (preview := self._host.take_preview()) is None:
            return False
        self._picture_ns = now_ns
        self._painted.await_frame(preview.frame)
        self.previewReady.emit(preview)
        return self._rota.picture_came()

    def _drain(self) -> None:
        if stamps := self._painted.take():
            self._host.send_shown(stamps)
        for message in self._host.poll():
            self._take_in(message)
        self.store.notify(time.perf_counter_ns(), announce=self._visible)
        self._drain_job()
        if not self._host.is_active:
            self._after_end()

    def _take_in(self, message: FromEngine) -> None:
        if isinstance(message, Opened):
            self._rota = Rota(STEPPING_BACK if message.is_saturated else WATCHING)
            self._timer.setInterval(self._rota.cadence.tick_ms)
        notice = notice_about(message, restarting=self.restart_wanted, frames=self.store.frames_completed)
        # while a restart is under way, the end of the old session is no state of its own
        is_status = isinstance(message, SessionStatus)
        if not (self.restart_wanted and is_status):
            self.store.ingest(message)
        if notice is not None and (is_status or self._told.is_news(self._trial.settings.source + notice.sentence)):
            self.store.add_notice(notice)
        if self._trial.settings.source != self._passing:
            self._remember(remembered(self._settings, message, self._trial.settings.source))

    def _remember(self, wanted: Settings) -> None:
        if wanted != self._settings:
            self._settings = wanted
            self._keeping.later(wanted)
            self.settingsChanged.emit(wanted)

    def _after_end(self) -> None:
        if self.restart_wanted:
            self._begin()
            return
        was_running = self._running
        self._update_running()
        if was_running and self._visible:
            self.plotsDue.emit()
            self.textDue.emit()
        if not self._job.is_active:
            self._timer.stop()

    def _drain_job(self) -> None:
        if (answer := self._job.poll()) is None:
            return
        self._inventory = answer = better(answer, self._inventory)
        for problem in filter(self._told.is_news, answer.problems):
            self._notice(problem)
        self.inventoryChanged.emit(answer)

    def _update_running(self) -> None:
        running = self._host.is_active or self.restart_wanted
        if running != self._running:
            self._running = running
            self.runningChanged.emit(running)

    def _send_view(self) -> None:
        self._host.send_view(*(self._view if self._visible else (0, 0)))

    def _notice(self, sentence: str, remedy: str = "") -> None:
        self.store.add_notice(Notice(self.store.status.session_id, sentence, remedy))
