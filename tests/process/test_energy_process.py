"""Energy with real children: a session whose meter is read, and a variant that is counted layer by layer."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.energy_now import energy_now
from edgeperf_gui.live.operator_count import OperatorCount

pytestmark = pytest.mark.alone

PATIENCE_MS = 90_000


@pytest.fixture
def controller(qapp):
    made = Controller()
    yield made
    made.shutdown()
    made.deleteLater()


def test_a_session_tells_what_its_meter_shows(controller: Controller, qtbot) -> None:
    controller.change(meter=MeterChoice("tdp", tdp_low_watts=10.0, tdp_high_watts=20.0))
    controller.start()
    qtbot.waitUntil(lambda: len(controller.store.energy.points()) >= 2, timeout=PATIENCE_MS)
    controller.stop()
    qtbot.waitUntil(lambda: not controller.is_running, timeout=PATIENCE_MS)
    now = energy_now(controller.store)
    assert now is not None and now.kind == "estimated" and now.covers == "our processes"
    assert now.joules_per_frame is not None
    assert 0 < now.joules_per_frame.low < now.joules_per_frame.value < now.joules_per_frame.high
    assert set(now.stage_joules_per_frame) == {"decode", "preprocess", "inference", "postprocess"}
    controller.store.energy.fill(controller.store.recent(60)["complete_ns"])
    assert np.isfinite(controller.store.energy.points()["frame_j"]).any()


def test_a_meter_that_is_not_here_is_a_notice_and_no_end(controller: Controller, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    controller.change(meter=MeterChoice("rapl"))
    controller.start()
    qtbot.waitUntil(lambda: any("rapl" in notice.sentence for notice in controller.store.notices), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: controller.store.frames_completed > 0, timeout=PATIENCE_MS)
    assert controller.store.energy.newest is None


def test_the_chosen_variant_is_counted_once_and_only_while_somebody_looks(controller: Controller, qtbot) -> None:
    count = OperatorCount(controller)
    assert count.result is None and not count._runner.is_running
    count.want(True)
    qtbot.waitUntil(lambda: count.result is not None or count.failure is not None, timeout=PATIENCE_MS)
    assert count.failure is None
    found = count.result
    assert found is not None and found.precision == "FP16" and found.arithmetic_mj > 0 and found.layers
    assert count.operations_pj()["DRAM"] == 640.0
    controller.change(model="nowhere")
    qtbot.waitUntil(lambda: count.failure is not None, timeout=PATIENCE_MS)
    assert "nowhere" in count.failure.sentence
    count.shutdown()
