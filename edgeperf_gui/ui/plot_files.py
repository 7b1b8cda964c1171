"""Plots as files: PNG and SVG, drawn as on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from edgeperf_gui.ui import theme

_SHARPNESS: Final = 2
_HEAD: Final = 30


class Plot(Protocol):
    """Something that can be drawn at its own size."""

    def draw(self, painter: QPainter) -> None:
        """Paint it."""

    def title(self) -> str:
        """What it shows."""

    def size(self) -> QSize:
        """In pixels."""


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
    """The plots side by side as lines and words, titled as the first. Raises OSError."""
    with path.open("wb"):  # says why it cannot be written, which the generator does not
        pass
    size = _size(plots)
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle(plots[0].title())
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
