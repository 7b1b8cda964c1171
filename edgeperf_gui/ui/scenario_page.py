"""The scenario page: two applications side by side, held against the live session or a stored run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.scenario_card import ScenarioCard
from edgeperf_gui.ui.scenario_words import DROP, run_words
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.side_page import SidePage
from edgeperf_gui.ui.words import Words

_SIZE: Final = (1560, 880)
_LEAST: Final = (1160, 680)
_RUNS: Final = "Runs (*.json *.edgeperf);;All files (*)"
_LOOPS: Final = (("paced", "Paced"), ("flat", "Flat out"))
_LOOP_TIP: Final = (
    "How the live session reads frames. Paced tells ages and deadlines, flat out the capacity: run each for a while, and both"
    " count."
)


class ScenarioPage(SidePage):
    """`pacedAsked` carries the wish to run the live session paced, or flat out."""

    pacedAsked = Signal(bool)
    editAsked = Signal(int)
    simulationAsked = Signal(int)

    def __init__(self, view: ScenarioView, parent: QWidget | None = None) -> None:
        super().__init__("Scenarios: is it enough?", _SIZE, _LEAST, parent)
        self.setAcceptDrops(True)
        self._view = view
        self.heading = QLabel("Scenarios")
        self.about = Words((), self, fills=True)
        self.told = label("", theme.QUIET, "failed")
        self.loop = Segmented("Live session", _LOOPS)
        self.live_button, self.open_button = QPushButton("Live session"), QPushButton("Open run…")
        self.undo_button, self.redo_button = QPushButton("Undo"), QPushButton("Redo")
        self.cards = tuple(ScenarioCard(view, at) for at in range(len(view.sides)))
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.heading.setFont(theme.font(theme.BODY, 700))
        self.loop.setFixedWidth(170)
        self.loop.setToolTip(_LOOP_TIP)
        self.open_button.setToolTip(f"Hold a stored run against the scenarios. {DROP} It can be dropped here, too.")
        self.live_button.setToolTip("Back to the session that runs in the window")
        self.undo_button.setToolTip("Take back the last change of a number (Ctrl+Z)")
        self.redo_button.setToolTip("Make it again (Ctrl+Shift+Z)")
        for button in (self.live_button, self.open_button, self.undo_button, self.redo_button):
            button.setAutoDefault(False)
        self.told.setVisible(False)
        for card in self.cards:
            card.setAccessibleName("Scenario on the left" if card is self.cards[0] else "Scenario on the right")

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.BETWEEN)
        for widget in (
            self.heading,
            self.about,
            self.loop,
            self.live_button,
            self.open_button,
            self.undo_button,
            self.redo_button,
        ):
            head.addWidget(widget, 1 if widget is self.about else 0)
        across = QHBoxLayout()
        across.setSpacing(theme.BETWEEN)
        for card in self.cards:
            across.addWidget(card, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.BETWEEN, theme.INSIDE, theme.BETWEEN, theme.BETWEEN)
        whole.setSpacing(theme.INSIDE)
        whole.addLayout(head)
        whole.addWidget(self.told)
        whole.addLayout(across, 1)

    def _connect(self) -> None:
        view = self._view
        view.changed.connect(self._on_changed)
        view.undoChanged.connect(self._show_undo)
        self.undo_button.clicked.connect(view.undo)
        self.redo_button.clicked.connect(view.redo)
        QShortcut(QKeySequence("Ctrl+Z"), self, view.undo)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, view.redo)
        self.live_button.clicked.connect(self._use_live)
        self.open_button.clicked.connect(self._ask_run)
        self.loop.chosen.connect(lambda key: self.pacedAsked.emit(key == "paced"))
        for at, card in enumerate(self.cards):
            card.listAsked.connect(lambda at=at: self._show_list(at))
            card.editAsked.connect(lambda at=at: self.editAsked.emit(at))
            card.simulationAsked.connect(lambda at=at: self.simulationAsked.emit(at))

    def open(self) -> None:
        """Show it, in front; the keyboard is nowhere yet."""
        super().open()
        self.setFocus()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show everything."""
        for at in range(len(self.cards)):
            self._on_changed(at)
        self._show_undo()

    def show_loop(self, paced: bool) -> None:
        """How the live session is asked to read frames."""
        self.loop.choose("paced" if paced else "flat")

    def _on_changed(self, at: int) -> None:
        runs = self._view.runs
        self.cards[at].refresh()
        words = run_words(runs.runs, runs.stored_names)
        self.about.say(words)
        self.about.setToolTip(self.about.text())
        self.loop.setVisible(runs.is_live)
        self.live_button.setVisible(not runs.is_live)

    def _show_undo(self) -> None:
        self.undo_button.setEnabled(self._view.can_undo)
        self.redo_button.setEnabled(self._view.can_redo)

    def _tell(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))

    def _show_list(self, at: int) -> None:
        menu = self.list_menu(at)
        button = self.cards[at].change_button
        menu.exec(button.mapToGlobal(button.rect().bottomLeft()))
        menu.deleteLater()

    def list_menu(self, at: int) -> QMenu:
        """All scenarios; those that cannot be read say why."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        was_own = False
        self._view.shelf.refresh()
        for entry in self._view.shelf.entries:
            if entry.is_own and not was_own:
                menu.addSeparator()
                was_own = True
            action = menu.addAction(entry.title)
            action.triggered.connect(partial(self._choose, at, entry.name))
            action.setEnabled(entry.scenario is not None)
            action.setToolTip(entry.trouble or (entry.scenario.why if entry.scenario else ""))
            action.setCheckable(True)
            action.setChecked(entry.name == self._view.sides[at].name)
        return menu

    def _choose(self, at: int, name: str, _checked: bool = False) -> None:
        self._view.choose(at, name)

    # Runs ---------------------------------------------------------------------------------------------------------------------

    def use_run(self, path: Path) -> None:
        """Hold this stored run against the scenarios, or say why it cannot be."""
        try:
            self._view.runs.use_stored(path)
        except BadInput as error:
            self._tell(f"{error.sentence} {error.remedy}")
        else:
            self._tell(self._view.runs.lacks)

    def _use_live(self) -> None:
        self._view.runs.use_live()
        self._tell("")

    def _ask_run(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getOpenFileName(self, "Open a stored run", folder, _RUNS)
        if path:
            self.use_run(Path(path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Use what was dropped: two runs of one variant together."""
        event.acceptProposedAction()
        for url in event.mimeData().urls()[:2]:
            if url.isLocalFile():
                self.use_run(Path(url.toLocalFile()))

    # The window itself --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the live session while somebody looks."""
        super().showEvent(event)
        self._view.runs.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._view.runs.watch(False)
