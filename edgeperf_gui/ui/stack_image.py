"""A stacked chart as pixels: run lengths per pixel column, which costs a tenth of filling polygons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from edgeperf_gui.ui.axis import Values

Pixels = NDArray[np.uint32]
_EVEN: Final = np.uint32(0x00FF00FF)
_ODD: Final = np.uint32(0xFF00FF00)


def heights_per_pixel(x: Values, tops: Values, first: int, past: int, width: int) -> tuple[slice, Values] | None:
    """Tops (stages × frames, pixels above the floor) of frames `first` to `past`, read off at the middle of each pixel column."""
    left, right = max(int(np.ceil(x[first] - 0.5)), 0), min(int(np.floor(x[past - 1] - 0.5)) + 1, width)
    if past - first == 1:
        left, right = max(min(int(x[first]), width - 1), 0), min(int(x[first]) + 1, width)
    if right <= left:
        return None
    middles = np.arange(left, right) + 0.5
    return slice(left, right), np.array([np.interp(middles, x[first:past], top[first:past]) for top in tops])


def stack_image(tops: Values, colours: Sequence[Sequence[QColor]], palette: NDArray[np.intp], height: int) -> QImage:
    """An image `height` high with a column for each column of `tops` (stages × columns, pixels above the floor, rising).

    `palette` says for each column which of the rows of `colours` (bottom stage first) it wears.
    """
    stages, width = tops.shape
    codes = np.array([[*(colour.rgba() for colour in reversed(row))] for row in colours], np.uint32)
    edges = height - np.clip(tops[::-1], 0.0, height)  # top stage first, counted from the image's top
    rows = np.ceil(edges - 1e-9).astype(np.intp)
    lengths = np.diff(rows, axis=0, prepend=0, append=height)
    runs = np.zeros((width, stages + 1), np.uint32)
    runs[:, 1:] = codes[palette]
    pixels: Pixels = np.ascontiguousarray(np.repeat(runs.ravel(), lengths.T.ravel()).reshape(width, height).T)
    _soften(pixels, edges, rows, runs)
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _soften(pixels: Pixels, edges: Values, rows: NDArray[np.intp], runs: Pixels) -> None:
    """Give the pixel that an edge cuts the share of both sides' colours; without it slopes look like stairs."""
    columns = np.arange(pixels.shape[1])
    for stage in range(edges.shape[0]):
        share = ((rows[stage] - edges[stage]) * 256).astype(np.uint32)
        cut = (share > 0) & (rows[stage] > 0)
        at = (rows[stage][cut] - 1, columns[cut])
        pixels[at] = _mixed(runs[cut, stage + 1], pixels[at], share[cut])


def _mixed(upper: Pixels, lower: Pixels, share: Pixels) -> Pixels:
    """`share`/256 of `upper` and the rest of `lower`, all four channels at once."""
    rest = np.uint32(256) - share
    even = (((upper & _EVEN) * share + (lower & _EVEN) * rest) >> np.uint32(8)) & _EVEN
    odd = ((upper >> np.uint32(8)) & _EVEN) * share + ((lower >> np.uint32(8)) & _EVEN) * rest
    return even | (odd & _ODD)
