"""Drawn scenes: their worlds and parameters, and addresses such as `scene:highway?speed=130&light=night&seed=7`."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import msgspec

from edgeperf_gui.domain.errors import SourceError

World = Literal["parking-lot", "highway"]
Light = Literal["day", "night", "rain"]

SCHEME: Final = "scene:"
FORMER_NAMES: Final[dict[str, World]] = {"road": "highway", "crossing": "parking-lot"}
"""What earlier versions called their scenes: settings may still say so."""
_LARGEST_SIZE: Final = (3840, 2160)
_SMALLEST_SIZE: Final = (160, 90)
_LONGEST: Final = 400
"""Characters of an address."""


class SceneSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One drawn world with everything that decides its pixels. The same spec and frame number, the same picture and truth."""

    world: World
    speed_km_h: float
    """Highway: of the middle lane; the slow lane goes 0.85 times, the fast one 1.15 times as fast. Parking lot: in the aisle."""
    density: float
    """Highway: vehicles per kilometre and lane. Parking lot: vehicles that drive in, a minute."""
    camera_m: float
    """Height of the camera above the ground."""
    fps: float = 30.0
    width: int = 1280
    height: int = 720
    light: Light = "day"
    seed: int = 1
    noise: float = 2.0
    """Standard deviation of the camera's noise, in levels of 255."""
    view_m: float = 60.0
    """Highway: length of road on which a vehicle counts as in view, from where its plate is wholly in the picture."""
    dwell_s: float = 120.0
    """Parking lot: about how long a car stands."""

    @property
    def address(self) -> str:
        """The shortest address that gives this spec."""
        usual = DEFAULTS[self.world]
        words = [f"{key.name}={key.word(self)}" for key in KEYS if key.word(self) != key.word(usual)]
        return f"{SCHEME}{self.world}" + (f"?{'&'.join(words)}" if words else "")


