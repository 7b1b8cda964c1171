"""Addresses of drawn scenes: bounded, forgiving of former names, and clear about every slip."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.scene import DEFAULTS, KEYS, Light, SceneSpec, is_scene, parse

highways = st.builds(
    SceneSpec,
    world=st.just("highway"),
    speed_km_h=st.floats(5, 250),
    density=st.floats(0.5, 40),
    camera_m=st.floats(4, 20),
    fps=st.floats(1, 240),
    width=st.integers(400, 900),
    height=st.integers(380, 400),
    light=st.sampled_from(get_args(Light)),
    seed=st.integers(0, 2**32 - 1),
    noise=st.floats(0, 20),
    view_m=st.floats(2, 150),
)


@given(highways)
def test_an_address_gives_the_very_same_scene_again(spec: SceneSpec) -> None:
    assert parse(spec.address) == spec


@pytest.mark.parametrize("world", DEFAULTS)
def test_the_bare_name_is_the_usual_scene(world: str) -> None:
    assert parse(f"scene:{world}") == DEFAULTS[world]
    assert DEFAULTS[world].address == f"scene:{world}"
    assert is_scene(f" SCENE:{world}")


def test_everything_can_be_said() -> None:
    spec = parse("scene:highway?speed=130&density=12&fps=60&size=640x360&light=night&seed=7&height=9.5&noise=0&view=11")
    assert (spec.speed_km_h, spec.density, spec.fps, spec.width, spec.height) == (130, 12, 60, 640, 360)
    assert (spec.light, spec.seed, spec.camera_m, spec.noise, spec.view_m) == ("night", 7, 9.5, 0, 11)
    assert parse("scene:parking-lot?dwell=100").dwell_s == 100


def test_former_names_still_open_something() -> None:
    assert parse("scene:road").world == "highway"
    assert parse("SCENE:Crossing").world == "parking-lot"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("scene:", ("scene:parking-lot or scene:highway",)),
        ("scene:moon", ("“moon”", "scene:parking-lot or scene:highway")),
        ("scene:higway", ("Did you mean scene:highway?",)),
        ("scene:highway?sped=3", ("“sped”", "Did you mean speed?")),
        ("scene:highway?resolution=3", ("“resolution”", "There are speed")),
        ("scene:highway?dwell=30", ("“dwell” is no parameter of scene:highway",)),
        ("scene:parking-lot?view=30", ("“view” is no parameter of scene:parking-lot",)),
        ("scene:highway?speed=-3", ("“-3”", "5 to 250 km/h")),
        ("scene:highway?speed=nan", ("“nan”", "5 to 250 km/h")),
        ("scene:highway?speed=fast", ("“fast”",)),
        ("scene:highway?speed", ("speed no value", "5 to 250 km/h")),
        ("scene:highway?speed=", ("speed no value",)),
        ("scene:highway?speed=90&speed=100", ("speed twice",)),
        ("scene:highway?fps=0", ("1 to 240",)),
        ("scene:highway?fps=inf", ("1 to 240",)),
        ("scene:highway?size=720", ("160x90 to 3840x2160",)),
        ("scene:highway?size=9999x9999", ("160x90",)),
        ("scene:highway?size=300x400", ("1 to 2.5 times",)),
        ("scene:highway?light=dusk", ("day, night or rain",)),
        ("scene:highway?seed=1.5", ("0 to 4294967295",)),
        ("scene:highway?seed=-1", ("0 to 4294967295",)),
        ("scene:highway?noise=21", ("0 to 20 levels",)),
        ("scene:highway?height=100", ("4 to 20 m",)),
        ("scene:parking-lot?speed=80", ("speed 80 is not for a parking lot", "10 to 30 km/h")),
        ("scene:parking-lot?density=20", ("density 20", "1 to 10 vehicles a minute")),
        ("scene:parking-lot?dwell=900&density=6", ("dwell 900 s and density 6 contradict each other", "200 s at most")),
        ("scene:parking-lot?dwell=10&density=2", ("dwell 10 s and density 2 contradict each other", "60 s at least")),
        ("scene:highway?" + "x" * 500, ("at most 400 characters",)),
    ],
)
def test_a_slip_is_told_with_what_is_right(address: str, words: tuple[str, ...]) -> None:
    with pytest.raises(SourceError) as caught:
        parse(address)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.remedy


@given(st.text(max_size=60))
def test_any_text_is_a_scene_or_a_sentence(text: str) -> None:
    for address in (f"scene:{text}", f"scene:highway?{text}", f"scene:parking-lot?speed={text}&{text}=1"):
        try:
            spec = parse(address)
        except SourceError as error:
            assert error.sentence
            assert error.remedy
        else:
            assert parse(spec.address) == spec


def test_every_parameter_has_words_of_its_own() -> None:
    assert len({key.name for key in KEYS}) == len(KEYS)
    for key in KEYS:
        usual = DEFAULTS[key.worlds[0]]
        assert key.read(key.word(usual))
