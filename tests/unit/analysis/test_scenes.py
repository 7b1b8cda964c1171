"""Geometry and traffic of the drawn scenes: the same on every machine, without collisions, and true to their own intervals."""

from __future__ import annotations

import hashlib
import math

import msgspec
import numpy as np
import pytest

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.of_scenario import scene_of
from edgeperf_gui.analysis.scenes.shapes import LENGTHS_M, shape
from edgeperf_gui.analysis.scenes.truth import traffic_of, truth, visible_intervals
from edgeperf_gui.analysis.scenes.vehicles import KINDS
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.scene import parse

SCENES = ("scene:highway", "scene:highway?speed=40&density=35&height=12&seed=4", "scene:parking-lot?density=8")


def fingerprint(address: str, frames: tuple[int, ...]) -> str:
    """Of the truth in tenths of a pixel and hundredths of a second: what any machine must agree on."""
    traffic = traffic_of(parse(address))
    told = [
        (number, one.id, one.kind, one.plate, *(math.floor(10 * value + 0.5) for value in (one.x1, one.y1, one.x2, one.y2)))
        for number in frames
        for one in truth(traffic, number)
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


@pytest.mark.parametrize("address", SCENES)
def test_truth_is_a_pure_function_of_seed_and_frame(address: str) -> None:
    traffic, again = traffic_of(parse(address)), traffic_of(parse(address))
    frames = (5, 900, 0, 41, 900, 100_000)
    assert [truth(traffic, number) for number in frames] == [truth(again, number) for number in reversed(frames)][::-1]
    assert truth(traffic, 5) != truth(traffic, 6)
    other = traffic_of(msgspec.structs.replace(parse(address), seed=99))
    assert {one.plate for one in truth(traffic, 5)} != {one.plate for one in truth(other, 5)}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("scene:highway?speed=130&fps=60&seed=7", "5633d5f13cf07b08"),
        ("scene:parking-lot?seed=7", "5201333f584bc317"),
    ],
)
def test_truth_is_the_same_on_every_machine(address: str, expected: str) -> None:
    assert fingerprint(address, (0, 1, 77, 5000, 1_000_000)) == expected


def test_chance_is_uniform_and_has_no_memory() -> None:
    drawn = np.array([chance.share(3, n) for n in range(4000)])
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    assert abs(drawn.mean() - 0.5) < 0.02
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.05
    assert sorted(chance.order(9, 5)) == list(range(9))
    assert chance.order(9, 5) != chance.order(9, 6)
    picks = [chance.weighted((1.0, 0.0, 3.0), 1, n) for n in range(2000)]
    assert 1 not in picks
    assert abs(picks.count(2) / 2000 - 0.75) < 0.05


def test_the_camera_knows_where_the_picture_ends() -> None:
    camera = Camera.looking((1280, 720), focal=1.1, horizon=0.25, x_m=3.0, height_m=7.0)
    for x in (-12.0, 0.0, 3.0, 9.0):
        z = camera.nearest_z(x, 0.0)
        inside, outside = camera.at(x, 0.0, z + 0.01), camera.at(x, 0.0, z - 0.2)
        assert 0 <= inside[0] <= 1280
        assert inside[1] <= 720
        assert outside[1] > 720 or not 0 <= outside[0] <= 1280
    assert camera.at(3.0, 0.0, 1e7)[1] == pytest.approx(0.25 * 720, abs=0.1)
    reach = camera.reach_x(0.6, 40.0)
    assert camera.at(3.0 + reach, 0.6, 40.0)[0] == pytest.approx(1280)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_are_as_long_as_they_say_and_stand_on_the_ground(kind: str) -> None:
    model = shape(kind)
    assert np.ptp(model.points[:, 2]) == pytest.approx(LENGTHS_M[kind], abs=0.05)
    assert model.points[:, 1].min() == pytest.approx(0.0, abs=0.06)
    assert np.allclose((model.normals**2).sum(axis=1), 1.0)
    upward = model.normals[:, 1] > 0.9
    assert upward.any(), "a roof looks up"


@pytest.mark.parametrize("address", SCENES)
def test_in_view_is_what_the_intervals_say(address: str) -> None:
    spec = parse(address)
    traffic = traffic_of(spec)
    intervals = {one.id: one for one in visible_intervals(spec, 0.0, 30.0)}
    assert [one.start_s for one in visible_intervals(spec, 0.0, 30.0)] == sorted(one.start_s for one in intervals.values())
    seen: set[int] = set()
    for number in range(0, 900, 9):
        moment = number / spec.fps
        for one in truth(traffic, number):
            known = intervals.get(one.id)
            if known is None:
                continue
            assert one.counts == (known.start_s <= moment < known.end_s)
            assert (one.kind, one.plate) == (known.kind, known.plate)
            if one.counts:
                assert one.in_view_s == pytest.approx(moment - known.start_s)
                assert one.stay_s == pytest.approx(known.end_s - known.start_s)
                seen.add(one.id)
    due = {one.id for one in intervals.values() if one.start_s < 29 and one.end_s - one.start_s > 9 / spec.fps}
    assert due <= seen, "whoever is in view is in the truth"


