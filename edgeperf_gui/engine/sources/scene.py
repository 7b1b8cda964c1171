"""Procedural test scenes: a drawn street that moves, the same at every start, with no file and no end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Final

import cv2
import numpy as np

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.sources.source import Frame, Pixels
from edgeperf_gui.engine.sources.sprites import Sprite, bus, car, colour, traffic_light, walker

WIDTH: Final = 1280
HEIGHT: Final = 720
FPS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Mover:
    """A figure that crosses the picture again and again at a constant speed."""

    label: str
    """COCO's name of what it is."""
    sprites: tuple[Sprite, ...]
    """One a phase of its movement (wheels, steps)."""
    bottom: int
    """Row of its lower edge; lower figures are nearer and drawn later."""
    speed: float
    """Pixels a frame; negative goes left, 0 stands where `start` is, counted from the right."""
    start: int
    """Where it is at frame 0, in pixels along its way."""
    way: int
    """Length of its way, in pixels; the part beyond the picture is the pause before it returns."""
    stride: float = 12.0
    """Pixels a phase."""

    def left(self, frame: int) -> int:
        """Column of its left edge."""
        width = self.sprites[0].colours.shape[1]
        along = (self.start + abs(self.speed) * frame) % self.way
        return round(along) - width if self.speed > 0 else WIDTH - round(along)

    def sprite(self, frame: int) -> Sprite:
        """How it looks now."""
        return self.sprites[int(abs(self.speed) * frame / self.stride) % len(self.sprites)]


@dataclass(frozen=True, slots=True)
class Placed:
    """Ground truth: one figure in one frame; corners in pixels, cut off at the picture's borders."""

    label: str
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class World:
    """A still background and what moves before it, farthest first."""

    background: Pixels
    movers: tuple[Mover, ...] = field(default=())

    def draw(self, frame: int, picture: Pixels) -> None:
        """Paint a frame, a pure function of its number."""
        np.copyto(picture, self.background)
        for mover in self.movers:
            sprite = mover.sprite(frame)
            sprite.lay_on(picture, mover.left(frame), mover.bottom - sprite.colours.shape[0])

    def placed(self, frame: int) -> tuple[Placed, ...]:
        """Every figure of which something is visible."""
        found = []
        for mover in self.movers:
            height, width = mover.sprites[0].colours.shape[:2]
            left = mover.left(frame)
            x1, x2 = max(left, 0), min(left + width, WIDTH)
            if x1 < x2:
                found.append(Placed(mover.label, x1, mover.bottom - height, x2, min(mover.bottom, HEIGHT)))
        return tuple(found)


class SceneSource:
    """Frames of one world at 30 fps; decode is the time of drawing."""

    info: SourceInfo

    def __init__(self, address: str) -> None:
        """Build the world of `scene:NAME`."""
        name = address.partition(":")[2].strip().lower()
        if name not in SCENES:
            listed = " or ".join(f"scene:{known}" for known in SCENES)
            raise SourceError(f"There is no scene “{name[:80]}”.", f"Use {listed}.")
        self._world = SCENES[name]()
        self._frame = 0
        self.info = SourceInfo(title=f"scene:{name}", width=WIDTH, height=HEIGHT, fps=FPS, live=False)

    def read(self, into: Pixels | None) -> Frame | None:
        """Draw the next frame, without end."""
        start_ns = perf_counter_ns()
        picture = into if into is not None and into.shape == (HEIGHT, WIDTH, 3) else np.empty((HEIGHT, WIDTH, 3), np.uint8)
        self._world.draw(self._frame, picture)
        self._frame += 1
        return Frame(picture, start_ns, perf_counter_ns(), due_ns=0)

    def rewind(self) -> None:
        """Back to frame 0."""
        self._frame = 0

    def interrupt(self) -> None:
        """Nothing to do: drawing does not wait."""

    def close(self) -> None:
        """Nothing is kept open."""


def _road() -> World:
    picture = _sky_and_hills()
    _houses(picture, ground=400)
    _pavement_and_road(picture, kerb=430, far_edge=452, near_edge=640)
    for left in range(-40, WIDTH, 160):
        _area(picture, ((left + 6, 540), (left + 86, 540), (left + 80, 549), (left, 549)), "#e9e4d4")
    red, blue, white, green = car("#b8433f"), car("#3d6d9e"), car("#e3e2dc"), car("#5b8a72")
    # Same speed and same way within a lane: nobody drives through another.
    return World(
        picture,
        (
            Mover("person", walker("#a8503c", "#2d3440", 118), 448, 1.4, 300, 1700, 5),
            Mover("person", _to_left(walker("#3f5f86", "#4a443c", 124)), 450, -1.6, 500, 1900, 5),
            Mover("bus", _to_left(bus("#2f7f86")), 528, -6.0, 900, 3600),
            Mover("car", _to_left(blue), 530, -6.0, 150, 3600),
            Mover("car", _to_left(white), 530, -6.0, 1450, 3600),
            Mover("car", _to_left(red), 530, -6.0, 2600, 3600),
            Mover("car", red, 622, 9.0, 700, 2700),
            Mover("car", green, 622, 9.0, 2000, 2700),
            Mover("person", walker("#d0a040", "#31343c", 176), 712, 2.4, 1000, 2300, 7),
        ),
    )


