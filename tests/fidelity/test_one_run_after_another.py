"""A job that runs one pipeline after the other holds none but the last: the runtime must not keep what called it."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as op

from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.results import Effective, ModelTimes
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.cameras import AtRate, Cameras
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runtime import Runtime, embed_conversion
from edgeperf_gui.engine.sources.source import Frame

SIDE = 8
CARD = ModelCard("tiny", "Tiny", "raw", "none", "here", "grey", InputCard(SIDE, SIDE), {})


class Grey:
    """The same grey for ever."""

    info = SourceInfo("grey", SIDE, SIDE, 100.0, live=False)

    def read(self, into: np.ndarray | None) -> Frame:
        now_ns = time.perf_counter_ns()
        return Frame(np.zeros((SIDE, SIDE, 3), np.uint8) if into is None else into, now_ns, now_ns, 0)

    def rewind(self) -> None: ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


@pytest.fixture(scope="module")
def tiny() -> Runtime:
    pixels = op.parameter([1, 3, SIDE, SIDE], np.float32, name="image")
    model = embed_conversion(ov.Model([op.reduce_mean(pixels, op.constant([1, 2, 3]), False)], [pixels]), CARD.input)
    effective = Effective("FP32", {"f32": 1}, ("CPU",), 1, 3, 1, "none", "f32", 1)
    return Runtime(ov.Core().compile_model(model, "CPU"), effective, ModelTimes(0.0, 0.0, None, 0, "off"), "")


def a_pipeline(tiny: Runtime) -> weakref.ref[Pipeline]:
    pipeline = Pipeline(Grey(), tiny, CARD, Recorder(64), False, loop=False)
    pipeline.start()
    while pipeline.recorder.count < 9:
        time.sleep(0.002)
    assert pipeline.join(20) and pipeline.error is None
    return weakref.ref(pipeline)


def some_cameras(tiny: Runtime) -> weakref.ref[Cameras]:
    crowd = Cameras(tiny, CARD, [AtRate(Grey(), 100.0, 0.0, 0) for _ in range(2)])
    crowd.start()
    while not all(camera.ages_ms for camera in crowd.cameras):
        time.sleep(0.002)
    assert crowd.stop(20) and crowd.error is None
    return weakref.ref(crowd)


@pytest.mark.parametrize("run", [a_pipeline, some_cameras])
def test_what_has_ended_is_forgotten(tiny: Runtime, run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DECODERS, "grey", lambda card: ((), lambda outputs, box: Findings()))
    ended = run(tiny)
    deadline = time.monotonic() + 20
    # the runtime's own thread may still be on its way out of the last callback
    while ended() is not None and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert ended() is None
