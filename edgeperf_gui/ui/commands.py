"""What the actions do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QMimeData, QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import DEFAULT_SOURCE
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.about_page import AboutPage
from edgeperf_gui.ui.address_dialog import AddressDialog
from edgeperf_gui.ui.doors import Doors
from edgeperf_gui.ui.dropped import address_in, refusal
from edgeperf_gui.ui.shortcuts_page import ShortcutsPage

if TYPE_CHECKING:
    from edgeperf_gui.ui.main_window import MainWindow

_LOOK_PAUSE_S: Final = 5.0
_VIDEOS: Final = "Videos (*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.ts *.mpg *.mpeg *.wmv);;All files (*)"


class Commands(QObject):
    """One method an action; names are those of the table in `actions`."""

    def __init__(self, window: MainWindow, controller: Controller, switch: theme.Switch) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._switch = switch
        self._shortcuts: ShortcutsPage | None = None
        self._about: AboutPage | None = None
        self._last_error = ""
        self._looked_s = float("-inf")
        self.doors = Doors(window, controller, self.change, self.notice)

    def use_source(self, address: str) -> None:
        """Use a path or address as source."""
        self._try(lambda: self._controller.set_source(address))

    def change(self, fields: dict[str, Any]) -> None:
        """Change settings by name; a refusal becomes a notice."""
        self._try(lambda: self._controller.change(**fields))

    def toggle_session(self) -> None:
        """Start or stop."""
        self._controller.toggle()

    def run_again(self) -> None:
        """The same once more."""
        self._controller.run_again()

    def compare(self) -> None:
        """Bring the comparison to the front, and run it when it does not run."""
        self._window.compare.show()
        self._window.compare.raise_()
        self._window.comparison.start()

    def undo_setting(self) -> None:
        """Take back the last change."""
        self._controller.undo()

    def redo_setting(self) -> None:
        """Make it again."""
        self._controller.redo()

    def open_file(self) -> None:
        """Ask for a video."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open a video", _home(), _VIDEOS)
        if path:
            self.use_source(path)

    def open_folder(self) -> None:
        """Ask for a folder of pictures."""
        path = QFileDialog.getExistingDirectory(self._window, "Open a folder of pictures", _home())
        if path:
            self.use_source(path)

    def open_url(self) -> None:
        """Ask for an address."""
        asked = AddressDialog(self._window)
        if asked.exec() == QDialog.DialogCode.Accepted and asked.address():
            self.use_source(asked.address())
        asked.deleteLater()

    def paste_source(self) -> None:
        """Use what was copied, when it is a path or an address."""
        self.use_found(QGuiApplication.clipboard().mimeData())

    def use_found(self, data: QMimeData | None) -> None:
        """Use the path or address in something dropped or copied, or say why there is none."""
        address = address_in(data)
        if address is not None:
            self.use_source(address)
        else:
            self.notice(*refusal(data))

    def go(self, remedy: str) -> None:
        """A way out of trouble, by the name of its method here."""
        getattr(self, remedy)()

    def use_clip(self) -> None:
        """The bundled clip as source."""
        self.use_source(DEFAULT_SOURCE)

    def use_cpu(self) -> None:
        """The device that every machine has."""
        self.change({"device": "CPU"})
        self._controller.start()

    def refresh(self) -> None:
        """Look again for devices, cameras and models."""
        self._looked_s = time.monotonic()
        self._controller.refresh_inventory()

    def refresh_for_list(self) -> None:
        """The same for a list that is being opened; not for each of several in a row, because looking costs the run some CPU."""
        if time.monotonic() - self._looked_s > _LOOK_PAUSE_S:
            self.refresh()

    def copy_numbers(self) -> None:
        """The stage table, separated by tabs."""
        QGuiApplication.clipboard().setText(self._window.stages.table.as_tsv())
        self.notice("The stage table is copied.", "Paste it into a spreadsheet.")

    def save_picture(self) -> None:
        """Ask where, and save what the window shows."""
        proposed = str(Path(_home()) / "edgeperf.png")
        path, _ = QFileDialog.getSaveFileName(self._window, "Save a picture of the window", proposed, "PNG (*.png)")
        if path and not self._window.grab().save(path):
            self.notice(f"The picture could not be saved to {path}.", "Choose another place.")

    def toggle_theme(self) -> None:
        """Light or dark; kept in the settings."""
        self._switch.toggle()
        self.change({"theme": self._switch.mode})

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or leave it."""
        window = self._window
        window.showNormal() if window.isFullScreen() else window.showFullScreen()

    def reset_layout(self) -> None:
        """All panels back."""
        self._window.docks.reset()

    def open_menu(self) -> None:
        """As a click on the menu button."""
        self._window.header.menu_button.showMenu()

    def show_shortcuts(self) -> None:
        """The help page."""
        if self._shortcuts is None:
            self._shortcuts = ShortcutsPage(self._window, self._window.panel_titles())
        self._shortcuts.show()
        self._shortcuts.raise_()

    def show_about(self) -> None:
        """What this program is."""
        if self._about is None:
            self._about = AboutPage(self._window)
        self._about.show()
        self._about.raise_()

    def quit(self) -> None:
        """Close the window; the rest follows."""
        self._window.close()

    def notice(self, sentence: str, remedy: str = "") -> None:
        """Tell the user."""
        self._controller.store.add_notice(Notice(self._controller.store.status.session_id, sentence, remedy))

    def tell_error(self, error: BaseException) -> None:
        """An error nobody expected: once, not for every frame."""
        words = f"{type(error).__name__}: {error}"
        if words != self._last_error:
            self._last_error = words
            self.notice(f"Something in the window went wrong ({words[:200]}).", "The session goes on; see window.log.")

    def _try(self, call: Callable[[], None]) -> None:
        try:
            call()
        except EdgeperfError as error:
            self.notice(error.sentence, error.remedy)


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
