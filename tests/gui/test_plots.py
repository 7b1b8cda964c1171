from __future__ import annotations

import sys

import numpy as np
import pytest
import replay
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage

from edgeperf_gui.domain.records import STAGES
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.line_plot import Level, Line, LinePlot
from edgeperf_gui.ui.live_plot import Mark, Plot
from edgeperf_gui.ui.stack_image import stack_image
from edgeperf_gui.ui.stacked_plot import StackedPlot

NOW = 100_000_000_000


@pytest.fixture
def stacked(qtbot) -> StackedPlot:
    plot = StackedPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 200)
    plot.show()
    return plot


def show(plot: StackedPlot, grey_from_ns: int | None = None, spike: float = 0.0) -> None:
    times = NOW - np.arange(200, dtype=np.int64)[::-1] * 40_000_000
    stages = {name: np.full(200, replay.COSTS_MS[name]) for name in STAGES}
    stages["inference"][100] += spike
    plot.show_stages(NOW, times, stages, [Mark(NOW - 3_000_000_000, "FP32 → FP16")], grey_from_ns)


def picture_of(plot: Plot) -> QImage:
    """One pixel a logical pixel, whatever the screen's scale."""
    return plot.grab().toImage().scaled(plot.size())


def colour_at(plot: StackedPlot, x: int, y: int) -> str:
    return picture_of(plot).pixelColor(QPoint(x, y)).name().upper()


def area(stage: str) -> str:
    return theme.filled(QColor(theme.STAGES[stage])).name().upper()


def test_stages_wear_their_colours_bottom_first(stacked: StackedPlot) -> None:
    show(stacked)
    picture = picture_of(stacked)
    seen = [picture.pixelColor(350, y).name().upper() for y in range(181, 18, -1)]
    order = [name for name in STAGES if area(name) in seen]
    assert order == list(STAGES)
    assert [seen.index(area(name)) for name in order] == sorted(seen.index(area(name)) for name in order)


def test_heights_are_true(stacked: StackedPlot) -> None:
    show(stacked)
    picture = picture_of(stacked)
    column = [picture.pixelColor(350, y).name().upper() for y in range(200)]
    high = column.count(area("inference"))
    scale = (200 - 18 - 18) / stacked._top.top
    assert high == pytest.approx(9.0 * scale, abs=2)


def test_unsteady_time_is_grey(stacked: StackedPlot) -> None:
    show(stacked, grey_from_ns=NOW - 4_000_000_000)
    assert colour_at(stacked, 100, 140) == area("inference")
    late = QColor(colour_at(stacked, 600, 140))
    assert late.hslSaturationF() < 0.2


def test_a_spike_is_cut_and_named(stacked: StackedPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    show(stacked, spike=400)
    assert stacked._top.top <= 40
    before = stacked.grab().toImage()
    show(stacked, spike=0)
    assert before != stacked.grab().toImage()


def test_hover_says_value_and_time(stacked: StackedPlot) -> None:
    show(stacked)
    lines = stacked._hover_lines(350.0)
    assert lines[0] == "12.4 ms at −4.0 s"
    assert "inference 9.0 ms" in lines


def test_empty_plots_say_what_to_do(stacked: StackedPlot) -> None:
    blank = stacked.grab().toImage()
    stacked.empty_text = "Press Start: Space"
    stacked.clear()
    assert stacked.grab().toImage() != blank
    assert stacked._hover_lines(10.0) == []


def test_lines_and_levels(qtbot) -> None:
    plot = LinePlot(None, "throughput", "fps", 30)
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    times = NOW - np.arange(60, dtype=np.int64)[::-1] * 500_000_000
    rates = np.full(60, 84.0)
    rates[30] = np.nan
    plot.show_lines(NOW, [Line("throughput", theme.THROUGHPUT, times, rates)], [Level("source 25", theme.SOURCE_RATE, 25.0)])
    picture = picture_of(plot)
    colours = [picture.pixelColor(x, y) for x in range(0, 300, 3) for y in range(200)]
    for wanted in (QColor(theme.THROUGHPUT), QColor(theme.SOURCE_RATE)):
        assert (
            min(abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue()) for c in colours)
            < 90
        )
    assert plot._hover_lines(150.0)[0].startswith("84.0 fps")


def test_odd_values_do_not_break_painting(stacked: StackedPlot) -> None:
    one = np.array([NOW], np.int64)
    stacked.show_stages(NOW, one, {name: np.array([np.nan]) for name in STAGES})
    stacked.grab()
    stacked.show_stages(NOW, np.empty(0, np.int64), {name: np.empty(0) for name in STAGES})
    stacked.grab()
    stacked.resize(96, 72)
    show(stacked)
    stacked.grab()


def test_the_image_of_a_stack_has_soft_edges_and_no_holes() -> None:
    colours = [[QColor("#102030"), QColor("#405060")]]
    tops = np.array([[2.0, 2.5], [4.0, 4.5]])
    image = stack_image(tops, colours, np.zeros(2, np.intp), 6)
    assert [image.pixelColor(0, y).name() for y in (2, 3, 4, 5)] == ["#405060", "#405060", "#102030", "#102030"]
    assert image.pixelColor(0, 1).alpha() == 0
    assert 100 < image.pixelColor(1, 1).alpha() < 156
    assert image.pixelColor(1, 3).name() == "#283848"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_painting_takes_no_references_from_none(stacked: StackedPlot) -> None:
    show(stacked)
    stacked.grab()
    before = sys.getrefcount(None)
    for _ in range(200):
        show(stacked)
        stacked.grab()
    assert sys.getrefcount(None) >= before - 20
