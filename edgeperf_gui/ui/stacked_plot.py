"""Stages of each frame on top of each other, over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Times, Values, highest_per_column, pieces, wanted_top
from edgeperf_gui.ui.live_plot import FOOT, HEAD, NS_PER_S, Mark, Plot
from edgeperf_gui.ui.stack_image import heights_per_pixel, stack_image


class StackedPlot(Plot):
    """Stages of each frame on top of each other. A lone spike above the axis is cut off and its value written beside it."""

    def __init__(self, parent: QWidget | None = None, span_s: float = 8.0) -> None:
        super().__init__(parent, "Milliseconds per frame and stage over time; the table holds the same numbers", "ms", span_s)
        self._names: tuple[str, ...] = ()
        self._times: Times = np.empty(0, np.int64)
        self._sums: Values = np.empty((0, 0))

    def show_stages(
        self,
        now_ns: int,
        times_ns: Times,
        stages_ms: dict[str, Values],
        marks: Sequence[Mark] = (),
        grey_from_ns: int | None = None,
    ) -> None:
        """Draw these frames: completion stamps in rising order, and one value a frame for each stage, bottom stage first."""
        recent = slice(int(np.searchsorted(times_ns, now_ns - int(self.span_s * NS_PER_S))), None)
        self._names = tuple(stages_ms)
        times = times_ns[recent]
        sums = np.cumsum(np.nan_to_num(np.array([values[recent] for values in stages_ms.values()])), axis=0)
        kept = highest_per_column(times, sums[-1], self._column_ns()) if times.size else np.empty(0, np.intp)
        self._times, self._sums = times[kept], sums[:, kept]
        self._has_data = bool(times.size) or (self._has_data and now_ns > 0)
        if times.size:
            self._top.fit(wanted_top(sums[-1]), now_ns)
        self._show(now_ns, marks, grey_from_ns)

    def clear(self) -> None:
        """Back to the empty state."""
        self._has_data = False
        self._drawing.update()

    def _draw_data(self, painter: QPainter, area: QRectF) -> None:
        if self._times.size == 0:
            return
        ratio = self.devicePixelRatioF()
        width, height = round(area.width() * ratio), round((area.height() - FOOT) * ratio)
        x = self._x(self._times) * (width / area.width())
        tops = self._sums * ((height - HEAD * ratio) / self._top.top)
        columns = np.zeros((len(self._names), width))
        palette = np.zeros(width, np.intp)
        for first, past, grey in pieces(self._times, self._grey_from_ns):
            found = heights_per_pixel(x, tops, first, past, width)
            if found:
                columns[:, found[0]] = found[1]
                palette[found[0]] = int(grey)
        colours = [[theme.filled(self._tint(theme.STAGES[name], grey)) for name in self._names] for grey in (False, True)]
        image = stack_image(columns, colours, palette, height)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, 0), image)
        self._draw_spike(painter, area, x / ratio)

    def _draw_spike(self, painter: QPainter, area: QRectF, x: Values) -> None:
        highest = int(np.argmax(self._sums[-1]))
        value = float(self._sums[-1][highest])
        if self._y(np.array([value]), area)[0] >= 0:
            return
        text = f"▲ {value:.0f} ms"
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(x[highest] + 5, 0.0), area.width() - width)
        painter.fillRect(QRectF(left - 3, 1, width + 6, 15), theme.colour(theme.tokens().card, 0.8))
        painter.setPen(theme.colour(theme.tokens().text))
        painter.drawText(QPointF(left, 13), text)

    def _hover_lines(self, x: float) -> list[str]:
        if self._times.size == 0:
            return []
        at = int(np.argmin(np.abs(self._x(self._times) - x)))
        sums = self._sums[:, at]
        shares = np.diff(sums, prepend=0.0)
        stages = [f"{name} {share:.1f} ms" for name, share in zip(self._names, shares, strict=True)]
        return [f"{sums[-1]:.1f} ms at {self._ago(int(self._times[at]))}", *reversed(stages)]
