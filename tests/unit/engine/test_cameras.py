"""Virtual cameras: in place before their clocks start, stopped without what lies in their mailboxes, and never silent."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import RunError, SourceError
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine import cameras as module
from edgeperf_gui.engine import silence
from edgeperf_gui.engine.cameras import AtRate, Cameras
from edgeperf_gui.engine.sources.source import Frame
from edgeperf_gui.zoo.catalogue import find_model


class Recording:
    """Grey frames; each takes `read_s`."""

    def __init__(self, read_s: float = 0.0) -> None:
        self.info = SourceInfo(title="grey", width=32, height=24, fps=25.0, live=False)
        self.read_at: list[float] = []
        self._read_s = read_s

    def read(self, into):
        time.sleep(self._read_s)
        now = time.perf_counter_ns()
        self.read_at.append(now)
        return Frame(np.zeros((24, 32, 3), np.uint8) if into is None else into, now, now, 0)

    def rewind(self) -> None:
        pass

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass


class Request:
    """Answers after `busy_s`, or fails without calling back, as the runtime's binding does when inference throws."""

    def __init__(self, card: ModelCard, busy_s: float, *, fails: bool) -> None:
        self._busy_s, self._fails = busy_s, fails
        self._input = np.zeros((1, card.input.height, card.input.width, 3), np.uint8)
        self._ended = threading.Event()
        self.submitted = 0

    def get_input_tensor(self):
        return SimpleNamespace(data=self._input)

    def set_callback(self, callback, data) -> None:
        self._callback, self._data = callback, data

    def start_async(self) -> None:
        self.submitted += 1
        self._ended.clear()
        threading.Timer(self._busy_s, self._end).start()

    def wait_for(self, milliseconds: int) -> bool:
        ended = self._ended.wait(milliseconds / 1e3)
        if ended and self._fails:
            raise RuntimeError("Exception from src/inference:\nthe tensor is of the wrong shape")
        return ended

    def _end(self) -> None:
        self._ended.set()
        if not self._fails:
            self._callback(self._data)


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch):
    """Cameras on requests of ours, whose outputs nobody decodes."""
    card = find_model("nanodet-g")
    monkeypatch.setattr(module, "DECODERS", {card.decoder: lambda card: ((), lambda outputs, letterbox: None)})
    monkeypatch.setattr(module, "OutputTensors", lambda request, names: SimpleNamespace(read=lambda: None))
    made: list[Cameras] = []

    def make(sources: list[AtRate], busy_s: float = 0.0, *, requests: int = 1, fails: bool = False):
        given = [Request(card, busy_s, fails=fails) for _ in range(requests)]
        left = list(given)
        compiled = SimpleNamespace(create_infer_request=left.pop)
        crowd = Cameras(SimpleNamespace(compiled=compiled, effective=SimpleNamespace(requests=requests)), card, sources)
        made.append(crowd)
        crowd.start()
        return crowd, given

    yield make
    for crowd in made:
        crowd.stop()


def wait_for(what) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_no_clock_starts_before_every_camera_is_in_its_place(build) -> None:
    recordings = [Recording(), Recording(0.01)]
    crowd, _ = build([AtRate(recordings[0], 50, 0, 0), AtRate(recordings[1], 50, 0, 40)])
    wait_for(lambda: len(recordings[0].read_at) >= 2)
    assert crowd.running.is_set()
    assert recordings[0].read_at[0] > recordings[1].read_at[39]
    # what was skipped is neither due nor dropped: 40 frames of 10 ms would be 20 drops at 50 FPS, more than have been due since
    dropped, due = crowd.cameras[1].reader.dropped, (time.perf_counter_ns() - recordings[0].read_at[0]) / 20e6
    assert dropped <= due + 1


def test_a_camera_on_its_way_to_its_place_can_be_stopped(build) -> None:
    crowd, _ = build([AtRate(Recording(), 10, 0, 0), AtRate(Recording(0.01), 10, 0, 100_000)])
    assert crowd.stop()
    assert not crowd.running.is_set() and crowd.error is None


def test_a_stop_does_not_serve_what_still_lies_in_the_mailboxes(build) -> None:
    crowd, (request,) = build([AtRate(Recording(), 100, 0, 0) for _ in range(64)], 0.3)
    wait_for(lambda: all(camera.reader.dropped for camera in crowd.cameras))
    before = request.submitted
    assert crowd.stop(5.0)
    assert request.submitted <= before + 1 and crowd.error is None


def test_one_camera_may_keep_every_request_busy(build) -> None:
    crowd, requests = build([AtRate(Recording(), 200, 0, 0)], 1.0, requests=10)
    wait_for(lambda: all(request.submitted for request in requests))
    assert crowd.error is None


def test_a_request_that_fails_without_calling_back_is_a_sentence(build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "_SILENT_S", 0.2)
    crowd, _ = build([AtRate(Recording(), 20, 0, 0)], fails=True)

    def asked() -> bool:
        crowd.find_failed_request()
        return crowd.error is not None

    wait_for(asked)
    assert isinstance(crowd.error, RunError) and "failed to infer a frame (the tensor" in str(crowd.error)
    assert crowd.stop()


def test_a_recording_that_fails_on_the_way_frees_the_others_and_is_told(build) -> None:
    class Damaged(Recording):
        def read(self, into):
            raise SourceError("The recording is damaged.", "Try another.")

    crowd, _ = build([AtRate(Recording(), 10, 0, 0), AtRate(Damaged(), 10, 0, 5)])
    wait_for(lambda: crowd.error is not None)
    assert isinstance(crowd.error, SourceError) and not crowd.running.is_set()
    assert crowd.stop()
