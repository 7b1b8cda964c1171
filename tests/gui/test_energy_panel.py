from __future__ import annotations

import time
from pathlib import Path

import energy_samples as samples
import msgspec
import numpy as np
import pytest
import replay
from conftest import MakeWindow, refresh
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import Banded, EnergyReading, MeterChoice, RunEnergy
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import session_spec
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.energy_words import joules, power_line
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.words import plain

METERS = (samples.NO_FILE, samples.NO_RAPL, samples.TDP)


def show(window: MainWindow, controller: Controller, meters: tuple = METERS, **choice: object) -> None:
    """The dock in front, on a machine with these meters, with what a session says."""
    controller._inventory = msgspec.structs.replace(replay.INVENTORY, meters=meters)
    controller.change(meter=MeterChoice("auto", **choice))  # type: ignore[arg-type]
    controller.inventoryChanged.emit(controller._inventory)
    window.energy.raise_()
    replay.replay(controller.store)
    controller.store.asked = session_spec(controller.settings, "second", None)
    QCoreApplication.processEvents()


def draw(window: MainWindow, controller: Controller) -> None:
    for _ in range(4):
        refresh(controller, window)


def test_a_replayed_session_shows_power_energy_of_a_frame_and_the_sum(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    draw(window, controller)
    text = window.energy.text()
    assert text.startswith("power 13.4 W (4.0–37.6) · no idle in it\nframe 523 mJ (157–1\u2009465) · inference 4")
    assert "total 65.4 J (19.6–183) = 0.0182 Wh in 5 s" in text
    assert "inference 4" in window.energy.live.split.text()
    assert window.energy.brief.text().endswith("per 1000 frames")
    assert window.energy._title.note.text() == "Estimate from 12 … 28 W · our own processes"
    assert window.energy.kinds.key() == "estimated"


def test_the_kind_stands_on_every_axis(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    draw(window, controller)
    assert window.energy.live.power.kind == window.energy.live.frame.kind == "· estimated"
    line = window.energy.live.power._lines[0]
    assert line.band is not None and line.colour == theme.ENERGY
    assert (line.band[0] < line.values).all() and (line.values < line.band[1]).all()
    window.energy.live.power._pointer_x = float(window.energy.live.power._x(line.times_ns[-1:])[0])
    assert window.energy.live.power._hover_lines(window.energy.live.power._pointer_x)[0].startswith("13.4 W (4.0–37.6) at −")


def test_the_inferences_part_is_drawn_beside_the_frame(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    draw(window, controller)
    draw(window, controller)
    live = window.energy.live
    frame, inference = live.frame._lines
    assert (frame.name, inference.name) == ("frame", "inference") and frame.colour != inference.colour
    assert live.now is not None and live.now.joules_per_frame is not None and live.now.joules_per_inference is not None
    share = live.now.joules_per_inference.value / live.now.joules_per_frame.value
    assert 0 < share < 1 and inference.values == pytest.approx(share * frame.values)
    assert inference.band is not None and (inference.band[0] < inference.values).all()
    lines = live.frame._hover_lines(float(live.frame._x(frame.times_ns[-1:])[0]))
    assert [line.split()[0] for line in lines] == ["frame", "inference"]


def test_the_band_is_painted(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    draw(window, controller)
    plot = window.energy.live.power
    line = plot._lines[0]
    at = QPointF(float(plot._x(line.times_ns[-2:-1])[0]), float(plot._y(line.band[1][-2:-1] * 0.8, plot._drawing._area)[0]))
    picture = plot.grab().toImage()
    assert picture.pixelColor(at.toPoint()) != QColor(theme.tokens().card)


def test_two_meters_are_never_on_one_axis(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL, samples.TDP))
    samples.ingest_readings(controller.store, samples.TDP)
    assert len(controller.store.energy.points()) == 5
    samples.ingest_readings(controller.store, samples.RAPL, seconds=3, watts=20.0)
    draw(window, controller)
    assert len(controller.store.energy.points()) == 3
    assert window.energy.kinds.key() == "measured"
    assert window.energy.live.power.kind == "· measured"


def test_idle_and_dynamic_parts_of_a_meter_that_covers_idle(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL,), idle_watts=4.0)
    samples.ingest_readings(controller.store, samples.RAPL, idle_watts=4.0)
    draw(window, controller)
    assert "power 13.4 W · idle 4.0 · dynamic 9.4 W" in window.energy.text()
    assert "20.0 J idle" in window.energy.text()
    draw(window, controller)
    assert [level.name for level in window.energy.live.power._levels] == ["idle 4.0"]


def test_unknown_is_a_dash_and_never_zero(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL,))
    draw(window, controller)
    assert window.energy.text().splitlines()[:3] == ["power –", "frame – · inference –", "total –"]
    reading = samples.readings("second", samples.RAPL, time.perf_counter_ns(), 1)
    controller.store.ingest(reading[0])
    draw(window, controller)
    assert window.energy.text().splitlines()[:2] == ["power –", "frame – · inference –"]
    assert " 0 " not in window.energy.text().splitlines()[0]


def test_a_meter_that_vanished_is_said_to_be_gone(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL,))
    controller.store.ingest(SessionStatus("second", RunState.RUNNING))
    old = time.perf_counter_ns() - 30_000_000_000
    for reading in samples.readings("second", samples.RAPL, old, 3):
        controller.store.ingest(reading)
    draw(window, controller)
    assert "no reading for 30 s: the meter may be gone" in window.energy.text()


