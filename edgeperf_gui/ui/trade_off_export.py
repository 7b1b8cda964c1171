"""The sweep as files: CSV and JSON of the points, PNG and SVG of the plots."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from edgeperf_gui.analysis.trade_off import answer_ms
from edgeperf_gui.domain.sweep import SweepResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.trade_off_view import TradeOffView

FILTER: Final = "JSON (*.json);;CSV (*.csv);;Picture of the plots (*.png);;Drawing of the plots (*.svg)"
_SHARPNESS: Final = 2
_HEAD: Final = 30
_FIELDS: Final = (
    "variant", "batch", "streams_asked", "streams", "requests_asked", "requests", "hint", "threads",
    "fps", "per_frame_ms", "batch_wait_ms", "rss_mb", "compile_ms", "clean_blocks", "dirty_blocks", "on_front", "sentence",
)  # fmt: skip
_LATENCIES: Final = ("n", "mean_ms", "median_ms", "p90_ms", "p95_ms", "p99_ms", "min_ms", "max_ms")


class Plot(Protocol):
    """Something that can be drawn at its own size."""

    def draw(self, painter: QPainter) -> None:
        """Paint it."""

    def title(self) -> str:
        """What it shows."""

    def size(self) -> QSize:
        """In pixels."""


def as_shown(result: SweepResult, view: TradeOffView) -> SweepResult:
    """The result with the deadline and the rate that are asked now."""
    spec = msgspec.structs.replace(result.spec, deadline_ms=view.deadline_ms, rate=view.rate)
    return msgspec.structs.replace(result, spec=spec, points=view.points, best=view.best)


def as_json(result: SweepResult) -> bytes:
    """Schema edgeperf.sweep/1."""
    return bytes(msgspec.json.format(msgspec.json.encode(result))) + b"\n"


def as_csv(result: SweepResult) -> str:
    """A line a point, units in the titles, empty where unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_FIELDS, *(f"latency_{name}" for name in _LATENCIES), "wait_and_p99_ms"])
    for point in result.points:
        latency = [getattr(point.latency, name) if point.latency else None for name in _LATENCIES]
        writer.writerow([*(getattr(point, name) for name in _FIELDS), *latency, answer_ms(point)])
    return text.getvalue()


def save_png(plots: Sequence[Plot], path: Path) -> None:
    """The plots side by side, twice as sharp as on the screen. Raises OSError."""
    size = _size(plots)
    image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    painter = QPainter(image)
    _draw(painter, plots)
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"{path} cannot be written")


def save_svg(plots: Sequence[Plot], path: Path) -> None:
    """The plots side by side as lines and words. Raises OSError."""
    with path.open("wb"):  # says why it cannot be written, which the generator does not
        pass
    size = _size(plots)
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle("Throughput against latency")
    painter = QPainter(generator)
    _draw(painter, plots)
    painter.end()


def _size(plots: Sequence[Plot]) -> QSize:
    return QSize(sum(plot.size().width() for plot in plots), max(plot.size().height() for plot in plots) + _HEAD)


def _draw(painter: QPainter, plots: Sequence[Plot]) -> None:
    painter.fillRect(QRect(QPoint(0, 0), _size(plots)), theme.colour(theme.tokens().card))
    left = 0
    for plot in plots:
        painter.save()
        painter.setFont(theme.font(theme.BODY, 600))
        painter.setPen(theme.colour(theme.tokens().text))
        painter.drawText(QPoint(left + 8, _HEAD - 9), plot.title())
        painter.translate(left, _HEAD)
        plot.draw(painter)
        painter.restore()
        left += plot.size().width()
