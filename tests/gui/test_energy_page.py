from __future__ import annotations

import time
from pathlib import Path

import energy_samples as samples
import msgspec
import numpy as np
import pytest
import replay
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from edgeperf_gui.analysis.devices import performance_of, system_metrics
from edgeperf_gui.domain import places
from edgeperf_gui.domain.device import DeviceSheet, Performance
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.results import RunResult, Steady, Throughput
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.device_sheets import Device
from edgeperf_gui.live.settings import load_settings, session_spec
from edgeperf_gui.ui.device_rows import device_sheet
from edgeperf_gui.ui.energy_page import BEFORE, HERE, EnergyPage
from edgeperf_gui.ui.main_window import MainWindow


@pytest.fixture
def page(window: MainWindow, controller: Controller) -> EnergyPage:
    """Open, without a session."""
    window.commands.doors.energy.open()
    QCoreApplication.processEvents()
    found = window.commands.doors.energy.page
    assert found is not None
    return found


def run_here(controller: Controller) -> None:
    replay.replay(controller.store)
    controller.store.asked = session_spec(controller.settings, "second", None)
    samples.ingest_readings(controller.store, samples.TDP)


def write(line, text: str) -> None:  # type: ignore[no-untyped-def]
    line.edit.setText(text)
    line.edit.editingFinished.emit()


def test_without_a_session_it_says_what_is_missing(page: EnergyPage) -> None:
    assert page.consequences.text().startswith("Run a session with a meter, or type in a power")
    assert "Battery lasts  –" in page.consequences.text()
    assert HERE not in page.table.text()


