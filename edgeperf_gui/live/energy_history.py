"""Energy over time as the session's meter tells it: a row a reading, and the readings of this session for its sums."""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.energy import frame_energy
from edgeperf_gui.domain.energy import Banded, EnergyKind, EnergyReading
from edgeperf_gui.live.recent_rows import RecentRows

POINT: Final = np.dtype(
    [
        ("t_ns", np.int64),  # the reading's stamp
        ("watts", np.float64),  # mean since the reading before
        ("watts_low", np.float64),
        ("watts_high", np.float64),
        ("frame_j", np.float64),  # joules a frame since the reading before; NaN where no frame was completed in between
        ("frame_low_j", np.float64),
        ("frame_high_j", np.float64),
        ("inference_share", np.float64),  # the inference's part of a frame's joules, 0…1
    ]
)
"""NaN is "not known"; a row of NaN stands where a meter was gone and between two sessions, so that a curve breaks there."""

Points = NDArray[np.void]
CAPACITY: Final = 7200
_KEPT: Final = 7200
"""Readings of one session: two hours of one a second, what came before them stays in their sum."""
_FIRST_FRAME_NS: Final = 10_000_000_000
"""A session's first frame comes so soon after its first reading."""
_SETTLED_NS: Final = 500_000_000
"""A frame's record has come by then."""


class EnergyHistory:
    """Fed by the store. Rows are of one meter only: those of another are forgotten, because they have no axis in common."""

    def __init__(self) -> None:
        self._rows = RecentRows(POINT, CAPACITY)
        self._readings: deque[EnergyReading] = deque(maxlen=_KEPT)
        self._of: tuple[str, str] | None = None
        self._filled_ns = self._counted_ns = 0

    @property
    def kind(self) -> EnergyKind | None:
        """Of what the rows are about; None before the first reading."""
        return self._readings[-1].kind if self._readings else None

    @property
    def newest(self) -> EnergyReading | None:
        """The last reading of this session; None before the first."""
        return self._readings[-1] if self._readings else None

    @property
    def seconds(self) -> float:
        """What this session's joules were counted over: since its first reading, without the gaps."""
        return self._counted_ns / 1e9

    def recent(self, seconds: float, least: int = 2) -> list[EnergyReading]:
        """Readings of this session's newest `seconds`, and of as many more as it takes to have `least`."""
        if not self._readings:
            return []
        from_ns = self._readings[-1].stamp_ns - int(seconds * 1e9)
        found: list[EnergyReading] = []
        for reading in reversed(self._readings):
            if reading.stamp_ns < from_ns and len(found) >= least:
                break
            found.append(reading)
        return found[::-1]

    def frames_known_from_ns(self, complete_ns: NDArray[np.int64]) -> int:
        """From when on all frames of this session are among these completions, oldest first: before its first there were none."""
        first_ns, kept_ns = self._readings[0].stamp_ns, int(complete_ns[0])
        return first_ns if 0 <= kept_ns - first_ns < _FIRST_FRAME_NS else kept_ns

    def points(self) -> Points:
        """Rows of dtype `POINT`, oldest first: a view, valid until the next reading."""
        return self._rows.all()

    def begin(self) -> None:
        """A new session starts: its sums begin at nothing, the rows stay for the time axis."""
        self._readings.clear()
        self._filled_ns = self._counted_ns = 0

    def take(self, reading: EnergyReading) -> None:
        """One more reading."""
        if self._of != (reading.meter, reading.kind):
            self._rows.clear()
            self._of = (reading.meter, reading.kind)
        is_break = reading.watts is None or reading.is_after_gap
        if self._readings and not reading.is_after_gap:
            self._counted_ns += reading.stamp_ns - self._readings[-1].stamp_ns
        self._readings.append(reading)
        watts = (np.nan,) * 3 if is_break else _numbers(reading.watts)
        if is_break and not len(self._rows.all()):
            return
        self._rows.extend(np.array([(reading.stamp_ns, *watts, *(np.nan,) * 4)], POINT))

    def fill(self, complete_ns: NDArray[np.int64]) -> None:
        """Joules a frame for the rows whose frames have all come. `complete_ns`: completions of the newest frames, in order."""
        if len(self._readings) < 2 or not len(complete_ns):
            return
        until_ns = int(complete_ns[-1])
        if self._readings[-1].stamp_ns > until_ns + 2 * _SETTLED_NS:
            until_ns = self._readings[-1].stamp_ns  # no frame comes any more
        # rows whose frames are not among these any more stay unknown
        from_ns = max(self._filled_ns, self.frames_known_from_ns(complete_ns))
        readings = [one for one in self._readings if from_ns <= one.stamp_ns <= until_ns]
        if len(readings) < 2:
            return
        found = frame_energy(readings, complete_ns)
        rows = self._rows.all()
        if len(rows):  # a reading's row may have been forgotten since
            at = np.minimum(np.searchsorted(rows["t_ns"], found.end_ns), len(rows) - 1)
            its = rows["t_ns"][at] == found.end_ns
            for name, values in (("frame_j", found.joules), ("frame_low_j", found.low), ("frame_high_j", found.high)):
                rows[name][at[its]] = values[its]
        self._filled_ns = readings[-1].stamp_ns

    def split(self, inference_share: float, start_ns: int) -> None:
        """The inference's part of a frame's joules, for the rows of a session begun at `start_ns` that do not know it yet."""
        rows = self._rows.all()
        of_session = rows["t_ns"] >= start_ns
        rows["inference_share"][of_session & np.isnan(rows["inference_share"])] = inference_share

    def clear(self) -> None:
        """Forget the rows; the session's sums stay."""
        self._rows.clear()


def _numbers(quantity: Banded | None) -> tuple[float, float, float]:
    assert quantity is not None
    return msgspec.structs.astuple(quantity)
