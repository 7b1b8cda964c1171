"""The scenario page's state: two sides, changes with a way back, and runs that come and go."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from session_samples import feed

from edgeperf_gui.analysis.scenario_quality import Figure, Quality
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.live.scenario_draft import draft_of, text_of, texts_of, toml_of, trouble_with
from edgeperf_gui.live.scenario_runs import ScenarioRuns
from edgeperf_gui.live.scenario_shelf import ScenarioShelf
from edgeperf_gui.live.scenario_view import FIRST, ScenarioView
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.store.own_scenarios import as_toml


@pytest.fixture
def store() -> SessionStore:
    return SessionStore()


@pytest.fixture
def view(store: SessionStore, home: Path) -> ScenarioView:
    return ScenarioView(ScenarioRuns(store), ScenarioShelf(), lambda run: {"INT8": 2.0})


def test_two_sides_stand_there_before_there_is_a_run(view: ScenarioView) -> None:
    assert tuple(side.name for side in view.sides) == FIRST
    assert view.outlook(0) is None and not view.can_undo
    view.undo()
    view.redo()
    assert not view.sides[0].is_changed


def test_a_drag_is_one_change_and_each_comes_back(view: ScenarioView) -> None:
    for speed in (131.0, 140.0, 150.0):
        view.change(1, is_dragged=True, speed_km_h=speed)
    view.settle()
    view.change(1, is_dragged=True, speed_km_h=160.0)
    view.change(0, looks=5)
    assert view.sides[1].is_changed and view.sides[1].kept.speed_km_h == 130
    view.undo()
    assert view.sides[0].scenario.looks == 3
    view.undo()
    assert view.sides[1].scenario.speed_km_h == 150
    view.undo()
    assert view.sides[1].scenario.speed_km_h == 130 and not view.can_undo
    view.redo()
    assert view.sides[1].scenario.speed_km_h == 150
    view.change(1, looks=2)
    assert not view.can_redo
    view.reset(1, "looks")
    assert view.sides[1].scenario.looks == 4 and view.sides[1].scenario.speed_km_h == 150
    view.reset(1)
    assert not view.sides[1].is_changed


def test_another_scenario_is_a_change_too(view: ScenarioView) -> None:
    view.choose(0, "city-crossing")
    assert view.sides[0].scenario.cameras == 4
    view.choose(0, "there is none")
    view.undo()
    assert view.sides[0].name == FIRST[0]


def test_the_live_session_is_followed_while_somebody_looks(view: ScenarioView, store: SessionStore) -> None:
    feed(store, "one", frames=100, fps=25.0)
    assert view.outlook(0) is None  # nobody looks
    view.runs.watch(True)
    assert view.outlook(0).result.requirements[1].n == 100
    assert view.outlook(1).result.verdict == "UNDECIDED"
    feed(store, "two", frames=900, fps=200.0, paced=False)
    view.runs.watch(True)
    assert [run.throughput.saturated for run in view.runs.runs] == [True, False]  # both of one variant count
    assert view.outlook(1).is_capacity and view.outlook(1).result.requirements[0].verdict == "PASS"
    assert view.outlook(1).forecasts[0].precision == "INT8"
    feed(store, "three", frames=50, fps=25.0, precision="FP32")
    view.runs.watch(True)
    assert len(view.runs.runs) == 1 and view.runs.runs[0].spec.precision == "FP32"


def test_a_limit_on_the_answers_is_held_by_what_was_measured(store: SessionStore, home: Path) -> None:
    known = Quality(agreement=Figure("AP", 0.97, None, None, 48, "clip.mp4"))
    view = ScenarioView(ScenarioRuns(store), ScenarioShelf(), qualities=lambda run: known)
    feed(store, "one", frames=100, fps=25.0)
    view.runs.watch(True)
    view.change(0, min_accuracy=0.3, min_agreement=0.8)
    verdicts = {one.name: one.verdict for one in view.outlook(0).result.requirements}
    assert (verdicts["accuracy"], verdicts["agreement"]) == ("UNDECIDED", "PASS")


def test_stored_runs_take_the_place_of_the_live_one(view: ScenarioView, store: SessionStore, tmp_path: Path) -> None:
    feed(store, "one", frames=400, fps=25.0)
    view.runs.watch(True)
    paced, flat, other = tmp_path / "paced.json", tmp_path / "flat.json", tmp_path / "other.json"
    run = view.runs.runs[0]
    paced.write_bytes(msgspec.json.encode(run))
    rate = msgspec.structs.replace(run.throughput, saturated=True, fps=300.0)
    flat.write_bytes(msgspec.json.encode(msgspec.structs.replace(run, throughput=rate, age=None, ages=None)))
    view.runs.use_stored(paced)
    view.runs.use_stored(flat)
    assert view.runs.stored_names == ("flat.json", "paced.json") and not view.runs.is_live
    assert view.outlook(1).way_during_age_m is not None and view.outlook(1).is_capacity
    hinted = msgspec.structs.replace(run, spec=msgspec.structs.replace(run.spec, hint="throughput"))
    other.write_bytes(msgspec.json.encode(hinted))
    view.runs.use_stored(other)
    view.runs.use_stored(flat)
    assert view.runs.stored_names == ("flat.json",), "no one device gave what both of them say"
    other.write_bytes(msgspec.json.encode(msgspec.structs.replace(run, spec=SessionSpec("x", "y", "another"))))
    view.runs.use_stored(other)
    assert view.runs.stored_names == ("other.json",)
    for content in (b"garbage", b'{"schema": "edgeperf.run/9"}'):
        paced.write_bytes(content)
        with pytest.raises(BadInput, match=r"paced.json"):
            view.runs.use_stored(paced)
    assert view.runs.stored_names == ("other.json",)  # what was there stays
    view.runs.use_live()
    assert view.runs.is_live and view.outlook(0) is not None


def test_what_is_saved_is_on_the_shelf_and_on_the_side(view: ScenarioView) -> None:
    text = as_toml(msgspec.structs.replace(view.sides[1].scenario, title="Slow road", speed_km_h=50.0))
    name = view.shelf.save(text)
    assert name == "slow-road" and view.shelf.get(name).is_own
    view.choose_saved(1, name)
    assert view.sides[1].scenario.speed_km_h == 50 and not view.sides[1].is_changed
    view.shelf.save(text.replace("speed_km_h = 50", "speed_km_h = 60"), name)
    assert view.sides[1].scenario.speed_km_h == 60  # what was not changed here follows its file
    view.shelf.delete(name)
    assert view.sides[1].name == FIRST[1]
    with pytest.raises(BadInput, match="comes with the program"):
        view.shelf.delete("city-crossing")


def test_a_file_that_cannot_be_read_says_why_and_hinders_nothing(view: ScenarioView) -> None:
    places.scenarios().mkdir(parents=True)
    (places.scenarios() / "bad.toml").write_text("speed = 3\n")
    view.shelf.refresh()
    entry = view.shelf.get("bad")
    assert entry.scenario is None and "bad.toml" in entry.trouble
    view.choose(0, "bad")
    assert view.sides[0].name == FIRST[0]


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("cameras", "0", "cameras must be at least 1."),
        ("speed_km_h", "-3", "speed_km_h must be more than 0."),
        ("speed_km_h", "fast", "speed_km_h must be a number, without a unit or quotes."),
        ("speed_km_h", "36 m/s", "speed_km_h must be a number, without a unit or quotes."),
        ("looks", "2.5", "looks must be a whole number"),
        ("looks", "90", "is more than camera_fps"),
        ("dwell_s", "3", "dwell_s and speed_km_h both say"),
        ("rate_fps", "60", "rate_fps 60 is more than camera_fps 25"),
        ("title", " ", "title is empty"),
        ("battery_wh", "0", "battery_wh must be more than 0."),
        ("seen_share", "99", "seen_share must be less than 1."),
    ],
)
def test_a_field_that_is_wrong_is_told_as_in_a_file(view: ScenarioView, key: str, text: str, said: str) -> None:
    texts = {**texts_of(view.sides[1].scenario), key: text}
    with pytest.raises(BadInput) as caught:
        draft_of(toml_of(texts, {"speed_km_h": "km/h"}), "highway.toml")
    assert said in str(caught.value) and "highway.toml" in caught.value.sentence and caught.value.remedy


def test_fields_make_the_same_scenario_again(view: ScenarioView) -> None:
    for entry in view.shelf.entries:
        texts = texts_of(entry.scenario)
        assert draft_of(toml_of(texts, {}), entry.name) == entry.scenario
        assert draft_of(text_of(entry.scenario), entry.name) == entry.scenario and not trouble_with(entry.scenario)
    texts = {**texts_of(view.sides[1].scenario), "speed_km_h": "97,5 km/h"}
    assert draft_of(toml_of(texts, {"speed_km_h": "km/h"}), "x.toml").speed_km_h == 97.5
    wrong = msgspec.structs.replace(view.sides[0].scenario, rate_fps=0.1)
    assert "rate_fps 0.1 contradicts looks 3" in trouble_with(wrong)
    faster = msgspec.structs.replace(view.sides[1].scenario, speed_km_h=300.0)
    assert "camera_fps 25 contradicts metres_per_frame 3" in trouble_with(faster)
    assert json.dumps(texts)  # plain words