def test_battery_bill_and_a_thousand_frames_with_bands(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    write(page.consequences.battery, "50")
    write(page.consequences.hours, "24")
    write(page.consequences.price, "0.3")
    page.refresh()
    text = page.consequences.text()
    assert "At 13.1 W (3.9–36.6), estimated, newest 5 s" in text
    assert "Covers: our own processes. The device draws more" in page.consequences.about.toolTip()
    assert "Battery lasts  3.8 h (1.4–12.7)" in text
    assert "Battery needed  314 Wh (94.2–879)" in text
    assert "Energy a year  115 kWh (34.4–321)" in text
    assert "Cost a year  34.4 € (10.3–96.3)" in text
    assert "1000 frames  523 J (157–1\u2009465)" in text


def test_a_typed_in_power_is_counted_with_instead(page: EnergyPage) -> None:
    page.consequences.power.edit.setText("10")
    assert "At 10.0 W, typed in" in page.consequences.text()
    assert "Energy a year  87.6 kWh" in page.consequences.text()
    assert "Cost a year  –  needs a price" in page.consequences.text()
    assert "1000 frames  –  needs a session's frames" in page.consequences.text()


@pytest.mark.parametrize("wrong", ["0", "-5", "inf", "many"])
def test_a_battery_that_cannot_be_is_a_sentence(page: EnergyPage, controller: Controller, wrong: str) -> None:
    page.consequences.power.edit.setText("10")
    write(page.consequences.battery, wrong)
    assert "Battery, Wh" in page.consequences.trouble.text() and page.consequences.trouble.isVisible()
    assert controller.settings.upkeep.battery_wh is None
    write(page.consequences.battery, "50")
    assert not page.consequences.trouble.isVisible()
    assert "Battery lasts  5.0 h" in page.consequences.text()


def test_more_than_24_hours_a_day_cannot_be(page: EnergyPage) -> None:
    write(page.consequences.daily, "25")
    assert "at most 24" in page.consequences.trouble.text()


def test_what_cannot_be_stays_told_while_a_session_goes_on(page: EnergyPage, controller: Controller) -> None:
    consequences = page.consequences
    write(consequences.daily, "96")
    for _ in range(3):
        consequences.show_energy(None)
        assert "at most 24" in consequences.trouble.text() and consequences.trouble.isVisible()
    consequences.show_upkeep(controller.settings.upkeep)  # what is kept stands in the line again, where nobody is typing
    assert consequences.daily.edit.text() == "24" and not consequences.trouble.isVisible()
    assert consequences.lack.isVisible() and consequences.lack.wordWrap(), "a whole sentence, and nothing of it cut off"
    consequences.power.edit.setText("10")
    assert consequences.about.isVisible() and not consequences.lack.isVisible()


def test_what_is_typed_in_is_kept_and_can_be_undone(page: EnergyPage, controller: Controller) -> None:
    write(page.consequences.battery, "50")
    controller._keeping.flush()
    assert load_settings()[0].upkeep.battery_wh == 50.0
    controller.undo()
    assert controller.settings.upkeep.battery_wh is None and page.consequences.battery.edit.text() == ""


def test_devices_stand_against_the_session_that_runs_here(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    page.refresh()
    text = page.table.text()
    assert text.splitlines()[0].startswith(HERE)
    assert "measured" in text.splitlines()[0] and "estimated 0.6" in text.splitlines()[0]
    small = next(line for line in text.splitlines() if "small board" in line)
    assert "100 € typed in" in small and "power typed in" in small
    assert "measured" not in small.replace("nothing measured", "")


def test_this_machines_rate_is_the_mean_of_the_seconds_its_energy_is_about(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    store = controller.store
    start_ns = time.perf_counter_ns() + 60 * 10**9  # what was before is over then
    # a stall of two seconds, of which the newest row alone would make no device
    for second, fps in ((0.0, 99.0), (7.0, 30.0), (9.0, 0.0), (9.5, 20.0), (10.0, 30.0)):
        store._rates._append(start_ns + round(second * 1e9), fps, np.nan, np.nan, np.nan)
    (here,) = (one for one in page.devices(None) if one.name == "")
    assert here.performance.fps == pytest.approx((7 * 30 + 2 * 0 + 0.5 * 20 + 0.5 * 30) / 10)
    store._rates._append(start_ns + 12 * 10**9, 0.0, np.nan, np.nan, np.nan)
    assert page.devices(None)[0].name == ""


def test_a_paced_rate_is_not_called_a_capacity(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    assert page.devices(None)[0].performance.about == "nanodet-g FP16 CPU, paced: no faster than its source"
    replay.replay(controller.store, paced=False)
    assert "paced" not in page.devices(None)[0].performance.about
    run = measured_run()
    assert "paced" not in performance_of(run).about
    paced = msgspec.structs.replace(run, throughput=msgspec.structs.replace(run.throughput, saturated=False))
    assert performance_of(paced).about.endswith("CPU, paced: no faster than its source")


def test_this_machine_stays_chosen_while_its_numbers_go_on(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    page.refresh()
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    for _ in range(2):
        samples.ingest_readings(controller.store, samples.TDP, watts=20.0)
        page._on_time()
        assert page.table.currentIndex().row() == 0 and page.table.currentIndex().isValid()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 1 and page.form.texts["title"].text().startswith("Example:")


def test_what_is_deleted_stays_in_the_form_and_can_be_saved_again(page: EnergyPage) -> None:
    page.form.texts["title"].setText("My board")
    page.form.numbers["price"].edit.setText("80")
    page.form.save_button.click()
    page.form.delete_button.click()
    assert not (places.devices() / "my-board.toml").exists() and not page.form.delete_button.isEnabled()
    assert page.words.text() == "Deleted. Save keeps it after all."
    assert (page.form.texts["title"].text(), page.form.numbers["price"].edit.text()) == ("My board", "80")
    page._on_time()
    page.form.save_button.click()
    assert "My board" in page.table.text() and (places.devices() / "my-board.toml").is_file()
    page.form.delete_button.click()
    page.choose("example-box-pc")
    assert page.form.texts["title"].text().startswith("Example:") and page.words.text().startswith("Choose a row")


def test_a_sheets_file_that_changed_is_told_on(page: EnergyPage) -> None:
    page.form.texts["title"].setText("My board")
    page.form.numbers["price"].edit.setText("80")
    page.form.save_button.click()
    told = []
    page.sheetChosen.connect(told.append)
    path = places.devices() / "my-board.toml"
    path.write_text(path.read_text("utf-8").replace("80", "95"), "utf-8")
    page.open()
    assert told[-1].price == 95
    path.unlink()
    page.open()
    assert told[-1] is None


def test_a_sheet_is_typed_in_saved_and_deleted(page: EnergyPage) -> None:
    page.form.new_button.click()
    page.form.texts["title"].setText("My board")
    page.form.numbers["price"].edit.setText("80")
    page.form.numbers["fps"].edit.setText("16")
    page.form.save_button.click()
    assert (places.devices() / "my-board.toml").is_file()
    assert "My board" in page.table.text() and "5.0 €" in page.table.text()
    assert page.words.text() == "Saved as my-board.toml."
    page.form.delete_button.click()
    assert "My board" not in page.table.text()


def test_a_row_chosen_by_key_is_edited(page: EnergyPage) -> None:
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.form.texts["title"].text().startswith("Example:")
    assert not page.form.delete_button.isEnabled()


def test_the_sheet_that_is_chosen_gives_scenarios_its_price_and_size(window: MainWindow, page: EnergyPage) -> None:
    view = window.commands.doors.scenarios.view
    page.choose("example-box-pc")
    assert view._sheet is not None and (view._sheet.price, view._sheet.volume_l) == (800, 2)
    page.choose(None)
    assert view._sheet is None


@pytest.mark.parametrize(
    ("field", "text", "sentence"), [("price", "-1", "Price: -1 cannot be."), ("busy_w", "1", "idle_w 9 is more than busy_w 1")]
)
def test_what_is_wrong_in_the_form_is_said(page: EnergyPage, field: str, text: str, sentence: str) -> None:
    page.form.new_button.click()
    page.form.texts["title"].setText("x")
    page.form.numbers["idle_w"].edit.setText("9")
    page.form.numbers[field].edit.setText(text)
    page.form.save_button.click()
    assert sentence in page.words.text()
    assert not list(places.devices().glob("*.toml")) if places.devices().exists() else True


def test_a_device_without_a_name_and_a_run_that_is_none(page: EnergyPage, tmp_path: Path) -> None:
    page.form.new_button.click()
    page.form.save_button.click()
    assert "no name" in page.words.text()
    garbage = tmp_path / "run.json"
    garbage.write_text("{", "utf-8")
    page.form.texts["title"].setText("Other")
    page.form.use_run(str(garbage))
    page.form.save_button.click()
    assert "is not a run" in page.words.text()
    assert "run cannot be read" in page.table.text()


def test_a_measured_run_brings_throughput_and_energy_of_that_device(page: EnergyPage, tmp_path: Path) -> None:
    path = tmp_path / "box.json"
    path.write_bytes(msgspec.json.encode(measured_run()))
    page.form.new_button.click()
    page.form.texts["title"].setText("Box")
    page.form.numbers["price"].edit.setText("420")
    page.form.use_run(str(path))
    page.form.save_button.click()
    row = next(line for line in page.table.text().splitlines() if line.startswith("Box"))
    assert row.startswith("Box bench: nanodet-g FP16, CPU 42.0 measured, 1\u2009000 frames 420 € typed in 10.0 € measured fps")
    assert "4.0 measured 3.6–4.4" in row
    assert not page.form.numbers["fps"].isEnabled()
    page.form.no_run_button.click()
    assert page.form.numbers["fps"].isEnabled()


def measured_run() -> RunResult:
    """A quarter of a joule a frame by a package counter."""
    quarter = Banded(0.25, 0.225, 0.275)
    energy = RunEnergy("rapl", "measured", "RAPL", "package", 20.0, 20, 840, quarter, quarter, quarter, quarter)
    opened = replay.opened("x")
    return RunResult(
        spec=SessionSpec("x", "street.mp4", "nanodet-g"),
        machine=opened.machine,
        effective=opened.effective,
        model=opened.model,
        source=opened.source,
        stages={},
        age=None,
        throughput=Throughput(42.0, 25.0, 1000, 0, 20, 23.8, True),
        steady=Steady(True, "steady"),
        foreign_cpu_percent=0.5,
        own_cpu_percent=60.0,
        openvino_command="benchmark_app",
        energy=energy,
    )


def test_an_ended_session_is_not_called_now(page: EnergyPage, controller: Controller) -> None:
    run_here(controller)
    page.refresh()
    assert HERE in page.table.text() and BEFORE not in page.table.text()
    controller.store.ingest(SessionStatus("second", RunState.FINISHED, FinishReason.STOPPED))
    page.refresh()
    assert page.table.text().splitlines()[0].startswith(BEFORE) and HERE not in page.table.text()
    assert "newest" not in page.consequences.about.text()


def test_mass_counts_where_it_is_known(page: EnergyPage) -> None:
    sheet = DeviceSheet(title="Drone board", mass_kg=0.25, fps=10.0)
    head = [title for title, _ in device_sheet([]).columns]
    cells = device_sheet(
        [Device("d", sheet, True, Performance(10.0, True), system_metrics(sheet, Performance(10.0, True)))]
    ).rows[0]
    cell = cells[head.index("fps/kg")]
    assert (cell.text, cell.value, cell.tip) == ("40.0", 40.0, "Mass 0.25 kg, typed in")
