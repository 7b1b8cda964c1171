"""The composition root: the only place where settings, controller, theme and window meet."""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

from edgeperf_gui.domain import places
from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.ui.display import display_trouble

if TYPE_CHECKING:
    from edgeperf_gui.live.controller import Controller
    from edgeperf_gui.live.self_watch import SelfWatch
    from edgeperf_gui.ui.main_window import MainWindow
    from edgeperf_gui.ui.only_window import Call, OnlyWindow

_LOG: Final = logging.getLogger("edgeperf.window")
_IN_FRONT: Final = "edgeperf-gui is open already; its window is in front now{source}. Start another one with --new."
_SILENT: Final = "edgeperf-gui is open already but does not answer; close that window, or start another one with --new."
_PATIENCE_S: Final = 10.0
"""How long a window that is being opened or closed is waited for."""


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and run until it is closed; the exit code."""
    options = _parse(sys.argv[1:] if argv is None else argv)
    if trouble := display_trouble(os.environ):
        return _refuse(f"edgeperf-gui: {trouble}")
    _prepare_environment()
    _keep_log()
    try:
        from edgeperf_gui.ui.only_window import OnlyWindow
    except ImportError as error:
        return _refuse(f"edgeperf-gui: the window cannot be loaded ({error}). `edgeperf doctor` says what to install.")
    place = OnlyWindow()
    if not options.new and (code := _claim_or_call(place, options.source)) is not None:
        return code
    try:
        return _open_window(options, place)
    finally:
        place.release()


def _claim_or_call(place: OnlyWindow, source: str | None) -> int | None:
    """None when this is the only window; otherwise the first was called to the front, and this is the exit code."""
    if place.claim():
        return None
    from edgeperf_gui.live.settings import Settings, validated
    from edgeperf_gui.ui.only_window import Call

    try:
        address = None if source is None else validated(Settings(source=_address(source))).source
    except EdgeperfError as error:
        return _refuse(f"edgeperf-gui: {error}")
    call = Call.with_source(address)
    until = time.monotonic() + _PATIENCE_S
    while not place.call(call):
        if time.monotonic() > until:
            _say(_SILENT, sys.stderr)
            return 1
        if place.claim():
            return None
    _say(_IN_FRONT.format(source="" if address is None else f" and was given {shown(address)}"), sys.stdout)
    return 0


def _open_window(options: argparse.Namespace, place: OnlyWindow) -> int:
    from PySide6.QtWidgets import QApplication

    from edgeperf_gui.live.controller import Controller
    from edgeperf_gui.live.self_watch import SelfWatch

    app = QApplication.instance() or QApplication(["edgeperf-gui"])
    assert isinstance(app, QApplication)
    app.setApplicationName("edgeperf")
    app.setDesktopFileName("edgeperf-gui")
    # first of all: the engine's process compiles the model while this one builds its widgets
    controller = Controller()
    try:
        _start(controller, options.source)
    except EdgeperfError as error:
        controller.shutdown()
        return _refuse(f"edgeperf-gui: {error}")

    from edgeperf_gui.ui import theme
    from edgeperf_gui.ui.interruption import Interruption
    from edgeperf_gui.ui.main_window import MainWindow
    from edgeperf_gui.ui.short_run import ShortRun

    window = MainWindow(controller, theme.apply(app, options.theme or controller.settings.theme))
    window.open(options.size)
    place.listen(lambda call: _answer(call, window))
    window.closing.connect(place.hang_up)
    watch = SelfWatch(controller, window)
    outcome = _Outcome()
    if options.report is not None:
        window.closing.connect(lambda: _write_report(watch, options.report, outcome))
    if (options.run_seconds, options.screenshot, options.report) != (None, None, None):
        window.closing.connect(lambda: outcome.judge(controller.store.status))
    window.closing.connect(controller.shutdown)
    window.closing.connect(app.quit)
    ShortRun(window, controller, options.run_seconds, options.screenshot, outcome.fail)
    interruption = Interruption(window.close_now)
    hook, sys.excepthook = sys.excepthook, lambda *error: _survive(window.commands.tell_error, *error)
    controller.refresh_inventory()
    try:
        app.exec()
    finally:
        sys.excepthook = hook
        interruption.end()
        controller.shutdown()
    return outcome.code


class _Outcome:
    """The exit code: 0 until something of what was asked for did not come about."""

    def __init__(self) -> None:
        self.code = 0

    def fail(self, sentence: str) -> None:
        """Tell it, and exit with 1."""
        _say(f"edgeperf-gui: {sentence}", sys.stderr)
        self.code = 1

    def judge(self, status: SessionStatus) -> None:
        """A session that ended badly was not what was asked for."""
        if status.went_wrong:
            self.fail(f"{status.sentence} {status.remedy}".strip() or f"the session ended: {status.reason}.")


def _start(controller: Controller, source: str | None) -> None:
    """Start with the source of the command line or of the settings; raises SettingsError."""
    if source is not None:
        controller.use_once(_address(source))
    controller.start()


def _address(source: str) -> str:
    """A source of the command line so that it means the same in another folder."""
    from edgeperf_gui.live.settings import existing_path

    path = existing_path(source)
    return str(path.resolve()) if path else source


def _answer(call: Call, window: MainWindow) -> None:
    """A second start: the window comes to the front, and takes the source that was given there as if it were dropped on it."""
    from edgeperf_gui.ui.only_window import bring_forward

    bring_forward(window, call.token)
    if call.source is not None:
        window.commands.use_source(call.source)


def _write_report(watch: SelfWatch, path: Path, outcome: _Outcome) -> None:
    try:
        watch.write(path)
    except OSError as error:
        outcome.fail(f"the report cannot be written to {path}: {error.strerror or error}.")


def _refuse(sentence: str) -> int:
    _say(sentence, sys.stderr)
    return 2


def _say(sentence: str, stream: TextIO | None) -> None:
    """To the terminal; a gui-script of Windows has none, so there it is a small box."""
    if stream is not None:
        print(sentence, file=stream)
    elif sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "edgeperf", 0x40)


class _Parser(argparse.ArgumentParser):
    """Tells a mistake also where there is no terminal."""

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and the sentence."""
        if sys.stderr is None:
            _say(f"{self.prog}: {message}", None)
            raise SystemExit(2)
        super().error(message)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="edgeperf-gui", description="See where the time of a live inference pipeline goes.")
    parser.add_argument("--source", help="a path, a URL, camera:N or scene:NAME")
    parser.add_argument("--theme", choices=("system", "dark", "light"), help="for this start only")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window, such as 1600x900")
    parser.add_argument("--run-seconds", type=_seconds, metavar="N", help="close after N seconds of pictures")
    parser.add_argument("--screenshot", type=Path, metavar="FILE.png", help="save a picture of the window before closing")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.json", help="write there what the window itself cost, when it closes"
    )
    parser.add_argument("--new", action="store_true", help="open another window although one is open")
    return parser.parse_args(argv)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 320 <= int(width) <= 16000 and 240 <= int(height) <= 16000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; write WIDTHxHEIGHT, such as 1600x900")
    return int(width), int(height)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _prepare_environment() -> None:
    # OpenCV's full wheel points these at a second Qt of its own
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)
    os.environ["QT_API"] = "pyside6"


def _keep_log() -> None:
    """A small rotating log of the window's own; without a place for it, none."""
    try:
        places.logs().mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            places.logs() / "window.log", maxBytes=500_000, backupCount=1, encoding="utf-8"
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)


def _survive(
    tell: Callable[[BaseException], None], kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """An error in a slot: into the log and a notice; the window stays."""
    _LOG.error("unexpected error in the window", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
    tell(error)