def test_a_reading_that_is_typed_in_seldom_is_not_said_to_be_gone(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    controller.store.ingest(SessionStatus("second", RunState.RUNNING))
    for reading in samples.readings("second", samples.NO_FILE, time.perf_counter_ns() - 30_000_000_000, 3):
        controller.store.ingest(reading)
    draw(window, controller)
    assert "no reading for 30 s: counted up to there, until the next" in window.energy.text()


def test_less_than_idle_leaves_an_unknown_dynamic_part_and_not_zero() -> None:
    newest = samples.readings("s", samples.RAPL, 10**12, 3, watts=2.0)[-1]
    spent = RunEnergy(
        "rapl", "measured", "RAPL", "package", 3.0, 4, 0, newest.joules, Banded(2, 2, 2), None, None, idle_watts=5.0
    )
    assert plain(power_line(spent, newest, "text")).endswith("idle 5.0 · dynamic – W")


def test_a_gap_breaks_the_curve_and_is_not_counted(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL,))
    end_ns = int(controller.store.recent(0.0)["complete_ns"][-1])
    before = samples.readings("second", samples.RAPL, end_ns - 2_000_000_000, 2)
    total = before[-1].joules.value
    gap = EnergyReading("second", "rapl", "measured", "package", end_ns - 1_000_000_000, before[-1].joules, None, True)
    later = Banded(total + 12, total + 12, total + 12)
    after = EnergyReading("second", "rapl", "measured", "package", end_ns, later, Banded(12.0, 12.0, 12.0))
    for reading in (*before, gap, after):
        controller.store.ingest(reading)
    draw(window, controller)
    rows = controller.store.energy.points()
    assert np.isnan(rows["watts"]).tolist() == [False, False, True, False]
    assert np.isnan(rows["frame_j"]).tolist() == [False, False, True, False]


def test_a_kind_that_is_not_here_says_why_and_what_to_do(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    window.energy._on_kind("measured")
    text = window.energy.text()
    assert "Not measured here" in text
    assert "There is no package counter in /sys/class/powercap. On a PC, load the driver: sudo modprobe intel_rapl_msr" in text
    assert "--meter-file" not in text, "options of the command line are no remedy in a window"
    window.energy.absent.words.linkActivated.emit("form")
    assert window.energy._stack.currentWidget() is window.energy.form


def test_no_meter_at_all(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.NO_FILE, samples.NO_RAPL, samples.NO_TDP))
    draw(window, controller)
    assert "The power range of this processor (Some CPU) is not known. Type its power range" in window.energy.text()
    window.energy._open_form()
    assert "Nothing can be read here yet" in window.energy.text()


def test_another_meter_that_is_here_can_be_taken(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.RAPL, samples.TDP))
    samples.ingest_readings(controller.store, samples.RAPL)
    window.energy._on_kind("estimated")
    assert "Nothing estimated is read now" in window.energy.text()
    window.energy.absent.words.linkActivated.emit("use:tdp")
    assert controller.settings.meter.name == "tdp"
    controller.undo()
    assert controller.settings.meter.name == "auto"


def typed(edit, text: str) -> None:  # type: ignore[no-untyped-def]
    edit.setFocus()
    edit.clear()
    QTest.keyClicks(edit, text)
    edit.editingFinished.emit()


def test_a_power_range_is_typed_in_kept_and_undone(window: MainWindow, controller: Controller) -> None:
    show(window, controller, meters=(samples.NO_TDP,))
    window.energy._open_form()
    form = window.energy.form
    typed(form.low.edit, "12")
    typed(form.high.edit, "28")
    assert (controller.settings.meter.tdp_low_watts, controller.settings.meter.tdp_high_watts) == (12.0, 28.0)
    assert "Estimate from 12 … 28 W" in form.meter.itemText(1)
    assert window.energy.kind == "estimated"
    controller.undo()
    assert controller.settings.meter.tdp_high_watts is None


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        ("abc", "", "“abc” is no number."),
        ("-3", "", "-3 cannot be."),
        ("0", "", "0 cannot be."),
        ("nan", "", "nan cannot be."),
        ("28", "12", "A range from 28 to 12 W cannot be."),
    ],
)
def test_what_is_no_power_range_is_said_so(
    window: MainWindow, controller: Controller, low: str, high: str, sentence: str
) -> None:
    show(window, controller, meters=(samples.NO_TDP,))
    window.energy._open_form()
    form = window.energy.form
    form.low.edit.setText(low)
    form.high.edit.setText(high)
    form.low.edit.editingFinished.emit()
    assert sentence in form.text()
    assert controller.settings.meter == MeterChoice("auto")


