"""The cameras that are to be served: one kind, or a mix of kinds with their counts, rates and sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.capacity import HIGHEST_RATE, LEAST, MOST_CAMERAS, MOST_KINDS, CameraKind
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.settings import DEFAULT_SOURCE, Settings
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.capacity_words import TIPS
from edgeperf_gui.ui.names import source_name
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.session_bar import SCENES

_OPEN: Final = "\0open"
"""No source has such a name."""
_VIDEOS: Final = "Videos (*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.ts *.mpg *.mpeg *.wmv);;All files (*)"
_LIVE: Final = ("camera:", "rtsp:", "rtsps:", "http:", "https:", "udp:", "tcp:", "rtmp:")


class CameraKindRow(QWidget):
    """How many × how often × what they show."""

    changed = Signal()
    asked = Signal()  # Enter in a field
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: list[str] = []  # files chosen here
        self._known: tuple[str, ...] = ()
        self._chosen = DEFAULT_SOURCE
        self.count, self.rate, self.source = QLineEdit("1"), QLineEdit(), Picker("Source of these cameras", self)
        self.remove_button = QPushButton("×")
        self.count.setAccessibleName("Cameras of this kind in the mix")
        self.rate.setAccessibleName("Frames per second of each of these cameras")
        self.rate.setPlaceholderText("own")
        self.remove_button.setAccessibleName("Remove these cameras")
        self.remove_button.setToolTip("Remove these cameras from the mix")
        self.remove_button.setProperty("role", "link")
        self.remove_button.setAutoDefault(False)
        for widget, width in ((self.count, 40), (self.rate, 56), (self.remove_button, 24)):
            widget.setFixedWidth(width)
        for key in ("count", "rate", "source"):
            getattr(self, key).setToolTip(TIPS[key])
        for line in (self.count, self.rate):
            line.textChanged.connect(lambda _text: self.changed.emit())
            line.returnPressed.connect(self.asked)
        self.source.activated.connect(self._on_source)
        self.remove_button.clicked.connect(self.removed)
        self._times, self._fps = label("×", theme.QUIET, "quiet"), label("FPS", theme.QUIET, "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.count, self._times, self.source, self.rate, self._fps, self.remove_button):
            row.addWidget(part, 1 if part is self.source else 0)
        self.offer(())

    def offer(self, known: Sequence[str]) -> None:
        """These sources besides those chosen here."""
        self._known = tuple(known)
        sources = dict.fromkeys((DEFAULT_SOURCE, *SCENES, *self._known, *self._own, self._chosen))
        opener = ("Open file…", _OPEN, "Choose a video file")
        self.source.offer([*((source_name(one), one, one) for one in sources), None, opener])
        self.source.select(self._chosen)

    def choose(self, source: str) -> None:
        """Show this one as chosen."""
        self._chosen = source
        self.offer(self._known)

    def show_mixed(self, *, mixed: bool) -> None:
        """Counts, and a way to remove it, only where there are others."""
        for widget in (self.count, self._times, self.remove_button):
            widget.setVisible(mixed)

    def kind(self) -> CameraKind:
        """What is chosen. Raises BadInput."""
        source = Settings(source=self._chosen).source_address()
        count = _number(self.count.text() or "1", "number of cameras", 1, MOST_CAMERAS)
        if count != int(count):
            raise BadInput(f"“{self.count.text()}” is no number of cameras.", "Write a whole number.")
        rate = _number(self.rate.text(), "rate in frames a second", LEAST, HIGHEST_RATE) if self.rate.text().strip() else None
        return CameraKind(source, rate, int(count))

    def _on_source(self) -> None:
        chosen = self.source.currentData()
        if chosen == _OPEN:
            self.source.select(self._chosen)
            start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
            path, _ = QFileDialog.getOpenFileName(self.window(), "A recording that the cameras show", start, _VIDEOS)
            if not path:
                return
            self._own.append(path)
            chosen = path
        self.choose(str(chosen))
        self.changed.emit()


class CameraKindRows(QWidget):
    """Rows one below the other; another is added by a button."""

    changed = Signal()
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CameraKindRow] = []
        self._known: tuple[str, ...] = ()
        self.add_button = QPushButton("Add another kind of camera")
        self.add_button.setProperty("role", "link")
        self.add_button.setFont(theme.font(theme.QUIET))
        self.add_button.setAutoDefault(False)
        self.add_button.setToolTip("A mix: cameras of another rate or recording beside these")
        self.add_button.clicked.connect(lambda: self.add(by_hand=True))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.add_button)
        self.add()

    def offer(self, known: Sequence[str]) -> None:
        """These sources; live ones cannot stand for many cameras."""
        self._known = tuple(one for one in known if not one.lower().startswith(_LIVE))
        for row in self.rows:
            row.offer(self._known)

    def add(self, *, by_hand: bool = False) -> CameraKindRow:
        """Another kind, at first like the last."""
        row = CameraKindRow(self)
        if self.rows:
            row.choose(self.rows[-1]._chosen)
        row.offer(self._known)
        row.changed.connect(self.changed)
        row.asked.connect(self.asked)
        row.removed.connect(lambda: self.remove(row))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        self._show_mixed()
        if by_hand:
            row.show()  # at once, or it could not have the focus yet
            row.rate.setFocus()
        return row

    def remove(self, row: CameraKindRow) -> None:
        """Take one out of the mix; the last stays."""
        if len(self.rows) > 1:
            self.rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
            self.rows[-1].rate.setFocus()
            self._show_mixed()

    def kinds(self) -> tuple[CameraKind, ...]:
        """What is chosen. Raises BadInput."""
        return tuple(row.kind() for row in self.rows)

    def _show_mixed(self) -> None:
        for row in self.rows:
            row.show_mixed(mixed=len(self.rows) > 1)
        self.add_button.setVisible(len(self.rows) < MOST_KINDS)
        self.changed.emit()


def _number(text: str, name: str, lowest: float, highest: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadInput(f"“{text}” is no {name}.", f"Write a number from {lowest:g} to {highest:g}.") from None
    if not lowest <= value <= highest:  # nan is not, either
        raise BadInput(f"{text} is no {name}; it is from {lowest:g} to {highest:g}.")
    return value
