"""Stages of each frame on top of each other, over time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Times, Values, highest_per_column, pieces
from edgeperf_gui.ui.live_plot import FOOT, HEAD, Plot
from edgeperf_gui.ui.marks import Timeline
from edgeperf_gui.ui.stack_image import heights_per_pixel, stack_image


class StackedPlot(Plot):
    """Stages of each frame on top of each other. A lone spike above the axis is cut off and its value written beside it."""

    def __init__(self, parent: QWidget | None = None, span_s: float = 8.0) -> None:
        super().__init__(parent, "Milliseconds per frame and stage over time; the table holds the same numbers", "ms", span_s)
        self._names: tuple[str, ...] = ()
        self._times: Times = np.empty(0, np.int64)
        self._sums: Values = np.empty((0, 0))

    def show_stages(self, time: Timeline, times_ns: Times, stages_ms: dict[str, Values]) -> None:
        """Draw these frames: completion stamps in rising order, and one value a frame for each stage, bottom stage first."""
        recent = slice(int(np.searchsorted(times_ns, self._start_ns(time.now_ns))), None)
        self._names = tuple(stages_ms)
        times = times_ns[recent]
        # a stage below zero is a stamp gone wrong; it may cost its own value, not the whole chart
        shares = np.maximum(np.nan_to_num(np.array([values[recent] for values in stages_ms.values()])), 0.0)
        sums = np.cumsum(shares, axis=0)
        kept = highest_per_column(times, sums[-1], self._column_ns()) if times.size else np.empty(0, np.intp)
        self._times, self._sums = times[kept], sums[:, kept]
        self._fit(time, [(times, sums[-1])])
        self._show(time)

    def _draw_data(self, painter: QPainter, area: QRectF) -> None:
        if self._times.size == 0:
            return
        ratio = self.devicePixelRatioF()
        width, height = round(area.width() * ratio), round((area.height() - FOOT) * ratio)
        x = self._x(self._times) * (width / area.width())
        tops = self._sums * ((height - HEAD * ratio) / self._top.top)
        columns = np.zeros((len(self._names), width))
        palette = np.zeros(width, np.intp)
        for first, past, grey in pieces(self._times, self._time.grey, self._time.seams_ns):
            found = heights_per_pixel(x, tops, first, past, width)
            if found:
                columns[:, found[0]] = found[1]
                palette[found[0]] = int(grey)
        colours = [[theme.filled(self._tint(theme.STAGES[name], grey)) for name in self._names] for grey in (False, True)]
        image = stack_image(columns, colours, palette, height)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, 0), image)

    def _peak(self) -> tuple[float, float] | None:
        if self._times.size == 0:
            return None
        highest = int(np.argmax(self._sums[-1]))
        return float(self._x(self._times[highest : highest + 1])[0]), float(self._sums[-1][highest])

    def _hover_lines(self, x: float) -> list[str]:
        at = self._nearest(self._times, x)
        if at is None:
            return []
        sums = self._sums[:, at]
        shares = np.diff(sums, prepend=0.0)
        stages = [f"{name} {share:.1f} ms" for name, share in zip(self._names, shares, strict=True)]
        return [f"{sums[-1]:.1f} ms at {self._ago(int(self._times[at]))}", *reversed(stages)]
