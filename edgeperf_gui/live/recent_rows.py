"""The newest rows of a structured array, always readable as one contiguous piece."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.void]


class RecentRows:
    """Keeps the newest `capacity` rows. Allocated once, twice as long as needed, so that rows are moved only now and then.

    Rows are addressed by their absolute number: how many were added before them since the start.
    """

    def __init__(self, dtype: np.dtype[np.void], capacity: int) -> None:
        self._rows: Rows = np.zeros(2 * capacity, dtype)
        self._capacity = capacity
        self._end = 0
        self.total = 0
        """Rows ever added."""

    def extend(self, rows: Rows) -> None:
        """Add rows at the newest end, forgetting the oldest."""
        self.total += len(rows)
        rows = rows[-self._capacity :]
        if self._end + len(rows) > len(self._rows):
            kept = self.all()
            self._rows[: len(kept)] = kept
            self._end = len(kept)
        self._rows[self._end : self._end + len(rows)] = rows
        self._end += len(rows)

    def all(self) -> Rows:
        """Everything kept, oldest first: a view, valid until the next `extend`."""
        return self._rows[max(0, self._end - self._capacity) : self._end]

    def since(self, number: int) -> Rows:
        """Rows from the absolute `number` on, as far as they are still kept."""
        kept = self.all()
        return kept[max(0, len(kept) - (self.total - number)) :] if number < self.total else kept[len(kept) :]

    def clear(self) -> None:
        """Forget all rows; absolute numbers go on."""
        self._end = 0
