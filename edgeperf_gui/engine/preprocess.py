"""Decoded frame → filled input tensor. The resize happens here, in OpenCV; type, mean, scale and layout inside the model."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.letterbox import PADDING, Letterbox
from edgeperf_gui.engine.sources.source import Pixels


class Preprocessor:
    """Fills one request's input tensor. One per request, because each tensor keeps its own padding."""

    def __init__(self, card: InputCard, tensor: NDArray[np.uint8]) -> None:
        """`tensor`: the request's own input, `[1, height, width, 3]`."""
        self._card = card
        self._tensor = tensor
        self._target = tensor[0]
        self.letterbox = Letterbox.fit((card.width, card.height), (card.width, card.height))

    def fill(self, pixels: Pixels) -> Letterbox:
        """Place a frame in the tensor; returns where it lies."""
        height, width = pixels.shape[:2]
        if (width, height) != (self.letterbox.source_width, self.letterbox.source_height):
            self._place((width, height))
        box = self.letterbox
        cv2.resize(pixels, (box.width, box.height), dst=self._target, interpolation=cv2.INTER_LINEAR)
        return box

    def _place(self, source: tuple[int, int]) -> None:
        card = self._card
        box = Letterbox.fit(source, (card.width, card.height), keep_aspect=card.keep_aspect)
        image = self._tensor[0]
        # padding survives from frame to frame, so it is written only when the geometry changes
        image[:] = PADDING
        self._target = image[box.top : box.top + box.height, box.left : box.left + box.width]
        self.letterbox = box
