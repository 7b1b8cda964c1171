"""A class map drawn over the picture: each label in its colour, so thin that the picture shows through."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.boxes import label_name

_SHARE: Final = 0.4
_LABELS: Final = 256
_GOLDEN: Final = 0.618034
_BACKGROUNDS: Final = frozenset({"background", "__background__", "_background_", "unlabeled", "unlabelled", "void", "ignore"})
_LEGEND: Final = 8
_LEAST_SHARE: Final = 0.005


@lru_cache(maxsize=512)
def label_colour(label: int) -> QColor:
    """The colour of a label: the boxes' own for the first dozen, then hues a golden section apart, which never meet."""
    if label < len(theme.BOXES):
        return theme.box_colour(label)
    return QColor.fromHslF(label * _GOLDEN % 1.0, 0.80, 0.58 + 0.09 * (label % 3))


class MaskPainter:
    """Turns a class map into a picture once and draws it as often as the window is painted."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._labels: Sequence[str] | None = None
        self._table: list[int] = []
        self._seen: list[bool] = []
        self.present: tuple[int, ...] = ()
        """Labels that cover enough of the picture to be named, by number; at most eight, the largest."""

    def show(self, mask: NDArray[np.uint8] | None, labels: Sequence[str]) -> None:
        """Take the next map; None takes the last one away."""
        if mask is None:
            self._image, self.present = None, ()
            return
        if labels != self._labels:
            self._labels = labels
            self._seen = [not _is_background(label, labels) for label in range(_LABELS)]
            self._table = [_shade(label) if seen else 0 for label, seen in enumerate(self._seen)]
        mask = np.ascontiguousarray(mask)
        height, width = mask.shape
        indexed = QImage(mask.data, width, height, width, QImage.Format.Format_Indexed8)
        indexed.setColorTable(self._table)
        # premultiplied, because that is what the painter can lay over the picture as it is
        self._image = indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self.present = self._named(mask)

    def draw(self, painter: QPainter, picture: QRectF) -> None:
        """Draw the map over `picture`, pixels as pixels: a map's edge is no softer than the model made it."""
        if self._image is not None:
            painter.drawImage(picture, self._image, QRectF(self._image.rect()))

    def _named(self, mask: NDArray[np.uint8]) -> tuple[int, ...]:
        # every other row and column tells shares well enough
        counts = np.bincount(mask[::2, ::2].ravel(), minlength=_LABELS)
        counts[~np.array(self._seen)] = 0
        largest = np.argsort(-counts, kind="stable")[:_LEGEND]
        return tuple(sorted(int(label) for label in largest if counts[label] > _LEAST_SHARE * mask.size / 4))


def _is_background(label: int, labels: Sequence[str]) -> bool:
    """Whether this label is what is left when nothing is there; without names that is label 0, as is the custom."""
    return label_name(labels, label).strip().casefold() in _BACKGROUNDS if labels else label == 0


def _shade(label: int) -> int:
    colour = QColor(label_colour(label))
    colour.setAlphaF(_SHARE)
    return colour.rgba()