def test_highway_speed_and_density_are_what_was_asked() -> None:
    spec = parse("scene:highway?speed=108&density=20&view=30")
    stays = sorted({round(one.end_s - one.start_s, 6) for one in visible_intervals(spec, 0.0, 600.0)})
    assert stays == pytest.approx([30 / (30 * factor) for factor in (1.15, 1.0, 0.85)])
    # vehicles a second: lanes × density per metre × speed
    expected = 2 * 0.020 * 30 * (1.15 + 1.0 + 0.85) * 600
    assert len(visible_intervals(spec, 0.0, 600.0)) == pytest.approx(expected, rel=0.01)


def test_cuts_of_time_share_no_vehicle_and_lose_none() -> None:
    for address in SCENES:
        spec = parse(address)
        whole = visible_intervals(spec, 10.0, 130.0)
        parts = visible_intervals(spec, 10.0, 70.0) + visible_intervals(spec, 70.0, 130.0)
        assert whole == parts


@pytest.mark.parametrize(
    "address",
    [
        *SCENES,
        "scene:highway?density=40&speed=250",
        "scene:parking-lot?density=10&speed=10",
        "scene:parking-lot?density=10&speed=30&dwell=12",
        "scene:parking-lot?height=4&size=720x720",
    ],
)
def test_nobody_drives_through_another(address: str) -> None:
    traffic = traffic_of(parse(address))
    for moment in np.arange(0.0, 60.0, 1.7):
        placed = list(traffic.at(float(moment)))
        ids = [one.vehicle.id for one in placed]
        assert len(set(ids)) == len(ids)
        for at, one in enumerate(placed):
            for other in placed[:at]:
                if max(abs(one.x - other.x), abs(one.z - other.z)) < 13:
                    assert not _overlap(one, other), (float(moment), one, other)


def _overlap(one, other) -> bool:
    """Whether two footprints overlap, a little smaller than life: separating axes of two rectangles."""
    rectangles = []
    for placed in (one, other):
        half = np.array([0.8, LENGTHS_M[placed.vehicle.kind] / 2 - 0.15])
        ahead, side = np.array([placed.ahead_x, placed.ahead_z]), np.array([placed.ahead_z, -placed.ahead_x])
        middle = np.array([placed.x, placed.z])
        corners = [middle + a * half[0] * side + b * half[1] * ahead for a in (-1, 1) for b in (-1, 1)]
        rectangles.append((np.array(corners), (ahead, side)))
    for axis in (*rectangles[0][1], *rectangles[1][1]):
        spans = [(corners @ axis).tolist() for corners, _ in rectangles]
        if max(spans[0]) <= min(spans[1]) or max(spans[1]) <= min(spans[0]):
            return False
    return True


def test_boxes_are_in_the_picture_and_nearest_comes_first() -> None:
    for address in SCENES:
        spec = parse(address)
        traffic = traffic_of(spec)
        for number in (0, 333, 4444):
            objects = truth(traffic, number)
            assert objects
            for one in objects:
                assert 0 <= one.x1 < one.x2 <= spec.width
                assert 0 <= one.y1 < one.y2 <= spec.height
                assert 0.0 <= one.visibility <= 1.0
            assert max(objects, key=lambda one: one.y2).y2 == pytest.approx(objects[0].y2, abs=90)
        assert any(one.visibility < 1.0 for one in truth(traffic, 0))


def test_a_scenario_has_its_scene() -> None:
    scenario = Scenario(title="", why="", speed_km_h=130.0, visible_m=11.0, camera_fps=25.0, looks=4, objects_per_minute=90.0)
    spec = scene_of(scenario, seed=3)
    assert spec is not None
    assert (spec.speed_km_h, spec.view_m, spec.fps, spec.seed) == (130.0, 11.0, 25.0, 3)
    came = visible_intervals(spec, 0.0, 600.0)
    assert len(came) == pytest.approx(900, rel=0.02)
    stays = np.array([one.end_s - one.start_s for one in came])
    assert stays.mean() == pytest.approx(11 / (130 / 3.6), rel=0.03)
    assert scene_of(msgspec.structs.replace(scenario, speed_km_h=None)) is None
    assert scene_of(msgspec.structs.replace(scenario, visible_m=1e6)) is None
