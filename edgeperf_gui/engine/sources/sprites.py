"""Painted figures for the test scenes: vehicles and walkers, drawn too large and shrunk, so that their edges are smooth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edgeperf_gui.engine.sources.source import Pixels

Colour = tuple[int, int, int]
"""BGR."""

Point = tuple[float, float]

_OVERSIZE: Final = 4
WHEEL_PHASES: Final = 4
WALK_PHASES: Final = 12


def colour(code: str) -> Colour:
    """`#rrggbb` as BGR."""
    return int(code[5:7], 16), int(code[3:5], 16), int(code[1:3], 16)


GLASS: Final = colour("#2b3a4a")
TYRE: Final = colour("#1d1f24")
RIM: Final = colour("#b9c0c8")
LAMP: Final = colour("#fff1b8")
REAR_LAMP: Final = colour("#c8313a")
SKIN: Final = colour("#c98f6b")
HAIR: Final = colour("#3a2a22")
SHADOW: Final = 90
"""How dark the ground under a figure gets, of 255."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A figure to lay over a picture: `[height, width, 3]` colours already multiplied by their cover, and what shines through."""

    colours: Pixels
    through: Pixels

    def mirrored(self) -> Sprite:
        """The same figure facing the other way."""
        return Sprite(np.ascontiguousarray(self.colours[:, ::-1]), np.ascontiguousarray(self.through[:, ::-1]))

    def lay_on(self, picture: Pixels, left: int, top: int) -> None:
        """Draw it into the picture, cut off at its borders."""
        height, width = picture.shape[:2]
        x1, y1 = max(left, 0), max(top, 0)
        x2, y2 = min(left + self.colours.shape[1], width), min(top + self.colours.shape[0], height)
        if x1 >= x2 or y1 >= y2:
            return
        ground = picture[y1:y2, x1:x2]
        part = np.s_[y1 - top : y2 - top, x1 - left : x2 - left]
        cv2.multiply(ground, self.through[part], dst=ground, scale=1 / 255)
        cv2.add(ground, self.colours[part], dst=ground)


class Easel:
    """A transparent sheet of `width × height` pixels to paint a figure on; coordinates in those pixels."""

    def __init__(self, width: int, height: int) -> None:
        """Start with nothing on it."""
        self._size = (width, height)
        shape = (height * _OVERSIZE, width * _OVERSIZE)
        self._colours = np.zeros((*shape, 3), np.uint8)
        self._cover = np.zeros(shape, np.uint8)

    def shadow(self, centre: Point, half_width: float, half_height: float) -> None:
        """A dark patch of ground; paint it first."""
        axes = (round(half_width * _OVERSIZE), round(half_height * _OVERSIZE))
        cv2.ellipse(self._cover, _point(centre), axes, 0, 0, 360, (SHADOW,), cv2.FILLED)

    def area(self, corners: Sequence[Point], paint: Colour) -> None:
        """A filled polygon."""
        outline = np.array([_point(corner) for corner in corners], np.int32)
        cv2.fillPoly(self._colours, [outline], paint)
        cv2.fillPoly(self._cover, [outline], (255,))

    def block(self, left: float, top: float, right: float, bottom: float, paint: Colour) -> None:
        """A filled rectangle."""
        self.area(((left, top), (right, top), (right, bottom), (left, bottom)), paint)

    def disc(self, centre: Point, radius: float, paint: Colour) -> None:
        """A filled circle."""
        cv2.circle(self._colours, _point(centre), round(radius * _OVERSIZE), paint, cv2.FILLED)
        cv2.circle(self._cover, _point(centre), round(radius * _OVERSIZE), (255,), cv2.FILLED)

    def limb(self, points: Sequence[Point], thickness: float, paint: Colour) -> None:
        """A line with round ends through the points."""
        outline = np.array([_point(point) for point in points], np.int32)
        for sheet, value in ((self._colours, paint), (self._cover, (255,))):
            cv2.polylines(sheet, [outline], False, value, round(thickness * _OVERSIZE))

    def wheel(self, centre: Point, radius: float, turn: float) -> None:
        """A wheel whose spokes stand at `turn` (radians)."""
        self.disc(centre, radius, TYRE)
        self.disc(centre, 0.62 * radius, RIM)
        for spoke in range(3):
            angle = turn + spoke * math.pi / 3
            along = (0.58 * radius * math.cos(angle), 0.58 * radius * math.sin(angle))
            self.limb(((centre[0] - along[0], centre[1] - along[1]), (centre[0] + along[0], centre[1] + along[1])), 2.2, TYRE)
        self.disc(centre, 0.2 * radius, RIM)

    def sprite(self) -> Sprite:
        """What was painted."""
        colours = cv2.resize(self._colours, self._size, interpolation=cv2.INTER_AREA)
        cover = cv2.resize(self._cover, self._size, interpolation=cv2.INTER_AREA)
        return Sprite(colours.astype(np.uint8), np.repeat((255 - cover)[:, :, None], 3, axis=2).astype(np.uint8))


def car(body: str) -> tuple[Sprite, ...]:
    """A car driving to the right, 230 × 92, one sprite a wheel phase."""
    return tuple(_car(colour(body), colour("#e8ebee"), phase) for phase in range(WHEEL_PHASES))


def bus(body: str) -> tuple[Sprite, ...]:
    """A city bus driving to the right, 420 × 158, one sprite a wheel phase."""
    return tuple(_bus(colour(body), phase) for phase in range(WHEEL_PHASES))


def walker(coat: str, trousers: str, tall: int = 150) -> tuple[Sprite, ...]:
    """A person walking to the right, `tall` pixels, one sprite a phase of the step."""
    return tuple(_walker(colour(coat), colour(trousers), phase, tall) for phase in range(WALK_PHASES))