def _crossing() -> World:
    picture = _sky_and_hills()
    _houses(picture, ground=300)
    _pavement_and_road(picture, kerb=322, far_edge=340, near_edge=424)
    _area(picture, ((430, 424), (850, 424), (1330, HEIGHT), (-50, HEIGHT)), "#53575f")
    vanishing, top, bottom = 640, 530, 640
    for column in range(-400, 401, 100):
        above, below = column * 0.66, column * 0.94
        corners = ((above - 16, top), (above + 16, top), (below + 24, bottom), (below - 24, bottom))
        _area(picture, tuple((round(vanishing + x), y) for x, y in corners), "#e9e4d4")
    blue, white, yellow = (_to_left(car(paint)) for paint in ("#3d6d9e", "#e3e2dc", "#d0a040"))
    return World(
        picture,
        (
            Mover("bus", bus("#b8433f"), 386, 5.0, 700, 3000),
            Mover("car", blue, 414, -7.0, 500, 2400),
            Mover("car", white, 414, -7.0, 1100, 2400),
            Mover("car", yellow, 414, -7.0, 1900, 2400),
            Mover("traffic light", (traffic_light(),), 470, 0.0, 966, WIDTH),
            Mover("person", walker("#a8503c", "#2d3440", 150), 566, 2.2, 500, 1700, 6),
            Mover("person", _to_left(walker("#3f5f86", "#4a443c", 156)), 584, -2.5, 300, 1900, 6),
            Mover("person", walker("#5b8a72", "#2b2f38", 162), 602, 2.9, 1000, 2000, 6.5),
            Mover("person", _to_left(walker("#7d5a86", "#33363e", 170)), 624, -2.0, 900, 1600, 6.5),
            Mover("person", walker("#c9a24b", "#3c4450", 178), 648, 3.2, 100, 2100, 7),
        ),
    )


def _to_left(sprites: tuple[Sprite, ...]) -> tuple[Sprite, ...]:
    return tuple(sprite.mirrored() for sprite in sprites)


def _sky_and_hills() -> Pixels:
    rows = np.linspace(0.0, 1.0, HEIGHT, dtype=np.float32)[:, None]
    top, bottom = np.array(colour("#8fb4d6"), np.float32), np.array(colour("#f5e6cc"), np.float32)
    sky = top + (bottom - top) * np.clip(rows * 1.9, 0, 1)
    picture = np.repeat(sky[:, None, :], WIDTH, axis=1).round().astype(np.uint8)
    cv2.circle(picture, (1010, 150), 46, colour("#fff4dc"), cv2.FILLED, cv2.LINE_AA)
    columns = np.arange(0, WIDTH + 1, 8)
    for height, wave, shift, paint in ((285, 38, 0.0, "#a9bccb"), (315, 26, 1.7, "#90a9b0")):
        ridge = height + wave * np.sin(columns / 170 + shift) * np.cos(columns / 310)
        outline = np.concatenate([np.stack([columns, ridge], 1), [[WIDTH, HEIGHT], [0, HEIGHT]]]).round().astype(np.int32)
        cv2.fillPoly(picture, [outline], colour(paint), cv2.LINE_AA)
    return picture


def _houses(picture: Pixels, ground: int) -> None:
    walls = ("#b7a792", "#9a8f88", "#c4b49c", "#8d97a0", "#b09a8c", "#a5a99c")
    left, number = -30, 0
    while left < WIDTH:
        width, height = 120 + 37 * (number * 7 % 4), 150 + 31 * (number * 5 % 6)
        top = ground - height
        cv2.rectangle(picture, (left, top), (left + width, ground), colour(walls[number % len(walls)]), cv2.FILLED)
        cv2.rectangle(picture, (left - 3, top - 7), (left + width + 3, top), colour("#6f6a68"), cv2.FILLED)
        for row in range(top + 20, ground - 34, 38):
            for column in range(left + 16, left + width - 22, 34):
                glass = "#f3d99a" if (row * 31 + column * 17 + number) % 5 == 0 else "#5d6b78"
                cv2.rectangle(picture, (column, row), (column + 16, row + 22), colour(glass), cv2.FILLED)
        left, number = left + width + 6, number + 1


def _pavement_and_road(picture: Pixels, kerb: int, far_edge: int, near_edge: int) -> None:
    for top, bottom, paint in (
        (kerb - 34, kerb + 12, "#b8b2a6"),
        (kerb + 12, far_edge, "#8f8a80"),
        (far_edge, near_edge, "#53575f"),
        (near_edge, near_edge + 10, "#8f8a80"),
        (near_edge + 10, HEIGHT, "#b8b2a6"),
    ):
        cv2.rectangle(picture, (0, top), (WIDTH, bottom), colour(paint), cv2.FILLED)


def _area(picture: Pixels, corners: tuple[tuple[int, int], ...], paint: str) -> None:
    cv2.fillPoly(picture, [np.array(corners, np.int32)], colour(paint), cv2.LINE_AA)


SCENES: Final[dict[str, Callable[[], World]]] = {"road": _road, "crossing": _crossing}
"""Every scene by name."""
