"""The watch page: one frame through all variants, and the frames on which they disagree."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.watch import MOST_KEPT, Disagreement, VariantAnswer, Watched
from edgeperf_gui.live.watching import Preview, Watching
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import heading
from edgeperf_gui.ui.side_page import SidePage
from edgeperf_gui.ui.watch_boxes import part_names
from edgeperf_gui.ui.watch_legend import WatchLegend
from edgeperf_gui.ui.watch_strip import WatchStrip
from edgeperf_gui.ui.watch_view import WatchView
from edgeperf_gui.ui.watch_words import agreement, described, gathered, headline, place, rule, standing
from edgeperf_gui.ui.words import Run, Words

_SIZE: Final = (1240, 760)
_LEAST: Final = (860, 480)
_BETWEEN_WORDS_S: Final = 0.25
_TITLE: Final = "Watch: where the variants disagree"
_KEPT_TIP: Final = (
    f"The {MOST_KEPT} frames with the most differences, of each half second the worst. Enter opens one, Esc closes it."
)
_AGAIN_TIP: Final = "Run every frame of the source through all variants. The live session waits meanwhile."


class WatchPage(SidePage):
    """Closing it ends the watching, because a session may be waiting for its end."""

    def __init__(self, watching: Watching, parent: QWidget | None = None) -> None:
        super().__init__(_TITLE, _SIZE, _LEAST, parent)
        if parent is not None:
            self.resize(self.size().boundedTo(parent.size() - QSize(40, 60)))
        self._watching = watching
        self._answers: tuple[VariantAnswer, ...] = ()
        self._said_s = 0.0
        self.view, self.legend, self.strip = WatchView(), WatchLegend(), WatchStrip()
        self.summary = Words((), self, size=theme.NUMBER, fills=True)
        self.note = Words((), self, fills=True)
        self.kept_title = heading("Disagreements")
        self.kept_title.setToolTip(_KEPT_TIP)
        self.button, self.back = QPushButton("Watch"), QPushButton("Close this frame")
        for button in (self.button, self.back):
            button.setAutoDefault(False)
        self.button.setFont(theme.font(theme.BODY, 600))
        self.back.setToolTip("Back to the frame of now (Esc)")
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.BETWEEN)
        head.addWidget(self.summary, 1)
        head.addWidget(self.button)
        foot = QHBoxLayout()
        foot.setSpacing(theme.BETWEEN)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.back)
        self.note.setMinimumHeight(theme.CONTROL_HEIGHT)
        left = QVBoxLayout()
        left.setSpacing(theme.INSIDE)
        left.addWidget(self.legend)
        left.addWidget(self.view, 1)
        left.addLayout(foot)
        right = QVBoxLayout()
        right.setSpacing(theme.INSIDE)
        right.addWidget(self.kept_title)
        right.addWidget(self.strip, 1)
        across = QHBoxLayout()
        across.setSpacing(theme.BETWEEN)
        across.addLayout(left, 1)
        across.addLayout(right)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.BETWEEN)
        whole.setSpacing(theme.BETWEEN)
        whole.addLayout(head)
        whole.addLayout(across, 1)

    def _connect(self) -> None:
        watching = self._watching
        watching.changed.connect(self.refresh)
        watching.counted.connect(self._on_counted)
        watching.keptChanged.connect(self._on_kept)
        watching.pictured.connect(self._on_picture)
        self.view.viewResized.connect(watching.set_view_size)
        self.strip.opened.connect(self.open_kept)
        self.strip.moved.connect(self._on_moved)
        self.button.clicked.connect(self.toggle)
        self.back.clicked.connect(self.close_kept)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the watching is about now."""
        watching = self._watching
        if watching.began is None and self.view.has_picture:
            self.view.forget()
            self._answers = ()
        running = watching.is_running
        if watching.failure is not None and not running:
            self.view.forget_live()
        self.button.setText("Stop" if running else "Watch again" if watching.tally.frames else "Watch")
        self._dress("" if running else "primary")
        self.button.setEnabled(not watching.is_stopping and (running or not watching.hindrance))
        self.button.setToolTip("End it; the disagreements stay" if running else watching.hindrance or _AGAIN_TIP)
        self.view.say(*headline(watching), standing(watching))
        tip = rule(watching.began)
        self.summary.setToolTip(tip)
        self.view.setToolTip(tip if self.view.has_picture else "")
        self._say()

    def _dress(self, role: str) -> None:
        if self.button.property("role") != role:
            self.button.setProperty("role", role)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)

    def _say(self) -> None:
        """The words that count; not with every frame, because nobody can read so fast."""
        watching = self._watching
        variants = watching.began.variants if watching.began is not None else ()
        self.summary.say(agreement(watching.tally, variants) or (Run("Where the variants disagree", weight=600),))
        kept = self.view.still
        self.legend.show_counts(watching.began, kept.answers if kept else self._answers, watching.tally)
        self.back.setVisible(kept is not None)
        self.note.say(self._note(kept))
        self.note.setToolTip(self.note.text())
        count = len(watching.kept)
        self.strip.say_empty(gathered(watching))
        self.kept_title.setText(f"Disagreements · {count}" if count else "Disagreements")

    def _note(self, kept: Disagreement | None) -> tuple[Run, ...]:
        began = self._watching.began
        if kept is not None:
            lines = described(kept, part_names(kept.answers, kept.apart, began.labels if began else ())).split("\n")
            return (Run(f"Frame {place(kept)}: ", weight=600), Run("; ".join(lines), "quiet"))
        if began is None:
            return ()
        source, legend = began.source, "thin: all agree, or the scores are too close to tell · bold: not all found it"
        return (
            Run(
                f"{source.title} · {source.width} × {source.height} · {legend}",
                "faint_text",
            ),
        )

    def _on_counted(self) -> None:
        now_s = time.monotonic()
        if now_s - self._said_s >= _BETWEEN_WORDS_S or not self._watching.tally.frames:
            self._said_s = now_s
            self._say()

    def _on_kept(self) -> None:
        self.strip.show_kept(self._watching.kept, self._labels())
        if not self._watching.kept and self.view.still is not None:
            self.close_kept()
        self._say()

    def _on_picture(self, preview: Preview, watched: Watched) -> None:
        is_first = not self.view.has_picture
        self._answers = watched.answers
        self.view.show_live(preview, watched, self._labels())
        if is_first:
            self.refresh()

    def _labels(self) -> tuple[str, ...]:
        return self._watching.began.labels if self._watching.began is not None else ()

    # Doing --------------------------------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Watch, or stop watching."""
        self._watching.cancel() if self._watching.is_running else self._watching.start()

    def open_kept(self, kept: Disagreement) -> None:
        """Show a kept frame large."""
        self.view.show_still(kept, self._labels())
        self.strip.setFocus()
        self._say()

    def close_kept(self) -> None:
        """Back to the frame of now."""
        self.view.show_still(None, self._labels())
        self.strip.setFocus()
        self._say()

    def _on_moved(self, kept: Disagreement) -> None:
        if self.view.still is not None:
            self.open_kept(kept)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the disagreements from anywhere on the page."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.strip.step(event)
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Escape closes the large frame first, then the page."""
        if self.view.still is not None:
            self.close_kept()
        else:
            self.close()

    def changeEvent(self, event: QEvent) -> None:
        """Minimised: no picture is made."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.view.set_seen(not self.isMinimized())

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the watching."""
        self._watching.cancel()
        event.accept()
