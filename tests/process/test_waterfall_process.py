"""The waterfall page with a real run: one round of the shipped model and clip, its pictures painted here."""

from __future__ import annotations

import msgspec
import pytest
from real_page import PATIENCE_MS, opened

from edgeperf_gui.live import waterfall_run
from edgeperf_gui.live.waterfall_run import WaterfallRun
from edgeperf_gui.ui.waterfall_page import WaterfallPage

pytestmark = pytest.mark.alone


@pytest.fixture
def page(qapp, qtbot, home, monkeypatch):
    short = waterfall_run.spec_for
    monkeypatch.setattr(
        waterfall_run, "spec_for", lambda settings: msgspec.structs.replace(short(settings), seconds=1.0, block_seconds=0.15)
    )
    with opened(qapp, qtbot, lambda controller: WaterfallPage(WaterfallRun(controller))) as made:
        yield made


def test_with_the_page_open_the_window_is_a_measured_step(page: WaterfallPage, qtbot) -> None:
    run = page._run
    painted: list[int] = []
    page.video.painted.connect(lambda frame, _stamp: painted.append(frame))
    qtbot.waitUntil(lambda: run._runner._view != (0, 0), timeout=PATIENCE_MS)
    page.start()
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    assert run.failure is None and run.result is not None
    window = run.result.steps[-1]
    assert window.part == "window" and window.total_ms is not None and painted
    assert page.head.text().startswith("benchmark_app’s loop gives ") and "add up to" in page.details.text()
    assert run.result.pacing is not None and run.result.pacing.rate == 25.0
