"""System metrics: what is not known stays unknown, and what was typed in is told from what was measured."""

from __future__ import annotations

import pytest

from edgeperf_gui.analysis.devices import NOTHING, busy_watts, system_metrics
from edgeperf_gui.domain.device import DeviceSheet, Performance
from edgeperf_gui.domain.energy import Banded


def test_cost_volume_mass_and_joules_by_hand() -> None:
    sheet = DeviceSheet(title="x", price=200.0, volume_l=0.5, mass_kg=0.25, busy_w=10.0)
    found = system_metrics(sheet, Performance(20.0, is_typed=True))
    assert (found.cost_per_fps, found.fps_per_litre, found.fps_per_kg) == (10.0, 40.0, 80.0)
    assert found.frames_per_joule == Banded(2.0, 2.0, 2.0) and found.energy_kind is None


def test_a_runs_own_energy_wins_over_typed_in_power() -> None:
    done = Performance(20.0, is_typed=False, joules_per_frame=Banded(0.5, 0.25, 1.0), kind="estimated")
    found = system_metrics(DeviceSheet(title="x", busy_w=10.0), done)
    assert found.frames_per_joule == Banded(2.0, 1.0, 4.0) and found.energy_kind == "estimated"


@pytest.mark.parametrize("done", [None, Performance(0.0, is_typed=True), Performance(float("nan"), is_typed=True)])
def test_without_a_performance_nothing_is_known(done: Performance | None) -> None:
    assert system_metrics(DeviceSheet(title="x", price=1.0, volume_l=1.0, busy_w=1.0), done) == NOTHING


def test_a_sheet_without_numbers_gives_none_and_not_zero() -> None:
    assert system_metrics(DeviceSheet(title="x"), Performance(20.0, is_typed=True)) == NOTHING


def test_a_band_down_to_nothing_gives_no_frames_per_joule() -> None:
    done = Performance(20.0, is_typed=False, joules_per_frame=Banded(0.5, 0.0, 1.0), kind="estimated")
    assert system_metrics(DeviceSheet(title="x"), done).frames_per_joule is None


def test_busy_power_is_the_runs_before_what_was_typed_in() -> None:
    sheet, run = DeviceSheet(title="x", busy_w=10.0), Performance(1.0, False, busy_watts=Banded(7.0, 6.0, 8.0))
    assert busy_watts(sheet, run) == Banded(7.0, 6.0, 8.0)
    assert busy_watts(sheet, None) == Banded(10.0, 10.0, 10.0)
    assert busy_watts(DeviceSheet(title="x"), None) is None
