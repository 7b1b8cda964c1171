"""The trade-off page with a real sweep: two points of the shipped model, one round."""

from __future__ import annotations

import pytest
from real_page import PATIENCE_MS, opened

from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui.trade_off_page import TradeOffPage

pytestmark = pytest.mark.alone


@pytest.fixture
def page(qapp, qtbot):
    with opened(qapp, qtbot, lambda controller: TradeOffPage(SweepRun(controller))) as made:
        yield made


def test_two_points_are_measured_drawn_and_named(page: TradeOffPage, qtbot) -> None:
    run = page._run
    partial: list[int] = []
    run.changed.connect(lambda: partial.append(len(page.results.view.measured)))
    for name, box in page.form.boxes.items():
        box.setChecked(name == "FP16")
    page.form.batches.setText("1,2")
    page.form.streams.setText("1")
    page.form.requests.setText("1")
    page.form.rounds.setValue(1)
    page.form.rate.edit.setText("1")
    assert page.status.text().startswith("2 points, about ")
    page.run_button.click()
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    assert run.failure is None and run.result is not None and run.result.complete
    view = page.results.view
    assert [(point.batch, point.streams, point.requests) for point in view.points] == [(1, 1, 1), (2, 1, 1)]
    assert all(point.fps and point.latency and point.compile_ms for point in view.points)
    # what the process keeps of a model it had before may be room enough for the next
    assert all(point.rss_mb is None or point.rss_mb > 0 for point in view.points)
    assert view.points[1].batch_wait_ms == pytest.approx(1000.0)
    assert 1 in partial, "the first point was there before the second"
    assert view.best.point is view.points[0] and page.results.use_button.isEnabled(), "the quickest that keeps up"
    assert page.results.batches.knee_at() in (1, 2)
