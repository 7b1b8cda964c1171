"""Edits a scenario, as fields or as the text of its file, and shows beside it what the runs come to for it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.live.scenario_draft import copy_of, draft_of, text_of, texts_of
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import heading, label
from edgeperf_gui.ui.scenario_form import ScenarioForm
from edgeperf_gui.ui.scenario_picture import ScenarioPicture
from edgeperf_gui.ui.scenario_rows import RequirementRows
from edgeperf_gui.ui.scenario_words import NOTHING, VERDICT_TEXT, answer, because
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.side_page import SidePage
from edgeperf_gui.ui.words import Run, Words

_SIZE: Final = (1140, 700)
_LEAST: Final = (1000, 560)
_FORM_WIDTH: Final = 480
_LONGEST: Final = 100_000
_WAYS: Final = (("fields", "Fields"), ("text", "File"))
_SHIPPED: Final = "It comes with the program and stays as it is. Save makes a copy of your own."
_OWN: Final = "It is your own."
_NOT_SAVED: Final = "Not saved. Save it, or close again to drop it."


class ScenarioEditor(SidePage):
    """`saved` carries the name under which it was kept, `deleted` that of one that is gone."""

    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self, view: ScenarioView, name: str, scenario: Scenario, parent: QWidget | None = None) -> None:
        super().__init__("", _SIZE, _LEAST, parent)
        self._view, self._name = view, name
        self._file_name = f"{name or 'scenario'}.toml"
        self._draft: Scenario | None = scenario
        self._kept_text, self._is_warned = "", False
        self.form, self.text = ScenarioForm(self), QPlainTextEdit()
        self.way = Segmented("Edited as", _WAYS)
        self.note, self.trouble = label("", theme.QUIET, "quiet"), label("", theme.QUIET, "failed")
        self.picture, self.rows = ScenarioPicture(self), RequirementRows(self)
        self.verdict, self.answer = Words((), self, size=theme.VERDICT), Words((), self, size=theme.NUMBER, fills=True)
        self.because = label("", theme.QUIET, "quiet")
        texts = ("Save", "Save as new", "Copy", "Delete", "Close")
        self.save_button, self.new_button, self.copy_button, self.delete_button, self.close_button = map(QPushButton, texts)
        self._prepare()
        self._build()
        self._connect()
        self._show_kept()
        self.form.show_texts(texts_of(scenario))
        self._kept_text = self._toml()

    def _prepare(self) -> None:
        self.way.choose("fields")
        self.way.setFixedWidth(150)
        self.way.setToolTip("The same as fields, or as the TOML text that is saved")
        self.text.setAccessibleName("The scenario's file")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.save_button.setProperty("role", "primary")
        self.copy_button.setToolTip("Go on with a copy under a title of its own")
        self.new_button.setToolTip("Keep it beside the others, under the name that its title gives")
        self.trouble.setFixedHeight(52)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignTop)
        for button in (self.save_button, self.new_button, self.copy_button, self.delete_button, self.close_button):
            button.setAutoDefault(False)

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        head = QHBoxLayout()
        head.addWidget(self.way)
        head.addWidget(self.note, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.form)
        self._stack.addWidget(self.text)
        left.column.addLayout(head)
        left.column.addWidget(self._stack, 1)
        left.column.addWidget(self.trouble)
        for widget in (heading("Preview"), self.picture, self.verdict, self.answer, self.because, self.rows):
            right.column.addWidget(widget, 2 if widget is self.picture else 3 if widget is self.rows else 0)
        right.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        for button in (self.copy_button, self.new_button, self.save_button, self.close_button):
            buttons.addWidget(button)
        across = QHBoxLayout()
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left)
        across.addWidget(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        whole.setSpacing(theme.BETWEEN)
        whole.addLayout(across, 1)
        whole.addLayout(buttons)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_form)
        self.text.textChanged.connect(self._check)
        self.way.chosen.connect(self._on_way)
        self._view.runs.changed.connect(self._on_runs)
        self.save_button.clicked.connect(self.save)
        self.new_button.clicked.connect(self.save_as_new)
        self.copy_button.clicked.connect(self.copy)
        self.delete_button.clicked.connect(self.delete)
        self.close_button.clicked.connect(self.close)

    # Showing ------------------------------------------------------------------------------------------------------------------

    @property
    def _is_own(self) -> bool:
        entry = self._view.shelf.get(self._name)
        return entry is not None and entry.is_own

    def _show_kept(self) -> None:
        """What is edited, and what may be done with it."""
        own = self._is_own
        self.setWindowTitle(
            f"Edit {self._file_name}" if own else f"Edit a copy of {self._file_name}" if self._name else "New scenario"
        )
        self.note.setText(_OWN if own else _SHIPPED if self._name else "It is new.")
        self.delete_button.setEnabled(own)
        self.delete_button.setToolTip("Delete its file" if own else "What comes with the program stays")
        self.new_button.setVisible(own)

    def _toml(self) -> str:
        return self.form.toml() if self.way.key() == "fields" else self.text.toPlainText()

    def _on_form(self) -> None:
        if self.way.key() == "fields":
            self._check()

    def _check(self) -> None:
        text, self._is_warned = self._toml(), False
        try:
            if len(text) > _LONGEST:
                raise BadInput(f"{self._file_name} is too large for a scenario.", "A scenario has a few lines.")
            self._draft = draft_of(text, self._file_name)
        except BadInput as error:
            self._draft = None
            self._complain(str(error))
        else:
            self._complain("")
        for button in (self.save_button, self.new_button, self.copy_button):
            button.setEnabled(self._draft is not None)
        self._show_draft()

    def _on_runs(self) -> None:
        if self.isVisible():
            self._show_draft()

    def _show_draft(self) -> None:
        """The preview; while something is wrong, the last one that was right."""
        draft = self._draft
        if draft is None:
            return
        outlook = self._view.preview(self._name, draft)
        self.picture.show_scenario(draft, outlook)
        if outlook is None:
            self.verdict.say([Run("NO RUN", "faint_text", 700)])
            self.answer.say([Run(NOTHING[0], weight=600)])
            self.because.setText(NOTHING[1])
            self.rows.show_rows((), "")
            return
        words, role = answer(outlook)
        verdict = outlook.result.verdict
        self.verdict.say([Run(verdict, VERDICT_TEXT[verdict], 700)])
        self.answer.say([Run(words, role, 700)])
        self.because.setText(because(outlook))
        self.rows.show_rows(outlook.result.requirements)

    def _on_way(self, key: str) -> None:
        if key == "text":
            self.text.setPlainText(self.form.toml())
        elif self._draft is None:  # fields cannot say what is wrong in a text
            self.way.choose("text")
            return
        else:
            self.form.show_texts(texts_of(self._draft))
        self._stack.setCurrentIndex(0 if key == "fields" else 1)
        self._check()

    # Doing --------------------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Into its own file; what comes with the program becomes a copy."""
        self._keep(self._name if self._is_own else None)

    def save_as_new(self) -> None:
        """Beside the others."""
        self._keep(None)

    def _keep(self, name: str | None) -> None:
        try:
            name = self._view.shelf.save(self._toml(), name)
        except BadInput as error:
            self._complain(str(error))
            return
        self._go_on_with(name)
        self._kept_text, self._is_warned = self._toml(), False
        self._complain("")
        self.note.setText("Saved.")
        self.saved.emit(name)

    def copy(self) -> None:
        """Go on with a copy, which is not saved yet."""
        if self._draft is None:
            return
        copied = copy_of(self._draft)
        self._go_on_with("")
        self.way.choose("fields")
        self._stack.setCurrentIndex(0)
        self.form.show_texts(texts_of(copied))
        self.text.setPlainText(text_of(copied))
        self.form.title.setFocus()
        self.form.title.selectAll()

    def delete(self) -> None:
        """Remove the user's own file; what is edited stays until the editor is closed."""
        try:
            self._view.shelf.delete(self._name)
        except BadInput as error:
            self._complain(str(error))
            return
        gone = self._name
        self._go_on_with("")
        self.note.setText("Deleted. Save keeps it after all.")
        self.deleted.emit(gone)

    def _go_on_with(self, name: str) -> None:
        self._name = name
        self._file_name = f"{name or 'scenario'}.toml"
        self._show_kept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was typed in goes at the second attempt only."""
        event.setAccepted(self._is_warned or not self.is_unsaved)
        if not event.isAccepted():
            self.warn()

    @property
    def is_unsaved(self) -> bool:
        """Whether closing it would lose what was typed in."""
        return self.isVisible() and self._toml() != self._kept_text

    def warn(self) -> None:
        """Say that it is not saved, before what else is wrong."""
        if not self._is_warned:
            self._is_warned = True
            self._complain(f"{_NOT_SAVED}\n{self.trouble.text()}".strip())

    def _complain(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setToolTip(text)
