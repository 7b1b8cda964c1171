"""What a power comes to; numbers by hand."""

from __future__ import annotations

import pytest

from edgeperf_gui.analysis.consequences import battery_hours, consequences, power_at_duty
from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.domain.errors import BadInput

TEN = Banded(10.0, 8.0, 12.5)


def test_what_ten_watts_come_to() -> None:
    found = consequences(TEN, battery_wh=100, hours=8, price_per_kwh=0.3, joules_per_frame=Banded(0.4, 0.32, 0.5))
    assert found.battery_hours == Banded(10.0, 8.0, 12.5)
    assert found.battery_needed_wh == Banded(80, 64, 100)
    assert found.kwh_a_year.value == pytest.approx(87.6)
    assert found.cost_a_year is not None and found.cost_a_year.high == pytest.approx(12.5 * 8.76 * 0.3)
    assert found.joules_per_1000_frames == Banded(400, 320, 500)


def test_what_is_not_asked_or_not_known_is_unknown() -> None:
    found = consequences(TEN, hours_a_day=12)
    assert (found.battery_hours, found.battery_needed_wh, found.cost_a_year, found.joules_per_1000_frames) == (None,) * 4
    assert found.kwh_a_year.value == pytest.approx(43.8)
    assert battery_hours(Banded(1.0, 0.0, 2.0), 10) is None


def test_a_device_that_works_a_tenth_of_the_time() -> None:
    assert power_at_duty(TEN, 1.0, None) == TEN
    assert power_at_duty(TEN, 0.1, None) is None
    assert power_at_duty(TEN, 0.1, 2.0) == Banded(pytest.approx(2.8), pytest.approx(2.6), pytest.approx(3.05))


@pytest.mark.parametrize("battery_wh", [0.0, -5.0, float("nan"), float("inf")])
def test_a_battery_of_nothing_is_refused(battery_wh: float) -> None:
    with pytest.raises(BadInput, match="cannot feed anything") as caught:
        consequences(TEN, battery_wh=battery_wh)
    assert "volts" in caught.value.remedy


@pytest.mark.parametrize("field", [{"hours": -1.0}, {"hours_a_day": 25.0}, {"price_per_kwh": float("nan")}])
def test_numbers_that_cannot_be_are_refused(field: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="cannot be the"):
        consequences(TEN, **field)
    with pytest.raises(BadInput, match="duty"):
        power_at_duty(TEN, 1.5, 1.0)