DEFAULTS: Final[dict[World, SceneSpec]] = {
    "highway": SceneSpec(world="highway", speed_km_h=110.0, density=12.0, camera_m=7.0),
    "parking-lot": SceneSpec(world="parking-lot", speed_km_h=14.0, density=6.0, camera_m=8.0),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One parameter of an address."""

    name: str
    meaning: str
    bounds: str
    read: Callable[[str], dict[str, Any]]
    word: Callable[[SceneSpec], str]
    worlds: tuple[World, ...] = get_args(World)


def _number(field: str, low: float, high: float, convert: Callable[[str], float] = float) -> Callable[[str], dict[str, Any]]:
    def read(text: str) -> dict[str, Any]:
        try:
            value = convert(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ValueError
        return {field: value}

    return read


def _size(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"(\d{2,4})[x×](\d{2,4})", text)
    if match is None:
        raise ValueError
    width, height = int(match[1]), int(match[2])
    if not (_SMALLEST_SIZE[0] <= width <= _LARGEST_SIZE[0] and _SMALLEST_SIZE[1] <= height <= _LARGEST_SIZE[1]):
        raise ValueError
    if not 1.0 <= width / height <= 2.5:
        raise ValueError
    return {"width": width, "height": height}


def _light(text: str) -> dict[str, Any]:
    if text not in get_args(Light):
        raise ValueError
    return {"light": text}


def _field(name: str) -> Callable[[SceneSpec], str]:
    def word(spec: SceneSpec) -> str:
        value = getattr(spec, name)
        # repr, unlike :g, keeps every digit, so that an address gives the very same scene again
        return value if isinstance(value, str) else repr(int(value) if value == int(value) else value)

    return word


KEYS: Final = (
    Key(
        "speed",
        "speed of the traffic",
        "5 to 250 km/h (parking lot: 10 to 30)",
        _number("speed_km_h", 5, 250),
        _field("speed_km_h"),
    ),
    Key(
        "density",
        "traffic: on the highway vehicles per km and lane, in the parking lot vehicles per minute that drive in",
        "0.5 to 40 (parking lot: 1 to 10)",
        _number("density", 0.5, 40),
        _field("density"),
    ),
    Key("height", "height of the camera", "4 to 20 m", _number("camera_m", 4, 20), _field("camera_m")),
    Key("fps", "frames a second", "1 to 240", _number("fps", 1, 240), _field("fps")),
    Key(
        "size",
        "picture",
        "160x90 to 3840x2160, 1 to 2.5 times as wide as high",
        _size,
        lambda spec: f"{spec.width}x{spec.height}",
    ),
    Key("light", "weather and time of day", "day, night or rain", _light, _field("light")),
    Key("seed", "another number, other vehicles", "0 to 4294967295", _number("seed", 0, 2**32 - 1, int), _field("seed")),
    Key("noise", "the camera's noise, standard deviation", "0 to 20 levels of 255", _number("noise", 0, 20), _field("noise")),
    Key(
        "view",
        "length of road on which a vehicle counts as in view",
        "2 to 150 m",
        _number("view_m", 2, 150),
        _field("view_m"),
        ("highway",),
    ),
    Key(
        "dwell",
        "about how long a car stands",
        "10 to 3600 s",
        _number("dwell_s", 10, 3600),
        _field("dwell_s"),
        ("parking-lot",),
    ),
)
"""Every parameter of an address, in the order in which it is written."""
_LOT_SPEEDS: Final = (10.0, 30.0)
_LOT_DENSITIES: Final = (1.0, 10.0)
ROTATING_BAYS: Final = 12
"""Of each aisle of the parking lot: every arrival takes the next of these, so that many slots pass before one is needed again."""
AISLES: Final = 2


def is_scene(address: str) -> bool:
    """Whether an address names a drawn scene."""
    return address.strip().lower().startswith(SCHEME)


def parse(address: str) -> SceneSpec:
    """The scene that an address names. Raises SourceError with the slip and the nearest word."""
    if len(address) > _LONGEST:
        raise SourceError(f"The address of a scene has at most {_LONGEST} characters.", "Leave out what is as usual.")
    name, question, rest = address.strip().lower().removeprefix(SCHEME).partition("?")
    world = FORMER_NAMES.get(name.strip()) or _world(name.strip())
    given: dict[str, Any] = {}
    seen: set[str] = set()
    for part in filter(None, rest.split("&")) if question else ():
        key_name, equals, text = (word.strip() for word in part.partition("="))
        key = _key(world, key_name)
        if key.name in seen:
            raise SourceError(f"The scene's address gives {key.name} twice.", "Keep one of them.")
        if not equals or not text:
            raise SourceError(f"The scene's address gives {key.name} no value.", f"{key.name} is {key.bounds}.")
        seen.add(key.name)
        try:
            given |= key.read(text)
        except ValueError:
            raise SourceError(f"“{text[:40]}” cannot be a scene's {key.name}.", f"{key.name} is {key.bounds}.") from None
    spec = msgspec.structs.replace(DEFAULTS[world], **given)
    if world == "parking-lot":
        _check_lot(spec)
    return spec


def slot_s(spec: SceneSpec) -> float:
    """Between two arrivals in one aisle of the parking lot."""
    return AISLES * 60.0 / spec.density


def _world(name: str) -> World:
    for world in get_args(World):
        if world == name:
            return world  # type: ignore[no-any-return]
    listed = " or ".join(f"{SCHEME}{world}" for world in get_args(World))
    near = difflib.get_close_matches(name, get_args(World), 1)
    raise SourceError(
        f"There is no scene “{name[:80]}”.", f"Did you mean {SCHEME}{near[0]}? Use {listed}." if near else f"Use {listed}."
    )


def _key(world: World, name: str) -> Key:
    known = {key.name: key for key in KEYS if world in key.worlds}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 1, 0.5)
    remedy = f"Did you mean {near[0]}? There are {', '.join(known)}." if near else f"There are {', '.join(known)}."
    raise SourceError(f"“{name[:40]}” is no parameter of {SCHEME}{world}.", remedy)


def _check_lot(spec: SceneSpec) -> None:
    """What a lot with so many bays and one car at a time in each aisle can take."""
    for name, value, (low, high), unit in (
        ("speed", spec.speed_km_h, _LOT_SPEEDS, "km/h"),
        ("density", spec.density, _LOT_DENSITIES, "vehicles a minute"),
    ):
        if not low <= value <= high:
            raise SourceError(
                f"{name} {value:g} is not for a parking lot.", f"{name} is {low:g} to {high:g} {unit} in scene:parking-lot."
            )
    if spec.dwell_s < slot_s(spec):
        raise SourceError(
            f"dwell {spec.dwell_s:g} s and density {spec.density:g} contradict each other: none goes before the next one came.",
            f"At this density a car stands for {math.ceil(slot_s(spec))} s at least; raise dwell or density.",
        )
    longest = (ROTATING_BAYS - 2) * slot_s(spec)
    if spec.dwell_s > longest:
        raise SourceError(
            f"dwell {spec.dwell_s:g} s and density {spec.density:g} contradict each other: the lot would be full.",
            f"At this density a car can stand for {math.floor(longest)} s at most; lower dwell or density.",
        )