def test_readings_of_an_external_meter_are_typed_in(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    window.energy._open_form()
    form = window.energy.form
    assert not form.add_button.isEnabled()
    form.meter.select("file")
    form.meter.activated.emit(form.meter.currentIndex())
    path = places.typed_readings()
    assert controller.settings.meter.name == "file" and controller.settings.meter.file == str(path)
    QTest.keyClicks(form.reading.edit, "12,5")
    QTest.keyClick(form.reading.edit, Qt.Key.Key_Return)
    QTest.keyClicks(form.reading.edit, "x")
    form.add_button.click()
    assert "“x” is no number." in form.text()
    assert path.read_text("utf-8").splitlines()[1:] == ["12.5"]


def test_a_foreign_file_is_not_written_to(window: MainWindow, controller: Controller, tmp_path: Path) -> None:
    theirs = tmp_path / "meter.csv"
    theirs.write_text("seconds,watts\n", "utf-8")
    show(window, controller, file=str(theirs))
    controller.change(meter=MeterChoice("file", file=str(theirs)))
    window.energy._add_reading(10.0)
    assert theirs.read_text("utf-8") == "seconds,watts\n"
    assert "in which nothing is typed" in controller.store.notices[-1].sentence


def test_theory_shows_memory_against_arithmetic_and_each_layer(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    window.operators._found[window.operators._key] = samples.counted()
    window.energy._on_kind("theoretical")
    draw(window, controller)
    text = window.energy.text()
    assert "Memory takes" in text and "45nm table" in text and "Only ratios between variants count" in text
    columns = window.energy.theory.columns
    QTest.keyClick(columns, Qt.Key.Key_Right)
    assert columns.told().startswith("/backbone/conv0 (Convolution, bf16):")
    assert "arithmetic" in columns.toolTip()
    assert columns.accessibleDescription().startswith("Most: /backbone/conv0")
    window.grab()
    assert "no bill" in window.energy.brief.text()


def test_what_cannot_be_counted_is_said(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    failure = SessionStatus("x", RunState.FINISHED, FinishReason.FAILED, sentence="No such model.", remedy="Choose another.")
    window.operators._failures[window.operators._key] = failure
    window.energy._on_kind("theoretical")
    draw(window, controller)
    assert window.energy.text() == "No such model. Choose another."


def test_nothing_is_drawn_behind_another_tab(window: MainWindow, controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    window.compare.raise_()
    QCoreApplication.processEvents()
    assert window.energy.isVisible() and not window.energy.is_seen
    drawn: list[object] = []
    monkeypatch.setattr(window.energy.live, "refresh_plot", lambda *seen: drawn.append(seen))
    monkeypatch.setattr(window.energy.live, "refresh_words", lambda *seen: drawn.append(seen))
    draw(window, controller)
    assert not drawn
    assert not window.operators._is_wanted


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_nothing_is_cut_off(
    make_window: MakeWindow, controller: Controller, dressed: theme.Switch, mode: theme.Mode, size: tuple[int, int]
) -> None:
    dressed.choose(mode)
    window = make_window(size)
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    window.operators._found[window.operators._key] = samples.counted()
    panel = window.energy
    for kind in ("estimated", "measured", "theoretical"):
        panel._on_kind(kind)
        draw(window, controller)
        shown = panel._stack.currentWidget()
        assert shown.height() >= shown.minimumSizeHint().height(), kind
        assert panel.height() >= panel.minimumSizeHint().height(), kind
    panel._open_form()
    QCoreApplication.processEvents()
    assert panel.form.height() >= panel.form.minimumSizeHint().height()
    window.grab()


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.00034, "340 µJ"), (0.48, "480 mJ"), (1.05, "1\u2009050 mJ"), (52.3, "52.3 J"), (420_000.0, "420 kJ")],
)
def test_joules_have_a_unit_that_fits(value: float, words: str) -> None:
    assert plain(joules(Banded(value, value, value))) == words


def test_a_battery_and_a_price_show_in_the_dock(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    samples.ingest_readings(controller.store, samples.TDP)
    controller.change(upkeep=Upkeep(battery_wh=50, price_per_kwh=0.3))
    draw(window, controller)
    assert window.energy.brief.text() == "3.8 h on 50 Wh · 34.4 € a year · 523 J per 1000 frames"


def test_single_operations_show_why_memory_counts(window: MainWindow, controller: Controller) -> None:
    show(window, controller)
    window.operators._found[window.operators._key] = samples.counted()
    window.energy._on_kind("theoretical")
    theory = window.energy.theory
    theory.view.choose("operations")
    theory.view.chosen.emit("operations")
    assert theory.operations.isVisible() and not theory.columns.isVisible()
    assert theory.operations.text().endswith("DRAM 640 pJ") and "integer add 0.1 pJ" in theory.operations.text()
    window.grab()
