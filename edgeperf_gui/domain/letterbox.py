"""Where a frame lies inside a model's input, and the way back from model to frame coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PADDING: Final = 114
"""Grey of the bars around a letterboxed frame, in every channel."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A frame of `source_width × source_height` scaled and placed in an input of `input_width × input_height` (pixels)."""

    source_width: int
    source_height: int
    input_width: int
    input_height: int
    width: int
    """Of the scaled frame inside the input."""
    height: int
    left: int
    top: int

    @classmethod
    def fit(cls, source: tuple[int, int], target: tuple[int, int], *, keep_aspect: bool = True) -> Letterbox:
        """Place a frame (width, height) in an input (width, height), centred; stretched when `keep_aspect` is False."""
        if not keep_aspect:
            return cls(*source, *target, *target, 0, 0)
        scale = min(target[0] / source[0], target[1] / source[1])
        width, height = max(1, round(source[0] * scale)), max(1, round(source[1] * scale))
        return cls(*source, *target, width, height, (target[0] - width) // 2, (target[1] - height) // 2)

    @property
    def x_scale(self) -> float:
        """Source pixels per input pixel, horizontally: x_source = (x_input − left) · x_scale."""
        return self.source_width / self.width

    @property
    def y_scale(self) -> float:
        """Source pixels per input pixel, vertically."""
        return self.source_height / self.height
