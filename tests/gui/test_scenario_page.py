"""The scenario page: verdicts beside each other, sliders that move them, stored runs, and the editor."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import msgspec
import pytest
import replay
from conftest import MakeWindow
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.scenario import Requirement
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.scenario_runs import ScenarioRuns
from edgeperf_gui.live.scenario_shelf import ScenarioShelf
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.store.run_file import RunHeader, RunWriter
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_editor import ScenarioEditor
from edgeperf_gui.ui.scenario_knobs import KNOBS, STEPS
from edgeperf_gui.ui.scenario_page import ScenarioPage
from edgeperf_gui.ui.scenario_words import facts, few_words, seen_words, unlucky
from edgeperf_gui.ui.words import Words

KIOSK, HIGHWAY = 0, 1


def play(store: SessionStore, *, fps: float, seconds: float = 20.0, paced: bool) -> None:
    """A session of which the store also knows what was asked."""
    session_id = f"{fps}-{paced}"
    replay.ingest_session(store, session_id, seconds, time.perf_counter_ns(), fps, paced=paced)
    store.asked = SessionSpec(session_id, "street.mp4", "nanodet-g", paced=paced)


@pytest.fixture
def view(controller: Controller, home: Path) -> ScenarioView:
    return ScenarioView(ScenarioRuns(controller.store), ScenarioShelf(), lambda run: {"INT8": 2.0})


@pytest.fixture
def page(view: ScenarioView, qtbot) -> ScenarioPage:
    made = ScenarioPage(view)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.open()
    QApplication.processEvents()
    yield made
    made.close()


@pytest.fixture
def measured(page: ScenarioPage, view: ScenarioView, controller: Controller) -> ScenarioPage:
    """A paced run and one flat out of 84 fps."""
    for fps, seconds, paced in ((25.0, 22.0, True), (84.0, 8.0, False)):
        play(controller.store, fps=fps, seconds=seconds, paced=paced)
        view.runs.watch(True)
    QApplication.processEvents()
    return page


def inside(widget: QWidget, page: QWidget) -> bool:
    place = widget.mapTo(page, QPoint(0, 0))
    return (
        place.x() >= 0
        and place.y() >= 0
        and place.x() + widget.width() <= page.width()
        and place.y() + widget.height() <= page.height()
    )


def test_empty_it_says_what_to_do(page: ScenarioPage) -> None:
    card = page.cards[KIOSK]
    assert card.verdict.text() == "NO RUN" and "Press Start" in card.because.text() and "drop a run" in card.because.text()
    assert "not known" in card.picture.text() and card.rows.text().startswith("Each requirement")
    assert page.about.text() == "live · no frames yet"


def test_without_a_scenario_it_names_a_button_that_makes_one(page: ScenarioPage, controller: Controller, monkeypatch) -> None:
    monkeypatch.setattr(ScenarioShelf, "_read", lambda self: None)
    nothing = ScenarioView(ScenarioRuns(controller.store), ScenarioShelf(), lambda run: {}).sides[KIOSK].scenario
    assert nothing.title == "No scenario" and f"“{page.cards[KIOSK].edit_button.text()}”" in nothing.why


def test_both_answers_stand_side_by_side(measured: ScenarioPage) -> None:
    kiosk, highway = measured.cards
    assert (kiosk.verdict.text(), kiosk.answer.text()) == ("UNDECIDED", "Optimise? No.")
    assert (highway.verdict.text(), highway.answer.text()) == ("FAIL", "Optimise? Yes, the model.")
    assert "INT8 would do but for the age, which is not known (2× as fast), predicted." in highway.because.text()
    assert "Rate ≥ 13.1 FPS × 8 cameras: 84.0 FPS, FAIL" in highway.rows.text()
    assert "Age, p99 ≤ 100 ms: " in highway.rows.text() and "UNDECIDED" in highway.rows.text()
    assert "frames came at 25 FPS where 105.1 are needed" in highway.rows.accessibleDescription()
    assert "Age, p95 ≤ 1000 ms: " in kiosk.rows.text() and "PASS" in kiosk.rows.text()
    assert "n 672" in highway.rows.tip_at(5) and "this is the capacity" in highway.rows.tip_at(5)
    assert highway.looks.text().endswith("needed 4") and "3×" in highway.looks.text()
    assert highway.ceilings.text().startswith("inference") and "fps" in highway.ceilings.text()
    assert "3.44 m a frame" in highway.facts.text() and "late" in highway.facts.text()
    assert "Energy: unknown: no meter" in kiosk.facts.text() and "slower box" in kiosk.facts.text()
    assert kiosk.why.text().startswith("A car stands before the barrier")
    assert "flat out and paced" in measured.about.text() and "n 672" in measured.about.text()


LEFT = ("parking-lot-occupancy", "battery-wildlife-camera", "overnight-archive", "steering-control")


@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_everything_fits_in_both_sizes_and_modes(measured: ScenarioPage, view, dressed, size) -> None:
    measured.resize(*size)
    for mode, left in itertools.product(("dark", "light"), LEFT):
        dressed.choose(mode)
        view.choose(KIOSK, left)
        QApplication.processEvents()
        assert (measured.width(), measured.height()) == size
        for card in measured.cards:
            shown = [one for one in card.findChildren(QWidget) if one.isVisible()]
            assert all(inside(one, measured) for one in shown)
            for words in card.findChildren(QLabel):
                assert not words.isVisible() or words.width() >= words.minimumSizeHint().width() - 1, words.text()
            bottom = card.rows.mapTo(measured, QPoint(0, card.rows.height())).y()
            assert bottom <= card.sliders.mapTo(measured, QPoint(0, 0)).y()
            assert card.picture.height() >= 80 and not card.grab().isNull()


def test_a_slider_moves_verdict_number_and_picture(measured: ScenarioPage, view) -> None:
    card = measured.cards[HIGHWAY]
    row = card.sliders.rows["speed_km_h"]
    row.slider.setSliderDown(True)
    for place in range(row.slider.value(), 200, -10):
        row.slider.setValue(place)
    row.slider.setSliderDown(False)
    speed = view.sides[HIGHWAY].scenario.speed_km_h
    assert speed < 30 and row.number.text() == f"{speed:.3g}" and card.verdict.text() == "PASS"
    assert "changed" in card.title.text() and row.back.isEnabled() and f"{speed:g} km/h" in card.picture.text()
    assert measured.cards[KIOSK].title.text() == "Parking-ticket kiosk"
    measured.undo_button.click()
    assert view.sides[HIGHWAY].scenario.speed_km_h == 130 and card.verdict.text() == "FAIL" and not row.back.isEnabled()
    measured.redo_button.click()
    row.back.click()
    assert view.sides[HIGHWAY].scenario.speed_km_h == 130


def test_the_slider_is_moved_by_pointer_and_keys(measured: ScenarioPage, view) -> None:
    slider = measured.cards[HIGHWAY].sliders.rows["cameras"].slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 10))
    assert view.sides[HIGHWAY].scenario.cameras == 1 and not slider.isSliderDown()
    slider.setFocus()
    for _ in range(40):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert view.sides[HIGHWAY].scenario.cameras > 1


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("looks", "many", "“many” is no number for looks needed"),
        ("looks", "2.5", "Give a whole number from 1."),
        ("cameras", "0", "Cameras 0 cannot be. Give a whole number from 1."),
        ("speed_km_h", "-4", "Give a number above 0."),
        ("speed_km_h", "36 m/s", "Give one in km/h"),
        ("looks", "60", "looks 60 is more than camera_fps 25 delivers"),
    ],
)
def test_typed_numbers_are_taken_or_refused_in_words(measured: ScenarioPage, view, qtbot, key, text, said) -> None:
    card = measured.cards[HIGHWAY]
    number = card.sliders.rows[key].number
    before = getattr(view.sides[HIGHWAY].scenario, key)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, text)
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert said in card.trouble.text() and card.trouble.toolTip() == card.trouble.text()
    if key != "looks" or text != "60":
        assert getattr(view.sides[HIGHWAY].scenario, key) == before
    number.selectAll()
    qtbot.keyClicks(number, "7")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert getattr(view.sides[HIGHWAY].scenario, key) == 7 and card.trouble.text() == ""


def test_what_was_refused_is_said_only_about_the_scenario_it_was_typed_for(measured: ScenarioPage, view, qtbot) -> None:
    card = measured.cards[HIGHWAY]
    row = card.sliders.rows["cameras"]
    row.number.setFocus()
    row.number.selectAll()
    qtbot.keyClicks(row.number, "many")
    qtbot.keyClick(row.number, Qt.Key.Key_Return)
    card.refresh()
    assert "“many” is no number" in card.trouble.text()
    row.slider.setValue(row.slider.value() + 200)
    assert card.trouble.text() == ""
    view.undo()
    assert card.trouble.text() == "", "nor when the scenario is what it was"


def test_keys_and_a_drag_after_them_are_two_changes(measured: ScenarioPage, view) -> None:
    slider = measured.cards[HIGHWAY].sliders.rows["speed_km_h"].slider
    slider.setFocus()
    for _ in range(20):
        QTest.keyClick(slider, Qt.Key.Key_Left)
    by_keys = view.sides[HIGHWAY].scenario.speed_km_h
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert view.sides[HIGHWAY].scenario.speed_km_h < by_keys < 130
    view.undo()
    assert view.sides[HIGHWAY].scenario.speed_km_h == by_keys
    view.undo()
    assert view.sides[HIGHWAY].scenario.speed_km_h == 130 and not view.can_undo


def test_knobs_go_there_and_back() -> None:
    for knob in KNOBS:
        values = [knob.value_at(place) for place in range(STEPS + 1)]
        assert values == sorted(values) and values[0] == pytest.approx(knob.low, rel=0.1) and values[-1] == knob.high
        for place in range(0, STEPS, 7):
            assert abs(knob.place_of(knob.value_at(place)) - place) <= (STEPS / 8 if knob.is_whole else 4)


def test_words_for_those_who_are_seen_too_rarely(measured: ScenarioPage, view: ScenarioView) -> None:
    found, scenario = view.outlook(HIGHWAY), view.sides[HIGHWAY].scenario
    spread = msgspec.structs.replace(found, looks={0: 0.03, 2: 0.08, 3: 0.1, 4: 0.7, 5: 0.09})
    assert few_words(spread, unlucky(spread, scenario)) == "1 in 5: seen at most 3×" and seen_words(spread, 4) == "seen 4–5×"
    single = msgspec.structs.replace(found, looks={3: 0.11, 4: 0.89})
    assert few_words(single, unlucky(single, scenario)) == "1 in 9: seen 3× only"
    never = msgspec.structs.replace(found, looks={0: 1.0})
    assert few_words(never, unlucky(never, scenario)) == "all: never seen"
    assert unlucky(msgspec.structs.replace(found, looks={4: 1.0}), scenario) is None
    for one in (spread, single, never):
        measured.cards[HIGHWAY].picture.show_scenario(scenario, one)
        assert not measured.cards[HIGHWAY].picture.grab().isNull()


def test_the_list_offers_all_and_a_broken_one_says_why(page: ScenarioPage, view) -> None:
    places.scenarios().mkdir(parents=True)
    (places.scenarios() / "bad.toml").write_text("speed = 3\n")
    menu = page.list_menu(KIOSK)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert len(actions) == 8 and not actions["bad.toml"].isEnabled() and "speed" in actions["bad.toml"].toolTip()
    assert actions["Parking-ticket kiosk"].isChecked()
    actions["City crossing"].trigger()
    menu.deleteLater()
    assert page.cards[KIOSK].title.text() == "City crossing"


def dropped(page: ScenarioPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_stored_runs_are_dropped_and_garbage_is_a_sentence(measured: ScenarioPage, view, tmp_path: Path) -> None:
    flat, paced = (tmp_path / name for name in ("flat.json", "paced.json"))
    for path, run in zip((flat, paced), view.runs.runs, strict=True):
        path.write_bytes(msgspec.json.encode(run))
    dropped(measured, paced, flat)
    assert measured.about.text().startswith("flat.json + paced.json · nanodet-g FP16") and not measured.loop.isVisible()
    assert measured.cards[HIGHWAY].verdict.text() == "FAIL"
    for name, content, said in (
        ("bad.json", b"garbage", "is not a run"),
        ("new.json", b'{"schema": "edgeperf.run/9"}', "another version of edgeperf-gui (edgeperf.run/9)"),
        ("bad.edgeperf", b"garbage", "is not a run file"),
    ):
        (tmp_path / name).write_bytes(content)
        dropped(measured, tmp_path / name)
        assert said in measured.told.text() and measured.told.isVisible() and name in measured.told.text()
    assert measured.about.text().startswith("flat.json")  # what was there stays
    old = msgspec.structs.replace(view.runs.runs[1], ages=None, intervals=None)
    paced.write_bytes(msgspec.json.encode(old))
    dropped(measured, paced)
    assert not measured.told.isVisible() and "PASS" in measured.cards[KIOSK].rows.text()
    measured.live_button.click()
    assert measured.about.text().startswith("live") and measured.loop.isVisible()


def test_a_run_file_that_was_cut_off_is_used_and_said_to_be(measured: ScenarioPage, controller: Controller, tmp_path) -> None:
    store = controller.store
    path, beside = tmp_path / "cut.edgeperf", tmp_path / "paced.json"
    beside.write_bytes(msgspec.json.encode(measured._view.runs.runs[1]))
    writer = RunWriter(path)
    writer.header(RunHeader(store.asked, store.opened, "2026-01-01T00:00:00Z", 0))
    writer.records(store.whole())
    writer.close()  # its writer came to no end
    dropped(measured, path)
    assert measured.told.isVisible() and measured.told.text() == "cut.edgeperf: The file has no end: its writer was cut off."
    dropped(measured, beside)
    assert measured.told.isVisible() and measured.about.text().startswith("paced.json + cut.edgeperf"), "it is still in use"
    measured.live_button.click()
    assert not measured.told.isVisible()


def test_it_follows_the_session_only_while_it_is_seen(page: ScenarioPage, controller: Controller) -> None:
    page.hide()
    play(controller.store, fps=25.0, paced=True)
    controller.store.recordsChanged.emit()
    assert page.cards[KIOSK].verdict.text() == "NO RUN"
    page.open()
    assert page.cards[KIOSK].verdict.text() == "UNDECIDED"


def test_a_meter_makes_energy_battery_and_bill(measured: ScenarioPage, view: ScenarioView, tmp_path: Path) -> None:
    watts = Banded(10.0, 5.0, 20.0)
    spent = RunEnergy("tdp", "estimated", "TDP", "our processes", 10.0, 10, 250, watts, watts, Banded(0.4, 0.2, 0.8), None)
    path = tmp_path / "run.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(view.runs.runs[1], energy=spent)))
    view.choose(KIOSK, "battery-wildlife-camera")
    dropped(measured, path)
    kiosk, highway = (card.facts.text() for card in measured.cards)
    assert "Battery: 10.0 h (5.0–20.0) on 100 Wh" in kiosk and "Energy: 10.0 W (5.0–20.0);" in kiosk
    assert "Bill: 87.6 kWh a year" in highway
    tips = [fact.tip for fact in facts(view.outlook(HIGHWAY), view.sides[HIGHWAY].scenario)]
    assert "draws at least this: estimated by TDP; it covers our own busy time alone" in tips[4]
    assert "At least so much: estimated by TDP" in tips[5] and "drawn at 25 FPS where 105 are needed" in tips[5]
    assert "At least" not in facts(view.outlook(KIOSK), view.sides[KIOSK].scenario)[5].tip, "a part of it, at a higher rate"
    view.use_upkeep(Upkeep(price_per_kwh=0.3))
    assert "Bill: 26.3 € a year" in measured.cards[HIGHWAY].facts.text()
    tips = [fact.tip for fact in facts(view.outlook(KIOSK), view.sides[KIOSK].scenario)]
    assert tips[5].startswith("87.6 kWh a year (43.8–175), 26.3 € a year (13.1–52.6).")


@pytest.mark.parametrize("width", [1600, 1280])
def test_what_a_run_comes_to_is_not_cut(measured: ScenarioPage, view: ScenarioView, tmp_path: Path, width: int) -> None:
    watts, frame = Banded(20.7, 20.3, 21.1), Banded(1.72, 1.69, 1.76)
    spent = RunEnergy(
        "file", "measured", "Meter", "machine", 10.0, 10, 250, watts, watts, frame, None, 8.0, Banded(0.1, 0.1, 0.1)
    )
    path = tmp_path / "run.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(view.runs.runs[1], energy=spent)))
    dropped(measured, path)
    view.choose(KIOSK, "battery-wildlife-camera")
    measured.resize(width, 720)
    QApplication.processEvents()
    for card in measured.cards:
        values = [one for one in card.facts.findChildren(Words) if one.text()]
        assert len(values) == 6 and "J/frame" in card.facts.text()
        assert [one.text() for one in values if one.sizeHint().width() > one.width()] == []


@pytest.mark.parametrize(
    ("age_ms", "asked", "words"),
    [
        (120.0, {}, "none: it is late as it is"),
        (25.0, {}, "not known at the rate needed"),
        (25.0, {"speed_km_h": None, "rate_fps": None}, "not known: no rate is asked"),
        (None, {}, "not known without due times"),
    ],
)
def test_why_no_batch_is_known(measured, view: ScenarioView, age_ms: float | None, asked: dict, words: str) -> None:
    known = view.outlook(HIGHWAY)
    age = Requirement("age p99", "≤ 100 ms", None, 300, "UNDECIDED", "", limit=100.0, value=age_ms, unit="ms")
    scenario = msgspec.structs.replace(known.result.scenario, **asked)
    result = msgspec.structs.replace(known.result, scenario=scenario, requirements=(age,))
    assert facts(msgspec.structs.replace(known, result=result, largest_batch=None), scenario)[3].text == words


# The editor ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(measured: ScenarioPage, view: ScenarioView, qtbot) -> ScenarioEditor:
    side = view.sides[HIGHWAY]
    made = ScenarioEditor(view, side.name, side.scenario)
    qtbot.addWidget(made)
    made.show()
    QApplication.processEvents()
    yield made
    made.close()


def test_the_preview_follows_each_key(editor: ScenarioEditor) -> None:
    assert editor.verdict.text() == "FAIL" and not editor.trouble.text()
    editor.form.fields["speed_km_h"].setText("20 km/h")
    assert editor.verdict.text() == "PASS" and "20 km/h" in editor.picture.text()
    editor.form.fields["speed_km_h"].setText("-20")
    assert "highway-number-plates.toml, line" in editor.trouble.text() and not editor.save_button.isEnabled()
    assert editor.verdict.text() == "PASS"  # the last that was right
    editor.form.fields["speed_km_h"].setText("20")
    assert not editor.trouble.text() and editor.save_button.isEnabled()


def test_the_text_says_what_a_file_would(editor: ScenarioEditor) -> None:
    editor.way._buttons["text"].click()
    good = editor.text.toPlainText()
    for wrong, said in (
        ("speed = 130", "“speed” is no key of a scenario. Did you mean speed_km_h?"),
        ("speed_km_h = 130\nzebra = 1", "“zebra” is no key"),
        ("speed_km_h = ", "line 6"),
        ("speed_km_h = 130\ndwell_s = 3", "dwell_s and speed_km_h both say"),
    ):
        editor.text.setPlainText(good.replace("speed_km_h = 130", wrong))
        assert said in editor.trouble.text()
        editor.way._buttons["fields"].click()
        assert editor.way.key() == "text"  # fields cannot say it
    editor.text.setPlainText(good.replace("speed_km_h = 130", "speed_km_h = 90"))
    editor.way._buttons["fields"].click()
    assert editor.way.key() == "fields" and editor.form.fields["speed_km_h"].text() == "90"


def test_what_ships_is_saved_as_a_copy_and_ones_own_in_place(editor: ScenarioEditor, view: ScenarioView) -> None:
    assert not editor.delete_button.isEnabled() and "copy of your own" in editor.note.text() and not editor.new_button.isVisible()
    editor.form.title.setText("Slow road")
    editor.form.fields["speed_km_h"].setText("50")
    editor.save_button.click()
    assert (
        view.shelf.get("slow-road").scenario.speed_km_h == 50
        and view.shelf.get("highway-number-plates").scenario.speed_km_h == 130
    )
    assert editor.delete_button.isEnabled() and editor.note.text() == "Saved."
    editor.form.fields["speed_km_h"].setText("60")
    editor.save_button.click()
    assert view.shelf.get("slow-road").scenario.speed_km_h == 60 and len(list(places.scenarios().iterdir())) == 1
    editor.copy_button.click()
    assert editor.form.title.text() == "Slow road, my own" and not editor.delete_button.isEnabled()
    editor.save_button.click()
    assert view.shelf.get("slow-road-my-own").is_own
    editor.delete_button.click()
    assert view.shelf.get("slow-road-my-own") is None and view.shelf.get("slow-road") is not None


@pytest.mark.parametrize("way", ["escape", "button", "frame"])
def test_what_was_typed_in_goes_at_the_second_attempt_only(editor: ScenarioEditor, way: str) -> None:
    def leave() -> bool:
        if way == "escape":
            QTest.keyClick(editor, Qt.Key.Key_Escape)
        elif way == "button":
            editor.close_button.click()
        else:
            editor.close()
        return not editor.isVisible()

    editor.form.fields["speed_km_h"].setText("50")
    assert not leave() and editor.trouble.text() == "Not saved. Save it, or close again to drop it."
    editor.form.fields["speed_km_h"].setText("-50")
    assert not leave() and "Not saved." in editor.trouble.text() and "highway-number-plates.toml, line" in editor.trouble.text()
    assert leave()


def test_a_signal_closes_the_window_without_a_question(window) -> None:
    doors = window.commands.doors.scenarios
    window.show()
    doors.open()
    doors.page.cards[0].edit_button.click()
    doors.editor.form.title.setText("Never saved")
    window.close_now()
    assert not window.isVisible() and not doors.editor.isVisible()


def test_what_was_not_changed_or_was_saved_closes_at_once(editor: ScenarioEditor) -> None:
    editor.form.fields["speed_km_h"].setText("50")
    editor.form.fields["speed_km_h"].setText("130")
    editor.way._buttons["text"].click()
    assert editor.close()
    editor.show()
    editor.text.setPlainText(editor.text.toPlainText().replace("speed_km_h = 130", "speed_km_h = 90"))
    assert not editor.close()
    editor.save_button.click()
    assert editor.trouble.text() == "" and editor.close()


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_editor_fits_its_window(editor: ScenarioEditor, dressed: theme.Switch, mode: str) -> None:
    dressed.choose(mode)
    editor.resize(editor.minimumSize())
    QApplication.processEvents()
    assert editor.form.horizontalScrollBar().maximum() == 0
    for line in editor.form.fields.values():
        assert line.accessibleName() and line.toolTip()


def hold(widget: QWidget, key: Qt.Key) -> None:
    """Press it until it repeats."""
    for repeats in (False, True, True):
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", repeats))


def test_the_window_opens_it_with_its_key_and_edits_from_it(make_window: MakeWindow, controller: Controller) -> None:
    window = make_window()
    play(controller.store, fps=25.0, paced=True)
    window._actions["scenarios"].trigger()
    page = window.commands.doors.scenarios.page
    assert page is not None and page.isVisible() and window._actions["scenarios"].shortcut().toString() == "Ctrl+Shift+S"
    assert page.loop.key() == "paced" and page.cards[KIOSK].verdict.text() == "UNDECIDED"
    page.cards[HIGHWAY].edit_button.click()
    editor = window.commands.doors.scenarios.editor
    assert editor is not None and editor.isVisible()
    editor.form.title.setText("Mine")
    editor.save_button.click()
    assert page.cards[HIGHWAY].title.text() == "Mine"
    editor.form.title.setText("Mine, and longer")
    page.cards[KIOSK].edit_button.click()
    doors = window.commands.doors.scenarios
    assert doors.editor is editor and editor.isVisible() and "Not saved." in editor.trouble.text()
    page.cards[KIOSK].edit_button.click()
    assert doors.editor is editor and editor.form.title.text() == "Mine, and longer", "asking for another answers no question"
    editor.save_button.click()
    assert not editor.trouble.text() and not editor.trouble.toolTip()
    editor.form.title.setText("Mine, and longer still")
    hold(editor, Qt.Key.Key_Escape)
    assert editor.isVisible() and "Not saved." in editor.trouble.text()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    page.cards[KIOSK].edit_button.click()
    assert doors.editor is not editor and not editor.isVisible() and doors.editor.form.title.text() == "Parking-ticket kiosk"
    doors.editor.form.title.setText("Never saved")
    assert not window.close() and window.isVisible() and "Not saved." in doors.editor.trouble.text()
    assert window.close() and not doors.editor.isVisible()
