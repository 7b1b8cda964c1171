"""Drawn scenes as a source: worlds that know every vehicle's place, the same at every start, with no file and no end."""

from __future__ import annotations

from time import perf_counter_ns
from typing import Final

import numpy as np

from edgeperf_gui.domain.scene import DEFAULTS, SceneSpec, parse
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.domain.truth import TrueObject
from edgeperf_gui.engine.scenery.picture import Scene
from edgeperf_gui.engine.sources.source import Frame, Pixels

SCENES: Final = tuple(DEFAULTS)
"""The worlds, by name."""


class SceneSource:
    """Frames of one scene at its own rate; decode is the time of drawing."""

    info: SourceInfo

    def __init__(self, address: str) -> None:
        """Build the scene that an address such as `scene:highway?light=night` names. Raises SourceError."""
        self.spec: SceneSpec = parse(address)
        self._scene = Scene(self.spec)
        self._frame = 0
        spec = self.spec
        self.info = SourceInfo(title=spec.address, width=spec.width, height=spec.height, fps=spec.fps, live=False)

    def read(self, into: Pixels | None) -> Frame | None:
        """Draw the next frame, without end."""
        start_ns = perf_counter_ns()
        shape = (self.spec.height, self.spec.width, 3)
        picture = into if into is not None and into.shape == shape else np.empty(shape, np.uint8)
        number = self._frame
        self._scene.draw(number, picture)
        self._frame += 1
        return Frame(picture, start_ns, perf_counter_ns(), due_ns=0, number=number)

    def truth(self, frame: int) -> tuple[TrueObject, ...]:
        """What is in frame `frame` of the scene, nearest first."""
        return self._scene.truth(frame)

    def skip(self, frames: int) -> None:
        """The world goes on while nobody looks."""
        self._frame += frames

    def rewind(self) -> None:
        """Back to frame 0."""
        self._frame = 0

    def interrupt(self) -> None:
        """Nothing to do: drawing does not wait."""

    def close(self) -> None:
        """Nothing is kept open."""
