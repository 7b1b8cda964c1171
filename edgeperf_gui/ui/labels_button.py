"""Which labelled folder a comparison measures accuracy on: choose one, drop one, or leave accuracy out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.names import source_name

_NONE: Final = "Accuracy: choose a labelled folder…"
_TIP: Final = (
    "Images with COCO, YOLO or Pascal VOC labels, or a folder a class; it can be dropped here, too. The next comparison also "
    "answers up to 500 of them with every variant, and says how many answers are right."
)
_MOST_LETTERS: Final = 28


class LabelsButton(QPushButton):
    """A quiet link: without a folder it asks for one, with one it opens a menu. Nothing is kept here."""

    chosen = Signal(object)  # the folder, or None to leave accuracy out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_NONE, parent)
        self.setProperty("role", "link")
        self.setFont(theme.font(theme.QUIET))
        self.setAcceptDrops(True)
        self.setAutoDefault(False)
        self._folder: str | None = None
        self.menu_of_folder = QMenu(self)
        self.menu_of_folder.addAction("Choose another folder…", self.ask)
        self.menu_of_folder.addAction("Leave accuracy out", lambda: self.chosen.emit(None))
        self.clicked.connect(self._on_clicked)
        self.show_folder(None)

    def show_folder(self, folder: str | None) -> None:
        """What is chosen now."""
        self._folder = folder
        name = source_name(folder) if folder else ""
        short = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
        self.setText(f"Accuracy on {short}" if folder else _NONE)
        self.setAccessibleName(f"Accuracy is measured on {name}" if folder else _NONE)
        self.setAccessibleDescription(_TIP)
        self.setToolTip(f"{folder}\n{_TIP}" if folder else _TIP)

    def ask(self) -> None:
        """Ask for a folder."""
        start = self._folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        if folder := QFileDialog.getExistingDirectory(self.window(), "A folder of labelled images", start):
            self.chosen.emit(folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a folder; anything else is left to the window."""
        if _folder_in(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Use it."""
        event.acceptProposedAction()
        self.chosen.emit(_folder_in(event.mimeData()))

    def _on_clicked(self) -> None:
        if self._folder is None:
            self.ask()
        else:
            self.menu_of_folder.popup(self.mapToGlobal(self.rect().bottomLeft()))


def _folder_in(data: QMimeData) -> str:
    paths = (url.toLocalFile() for url in data.urls() if url.isLocalFile())
    return next((path for path in paths if Path(path).is_dir()), "")
