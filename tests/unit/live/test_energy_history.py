"""Energy over time: rows of one meter, frames counted once their records have come, sums of a session."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.domain.energy import Banded, EnergyReading
from edgeperf_gui.live.energy_history import EnergyHistory

S = 1_000_000_000


def reading(second: float, joules: float, watts: float | None, meter: str = "rapl", gap: bool = False) -> EnergyReading:
    kind = "measured" if meter == "rapl" else "estimated"
    power = None if watts is None else Banded(watts, watts * 0.5, watts * 2)
    total = Banded(joules, joules * 0.5, joules * 2)
    return EnergyReading("one", meter, kind, "package", int(second * S), total, power, gap)  # type: ignore[arg-type]


def fed(*readings: EnergyReading) -> EnergyHistory:
    history = EnergyHistory()
    for one in readings:
        history.take(one)
    return history


def test_joules_of_a_frame_between_two_readings() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10), reading(3, 30, 20))
    history.fill(np.arange(1.05, 3.2, 0.1) * 1e9)
    rows = history.points()
    assert rows["frame_j"] == pytest.approx([1.0, 2.0])
    assert rows["frame_low_j"] == pytest.approx([0.5, 1.0])
    assert rows["frame_high_j"] == pytest.approx([2.0, 4.0])


def test_an_inferences_part_stays_with_the_rows_of_its_session() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    assert np.isnan(history.points()["inference_share"]).all()
    history.split(0.5, S)
    history.begin()
    history.take(reading(5, 0, None))
    history.take(reading(6, 10, 10))
    history.split(0.75, 4 * S)
    shares = history.points()["inference_share"]
    assert shares[0] == 0.5 and (shares[1:] == 0.75).all()
    history.split(0.25, 4 * S)
    assert (history.points()["inference_share"] == shares).all(), "what was drawn does not change afterwards"


def test_a_reading_waits_for_the_records_of_its_frames() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    early = np.arange(1.05, 1.9, 0.1) * 1e9
    history.fill(early)
    assert np.isnan(history.points()["frame_j"]).all()
    history.fill(np.append(early, [1.95e9, 2.05e9]))
    assert history.points()["frame_j"] == pytest.approx([1.0])


def test_no_frame_between_two_readings_is_unknown_and_not_zero() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    history.fill(np.array([0.5e9, 0.9e9]))
    assert np.isnan(history.points()["frame_j"]).all()


def test_another_meter_begins_anew() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    history.begin()
    assert history.newest is None and len(history.points()) == 1
    history.take(reading(5, 0, None, "tdp"))
    assert len(history.points()) == 0 and history.kind == "estimated"
    history.take(reading(6, 5, 5, "tdp"))
    assert len(history.points()) == 1


def test_a_new_session_breaks_the_curve_of_the_same_meter() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    history.begin()
    for one in (reading(5, 0, None), reading(6, 10, 10)):
        history.take(one)
    assert np.isnan(history.points()["watts"]).tolist() == [False, True, False]
    assert history.seconds == 1.0


def test_what_is_counted_over_is_all_of_a_session_but_its_gaps() -> None:
    """Of a session of hours, too, whose first readings are not kept."""
    history = fed(*(reading(at, at, 1.0 if at else None) for at in range(8000)))
    assert history.seconds == 7999.0
    history.take(reading(9000, 7999, None, gap=True))
    history.take(reading(9001, 8000, 1.0))
    assert history.seconds == 8000.0
    history.begin()
    assert history.seconds == 0.0


def test_rows_that_were_cleared_leave_their_neighbours_alone() -> None:
    history = fed(reading(1, 0, None), reading(2, 10, 10))
    history.clear()
    history.take(reading(3, 40, 30))
    history.fill(np.array([1.5e9, 2.1e9]))
    assert np.isnan(history.points()["frame_j"]).all()
    history.fill(np.array([1.5e9, 2.1e9, 3.1e9]))
    assert history.points()["frame_j"] == pytest.approx([30.0])


def test_the_newest_seconds_and_at_least_so_many() -> None:
    history = fed(*(reading(at, at, 1.0 if at else None) for at in range(20)))
    assert [one.stamp_ns // S for one in history.recent(3.0)] == [16, 17, 18, 19]
    assert len(history.recent(0.0, 4)) == 4
    assert EnergyHistory().recent(3.0) == []


def test_rows_that_nobody_looked_at_are_filled_later_as_far_as_frames_are_kept() -> None:
    history = fed(*(reading(at, 10 * at, 10.0 if at else None) for at in range(31)))
    history.fill(np.arange(10.05, 31.0, 0.1) * 1e9)
    rows = history.points()
    assert np.isnan(rows["frame_j"][:10]).all()
    assert rows["frame_j"][11:29] == pytest.approx(1.0)
