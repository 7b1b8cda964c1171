"""Beside a session with a drawn scene: looks, the oracle, and what nobody can know of other sources."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.results import RunResult, Throughput
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.truth import SceneTruth
from edgeperf_gui.engine.scene_witness import ORACLE_LABELS, SceneWitness, witness_of
from edgeperf_gui.engine.sources.scene import SceneSource

ADDRESS = "scene:highway?size=320x180&speed=250&view=30&fps=30"
LABELS = ("person", "car", "truck", "bus")


class Stranger:
    """Some other source."""


def result() -> RunResult:
    """As much of a run as the witness looks at."""
    throughput = Throughput(30.0, 30.0, 400, 0, 0, 10.0, saturated=False)
    empty = dict.fromkeys(RunResult.__struct_fields__)
    return RunResult(**{**empty, "throughput": throughput, "schema": "edgeperf.run/1"})  # type: ignore[arg-type]


def witness(**asked: object) -> tuple[SceneWitness, SceneSource]:
    spec = SessionSpec("s", ADDRESS, "nanodet-g", **asked)  # type: ignore[arg-type]
    source = SceneSource(ADDRESS)
    found = witness_of(spec, source, LABELS)
    assert found is not None
    return found, source


def judged(one: SceneWitness) -> SceneTruth:
    scene = one.judge(result()).scene
    assert scene is not None
    return scene


def test_all_frames_taken_all_looked_at_and_an_oracle_without_misses_finds_all() -> None:
    one, source = witness(oracle=0.0, looks=10)
    for number in range(300):
        one.saw(number, Findings())
    told = one.judge(result())
    assert told.looks is not None
    assert (told.looks.k, told.looks.share) == (10, 1.0)
    assert told.looks.vehicles > 20
    scene = told.scene
    assert scene is not None
    assert scene.whole is not None
    assert scene.whole.precision.value == 1.0
    assert scene.whole.recall.value == 1.0
    assert (scene.frames, scene.seconds, scene.oracle_miss_percent) == (300, 10.0, 0.0)
    assert len(scene.over_time) == 12
    assert source.truth(0) == source.truth(0)


def test_a_run_that_was_stopped_is_not_kept_waiting_for_its_truth() -> None:
    one, _ = witness(oracle=0.0, looks=1)
    for number in range(300):
        one.saw(number, Findings())
    hurried = one.judge(result(), within_s=0.0)
    assert hurried.looks is not None and hurried.scene is not None
    assert hurried.looks.vehicles > 20
    assert hurried.scene.whole is None or hurried.scene.whole.frames < 300
    assert one.judge(result(), within_s=60.0) == one.judge(result())


def test_an_oracle_misses_as_much_as_chosen_and_the_same_each_time() -> None:
    (one, _), (again, _) = witness(oracle=25.0), witness(oracle=25.0)
    for number in range(0, 450, 3):
        boxes, twice = one.saw(number, Findings()).boxes, again.saw(number, Findings()).boxes
        assert np.array_equal(boxes, twice)
    whole = judged(one).whole
    assert whole is not None
    assert whole.recall.value == pytest.approx(0.75, abs=0.06)
    assert whole.precision.value == 1.0
    assert judged(one).oracle_miss_percent == 25.0


def test_an_oracle_is_called_one() -> None:
    one, _ = witness(oracle=100.0)
    assert one.labels == ORACLE_LABELS
    assert all(label.startswith("oracle: ") for label in one.labels)
    model_found = np.array([(0, 0, 10, 10, 0.9, 1)], DETECTION)
    assert len(one.saw(0, Findings(model_found)).boxes) == 0
    plain, _ = witness(looks=1)
    assert plain.labels == LABELS
    assert plain.saw(0, Findings(model_found)).boxes is model_found


def test_every_tenth_frame_gives_fewer_looks() -> None:
    one, _ = witness(looks=3)
    for number in range(0, 600, 10):
        one.saw(number, Findings())
    looks = one.judge(result()).looks
    assert looks is not None
    # 30 m at 250 km/h are 0.38 … 0.51 s: one look or two, never three
    assert (looks.seen, looks.share) == (0, 0.0)
    assert looks.mean == pytest.approx(1.4, abs=0.2)


def test_a_models_own_findings_are_held_against_the_truth() -> None:
    one, source = witness(looks=1)
    for number in range(60):
        rows = [(t.x1, t.y1, t.x2, t.y2, 0.8, 1) for t in source.truth(number) if t.counts and t.id % 2]
        people = [(0, 0, 5, 5, 0.9, 0)]  # no vehicle: it is not judged
        one.saw(number, Findings(np.array([*rows, *people], DETECTION)))
    whole = judged(one).whole
    assert whole is not None
    assert whole.precision.value == 1.0
    assert whole.recall.value is not None
    assert 0.2 < whole.recall.value < 0.8


def test_a_model_that_knows_no_vehicles_is_not_judged() -> None:
    spec = SessionSpec("s", ADDRESS, "digits", looks=1)
    one = witness_of(spec, SceneSource(ADDRESS), ("zero", "one"))
    assert one is not None
    for number in range(120):
        one.saw(number, Findings())
    told = one.judge(result())
    assert told.looks is not None
    assert told.scene is not None
    assert (told.scene.whole, told.scene.found, told.scene.over_time) == (None, None, ())


def test_flat_out_nobody_is_missed_and_nothing_is_said() -> None:
    one, _ = witness(paced=False)
    one.saw(0, Findings())
    assert one.judge(result()).looks is None
    empty, _ = witness(looks=2)
    assert empty.judge(result()).looks is None


@pytest.mark.parametrize(
    ("asked", "source", "words"),
    [
        ({"oracle": 10.0}, Stranger(), "An oracle knows the truth of drawn scenes only"),
        ({"oracle": 10.0}, None, "scene:highway or scene:parking-lot"),
        ({"looks": 3}, Stranger(), "known of drawn scenes only"),
        ({"looks": 3, "paced": False}, SceneSource("scene:highway?size=160x90"), "Use --paced"),
        ({"looks": 3, "arrivals": "poisson:30"}, SceneSource("scene:highway?size=160x90"), "--arrivals"),
    ],
)
def test_what_only_a_scene_can_tell_is_refused_of_others(asked: dict[str, object], source: object, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        witness_of(SessionSpec("s", "x", "nanodet-g", **asked), source, LABELS)  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert caught.value.remedy


def test_other_sources_have_no_witness() -> None:
    assert witness_of(SessionSpec("s", "a.mp4", "nanodet-g"), Stranger(), LABELS) is None  # type: ignore[arg-type]


def test_looks_of_a_run_that_is_not_a_session() -> None:
    one, _source = witness()
    assert one.looks(3, 0) is None, "no frame was processed"
    for number in range(0, 400, 10):
        one.saw(number, Findings())
    told = one.looks(2, 5)
    assert told is not None and told.k == 2 and told.vehicles > 10
    assert told.mean is not None and 0.5 < told.mean < 5
