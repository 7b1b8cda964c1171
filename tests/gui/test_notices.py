from __future__ import annotations

from conftest import MakeWindow
from PySide6.QtCore import QPoint, QPropertyAnimation, QRect
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle

from edgeperf_gui.domain.messages import Notice, Opened
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.short_run import ShortRun


def place_of(widget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_all_notices_of_the_start_are_shown_one_after_the_other(make_window: MakeWindow, controller: Controller) -> None:
    for word in ("first", "second", "third"):
        controller.store.add_notice(Notice("", f"The {word} one."))
    toast = make_window().toast
    seen = []
    while toast.isVisible():
        seen.append(toast.accessibleName())
        toast._close.click()
    assert seen == ["The first one.", "The second one.", "The third one."]


def test_a_notice_waits_its_turn_and_says_how_many_wait(window: MainWindow, controller: Controller) -> None:
    for word in ("first", "second", "second", "first"):
        controller.store.add_notice(Notice("", f"The {word} one."))
    assert window.toast.accessibleName() == "The first one."
    assert window.toast._close.text() == "Next (1)", "the same words are told once"
    window.toast._leave()
    assert window.toast.accessibleName() == "The second one."
    window.toast._leave()
    assert not window.toast.isVisible()


def test_it_stands_over_the_picture_and_never_over_the_table(make_window: MakeWindow, controller: Controller) -> None:
    for size in ((1600, 900), (1280, 720)):
        window = make_window(size)
        controller.store.add_notice(Notice("", "The stream is connecting again.", "Wait a moment, or choose another source."))
        QApplication.processEvents()
        toast = window.toast.geometry()
        assert place_of(window.video, window).contains(toast)
        assert not toast.intersects(place_of(window.stages, window))
        window.toast.clear()


def test_a_remark_is_no_part_of_a_picture(window: MainWindow, controller: Controller, tmp_path) -> None:
    failures: list[str] = []
    short = ShortRun(window, controller, None, tmp_path / "x.png", failures.append)
    controller.store.add_notice(Notice("", "A remark."))
    short._counting = True
    short._save(tmp_path / "x.png")
    assert not window.toast.isVisible()
    short._save(tmp_path / "no folder" / "x.png")
    assert failures == [f"the picture cannot be written to {tmp_path / 'no folder' / 'x.png'}."]
    short._clock.stop()


def test_the_sources_remark_and_address_are_in_its_tooltip(window: MainWindow, controller: Controller) -> None:
    import msgspec
    import replay

    controller.change(source="rtsp://me:hunter2@camera.local/live")
    opened: Opened = replay.opened("one")
    source = msgspec.structs.replace(opened.source, note="Its rate had to be assumed.")
    controller.store.begin("one", 0)
    controller.store.ingest(msgspec.structs.replace(opened, source=source))
    assert window.header._source.toolTip() == "rtsp://camera.local/live\nIts rate had to be assumed."
    controller.store.clear() if hasattr(controller.store, "clear") else None


class Calm(QProxyStyle):
    """A style on a system that is set to show no animations."""

    def styleHint(self, hint, option=None, widget=None, returned=None) -> int:
        still = hint is QStyle.StyleHint.SH_Widget_Animation_Duration
        return 0 if still else super().styleHint(hint, option, widget, returned)


def test_it_does_not_fade_in_where_the_system_wants_no_motion(window: MainWindow, controller: Controller) -> None:
    toast = window.toast
    controller.store.add_notice(Notice("", "The first one."))
    assert toast._effect.isEnabled(), "it fades in"
    toast._fade.stop()
    toast._effect.setEnabled(False)
    toast.clear()
    calm = Calm("Fusion")
    toast.setStyle(calm)
    controller.store.add_notice(Notice("", "The second one."))
    assert toast.isVisible() and not toast._effect.isEnabled()
    assert toast._fade.state() is QPropertyAnimation.State.Stopped
    toast.clear()
    toast.setStyle(None)
