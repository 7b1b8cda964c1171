"""Whatever a model found, drawn over the picture: a class map, boxes, and at the upper left a list of what needs words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.ui.boxes import BoxPainter, label_name
from edgeperf_gui.ui.mask import MaskPainter, label_colour
from edgeperf_gui.ui.picture_lists import draw_legend, draw_ranking, draw_values

_CALM_NS: Final = 200_000_000
"""Words stay at least so long: faster ones cannot be read, and text costs more than all the rest."""
_MARGIN: Final = 13
_BELOW: Final = 60
"""Room left for the readouts at the foot of the picture."""


class FindingsPainter:
    """Prepares what was found once a picture and draws it once a paint."""

    def __init__(self) -> None:
        self._boxes = BoxPainter()
        self._mask = MaskPainter()
        self._findings = Findings()
        self._labels: Sequence[str] = ()
        self._ready_ns = 0
        self._list: QPixmap | None = None
        self._list_key: tuple[Hashable, ...] = ()
        self._list_ns = 0

    def show(self, findings: Findings, labels: Sequence[str], ready_ns: int) -> None:
        """Take the next findings, ready at `ready_ns`; names by `labels`."""
        self._findings, self._labels, self._ready_ns = findings, labels, ready_ns
        self._mask.show(findings.mask, labels)

    def draw(self, painter: QPainter, source_size: tuple[int, int], picture: QRectF, ratio: float) -> None:
        """Draw them over `picture`, which shows a source of this size."""
        self._mask.draw(painter, picture)
        self._boxes.draw(painter, self._findings.boxes, self._labels, source_size, picture, ratio)
        words = self._words()
        if words is None:
            self._list = None
            return
        room = picture.width() - 2 * _MARGIN, picture.height() - _MARGIN - _BELOW
        if room[0] < _BELOW or room[1] < _BELOW:
            return
        chip = self._kept(*words, ratio, room)
        painter.drawPixmap(QPointF(picture.left() + _MARGIN, picture.top() + _MARGIN), chip)

    def _words(self) -> tuple[Callable[..., QPixmap], tuple[Any, ...]] | None:
        """How to draw the list, and its rows."""
        found = self._findings
        if found.classes:
            rows = ((label_name(self._labels, label), label, round(share, 2)) for label, share in found.classes)
            return draw_ranking, tuple(rows)
        if self._mask.present:
            return draw_legend, tuple((label_name(self._labels, label), label_colour(label)) for label in self._mask.present)
        return (draw_values, found.values) if found.values else None

    def _kept(self, draw: Callable[..., QPixmap], rows: tuple[Any, ...], ratio: float, room: tuple[float, float]) -> QPixmap:
        place = draw, ratio, room
        key = *place, tuple(str(row) for row in rows)
        fresh = self._list_key[:3] == place and 0 <= self._ready_ns - self._list_ns < _CALM_NS
        if self._list is None or (key != self._list_key and not fresh):
            self._list = draw(rows, ratio, room)
            self._list_key, self._list_ns = key, self._ready_ns
        return self._list
