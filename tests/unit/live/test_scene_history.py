"""The truth of a drawn scene beside a live session: made in the window's process from frames' numbers and some findings."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from edgeperf_gui.analysis.scenes.truth import traffic_of, truth, visible_intervals
from edgeperf_gui.analysis.true_looks import counting, looks_of, true_looks
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import FromEngine, SceneFindings, SceneSeen
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.scene_witness import witness_of
from edgeperf_gui.engine.sources.scene import SceneSource
from edgeperf_gui.live.scene_history import FIRST_FRAMES, SceneHistory

ADDRESS = "scene:highway?size=320x180&speed=250&view=30&fps=30"
SECOND = 1_000_000_000
LABELS = ("person", "car", "truck", "bus")


def asked(**fields: object) -> SessionSpec:
    return SessionSpec("s", **{"source": ADDRESS, "model": "nanodet-g", **fields})  # type: ignore[arg-type]


def played(spec: SessionSpec, frames: int, every: int = 1, labels: tuple[str, ...] = LABELS) -> list[SceneSeen]:
    """What an engine would tell of so many frames of the scene of which every so-many-eth was processed, a second at a time."""
    witness = witness_of(spec, SceneSource(spec.source), labels)
    assert witness is not None
    told = []
    for number in range(0, frames, every):
        witness.saw(number, Findings())
        if (seen := witness.news(SECOND + number * SECOND // 30)) is not None:
            told.append(msgspec.msgpack.decode(msgspec.msgpack.encode(seen), type=FromEngine))
    return told


def history(spec: SessionSpec, told: list[SceneSeen]) -> SceneHistory:
    found = SceneHistory()
    found.begin(spec)
    for message in told:
        found.take(message)
    return found


def numbers_of(told: list[SceneSeen]) -> np.ndarray:
    return np.concatenate([np.frombuffer(message.frames, np.int64) for message in told])


def test_a_second_is_one_small_message_and_no_frame_is_missing() -> None:
    told = played(asked(oracle=0.0), 300)
    assert len(told) == 10
    assert np.array_equal(numbers_of(told), np.arange(len(numbers_of(told))))
    assert all(1 <= len(message.sampled) <= 5 for message in told)
    assert max(len(msgspec.msgpack.encode(message)) for message in told) < 10_000


def test_the_looks_are_those_that_the_whole_run_gives_at_once() -> None:
    spec = asked(oracle=0.0)
    told = played(spec, 600, every=4)
    live = SceneHistory()
    live.begin(spec)
    for message in told:  # asked after each second, as a window does
        live.take(message)
        live.looks(2)
    numbers = numbers_of(told)[FIRST_FRAMES:]
    start_s, end_s = numbers[0] / 30, (numbers[-1] + 1) / 30
    vehicles = counting(visible_intervals(parse(ADDRESS), start_s, end_s), start_s, end_s)
    for k in (1, 2, 3):
        assert live.looks(k) == true_looks(k, looks_of(vehicles, numbers, 30.0))
    found = live.looks(1)
    assert found is not None and found.vehicles > 20 and found.low is not None and found.low <= 1.0


@pytest.mark.parametrize("world", ["highway", "parking-lot"])
def test_who_comes_into_view_is_the_same_second_by_second(world: str) -> None:
    spec = parse(f"scene:{world}")
    parts = [one for second in range(3, 63) for one in visible_intervals(spec, float(second), float(second + 1))]
    assert tuple(parts) == visible_intervals(spec, 3.0, 63.0)


def test_an_oracle_is_as_right_as_it_was_made() -> None:
    spec = asked(oracle=25.0)
    found = history(spec, played(spec, 660))
    assert found.frames_judged == 0
    found.judge(3)
    assert found.frames_judged == 3
    found.judge(1000)
    assert found.precision().value == 1.0
    assert found.recall().value == pytest.approx(0.75, abs=0.1)
    rows = found.points()
    assert len(rows) >= 3
    assert np.isfinite(rows["recall"]).all() and (rows["recall_low"] <= rows["recall"]).all()
    assert (np.diff(rows["t_ns"]) > 4 * SECOND).all()


def test_findings_that_fit_nobody_are_wrong() -> None:
    spec = asked()
    found = SceneHistory()
    found.begin(spec)
    there = [one for one in truth(traffic_of(parse(ADDRESS)), 30) if one.counts]
    rows = [*((one.x1, one.y1, one.x2, one.y2, 0.9, 1) for one in there), (0, 0, 9, 9, 0.5, 1)]
    boxes = np.array(rows, DETECTION).tobytes()
    found.take(SceneSeen("s", SECOND, np.array([30], np.int64).tobytes(), (SceneFindings(30, boxes),)))
    found.judge(1)
    assert (found.precision().hits, found.precision().n) == (found.recall().hits, found.recall().hits + 1)


def test_what_nobody_looks_at_is_bounded() -> None:
    spec = asked()
    found = SceneHistory()
    found.begin(spec)
    nothing = np.empty(0, DETECTION).tobytes()
    for second in range(500):
        found.take(SceneSeen("s", second * SECOND, np.arange(4).tobytes(), tuple(SceneFindings(n, nothing) for n in range(4))))
    assert len(found._waiting) == 240


@pytest.mark.parametrize(
    "fields", [{"paced": False}, {"arrivals": "poisson:30"}, {"source": "a.mp4"}, {"source": "scene:moon"}, {"source": "scene:"}]
)
def test_where_nobody_is_missed_or_known_there_is_nothing(fields: dict[str, object]) -> None:
    found = SceneHistory()
    found.begin(asked(**fields))
    found.take(SceneSeen("s", SECOND, np.arange(30).tobytes()))
    assert not found.is_known and found.looks(1) is None
    found.begin(None)
    assert not found.is_known


def test_a_scene_that_waits_for_its_frames_tells_nothing() -> None:
    assert played(asked(paced=False), 90) == []
    assert played(asked(arrivals="poisson:30"), 90) == []


def test_of_a_model_that_knows_no_vehicles_only_the_looks_are_told() -> None:
    told = played(asked(), 90, labels=("zero", "one"))
    assert told and all(message.sampled == () for message in told)


def test_a_new_session_begins_at_nothing_and_breaks_the_curve() -> None:
    spec = asked(oracle=0.0)
    found = history(spec, played(spec, 240))
    found.judge(1000)
    before = len(found.points())
    found.begin(asked(oracle=0.0))
    assert found.looks(1) is None and found.recall().n == 0
    assert len(found.points()) == before + 1 and np.isnan(found.points()["recall"][-1])
    found.clear()
    assert not len(found.points())
