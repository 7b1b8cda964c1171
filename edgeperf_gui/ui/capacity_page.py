"""The capacity page: which cameras on the left, what came of the search on the right, while it runs and afterwards."""

from __future__ import annotations

import os
from typing import Final

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.capacity_form import CapacityForm
from edgeperf_gui.ui.capacity_results import CapacityResults
from edgeperf_gui.ui.capacity_words import CANCELLED, INVITATION, TITLE, WAITS, WHAT, activity, summary
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label

_SIZE: Final = (1360, 840)
_LEAST: Final = (1020, 600)
_FORM_WIDTH: Final = 316


class CapacityPage(QDialog):
    """Beside the window, not in its way."""

    def __init__(self, search: CapacitySearch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*_LEAST)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 60))
        self._search = search
        self._told: tuple[str, str] | None = None
        self.form, self.results = CapacityForm(self), CapacityResults(self)
        self.blank_title, self.blank_words = label("", theme.READOUT, weight=600), label("", theme.BODY, "quiet")
        self.status = label("", theme.QUIET, "quiet")
        self.bar = QProgressBar(self)
        self.run_button, self.cancel_button = QPushButton("Run"), QPushButton("Cancel")
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setMaximum(0)  # how many steps it takes is not known before
        self.bar.setAccessibleName("The search goes on")
        self.run_button.setProperty("role", "primary")
        self.cancel_button.setToolTip("Stop; the steps run so far are kept")
        for button in (self.run_button, self.cancel_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.BODY, 600))

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        left.column.addWidget(self.form, 1)
        for widget in (self.status, self.bar, self.run_button, self.cancel_button):
            left.column.addWidget(widget)
        self._blank = QWidget()
        middle = QVBoxLayout(self._blank)
        middle.setContentsMargins(60, 0, 60, 0)
        middle.addStretch(2)
        middle.addWidget(self.blank_title)
        middle.addWidget(self.blank_words)
        middle.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._blank)
        self._stack.addWidget(self.results)
        right.column.addWidget(self._stack, 1)
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left)
        across.addWidget(right, 1)

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.asked.connect(self.start)
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self._search.cancel)
        self.results.tiles.viewResized.connect(self._search.set_view_size)
        self._search.pictured.connect(self.results.tiles.show_cameras)
        self._search.changed.connect(self.refresh)

    def open(self) -> None:
        """Show it, in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the search knows now."""
        search = self._search
        self.form.offer(search.models, search.devices, search.settings)
        # from the first answer on, which comes with the prediction, there is something to be seen
        if search.result is None:
            self.results.tiles.forget()
        self._stack.setCurrentWidget(self._blank if search.result is None else self.results)
        self.results.show_result(search.result, running=search.is_running)
        self._show_words()
        self._show_state()

    def _show_words(self) -> None:
        search, failure = self._search, self._search.failure
        title, words = INVITATION, f"{WHAT}\n\n{WAITS}"
        if search.is_running:
            title, words = activity(search), WAITS
        elif failure is not None:
            title, words = failure.sentence or "The search failed.", failure.remedy
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        if search.result is None:
            return
        ended = CANCELLED if search.is_cancelled and not search.is_running else ""
        went = " ".join(filter(None, (summary(search.result), ended)))
        trouble = f"{title} {words}".strip() if failure is not None and not search.is_running else ""
        if (went, trouble) != self._told:  # what was copied or saved stays said until there is news
            self._told = went, trouble
            self.results.say(went, trouble)

    def _show_state(self) -> None:
        search = self._search
        said, can_run = self.form.words()
        why_not = search.hindrance or ("" if can_run else said)
        had_focus = self.cancel_button.hasFocus() or self.run_button.hasFocus()
        self.form.lock(search.is_running)
        self.run_button.setVisible(not search.is_running)
        self.run_button.setEnabled(not why_not)
        self.run_button.setToolTip(why_not or WAITS)
        self.cancel_button.setVisible(search.is_running)
        self.cancel_button.setEnabled(not search.is_stopping)
        if had_focus and self.isVisible():
            (self.cancel_button if search.is_running else self.run_button).setFocus()
        self.bar.setVisible(search.is_running)
        self.status.setText(activity(search) if search.is_running else why_not or said)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, when all is chosen and nothing else runs."""
        if not self._search.is_running and not self._search.hindrance and self.form.words()[1]:
            self._search.start(msgspec.structs.replace(self.form.spec(), companion_pids=(os.getpid(),)))

    # The window itself --------------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Minimised: no picture is made."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.results.tiles.set_seen(not self.isMinimized())

    def reject(self) -> None:
        """Escape closes it, as its frame does; a search goes on."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hidden: steps that took minutes are there again when the page is opened."""
        event.accept()
