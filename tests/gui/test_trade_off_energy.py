from __future__ import annotations

import msgspec
import pytest
import sweep_samples as samples
from PySide6.QtGui import QColor

from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.trade_off_energy import energy_ink, energy_items, energy_radius
from edgeperf_gui.ui.trade_off_results import TradeOffResults
from edgeperf_gui.ui.trade_off_view import TradeOffView, view_of
from edgeperf_gui.ui.trade_off_words import NO_ENERGY, told


def metered(known: bool = True):  # type: ignore[no-untyped-def]
    """A sweep of which each point takes a little more than the one before, the last one unknown."""
    result = samples.result()
    points = []
    for at, point in enumerate(result.points):
        energy = Banded(0.1 * (at + 1), 0.05 * (at + 1), 0.2 * (at + 1)) if known and at + 1 < len(result.points) else None
        points.append(msgspec.structs.replace(point, joules_per_frame=energy, energy_kind="estimated" if known else None))
    return msgspec.structs.replace(result, points=tuple(points))


def view(**others: object) -> TradeOffView:
    return view_of(metered().points, None, None, **others)


def test_the_area_of_a_mark_grows_with_its_energy() -> None:
    shown = view(third="energy size")
    shares = [shown.energy_share(at) for at in shown.measured if shown.energy_share(at) is not None]
    assert min(shares) == 0.0 and max(shares) == 1.0
    assert energy_radius(0.0) < energy_radius(0.25) < energy_radius(1.0)
    assert energy_radius(None) == energy_radius(0.0)


@pytest.mark.parametrize("third", ["energy size", "energy colour"])
def test_the_legend_names_kind_and_range(third: str) -> None:
    items = energy_items(view(third=third))
    assert items[0][0] == "100 mJ" and items[-1][0].endswith(" a frame, estimated")
    assert energy_items(view_of(metered(known=False).points, None, None, third=third))[0][0] == NO_ENERGY


def test_most_energy_wears_its_colour_and_unknown_is_faint() -> None:
    assert QColor(energy_ink(1.0)) == QColor(theme.ENERGY)
    assert energy_ink(None) == theme.tokens().faint
    assert energy_ink(0.2) != energy_ink(0.8)


def test_a_point_tells_its_energy_and_says_nothing_where_it_is_not_known() -> None:
    first, *_, last = metered().points
    assert "100 mJ (50.0–200) a frame, estimated" in told(first)
    assert not any("a frame," in line for line in told(last))


def test_the_third_axis_is_chosen_and_drawn(qtbot) -> None:  # type: ignore[no-untyped-def]
    shown = TradeOffResults()
    qtbot.addWidget(shown)
    shown.resize(1000, 700)
    shown.show_result(metered(), running=False)
    before = shown.scatter.grab().toImage()
    for key in ("energy size", "energy colour"):
        shown.third.select(key)
        shown.third.activated.emit(shown.third.currentIndex())
        assert shown.scatter._view.third == key
        assert shown.scatter.grab().toImage() != before
