from __future__ import annotations

import sys

import numpy as np
import pytest
import replay
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage

from edgeperf_gui.domain.records import STAGES
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Spans
from edgeperf_gui.ui.line_plot import Level, Line, LinePlot
from edgeperf_gui.ui.live_plot import Plot
from edgeperf_gui.ui.marks import Mark, Strip, Timeline
from edgeperf_gui.ui.stack_image import stack_image
from edgeperf_gui.ui.stacked_plot import StackedPlot

S = 1_000_000_000
NOW = 100 * S


@pytest.fixture
def stacked(qtbot) -> StackedPlot:
    plot = StackedPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 200)
    plot.show()
    return plot


def show(plot: StackedPlot, grey: Spans = (), spike: float = 0.0, seams: tuple[int, ...] = (), marks: int = 1) -> None:
    times = NOW - np.arange(200, dtype=np.int64)[::-1] * 40_000_000
    stages = {name: np.full(200, replay.COSTS_MS[name]) for name in STAGES}
    stages["inference"][100] += spike
    changes = tuple(Mark(NOW - 3 * S + at * S // 10, "FP32 → FP16") for at in range(marks))
    plot.show_stages(Timeline(NOW, changes, grey, np.array(seams, np.int64)), times, stages)


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
    show(stacked, grey=((NOW - 4 * S, NOW - 2 * S),))
    assert colour_at(stacked, 100, 140) == area("inference")
    assert QColor(colour_at(stacked, 450, 140)).hslSaturationF() < 0.2
    assert colour_at(stacked, 600, 140) == area("inference"), "what was steady again is not recoloured"


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


def test_the_pointer_is_followed_without_a_button(stacked: StackedPlot, qtbot) -> None:
    show(stacked)
    assert stacked.viewport().hasMouseTracking()
    before = picture_of(stacked)
    qtbot.mouseMove(stacked.viewport(), QPoint(300, 100))
    qtbot.mouseMove(stacked.viewport(), QPoint(350, 100))
    qtbot.waitUntil(lambda: stacked._pointer_x is not None)
    assert picture_of(stacked) != before


def test_no_value_is_claimed_where_there_is_none(stacked: StackedPlot) -> None:
    stacked.show_stages(Timeline(NOW), np.array([NOW - S], np.int64), {name: np.ones(1) for name in STAGES})
    assert stacked._hover_lines(100.0) == []
    assert stacked._hover_lines(700 * 7 / 8)[0].startswith("6.0 ms")


def test_nothing_is_drawn_between_two_sessions(stacked: StackedPlot) -> None:
    slow = NOW - np.arange(20, dtype=np.int64)[::-1] * 400_000_000
    stages = {name: np.full(20, replay.COSTS_MS[name]) for name in STAGES}
    stacked.show_stages(Timeline(NOW), slow, stages)
    between = 700 * (8 - 0.4 * 9.5) / 8
    assert colour_at(stacked, round(between), 140) == area("inference")
    stacked.show_stages(Timeline(NOW, seams_ns=slow[10:11]), slow, stages)
    assert colour_at(stacked, round(between), 140) == theme.tokens().card.upper()


def test_crowded_marks_share_a_label_and_tell_all_under_the_pointer(stacked: StackedPlot) -> None:
    show(stacked, marks=3)
    stacked.grab()
    (cluster,) = stacked._clusters
    assert cluster.text == "3 changes"
    assert len(stacked._marks_near(cluster.lines[-1])) == 3
    assert stacked._marks_near(10.0) == []
    show(stacked, marks=1)
    stacked.grab()
    assert [cluster.text for cluster in stacked._clusters] == ["FP32 → FP16"]


def test_words_above_a_plot_never_stand_on_each_other() -> None:
    strip = Strip(200)
    strip.take(0, 40)
    assert strip.beside(10, 60) is None
    assert strip.near(10, 60) == 48
    assert strip.beside(120, 60) == 126
    assert strip.beside(130, 30) is None


def test_the_end_is_not_now(stacked: StackedPlot) -> None:
    times = np.array([NOW], np.int64)
    one = {name: np.ones(1) for name in STAGES}
    stacked.show_stages(Timeline(NOW), times, one)
    now = picture_of(stacked)
    stacked.show_stages(Timeline(NOW, is_over=True), times, one)
    assert picture_of(stacked) != now


def test_a_levels_name_keeps_its_place(qtbot) -> None:
    plot = LinePlot(None, "throughput", "fps", 30)
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    drawn: list[float] = []

    class Painter:
        def __getattr__(self, name: str):
            return lambda *values: drawn.append(values[0].x()) if name == "drawText" else None

        def fontMetrics(self):
            return plot.fontMetrics()

    times = NOW - np.arange(60, dtype=np.int64)[::-1] * 500_000_000
    for top in (28.0, 45.0, 60.0, 200.0):
        plot.show_lines(
            Timeline(NOW), [Line("throughput", theme.THROUGHPUT, times, np.full(60, top))], [Level("source 25", "#fff", 25.0)]
        )
        plot._draw_words(Painter(), QRectF(0, 0, 300, 200), Strip(300))
    assert len(set(drawn)) == 1


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
    plot.show_lines(
        Timeline(NOW), [Line("throughput", theme.THROUGHPUT, times, rates)], [Level("source 25", theme.SOURCE_RATE, 25.0)]
    )
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
    stacked.show_stages(Timeline(NOW), one, {name: np.array([np.nan]) for name in STAGES})
    stacked.grab()
    stacked.show_stages(Timeline(NOW), np.empty(0, np.int64), {name: np.empty(0) for name in STAGES})
    stacked.grab()
    stacked.show_stages(Timeline(NOW), one, {name: np.array([-5.0]) for name in STAGES})
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
