"""The kinds of cameras that are asked for: what their recordings are, and virtual cameras made of them."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.capacity import CameraKind, CapacitySpec, KindFound, dealt
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import CameraMode, SourceInfo
from edgeperf_gui.engine.cameras import AtRate
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source

_APART: Final = 17
"""Frames that one camera's recording begins after another's, so that they do not all show the same picture."""
_FARTHEST: Final = 250
"""Frames: further on, finding the place would take longer than the run."""
_ROUNDING: Final = 1.002
"""A camera of 30 frames a second may be shown with a recording of 29.97."""


class CameraKinds:
    """Opens every source once, to see whether it can stand for cameras. Raises SourceError and BadInput."""

    def __init__(self, spec: CapacitySpec) -> None:
        self._spec = spec
        self.found = tuple(self._find(kind) for kind in spec.kinds)

    def row(self, cameras: int) -> list[int]:
        """Which kind each of so many cameras is."""
        return dealt(tuple(kind.count for kind in self._spec.kinds), cameras)

    def open(self, cameras: int) -> list[AtRate]:
        """So many of the mix: each begins at its share of its own period, its picture some frames further on."""
        opened: list[AtRate] = []
        try:
            for number, kind in enumerate(self.row(cameras)):
                opened.append(self._open_at(kind, number, cameras))
        except BaseException:
            for source in opened:
                source.close()
            raise
        return opened

    def open_one(self, kind: int) -> AtRate:
        """A single camera of this kind."""
        return self._open_at(kind, 0, 1)

    def _open_at(self, kind: int, number: int, of: int) -> AtRate:
        source, rate = _open(self._spec.kinds[kind]), self.found[kind].rate
        return AtRate(source, rate, number / (of * rate), number * _APART % min(source.info.frames or 1, _FARTHEST))

    def _find(self, kind: CameraKind) -> KindFound:
        source = _open(kind)
        try:
            info = source.info
        finally:
            source.close()
        rate = _rate(kind, info)
        deadline_ms = self._spec.deadline_ms or 2e3 / rate
        return KindFound(info.title, info.width, info.height, rate, deadline_ms, kind.count)


def _open(kind: CameraKind) -> Source:
    return open_source(kind.source, CameraMode(), lambda text: None)


def _rate(kind: CameraKind, info: SourceInfo) -> float:
    if info.live:
        raise BadInput("A live source cannot stand for many cameras.", "Give a recording or a scene.")
    rate = kind.rate or info.fps
    if rate is None:
        raise BadInput(f"{info.title} has no rate of its own.", "Give one with --rate, or in the field beside it.")
    if info.fps is not None and rate > info.fps * _ROUNDING:
        raise BadInput(
            f"{info.title} gives {info.fps:g} frames per second; a camera of {rate:g} cannot be shown with it.",
            f"Ask for a rate of at most {info.fps:g}, or give a recording of {rate:g}.",
        )
    return rate
