"""The card “Scene’s truth”: there for drawn scenes only, calm, and honest about whose findings it judges."""

from __future__ import annotations

import time

import numpy as np
import pytest
import replay
from conftest import MakeWindow, refresh
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from edgeperf_gui.analysis.scenes.truth import traffic_of, truth
from edgeperf_gui.domain.messages import SceneFindings, SceneSeen
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.words import Words

HIGHWAY = "scene:highway?size=320x180"


def look(controller: Controller, seconds: int = 30, **fields: object) -> None:
    """A session that looks at every second frame of the highway, and finds every vehicle and one ghost a frame."""
    replay.replay(controller.store)
    store = controller.store
    store.asked = SessionSpec("second", **{"source": HIGHWAY, "model": "nanodet-g", **fields})  # type: ignore[arg-type]
    store.scene.begin(store.asked)
    traffic, now_ns = traffic_of(parse(HIGHWAY)), time.perf_counter_ns()
    for second in range(seconds):
        frame = 30 * second
        rows = [(one.x1, one.y1, one.x2, one.y2, 0.9, 2) for one in truth(traffic, frame) if one.counts]
        boxes = np.array([*rows, (0, 0, 6, 6, 0.3, 2)], DETECTION).tobytes()
        numbers = np.arange(frame, frame + 30, 2, np.int64).tobytes()
        stamp_ns = now_ns - (seconds - second) * 1_000_000_000
        store.ingest(SceneSeen("second", stamp_ns, numbers, (SceneFindings(frame, boxes),)))


@pytest.fixture
def scene(window: MainWindow, controller: Controller) -> MainWindow:
    controller.change(source=HIGHWAY)
    window.scene.raise_()
    QCoreApplication.processEvents()
    return window


def test_only_scenes_have_the_card(window: MainWindow, controller: Controller) -> None:
    assert not window.scene.isVisible() and not window.scene.toggleViewAction().isVisible()
    controller.change(source=HIGHWAY)
    QApplication.processEvents()
    assert window.scene.isVisible() and window.scene.toggleViewAction().isVisible()
    assert window.compare.is_seen, "it does not push itself forward"
    window.commands.reset_layout()
    assert window.scene.isVisible()
    controller.change(source="street.mp4")
    window.commands.reset_layout()
    window.scene.show()
    assert not window.scene.isVisible()


def test_a_layout_of_a_scene_does_not_bring_the_card_to_a_film(make_window: MakeWindow, controller: Controller) -> None:
    controller.change(source=HIGHWAY)
    make_window().close()
    controller.change(source="street.mp4")
    second = make_window()
    assert not second.scene.isVisible()
    controller.change(source=HIGHWAY)
    QApplication.processEvents()
    assert second.scene.isVisible() and not second.scene.isFloating()


def test_a_layout_of_a_film_does_not_hide_the_card_of_a_scene(make_window: MakeWindow, controller: Controller) -> None:
    make_window().close()
    controller.change(source=HIGHWAY)
    second = make_window()
    assert second.scene.isVisible() and not second.scene.isFloating()
    second.scene.close()
    second.close()
    assert not make_window().scene.isVisible(), "this time somebody hid it"


def test_true_looks_with_n_and_interval_and_how_right_the_findings_are(scene: MainWindow, controller: Controller) -> None:
    look(controller)
    for _ in range(10):
        refresh(controller, scene)
    text = scene.scene.text()
    assert "100.0 % of " in text and " vehicles got 3 looks or more" in text
    assert "95 % interval 9" in text and "looks on average" in text
    assert "Found by nanodet-g FP16 · 30 frames" in text and "oracle" not in text
    assert "recall 100.0 % (" in text and "), n " in text
    assert "precision 100.0" not in text
    assert [line.name for line in scene.scene.plot._lines] == ["precision", "recall"]
    scene.scene.looks.setValue(99)
    assert "0.0 % of " in scene.scene.text()


def test_whose_findings_they_are(scene: MainWindow, controller: Controller) -> None:
    look(controller, oracle=10.0)
    refresh(controller, scene)
    assert "Found by an oracle missing 10 %, not the model" in scene.scene.text()


def test_flat_out_nobody_is_missed_and_it_says_so(scene: MainWindow, controller: Controller) -> None:
    look(controller, paced=False)
    for _ in range(5):
        refresh(controller, scene)
    assert "run it Paced" in scene.scene.text()
    assert "run it Paced" in scene.scene.plot.empty_text


def test_without_a_session_it_says_what_to_do(scene: MainWindow, controller: Controller) -> None:
    assert "Start" in scene.scene.plot.empty_text and "Start" in scene.scene.text()


def test_what_nobody_sees_costs_nothing_and_comes_when_it_is_looked_at(scene: MainWindow, controller: Controller) -> None:
    scene.compare.raise_()
    QApplication.processEvents()
    look(controller)
    refresh(controller, scene)
    assert controller.store.scene.frames_judged == 0
    scene.scene.raise_()
    QApplication.processEvents()
    refresh(controller, scene)
    assert 0 < controller.store.scene.frames_judged <= 12, "a few at a time"


@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_nothing_on_it_is_cut_off(make_window: MakeWindow, controller: Controller, size: tuple[int, int]) -> None:
    window = make_window(size)
    controller.change(source=HIGHWAY)
    window.scene.raise_()
    look(controller, seconds=8, oracle=12.5)
    for _ in range(3):
        refresh(controller, window)
    assert window.scene.is_seen
    assert not [
        words.text() for words in window.scene.findChildren(Words) if words.isVisible() and words.width() < words._natural
    ]
    lowest = window.scene.plot
    assert lowest.height() > 80
