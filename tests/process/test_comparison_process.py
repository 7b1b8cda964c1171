from __future__ import annotations

import msgspec
import pytest

from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.comparison import Comparison, spec_for
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings

pytestmark = pytest.mark.alone

PATIENCE_MS = 90_000


@pytest.fixture
def comparison(qapp):
    controller = Controller(host=EngineHost("trial_engine:run"))
    made = Comparison(controller)
    yield made
    made.shutdown()
    controller.shutdown()


def test_the_bundled_model_is_compared_through_the_real_engine(comparison, qtbot):
    told = []
    comparison.changed.connect(lambda: told.append(comparison.progress))
    comparison.start(msgspec.structs.replace(spec_for(Settings()), seconds=3.0))
    with qtbot.waitSignal(comparison.finished, timeout=PATIENCE_MS):
        pass
    assert comparison.failure is None
    result = comparison.result
    assert result.complete and set(result.variants) == {"FP32", "FP16", "INT8"}
    assert set(result.variants["FP32"].executed_precision) == {"f32"}
    for variant in result.variants.values():
        assert variant.inference.n > 0 and variant.fps > 0 and variant.compile_cold_ms > 0
        assert 2.0e9 < variant.macs < 2.2e9
    assert result.variants["FP32"].agreement.ap == 1.0
    assert set(result.ratios) == {"FP16/FP32", "INT8/FP32", "INT8/FP16"}
    assert any(progress is not None and progress.total == 3 for progress in told)


def test_a_source_that_is_not_there_is_a_sentence(comparison, qtbot):
    comparison.start(spec_for(Settings(source="nowhere.mp4")))
    with qtbot.waitSignal(comparison.finished, timeout=PATIENCE_MS):
        pass
    assert comparison.result is None
    assert "nowhere.mp4" in comparison.failure.sentence and comparison.failure.remedy
