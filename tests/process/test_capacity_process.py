"""The capacity page with the real child: the bundled model, the bundled clip, a few cameras."""

from __future__ import annotations

import os
import signal

import pytest
from real_page import PATIENCE_MS, opened

from edgeperf_gui.domain.capacity import CameraKind, CapacitySpec
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.ui.capacity_page import CapacityPage

pytestmark = pytest.mark.alone

NEVER_OVER_S = "60"
"""A step that is still under way whenever a test comes to it."""


@pytest.fixture
def page(qapp, qtbot):
    with opened(qapp, qtbot, lambda controller: CapacityPage(CapacitySearch(controller))) as made:
        yield made


def fill(page: CapacityPage, **numbers: str) -> None:
    for name, text in ({"most": "2", "misses": "40", "seconds": "1"} | numbers).items():
        getattr(page.form, name).edit.setText(text)
    page.form.kinds.rows[0].rate.setText("10")


def wait(qtbot, condition) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def test_a_mix_is_predicted_verified_and_shown_with_pictures(page: CapacityPage, qtbot) -> None:
    search, shown = page._search, []
    search.pictured.connect(lambda preview, seen: shown.append(seen))
    found: list = []
    search.changed.connect(lambda: found.append(search.result))
    fill(page)
    page.form.kinds.add(by_hand=True).rate.setText("5")
    assert page.form.kinds.rows[1].count.isVisible() and "A mix of 2 kinds" in page.status.text()
    page.run_button.click()
    wait(qtbot, lambda: shown)
    wait(qtbot, lambda: not search.is_running)
    assert search.failure is None and search.result.complete
    first = next(result for result in found if result is not None)
    assert first.predicted and not first.steps, "the prediction comes before the first step"
    assert [step.cameras for step in search.result.steps][:2] == [1, 2]
    last = search.result.steps[-1]
    assert [served.cameras for served in last.kinds] == [1, 1]
    assert [kind.rate for kind in search.result.kinds] == [10.0, 5.0]
    seen = page.results.tiles.seen
    assert seen is not None and len(seen.tiles) == seen.cameras <= 2 and seen.tiles[0].rate == 10.0
    assert page.results.tiles._shown[0].pixels[..., :3].any()
    assert page.results.plot.places(len(search.result.steps) - 1) and page.results.table.text()


def test_cancelled_in_a_step_what_is_known_stays(page: CapacityPage, qtbot) -> None:
    search = page._search
    fill(page, seconds=NEVER_OVER_S)
    page.run_button.click()
    wait(qtbot, lambda: search.progress is not None and "missed" in search.progress.activity)
    page.cancel_button.click()
    wait(qtbot, lambda: not search.is_running)
    assert search.is_cancelled and search.failure is None
    assert search.result.predicted and not search.result.steps and "kept" in page.results.foot.summary.text()
    assert page.run_button.isEnabled()


def test_cancelled_at_once(page: CapacityPage, qtbot) -> None:
    fill(page)
    page.run_button.click()
    page.cancel_button.click()
    wait(qtbot, lambda: not page._search.is_running)
    assert page._search.failure is None and page._search.result is None


def test_a_child_that_is_killed_in_a_step_is_a_sentence_and_can_be_run_again(page: CapacityPage, qtbot) -> None:
    search, shown = page._search, []
    search._runner.told.connect(shown.append)
    fill(page, seconds=NEVER_OVER_S)
    page.run_button.click()
    page.close()
    wait(qtbot, lambda: search.progress is not None and "missed" in search.progress.activity)
    assert not shown, "nobody looks, so no picture is made"
    page.open()
    os.kill(search._runner._host.pid, signal.SIGKILL)
    wait(qtbot, lambda: not search.is_running)
    assert search.failure.reason is FinishReason.CRASHED and "1 camera" in search.failure.sentence
    assert search.failure.sentence in page.results.foot.trouble.text() and page.run_button.isEnabled()


def test_a_rate_above_the_sources_is_a_sentence(page: CapacityPage, qtbot) -> None:
    fill(page)
    page.form.kinds.rows[0].rate.setText("60")
    page.run_button.click()
    wait(qtbot, lambda: not page._search.is_running)
    assert "gives 25 frames per second; a camera of 60 cannot be shown" in page.blank_title.text()
    assert "at most 25" in page.blank_words.text()


def test_a_source_that_is_not_there_is_a_sentence(page: CapacityPage, qtbot) -> None:
    spec = CapacitySpec("", "nanodet-g", (CameraKind("nowhere.mp4"),))
    assert page._search.start(spec)
    wait(qtbot, lambda: not page._search.is_running)
    assert "nowhere.mp4" in page._search.failure.sentence and page._search.failure.remedy
