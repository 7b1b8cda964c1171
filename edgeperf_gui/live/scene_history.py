"""A drawn scene's truth beside the session that looks at it: who got how many looks, and how right the findings were.

The truth is a pure function of the scene's address and a frame's number, so it is made here, in the window's process, where it
takes nothing from the engine; and only while somebody looks, a few frames at a time.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.detection_matches import corners_of
from edgeperf_gui.analysis.scenes.truth import Traffic, traffic_of, truth, visible_intervals
from edgeperf_gui.analysis.true_findings import FrameFound, found_in, hold_against
from edgeperf_gui.analysis.true_looks import counting, looks_of, true_looks
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.messages import SceneFindings, SceneSeen
from edgeperf_gui.domain.proportion import Proportion
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.scene import is_scene, parse
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.truth import TrueLooks, VisibleInterval
from edgeperf_gui.live.recent_rows import RecentRows

RIGHT: Final = np.dtype(
    [("t_ns", np.int64)]
    + [(f"{name}{end}", np.float64) for name in ("precision", "recall") for end in ("", "_low", "_high")]  # shares, 0…1
)
"""Of one stretch of about 5 s, at its end. A row of NaN separates two sessions, so that a curve breaks there."""

FIRST_FRAMES: Final = 3
"""Frames of a session that do not count: they pay for first use of caches and buffers."""
_STRETCH_S: Final = 5.0
_NUMBER: Final = np.dtype([("frame", np.int64)])
_MOST_FRAMES: Final = 1 << 16
_MOST_ROWS: Final = 1440
_MOST_WAITING: Final = 240
"""Frames that nobody looked at: the newest minute of them is held against the truth when somebody does."""


class SceneHistory:
    """Fed by the store; makes the truth when asked."""

    def __init__(self) -> None:
        self._rows = RecentRows(RIGHT, _MOST_ROWS)
        self._forget_session(None)

    # What a panel reads -----------------------------------------------------------------------------------------------------

    @property
    def is_known(self) -> bool:
        """Whether the session looks at a drawn scene that goes on at its own pace."""
        return self._traffic is not None

    @property
    def frames_judged(self) -> int:
        """Frames of this session whose findings were held against the truth."""
        return self._judged

    def looks(self, k: int) -> TrueLooks | None:
        """The true share of vehicles with at least `k` looks so far; None before there are frames that count."""
        numbers = self._numbers.all()["frame"]
        if self._numbers.total == len(numbers):
            numbers = numbers[FIRST_FRAMES:]
        if self._traffic is None or not numbers.size:
            return None
        fps = self._traffic.spec.fps
        start_s, end_s = float(numbers[0]) / fps, float(numbers[-1] + 1) / fps
        self._look_ahead(start_s, end_s)
        return true_looks(k, looks_of(counting(self._intervals, start_s, end_s), numbers, fps))

    def precision(self) -> Proportion:
        """Of the findings of vehicles in this session's judged frames, those that fit one."""
        return proportion(self._hits, self._hits + self._wrong)

    def recall(self) -> Proportion:
        """Of the vehicles in view in this session's judged frames, those that were found."""
        return proportion(self._hits, self._in_view)

    def points(self) -> NDArray[np.void]:
        """Rows of dtype `RIGHT`, oldest first: a view, valid until the next `judge`."""
        return self._rows.all()

    def judge(self, at_most: int) -> None:
        """Hold so many waiting frames against the truth, the oldest first: some 2 ms each."""
        for _ in range(min(at_most, len(self._waiting))):
            self._judge_one(*self._waiting.popleft())

    # What the store writes --------------------------------------------------------------------------------------------------

    def begin(self, asked: SessionSpec | None) -> None:
        """A new session starts; the rows stay for the time axis."""
        self._forget_session(asked)
        if len(self._rows.all()):
            self._rows.extend(np.array([(0, *[np.nan] * 6)], RIGHT))

    def take(self, message: SceneSeen) -> None:
        """About one second more."""
        if self._traffic is None:
            return
        numbers = np.frombuffer(message.frames, np.int64)
        self._numbers.extend(numbers.view(_NUMBER))
        self._waiting.extend((message.stamp_ns, found) for found in message.sampled)

    def clear(self) -> None:
        """Forget the rows; the session's sums stay."""
        self._rows.clear()

    # Inside -----------------------------------------------------------------------------------------------------------------

    def _forget_session(self, asked: SessionSpec | None) -> None:
        self._traffic = _traffic(asked)
        self._numbers = RecentRows(_NUMBER, _MOST_FRAMES)
        self._waiting: deque[tuple[int, SceneFindings]] = deque(maxlen=_MOST_WAITING)
        self._stretch: list[FrameFound] = []
        self._intervals: list[VisibleInterval] = []
        self._seen_until_s: float | None = None
        self._judged = self._hits = self._wrong = self._in_view = 0

    def _look_ahead(self, start_s: float, end_s: float) -> None:
        """Who came into view since the last look; who came before the frames that are held is forgotten."""
        if self._traffic is None:
            return
        since_s = start_s if self._seen_until_s is None else self._seen_until_s
        if end_s > since_s:
            self._intervals += visible_intervals(self._traffic.spec, since_s, end_s)
            self._seen_until_s = end_s
        if self._intervals and self._intervals[0].start_s < start_s:
            self._intervals = [one for one in self._intervals if one.start_s >= start_s]

    def _judge_one(self, stamp_ns: int, found: SceneFindings) -> None:
        if self._traffic is None:
            return
        boxes = np.frombuffer(found.boxes, DETECTION)
        one = hold_against(found.frame, corners_of(boxes), boxes["label"], truth(self._traffic, found.frame))
        self._judged += 1
        self._hits += one.hits
        self._wrong += one.wrong
        self._in_view += one.in_view
        self._stretch.append(one)
        if one.frame - self._stretch[0].frame >= _STRETCH_S * self._traffic.spec.fps:
            self._end_stretch(stamp_ns)

    def _end_stretch(self, stamp_ns: int) -> None:
        assert self._traffic is not None
        whole = found_in(self._stretch, self._traffic.spec.fps)
        self._stretch = []
        if whole is None:
            return
        values = [
            np.nan if value is None else value
            for share in (whole.precision, whole.recall)
            for value in (share.value, share.low, share.high)
        ]
        self._rows.extend(np.array([(stamp_ns, *values)], RIGHT))


def _traffic(asked: SessionSpec | None) -> Traffic | None:
    """Of a scene that goes on whoever looks; flat out, or when frames come by a pattern, nobody can be missed."""
    if asked is None or not is_scene(asked.source) or not asked.paced or asked.arrivals:
        return None
    try:
        return traffic_of(parse(asked.source))
    except SourceError:  # the engine says what is wrong with it
        return None