def traffic_light() -> Sprite:
    """A light on its pole, showing red, 34 × 252."""
    easel = Easel(34, 252)
    easel.block(13, 80, 21, 250, colour("#3a3d42"))
    easel.block(1, 1, 33, 84, colour("#26282c"))
    for down, lamp in ((15, "#d8453e"), (42, "#4a4228"), (69, "#28402f")):
        easel.disc((17, down), 10, colour(lamp))
    return easel.sprite()


def _turn(phase: int) -> float:
    return phase * math.pi / 3 / WHEEL_PHASES


def _car(body: Colour, shine: Colour, phase: int) -> Sprite:
    easel = Easel(230, 92)
    easel.shadow((115, 82), 108, 8)
    roof = ((84, 10), (96, 6), (142, 6), (158, 11))
    easel.area(((6, 50), (12, 40), (58, 36), *roof, (184, 37), (214, 44), (225, 54), (224, 72), (6, 72)), body)
    easel.area(((68, 36), (89, 14), (97, 11), (117, 11), (117, 36)), GLASS)
    easel.area(((123, 36), (123, 11), (141, 11), (153, 15), (174, 36)), GLASS)
    easel.area(((130, 36), (142, 12), (150, 14), (140, 36)), colour("#54687c"))
    easel.block(8, 53, 222, 55, _darker(body))
    easel.block(98, 43, 110, 46, shine)
    easel.block(150, 43, 162, 46, shine)
    easel.area(((212, 47), (223, 54), (224, 59), (213, 57)), LAMP)
    easel.area(((6, 46), (15, 46), (15, 57), (5, 57)), REAR_LAMP)
    for axle in (52, 180):
        easel.disc((axle, 71), 22, TYRE)
        easel.wheel((axle, 71), 18.5, _turn(phase))
    return easel.sprite()


def _bus(body: Colour, phase: int) -> Sprite:
    easel = Easel(420, 158)
    easel.shadow((210, 146), 200, 10)
    easel.area(((8, 14), (16, 6), (398, 6), (409, 14), (414, 92), (414, 136), (8, 136)), body)
    easel.block(8, 100, 414, 106, colour("#f2efe6"))
    for left in range(24, 330, 62):
        easel.block(left, 26, left + 54, 78, GLASS)
        easel.area(((left + 30, 26), (left + 42, 26), (left + 22, 78), (left + 10, 78)), colour("#54687c"))
    easel.block(338, 26, 372, 132, GLASS)
    easel.block(354, 26, 356, 132, body)
    easel.area(((380, 26), (404, 26), (409, 88), (380, 88)), GLASS)
    easel.block(404, 112, 415, 122, LAMP)
    easel.block(6, 108, 13, 124, REAR_LAMP)
    for axle in (88, 308):
        easel.disc((axle, 134), 26, TYRE)
        easel.wheel((axle, 134), 21, _turn(phase))
    return easel.sprite()


def _walker(coat: Colour, trousers: Colour, phase: int, tall: int) -> Sprite:
    unit = tall / 150
    easel = Easel(round(90 * unit), round(158 * unit))

    def at(x: float, y: float) -> Point:
        return x * unit, y * unit

    def limb(start: Point, joint: Point, end: Point, thickness: float, paint: Colour) -> None:
        easel.limb((at(*start), at(*joint), at(*end)), thickness * unit, paint)

    angle = 2 * math.pi * phase / WALK_PHASES
    bob = 2 * abs(math.sin(angle))
    easel.shadow(at(45, 150), 26 * unit, 5 * unit)
    hip, shoulder = (44.0, 82.0 + bob), (45.0, 38.0 + bob)
    for side in (math.pi, 0.0):
        swing = math.sin(angle + side)
        lift = max(0.0, math.cos(angle + side))
        far = side > 0
        leg = trousers if not far else _darker(trousers)
        knee = (hip[0] + 11 * swing + 5 * lift, hip[1] + 31)
        foot = (hip[0] + 22 * swing - 3 * lift, 145 - 9 * lift)
        limb(hip, knee, foot, 11, leg)
        limb(foot, (foot[0] + 4, foot[1]), (foot[0] + 9, foot[1] + 1), 7, TYRE)
        if far:
            limb(shoulder, (shoulder[0] - 9 * swing, 58 + bob), (shoulder[0] - 18 * swing + 5, 76 + bob), 9, _darker(coat))
            easel.area([at(x, y + bob) for x, y in ((35, 34), (53, 34), (57, 50), (56, 90), (33, 90), (33, 48))], coat)
            limb((44, 38 + bob), (45, 60 + bob), (45, 78 + bob), 17, coat)
        else:
            limb(shoulder, (shoulder[0] - 9 * swing, 58 + bob), (shoulder[0] - 18 * swing + 5, 76 + bob), 9, _lighter(coat))
            easel.disc(at(shoulder[0] - 18 * swing + 6, 79 + bob), 4.5 * unit, SKIN)
    limb((45, 28 + bob), (46, 24 + bob), (46, 20 + bob), 8, SKIN)
    easel.disc(at(46, 16 + bob), 11 * unit, HAIR)
    easel.disc(at(49, 18 + bob), 9 * unit, SKIN)
    return easel.sprite()


def _darker(paint: Colour) -> Colour:
    return int(0.72 * paint[0]), int(0.72 * paint[1]), int(0.72 * paint[2])


def _lighter(paint: Colour) -> Colour:
    return min(255, paint[0] + 18), min(255, paint[1] + 18), min(255, paint[2] + 18)


def _point(point: Point) -> tuple[int, int]:
    return round(point[0] * _OVERSIZE), round(point[1] * _OVERSIZE)
