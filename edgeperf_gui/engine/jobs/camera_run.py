"""One real run with so many virtual cameras: warmed up, then looked at until it is decided, or read flat out."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from edgeperf_gui.analysis.early_stopping import look_times
from edgeperf_gui.domain.capacity import CapacitySpec, CapacityStep, KindFound
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.engine.cameras import AtRate, Cameras
from edgeperf_gui.engine.jobs.camera_account import CameraAccount
from edgeperf_gui.engine.jobs.camera_tiles import CameraTiles
from edgeperf_gui.engine.run_end import check_end
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.telemetry import LoadMeter

_WARM_UP_S: Final = 1.0
_WARM_UP_PERIODS: Final = 1.5
"""By then every camera, whatever its phase, has shown a frame."""
_LEAST_S: Final = 3.0
"""A step is not decided earlier: an overload takes a while to fill the mailboxes."""
_STRETCH_S: Final = 1.0
"""So long a stretch is judged by itself as disturbed by others or not."""
_GLANCE_S: Final = 0.25
"""How often the window is told, and silent requests are asked."""
_ENOUGH_FRAMES: Final = 50
"""For the cost of a frame, where a run cannot pass in its time anyway."""
_FLAT_OUT_WARM_UP_S: Final = 0.5
_FLAT_OUT_S: Final = 3.0
_TOO_SHORT: Final = "in {:g} s {:.0f} frames are due, and it takes {} without a miss to pass: give it more seconds"


@dataclass(frozen=True, slots=True)
class FlatOut:
    """One camera's recording, read as fast as the model takes its frames."""

    cpu_ms_per_frame: float
    busy_share: float
    """Of the CPU that others left and this process may use, what it used: 0…1."""


class CameraRun:
    """A model that is loaded, and what its cameras are told and shown by."""

    def __init__(
        self,
        spec: CapacitySpec,
        loaded: Runtime,
        card: ModelCard,
        stop: threading.Event,
        tiles: CameraTiles,
        tell: Callable[[str], None],
    ) -> None:
        self._spec, self._loaded, self._card = spec, loaded, card
        self._stop, self._tiles, self._tell = stop, tiles, tell

    def flat_out(self, source: AtRate, cores: float) -> FlatOut | None:
        """What a frame costs while the machine is full; None when stopped, or when hardly a frame was completed.

        `cores`: those this process may use.
        """
        crowd = Cameras(self._loaded, self._card, [source], paced=False)
        with _Running(crowd, [source], self._stop) as running:
            if not running.wait(_FLAT_OUT_WARM_UP_S):
                return None
            crowd.cameras[0].count_from_now()
            load, cpu_start = LoadMeter(self._spec.companion_pids), time.process_time()
            start_s = time.perf_counter()
            if not running.wait(min(_FLAT_OUT_S, self._spec.seconds)):
                return None
            cpu_s, seconds = time.process_time() - cpu_start, time.perf_counter() - start_s
            foreign, frames = load.total().foreign_percent or 0.0, len(crowd.cameras[0].ages_ms)
        if frames < 2:
            return None
        left = min(cores, (os.cpu_count() or 1) * (1.0 - foreign / 100))
        return FlatOut(1e3 * cpu_s / frames, min(1.0, cpu_s / (seconds * left)) if left > 0 else 1.0)

    def step(
        self, sources: list[AtRate], row: Sequence[int], kinds: Sequence[KindFound], cheapest_ms: float | None
    ) -> CapacityStep | None:
        """Count from the end of the warm-up until a look decides, or the last one was taken; None when stopped.

        `row`: the kind of each source; `cheapest_ms`: the least CPU time that a frame is known to take. Closes the sources.
        """
        self._tiles.forget()
        crowd = Cameras(self._loaded, self._card, sources, seen=self._tiles.offer)
        self._tell(f"{_cameras(len(sources))}: finding their places in the recording")
        looks = look_times(self._spec.seconds, _LEAST_S)
        account = CameraAccount(row, kinds, self._spec.max_miss_percent / 100, len(looks))
        with _Running(crowd, sources, self._stop) as running:
            none_yet = [(0, 0)] * len(sources)
            running.between = lambda: self._tiles.show(crowd.cameras, none_yet, None)
            slowest = min(kinds[kind].rate for kind in row)
            if not running.wait(max(_WARM_UP_S, _WARM_UP_PERIODS / slowest)):
                return None
            for camera in crowd.cameras:
                camera.count_from_now()
            return self._count(running, account, looks, cheapest_ms)

    def _count(
        self, running: _Running, account: CameraAccount, looks: Sequence[float], cheapest_ms: float | None
    ) -> CapacityStep | None:
        cameras = running.crowd.cameras
        meter, cpu_start, start_s = LoadMeter(self._spec.companion_pids), time.process_time(), time.perf_counter()

        def show() -> None:
            counts = account.counts(cameras)
            self._tiles.show(cameras, counts, time.perf_counter() - start_s)
            due, missed = (sum(count[at] for count in counts) for at in (0, 1))
            self._tell(f"{_cameras(len(cameras))}: {100 * missed / max(1, due):.1f} % missed")

        running.between = show
        can_pass = account.due_fps * looks[-1] >= account.least
        step: CapacityStep | None = None
        for look_s in looks:
            while (left_s := start_s + look_s - time.perf_counter()) > 0:
                begun_s = time.perf_counter()
                if not running.wait(min(_STRETCH_S, left_s)):
                    return None
                account.end_stretch(cameras, time.perf_counter() - begun_s, meter.lap().foreign_percent)
            step = account.step(cameras, time.process_time() - cpu_start, cheapest_ms, os.cpu_count() or 1)
            if step.verdict != "UNDECIDED" or (not can_pass and step.frames >= _ENOUGH_FRAMES):
                break
        if step is not None and step.verdict == "UNDECIDED" and not step.note and not can_pass:
            words = _TOO_SHORT.format(looks[-1], account.due_fps * looks[-1], account.least)
            return msgspec.structs.replace(step, note=words)
        return step


class _Running:
    """Cameras from their start to their end, in order; on leaving it raises what went wrong."""

    def __init__(self, crowd: Cameras, sources: Sequence[AtRate], stop: threading.Event) -> None:
        self.crowd, self._sources, self._stop = crowd, sources, stop
        self.between: Callable[[], None] = lambda: None
        """Called a few times a second while waiting."""

    def __enter__(self) -> _Running:
        self.crowd.start()
        return self

    def wait(self, seconds: float) -> bool:
        """Whether nothing went wrong until then, and nobody stopped it. The first wait begins when all are in place."""
        while not self.crowd.running.is_set() and self.crowd.error is None:
            if self._stop.wait(_GLANCE_S):
                return False
        end_s = time.perf_counter() + seconds
        while (left_s := end_s - time.perf_counter()) > 0:
            if self.crowd.error is not None or self._stop.wait(min(_GLANCE_S, left_s)):
                return False
            self.crowd.find_failed_request()
            self.between()
        return self.crowd.error is None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        joined = self.crowd.stop()
        for source in self._sources:
            source.close()
        if kind is not None:
            return
        check_end(self.crowd.error, joined, "The cameras", "A source")


def _cameras(number: int) -> str:
    return f"{number} camera{'s'[: number > 1]}"
