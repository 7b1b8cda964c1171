"""Everything that can be done, as a table: menus, shortcuts and the help page are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing that can be done. `callback` names a method of `Commands`, or of one of its doors."""

    key: str
    text: str
    shortcut: str
    tip: str
    callback: str
    group: str


ACTIONS: Final = (
    ActionRow("toggle", "Start or stop", "Space", "Start the session, or stop it", "toggle_session", "Session"),
    ActionRow("run_again", "Run again", "Ctrl+R", "Start the session anew with the same settings", "run_again", "Session"),
    ActionRow("compare", "Compare variants", "Ctrl+Shift+C", "Run the variants against each other", "compare", "Session"),
    ActionRow("watch", "Watch variants…", "Ctrl+Shift+W", "Where the variants disagree", "doors.watching.open", "Session"),
    ActionRow("open_file", "Open file…", "Ctrl+O", "Use a video file as source", "open_file", "Session"),
    ActionRow("open_folder", "Open folder…", "Ctrl+Shift+O", "Use a folder of pictures as source", "open_folder", "Session"),
    ActionRow("open_url", "Open address…", "Ctrl+U", "Use a network stream as source", "open_url", "Session"),
    ActionRow("paste", "Use what was copied", "Ctrl+V", "Use the copied path or address as source", "paste_source", "Session"),
    ActionRow("save_picture", "Save picture…", "Ctrl+S", "Save a picture of the window", "save_picture", "Session"),
    ActionRow("copy_numbers", "Copy numbers", "Ctrl+C", "Copy the stage table for a spreadsheet", "copy_numbers", "Session"),
    ActionRow("models", "Models…", "Ctrl+M", "See, import, quantise or remove models", "doors.models.open", "Session"),
    ActionRow("accuracy", "Accuracy…", "Ctrl+Shift+A", "Measure the variants against labels", "doors.accuracy.open", "Session"),
    ActionRow("trade_off", "Trade-off…", "Ctrl+Shift+T", "Measure batches, streams, requests", "doors.trade_off.open", "Session"),
    ActionRow("waterfall", "Waterfall…", "Ctrl+B", "Why is this not benchmark_app’s number?", "doors.waterfall.open", "Session"),
    ActionRow("energy", "Energy and devices…", "Ctrl+E", "Battery, bill, other devices", "doors.energy.open", "Session"),
    ActionRow("capacity", "Capacity…", "Ctrl+Shift+Y", "How many cameras fit?", "doors.capacity.open", "Session"),
    ActionRow("what_if", "What if…", "Ctrl+I", "Predict other rates, batches, cameras", "doors.what_if.open", "Session"),
    ActionRow("scenarios", "Scenarios…", "Ctrl+Shift+S", "Is it enough for an application?", "doors.scenarios.open", "Session"),
    ActionRow("refresh", "Look for devices", "F5", "Look again for devices, cameras and models", "refresh", "Session"),
    ActionRow("quit", "Quit", "Ctrl+Q", "Stop the session and close the window", "quit", "Session"),
    ActionRow("undo", "Undo setting", "Ctrl+Z", "Take back the last change of a setting", "undo_setting", "Settings"),
    ActionRow("redo", "Redo setting", "Ctrl+Shift+Z", "Make the change again", "redo_setting", "Settings"),
    ActionRow("theme", "Light or dark", "Ctrl+T", "Change between light and dark", "toggle_theme", "Settings"),
    ActionRow("fullscreen", "Full screen", "F11", "Fill the screen, or leave it", "toggle_fullscreen", "View"),
    ActionRow("reset_layout", "Reset layout", "Ctrl+Shift+R", "All panels back to their places", "reset_layout", "View"),
    ActionRow("menu", "Open menu", "F10", "Open this menu", "open_menu", "View"),
    ActionRow("shortcuts", "Keyboard shortcuts", "F1", "All shortcuts", "show_shortcuts", "View"),
    ActionRow("about", "About edgeperf", "Shift+F1", "Version and licence", "show_about", "View"),
)
DOCK_SHORTCUTS: Final = {
    "session": "Ctrl+1",
    "stages": "Ctrl+2",
    "throughput": "Ctrl+3",
    "age": "Ctrl+4",
    "truth": "Ctrl+5",
    "compare": "Ctrl+6",
    "energy": "Ctrl+7",
    "scene": "Ctrl+8",
}
"""Bring a panel to the front, or hide the one that is seen."""


def build_actions(window: QWidget, commands: object) -> dict[str, QAction]:
    """One QAction a row, on the window, each calling the method of `commands` of that name."""
    built: dict[str, QAction] = {}
    for row in ACTIONS:
        action = QAction(row.text, window)
        action.setObjectName(row.key)
        action.setShortcut(QKeySequence(row.shortcut))
        action.setToolTip(row.tip)
        action.setStatusTip(row.tip)
        action.setAutoRepeat(False)
        if row.key == "quit":  # the pages are windows too, and whoever quits there means the program
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        # no menu of the system's takes the text for one of its own kinds
        action.setMenuRole(QAction.MenuRole.QuitRole if row.key == "quit" else QAction.MenuRole.NoRole)
        callback: Callable[[], object] = attrgetter(row.callback)(commands)
        action.triggered.connect(lambda _checked=False, call=callback: call())
        window.addAction(action)
        built[row.key] = action
    return built


def build_menu(window: QWidget, built: dict[str, QAction], panels: list[QAction]) -> QMenu:
    """The menu behind the header's button: groups apart by lines, panels before the end."""
    menu = QMenu(window)
    group = ACTIONS[0].group
    for row in ACTIONS:
        if row.key == "menu":
            continue
        if row.group != group:
            menu.addSeparator()
            group = row.group
            if group == "View":
                _add_panels(menu, panels)
        menu.addAction(built[row.key])
    return menu


def _add_panels(menu: QMenu, panels: list[QAction]) -> None:
    menu.addActions(panels)
    menu.addSeparator()


def shortcut_lines(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(shortcut, what it does) for the help page; `titles` are those that stand on the panels."""
    lines = [(row.shortcut, row.tip) for row in ACTIONS]
    return lines + [(DOCK_SHORTCUTS[key], f"Show or hide the panel “{title}”") for key, title in titles.items()]
