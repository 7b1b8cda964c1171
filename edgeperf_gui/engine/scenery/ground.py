"""What never moves, painted once: polygons given in metres, in the light of the scene, farthest first."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.engine.scenery.easel import Colour, fill, scaled
from edgeperf_gui.engine.scenery.lighting import Lighting
from edgeperf_gui.engine.sources.source import Pixels

Floats = NDArray[np.float64]
Point = tuple[float, float, float]

_NEAR_M = 1.2
"""Ground nearer than this lies under the picture."""
_FAR_M = 4000.0


class Ground:
    """A picture of the still world in the making."""

    def __init__(self, camera: Camera, lighting: Lighting) -> None:
        """Begin with the sky, down to the horizon and beyond."""
        self.camera = camera
        self.lighting = lighting
        self.horizon = camera.at(camera.x_m, 0.0, 1e6)[1]
        self.picture = self._sky()

    def flat(self, corners: Sequence[tuple[float, float]], paint: str, cover: float = 1.0) -> None:
        """An area of ground, corners (x, z) in metres."""
        points = [(x, 0.0, max(z, _NEAR_M)) for x, z in corners]
        distance = float(np.mean([z for _x, z in corners]))
        self.shape(points, self.lighting.hazy(self.lighting.ground(paint), distance), cover)

    def strip(self, left: float, right: float, near: float, far: float, paint: str, cover: float = 1.0) -> None:
        """A long area along the view between two sides, in pieces, so that what is farther is hazier."""
        marks = [max(near, _NEAR_M)]
        while marks[-1] < far:
            marks.append(min(far, marks[-1] * 1.35 + 0.5))
        for first, last in zip(marks[-2::-1], marks[:0:-1], strict=True):
            overlap = 0.02 * (last - first)  # or a fine line would show between two pieces
            self.flat(((left, first - overlap), (right, first - overlap), (right, last), (left, last)), paint, cover)

    def standing(self, corners: Sequence[Point], paint: str, cover: float = 1.0) -> None:
        """A wall or a board that faces the camera, or nearly so."""
        distance = float(np.mean([z for _x, _y, z in corners]))
        self.shape(corners, self.lighting.hazy(self.lighting.upright(paint), distance), cover)

    def shape(self, corners: Sequence[Point], paint: Colour, cover: float = 1.0) -> None:
        """Any polygon in metres, in a colour as it is."""
        self.blot(self.camera.project(np.array(corners, np.float64))[0], paint, cover)

    def blot(self, pixels: Floats, paint: Colour, cover: float = 1.0) -> None:
        """A polygon in pixels; `cover` below 1 mixes it with what is there."""
        if cover >= 1.0:
            fill(self.picture, pixels, paint)
            return
        height, width = self.picture.shape[:2]
        low, high = np.clip(pixels.min(axis=0) - 2, 0, (width, height)), np.clip(pixels.max(axis=0) + 2, 0, (width, height))
        x1, y1, x2, y2 = (int(value) for value in (*low, *high))
        if x1 >= x2 or y1 >= y2:
            return
        part = self.picture[y1:y2, x1:x2]
        mixed = part.copy()
        fill(mixed, pixels - (x1, y1), paint)
        cv2.addWeighted(mixed, cover, part, 1 - cover, 0.0, dst=part)

    def gloss(self, left: float, right: float, far: float, most: float, half_m: float) -> None:
        """A wet road mirrors the sky, the more of it the flatter one looks: half of `most` at `half_m` metres."""
        marks = np.geomspace(4.0, far, 25)
        through = 1.0
        for near in marks[:-1].tolist():  # each sheet reaches to the end, so that no seam is seen
            wanted = 1 - most * near / (near + half_m)
            sheet = [(left, 0.0, near), (right, 0.0, near), (right, 0.0, far), (left, 0.0, far)]
            self.shape(sheet, self.lighting.sky_low, max(0.0, 1 - wanted / through))
            through = wanted

    def light(self, x: float, z: float, reach_m: float, light: Colour, power: float) -> None:
        """A pool of lamp light on the ground: brighter the nearer to its middle."""
        circle = np.array([(np.cos(a), 0.0, np.sin(a)) for a in np.arange(28) * (2 * np.pi / 28)])
        height, width = self.picture.shape[:2]
        glow = np.zeros((height // 4, width // 4), np.float32)
        for part in np.linspace(1.0, 0.12, 9):
            ring = self.camera.project(np.maximum(circle * reach_m * part + (x, 0.0, z), (-1e9, 0.0, _NEAR_M)))[0] / 4
            layer = np.zeros(glow.shape, np.uint8)
            fill(layer, ring, (255.0,))
            glow += layer.astype(np.float32) * np.float32(1 / 255 / 9)
        reach = max(3, round(0.012 * width)) | 1
        smooth = cv2.resize(cv2.GaussianBlur(glow, (reach, reach), 0), (width, height))[..., None]
        lit = self.picture * (1 + power * smooth) + np.array(light, np.float32) * smooth * 0.16 * power
        self.picture[:] = np.clip(lit, 0, 255).astype(np.uint8)

    def ridge(self, top: float, wave: float, paint: str, seed: int, distance_m: float) -> None:
        """Hills on the horizon, `top` and `wave` as shares of the picture's height above it."""
        height, width = self.picture.shape[:2]
        columns = np.linspace(0, width, 161)
        phase = [6.28 * chance.share(seed, n) for n in range(4)]
        along = columns / width
        outline = sum(np.sin(along * (4.2 + 3.1 * n) + phase[n]) / (1 + n) for n in range(4))
        rows = self.horizon - height * (top + wave * np.asarray(outline))
        corners = np.concatenate([np.stack([columns, rows], 1), [[width, self.horizon + 2], [0, self.horizon + 2]]])
        self.blot(corners, self.lighting.hazy(self.lighting.upright(paint), distance_m))

    def tree(self, x: float, z: float, tall_m: float, paint: str, seed: int) -> None:
        """A tree: trunk, and a crown of a few overlapping rounds, lit from above."""
        lit = self.lighting.hazy(self.lighting.upright(paint), z)
        self.standing(((x - 0.14, 0.0, z), (x + 0.14, 0.0, z), (x + 0.1, 0.5 * tall_m, z), (x - 0.1, 0.5 * tall_m, z)), "#5a4b3c")
        scale = self.camera.focal_px / max(self.camera.project(np.array([x, 0.0, z]))[1].item(), 1.0)
        for layer, brightness in enumerate((0.74, 0.90, 1.06)):
            for blob in range(6 - layer):
                across = (chance.share(seed, layer, blob, 0) - 0.5) * 0.62 * tall_m
                up = (0.46 + 0.40 * chance.share(seed, layer, blob, 1) + 0.05 * layer) * tall_m
                pixel = self.camera.at(x + across, up, z)
                radius = (0.22 - 0.035 * layer) * tall_m * scale
                shifted = (pixel[0] - 0.3 * layer * radius * 0.3, pixel[1] - 0.1 * layer * radius)
                self.round(shifted, radius, scaled(lit, brightness))

    def round(self, middle: tuple[float, float], radius: float, paint: Colour) -> None:
        """A disc in pixels."""
        place = (round((middle[0] - 0.5) * 16), round((middle[1] - 0.5) * 16))
        cv2.circle(self.picture, place, max(1, round(radius * 16)), paint, cv2.FILLED, cv2.LINE_AA, 4)

    def grain(self, amount: float, seed: int, top: int = 0) -> None:
        """The roughness of asphalt and grass: coarser the nearer, from row `top` down."""
        height, width = self.picture.shape[:2]
        random = np.random.default_rng(seed)
        fine = random.standard_normal((height - top, width)).astype(np.float32)
        patches = cv2.resize(random.standard_normal(((height - top) // 6, width // 26)).astype(np.float32), (width, height - top))
        nearness = np.linspace(0.15, 1.0, height - top, dtype=np.float32)[:, None]
        rough = (fine * 0.75 + patches * 0.8) * nearness * amount
        part = self.picture[top:]
        part[:] = np.clip(part + rough[..., None], 0, 255).astype(np.uint8)

    def _sky(self) -> Pixels:
        height, width = self.camera.height, self.camera.width
        reach = max(self.horizon, 0.02 * height)
        down = np.clip(np.arange(height, dtype=np.float32) / reach, 0, 1)[:, None] ** 1.3
        top, low = (np.array(paint, np.float32) for paint in (self.lighting.sky_top, self.lighting.sky_low))
        column = top + (low - top) * down
        return np.ascontiguousarray(np.repeat(column[:, None, :], width, axis=1).round().astype(np.uint8))
