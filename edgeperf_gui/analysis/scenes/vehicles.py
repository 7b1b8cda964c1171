"""Who drives: kind, paint and number plate of every vehicle, and where one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, get_args

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.domain.truth import VehicleKind

KINDS: Final[tuple[VehicleKind, ...]] = get_args(VehicleKind)
PAINTS: Final = (
    "#e9e8e3", "#cfd3d6", "#8f979e", "#4b5259", "#23272d", "#2f4d73",
    "#5f86ab", "#9c3b36", "#6e2b2e", "#3f6356", "#b89a63", "#7a8a72",
)  # fmt: skip
"""Of bodies, as they are sold: mostly white, grey and black."""
_PAINT_WEIGHTS: Final = (18, 14, 14, 13, 12, 8, 6, 6, 3, 3, 3, 2)
CARGO_PAINTS: Final = ("#d9d8d2", "#c9b48a", "#6f8fa8", "#8c4a44", "#5b7a68", "#e6e4de")
"""Of a lorry's box and a bus."""
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_WHO, _PAINT, _PLATE, _CARGO = range(4)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle for as long as the scene knows it."""

    id: int
    kind: VehicleKind
    paint: str
    """`#rrggbb`"""
    cargo: str
    plate: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A vehicle at one moment."""

    vehicle: Vehicle
    x: float
    """Of its middle on the ground, in metres."""
    z: float
    ahead_x: float
    """Its heading, a unit vector on the ground."""
    ahead_z: float
    in_view_s: float | None
    stay_s: float | None
    is_parked: bool = False
    is_braking: bool = False


@lru_cache(maxsize=4096)
def vehicle(number: int, seed: int, weights: tuple[float, ...]) -> Vehicle:
    """Vehicle `number` of a scene; `weights` of the five kinds, in the order of `KINDS`."""
    kind = KINDS[chance.weighted(weights, seed, number, _WHO)]
    paint = PAINTS[chance.weighted(_PAINT_WEIGHTS, seed, number, _PAINT)]
    cargo = CARGO_PAINTS[chance.mixed(seed, number, _CARGO) % len(CARGO_PAINTS)]
    return Vehicle(number, kind, paint, cargo, _plate(chance.mixed(seed, number, _PLATE)))


def _plate(bits: int) -> str:
    """Two letters, a dash, four digits; of no country."""
    letters = [_pick(_LETTERS, bits >> shift) for shift in (0, 8)]
    return f"{''.join(letters)}-{1000 + (bits >> 16) % 9000}"


def _pick(choices: Sequence[str], bits: int) -> str:
    return choices[(bits & 0xFF) % len(choices)]
