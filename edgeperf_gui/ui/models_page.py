"""The models page: what there is, what is inside, bringing in, correcting, quantising, removing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.graph import ImportResult
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.live.model_shelf import ModelShelf, WorkResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.import_form import ImportForm
from edgeperf_gui.ui.model_details import ModelDetails
from edgeperf_gui.ui.model_list import ModelList
from edgeperf_gui.ui.model_words import FILE_FILTER, done, ended, running
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.quantize_dialog import ask_quantize
from edgeperf_gui.ui.side_page import SidePage
from edgeperf_gui.ui.work_strip import WorkStrip

_SIZE: Final = (1120, 740)
_LEAST: Final = (860, 520)
_BUSY: Final = "One thing at a time: wait for what is being done, or cancel it."
_LIST_WIDTH: Final = 380


class ModelsPage(SidePage):
    """The signals carry the name of the model to run the session with, or to be measured."""

    useAsked = Signal(str)
    accuracyAsked = Signal(str)

    def __init__(self, shelf: ModelShelf, parent: QWidget | None = None, measured: MeasuredLedger | None = None) -> None:
        super().__init__("Models", _SIZE, _LEAST, parent)
        self.setAcceptDrops(True)
        self._shelf, self._measured = shelf, measured
        self._said = ""
        self._correcting = ""  # name of the model whose import is being looked at
        self.list, self.details, self.form, self.strip = ModelList(), ModelDetails(), ImportForm(), WorkStrip(self)
        self.import_button = QPushButton("Import…")
        self.import_button.setAutoDefault(False)
        self.import_button.setToolTip("Bring in a model file; or drop it anywhere on this page")
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        menu = QMenu(self.import_button)
        menu.addAction("Model file…", self.ask_file)
        menu.addAction("SavedModel folder…", self.ask_folder)
        self.import_button.setMenu(menu)
        hint = QLabel("Drop a model file here, or")
        hint.setFont(theme.font(theme.QUIET))
        hint.setProperty("role", "quiet")
        below = QHBoxLayout()
        below.addWidget(hint, 1)
        below.addWidget(self.import_button)
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(self.list, 1)
        column.addLayout(below)
        self._right = QStackedWidget()
        self._right.addWidget(self.details)
        self._right.addWidget(self.form)
        panel = Panel()
        panel.column.setContentsMargins(theme.EDGE, theme.EDGE, theme.INSIDE, theme.BETWEEN)
        panel.column.addWidget(self._right)
        across = QHBoxLayout()
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left)
        across.addWidget(panel, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        whole.setSpacing(theme.BETWEEN)
        whole.addLayout(across, 1)
        whole.addWidget(self.strip)

    def _connect(self) -> None:
        shelf = self._shelf
        shelf.changed.connect(self.refresh)
        if self._measured is not None:
            self._measured.changed.connect(self.refresh)
        shelf.infoChanged.connect(lambda _name: self.refresh())
        shelf.workDone.connect(self._on_done)
        shelf.workEnded.connect(self._on_ended)
        self.list.chosen.connect(self._on_chosen)
        self.details.asked.connect(self._on_asked)
        self.form.applied.connect(lambda fields: self._shelf.correct(self._correcting, fields))
        self.form.accepted.connect(lambda: self._correct(""))
        self.strip.cancelled.connect(shelf.cancel)
        self.strip.dismissed.connect(self._dismiss)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the shelf knows now."""
        shelf = self._shelf
        self.list.show_models(shelf.models, shelf.in_use)
        self.import_button.setEnabled(shelf.work is None)
        card = self._card()
        imported = shelf.imports.get(self._correcting)
        if card is not None:
            if self.isVisible():
                shelf.ask_info(card.name)
            self.details.show_model(card, shelf, self._measured.of(card) if self._measured is not None else ())
        if imported is not None:
            self.form.show_import(imported, busy=shelf.work is not None)
        self._right.setCurrentWidget(self.details if imported is None else self.form)
        self._right.setVisible(card is not None)
        self.strip.show_shelf(shelf, self._said)

    def open(self) -> None:
        """Show it, in front, with the model in use chosen at first."""
        super().open()
        self.refresh()

    def _card(self) -> ModelCard | None:
        return self._shelf.card(self.list.name())

    def _on_chosen(self, name: str) -> None:
        if name != self._correcting:
            self._correcting = ""
        self.refresh()

    def _correct(self, name: str) -> None:
        self._correcting = name
        self.refresh()

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self.refresh()

    def _dismiss(self) -> None:
        self._said = ""
        self._shelf.forget_failure()

    # Doing ------------------------------------------------------------------------------------------------------------------

    def ask_file(self) -> None:
        """Ask for a model file."""
        path, _ = QFileDialog.getOpenFileName(self, "Import a model", _home(), FILE_FILTER)
        self.bring_in(path)

    def ask_folder(self) -> None:
        """Ask for a SavedModel."""
        self.bring_in(QFileDialog.getExistingDirectory(self, "Import a SavedModel folder", _home()))

    def bring_in(self, path: str) -> None:
        """Import this file, or say why not now; "" does nothing."""
        if path:
            self._said = ""
            if not self._shelf.import_file(path):
                self._say(_BUSY)

    def _on_asked(self, what: str) -> None:
        card = self._card()
        if card is None:
            return
        if what == "use":
            self.useAsked.emit(card.name)
        elif what == "accuracy":
            self.accuracyAsked.emit(card.name)
        elif what == "correct":
            self._correct(card.name)
        elif what == "int8":
            self._ask_quantize(card)
        elif what == "remove" and self._confirm_removal(card):
            self._said = ""
            self._shelf.remove(card.name)

    def _ask_quantize(self, card: ModelCard) -> None:
        self._said = ""
        ask_quantize(self, self._shelf, card)

    def _confirm_removal(self, card: ModelCard) -> bool:
        variants = ", ".join(card.variants)
        text = f"Remove {card.title}?"
        more = f"Its folder goes with all variants ({variants}):\n{card.folder}\nThe file it was imported from stays."
        return ask(self, text, more, (("Remove", "remove"), ("Keep it", ""))) == "remove"

    def _on_done(self, result: WorkResult) -> None:
        self._said = done(self._shelf, result)
        if isinstance(result, ImportResult):
            self._correcting = result.name
            self.list.choose(result.name)
        self.refresh()

    def _on_ended(self, status: SessionStatus) -> None:
        if words := ended(status):
            self._say(words)

    # The window itself --------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """While something runs, ask what shall become of it."""
        if self._shelf.work is None or not self.isVisible():
            event.accept()
            return
        choices = (("Let it go on", "go on"), ("Cancel it", "cancel"), ("Stay here", ""))
        more = "It can go on while this page is closed; a notice in the window tells its end."
        chosen = ask(self, f"{running(self._shelf).partition(' · ')[0]} is not done yet.", more, choices)
        if chosen == "cancel":
            self._shelf.cancel()
        event.setAccepted(bool(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if _path_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import the first."""
        event.acceptProposedAction()
        self.bring_in(_path_in(event.mimeData()))


def ask(parent: QWidget, text: str, more: str, choices: tuple[tuple[str, str], ...]) -> str:
    """The answer that belongs to the button pressed; the last one when the question is closed. `choices`: (words, answer)."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Models", text, QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # titles come from files that nobody has vouched for
    box.setInformativeText(more)
    buttons = {box.addButton(words, QMessageBox.ButtonRole.ActionRole): answer for words, answer in choices}
    box.setEscapeButton(list(buttons)[-1])
    box.setDefaultButton(list(buttons)[-1])
    box.exec()
    answer = buttons.get(box.clickedButton(), choices[-1][1])  # type: ignore[call-overload]
    box.deleteLater()
    return str(answer)


def _path_in(data: QMimeData) -> str:
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
