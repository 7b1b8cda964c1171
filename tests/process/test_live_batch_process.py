"""The window's controller and the real engine, with batches: chosen while it runs, painted, told, and taken back."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.domain.records import BATCH_WAIT
from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.store.run_file import read_run

pytestmark = pytest.mark.alone

PATIENCE_MS = 90_000


@pytest.fixture
def controller(qapp):
    controller = Controller()
    yield controller
    controller.shutdown()


def test_a_running_session_takes_a_batch_and_gives_it_back(controller, qtbot, home):
    def paint(preview):
        controller.frame_painted(preview.frame, preview.post_end_ns + 1_000_000)

    def wait(condition):
        qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    store = controller.store
    controller.previewReady.connect(paint)
    controller.set_view_size(320, 240)
    controller.start()
    wait(lambda: store.frames_completed >= 5)
    assert BATCH_WAIT not in store.stage_stats()
    controller.change(batch=4)
    assert store.markers[-1].text == "batch 1 → 4"
    wait(lambda: store.opened is not None and store.opened.effective.batch == 4)
    wait(lambda: store.stage_stats()["age"] is not None and store.stage_stats()["age"].n >= 12)
    stats = store.stage_stats()
    assert stats[BATCH_WAIT].max_ms > 80, "the first of four waits for three periods of 40 ms"
    own = store.whole()
    for submit_ns in np.unique(own["submit_ns"]):
        batch = own[own["submit_ns"] == submit_ns]
        assert len(batch) == 4 and len(np.unique(batch["shown_ns"])) == 1
    controller.undo()
    wait(lambda: store.status.state is RunState.RUNNING and store.opened.effective.batch == 1)
    controller.stop()
    wait(lambda: not controller.is_running)
    assert store.status.reason is FinishReason.STOPPED
    runs = [read_run(path) for path in sorted((home / "data" / "runs").glob("*"))]
    assert sorted(run.header.opened.effective.batch for run in runs) == [1, 1, 4]
    for run in runs:
        for batch in np.split(run.records, np.flatnonzero(np.diff(run.records["submit_ns"])) + 1):
            assert len(np.unique(batch["shown_ns"])) <= 1, "what was painted is kept for the whole batch"
