"""The window: header, docks around the picture, footer. It joins panels and controller and owns nothing else."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.live.controller import Controller, Preview
from edgeperf_gui.live.operator_count import OperatorCount
from edgeperf_gui.live.paces import Paces
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.about_page import program_icon
from edgeperf_gui.ui.actions import DOCK_SHORTCUTS, build_actions, build_menu
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.commands import Commands
from edgeperf_gui.ui.compare_panel import ComparePanel
from edgeperf_gui.ui.dock_area import DockArea
from edgeperf_gui.ui.dropped import address_in
from edgeperf_gui.ui.energy_panel import EnergyPanel
from edgeperf_gui.ui.footer import Footer
from edgeperf_gui.ui.header import Header
from edgeperf_gui.ui.notices import Toast
from edgeperf_gui.ui.rate_panel import AgePanel, ThroughputPanel, readouts
from edgeperf_gui.ui.scene_panel import ScenePanel
from edgeperf_gui.ui.session_bar import SessionBar
from edgeperf_gui.ui.space_key import SpaceKey
from edgeperf_gui.ui.stages_panel import StagesPanel
from edgeperf_gui.ui.standing import job_standing, standing
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.truth_panel import TruthPanel
from edgeperf_gui.ui.video_view import VideoView


class MainWindow(QWidget):
    """Everything on the screen. `firstPicture` is emitted once, when the first frame was painted."""

    firstPicture = Signal()
    closing = Signal()

    def __init__(self, controller: Controller, switch: theme.Switch) -> None:
        super().__init__()
        self._controller = controller
        self._store = controller.store
        self.comparison = Comparison(controller, parent=self)
        self._saw_picture = False
        self._plot_ticks = 0
        self.setWindowTitle("edgeperf")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(1100, 640)
        self.setWindowIcon(program_icon())
        self._build()
        self.commands = Commands(self, controller, switch)
        self._actions = build_actions(self, self.commands)
        panels = [self._panel_action(card) for card in self._cards]
        self.header.set_menu(build_menu(self, self._actions, panels))
        SpaceKey(self)
        self._connect()
        self._show_all()

    # Building ---------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        steadiness = Steadiness(self._store, self)
        self.header, self.footer = Header(self), Footer(self)
        self.video = VideoView()
        self.session = SessionBar()
        self.stages = StagesPanel(self._store, steadiness)
        self.paces = Paces(self._store, self)
        self.throughput = ThroughputPanel(self._store, steadiness, self.paces)
        self.age = AgePanel(self._store, steadiness)
        self.compare = ComparePanel(self.comparison)
        self.truth = TruthPanel()
        self.operators = OperatorCount(self._controller, parent=self)
        self.energy = EnergyPanel(self._store, steadiness, self.operators)
        self.scene = ScenePanel(self._store, steadiness)
        self._cards: tuple[Card, ...] = (
            *(self.session, self.stages, self.throughput, self.age, self.compare, self.truth, self.energy),
            self.scene,
        )
        self.docks = DockArea(self.video, self._cards)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.docks, 1)
        column.addWidget(self.footer)
        self.toast = Toast(self, over=self.video)

    def _panel_action(self, card: Card) -> QAction:
        action = card.toggleViewAction()
        action.setShortcut(QKeySequence(DOCK_SHORTCUTS[card.objectName()]))
        self.addAction(action)
        return action

    def _connect(self) -> None:
        run, store = self._controller, self._store
        run.previewReady.connect(self._on_preview)
        run.plotsDue.connect(self._on_plots_due)
        run.textDue.connect(self._on_text_due)
        run.runningChanged.connect(self._show_running)
        run.settingsChanged.connect(self._show_settings)
        run.inventoryChanged.connect(self._show_inventory)
        run.undoChanged.connect(self._show_undo)
        store.statusChanged.connect(self._show_status)
        store.openedChanged.connect(self._show_opened)
        store.telemetryChanged.connect(self._show_standing)
        store.noticeAdded.connect(self.toast.tell)
        for notice in store.notices:
            self.toast.tell(notice)
        store.cleared.connect(self.video.forget)
        self.header.toggled.connect(run.toggle)
        self.header.compareAsked.connect(self.commands.compare)
        self.commands.doors.jobChanged.connect(self._show_job)
        self.compare.changeAsked.connect(self.commands.change)
        self.compare.watchAsked.connect(self.commands.doors.watching.open)
        self.compare.int8Asked.connect(self.commands.doors.models.make_int8)
        self.commands.doors.models.shelfMade.connect(self.compare.follow)
        self.energy.changeAsked.connect(self.commands.change)
        self.energy.pageAsked.connect(self.commands.doors.energy.open)
        self.energy.noticed.connect(self.commands.notice)
        self.closing.connect(self.operators.shutdown)
        self.video.painted.connect(self._on_painted)
        self.video.viewResized.connect(run.set_view_size)
        self.video.remedyChosen.connect(self.commands.go)
        self.session.changed.connect(self._on_changed)
        self.session.sourceChosen.connect(self.commands.use_source)
        self.session.openFile.connect(self.commands.open_file)
        self.session.openFolder.connect(self.commands.open_folder)
        self.session.openUrl.connect(self.commands.open_url)
        self.session.openModels.connect(self.commands.doors.models.open)
        self.session.listOpening.connect(self.commands.refresh_for_list)

    def panel_titles(self) -> dict[str, str]:
        """What stands on the panels, by their keys."""
        return {card.objectName(): card.windowTitle() for card in self._cards}

    # What the controller says -----------------------------------------------------------------------------------------------

    def _on_preview(self, preview: Preview) -> None:
        self.video.show_preview(preview, self._store.labels)

    def _on_painted(self, frame: int, shown_ns: int) -> None:
        self._controller.frame_painted(frame, shown_ns)
        if not self._saw_picture:
            self._saw_picture = True
            self.firstPicture.emit()

    def _on_plots_due(self) -> None:
        now_ns = time.perf_counter_ns()
        self._plot_ticks += 1
        is_over = self._store.status.state is RunState.FINISHED  # then there is no next turn
        for card in self._cards:
            if card.is_seen and (is_over or card.plot_turn.is_now(self._plot_ticks)):
                card.refresh_plot(now_ns)

    def _on_text_due(self) -> None:
        now_ns = time.perf_counter_ns()
        for card in self._cards:
            card.refresh_words(now_ns)
        self.footer.show_own()
        self.video.show_readouts(readouts(self._store, now_ns))
        self._show_standing()

    # Showing ----------------------------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        if self._controller.inventory is not None:
            self.session.show_inventory(self._controller.inventory)
        self._show_settings()
        self._show_running(self._controller.is_running)
        self._show_status(self._store.status)
        self._show_undo()

    def _show_status(self, status: SessionStatus) -> None:
        if (job := job_standing(self.commands.doors.job)) and not self._controller.is_running:
            status = SessionStatus(status.session_id, RunState.STOPPING, activity=job.badge)
        self.video.show_status(status, self._controller.settings.device)

    def _show_inventory(self, inventory: Inventory) -> None:
        self.session.show_inventory(inventory)
        self._show_settings()

    def _show_settings(self, _change: object = None) -> None:
        settings, inventory = self._controller.settings, self._controller.inventory
        self.session.show_settings(settings)
        self.energy.show_settings(settings, inventory)
        self.scene.show_source(settings.source)
        self.header.show_settings(settings, self._store.opened, inventory)
        self.truth.show_opened(self._store.opened, inventory, self._store.asked)

    def _show_opened(self, _opened: object = None) -> None:
        self._show_settings()
        self.session.show_source(self._store.source_info)
        self._show_standing()

    def _show_standing(self, _telemetry: object = None) -> None:
        run = self._controller
        now = standing(self._store, time.perf_counter_ns(), run.is_running, run.restart_wanted, self.commands.doors.job)
        self.header.show_standing(now)
        self.truth.show_standing(now)
        self.footer.show_truth(self._store.opened, now)
        self.video.show_note(now.note)

    def _show_running(self, running: bool) -> None:
        self.header.show_running(running)
        self._show_status(self._store.status)
        self._show_standing()

    def _show_job(self) -> None:
        self._show_status(self._store.status)
        self._show_standing()

    def _show_undo(self) -> None:
        self._actions["undo"].setEnabled(self._controller.can_undo)
        self._actions["redo"].setEnabled(self._controller.can_redo)

    def _on_changed(self, fields: dict[str, Any]) -> None:
        self.commands.change(fields)
        # a refused change must not stay on show
        self.session.show_settings(self._controller.settings)

    # The window itself --------------------------------------------------------------------------------------------------------

    def open(self, size: tuple[int, int] | None = None) -> None:
        """Show it, at this size or as it was left."""
        if size:
            self.resize(*size)
            self.docks.keep_size()
        else:
            self.resize(1600, 900)
            self.docks.restore_geometry(self)
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Now there is something to draw for."""
        super().showEvent(event)
        self.docks.restore_once()
        if self.focusWidget() is None:
            self.setFocus()
        self._controller.set_visible(not self.isMinimized())

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is drawn."""
        super().hideEvent(event)
        self._controller.set_visible(False)

    def changeEvent(self, event: QEvent) -> None:
        """Minimised: nothing is drawn."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._controller.set_visible(not self.isMinimized())

    def close_now(self) -> None:
        """Close it unasked, because neither a signal nor a timed run waits for an answer."""
        self.commands.doors.scenarios.shutdown()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the places, and say so; work that was typed in and is not saved is asked about before."""
        if not self.commands.doors.scenarios.let_go():
            event.ignore()
            return
        self.docks.save(self)
        # ending the engine may take a moment, which nobody should have to watch
        self.hide()
        self.closing.emit()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what can be a source, and files and links that cannot, to say why."""
        if event.mimeData().hasUrls() or address_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Use it."""
        event.acceptProposedAction()
        self.commands.use_found(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        QPainter(self).fillRect(event.rect(), theme.colour(theme.tokens().ground))
