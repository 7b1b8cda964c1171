"""What the newest readings come to, also where a meter tells seldom."""

from __future__ import annotations

import pytest
from session_samples import feed

from edgeperf_gui.domain.energy import Banded, EnergyReading
from edgeperf_gui.live.energy_now import energy_now
from edgeperf_gui.live.session_store import SessionStore

S = 1_000_000_000


def typed_in(store: SessionStore, *seconds: float, watts: float = 10.0) -> None:
    """Readings that somebody typed in at these moments."""
    for at in seconds:
        joules = watts * (at - seconds[0])
        power = Banded(watts, watts, watts) if at > seconds[0] else None
        total = Banded(joules, joules, joules)
        store.ingest(EnergyReading("one", "file", "measured", "machine", int(at * S), total, power))


def test_a_meter_that_tells_once_a_minute_has_all_frames_in_between() -> None:
    """10 W at 20 FPS are 0.5 J a frame, however long ago the last reading came."""
    store = SessionStore()
    feed(store, "one", frames=6000, fps=20)
    typed_in(store, 61, 121, 181, 241)
    now = energy_now(store)
    assert now is not None and now.joules_per_frame is not None
    assert now.frames == 3600
    assert now.joules_per_frame.value == pytest.approx(0.5)


def test_over_more_time_than_frames_are_kept_for_only_the_power_is_known() -> None:
    store = SessionStore()
    feed(store, "one", frames=60_000, fps=200)
    typed_in(store, 61, 121, 181, 241)
    now = energy_now(store)
    assert now is not None
    assert now.watts.value == pytest.approx(10.0)
    assert now.joules_per_frame is None
    store.clear()
    now = energy_now(store)
    assert now is not None and now.joules_per_frame is None
