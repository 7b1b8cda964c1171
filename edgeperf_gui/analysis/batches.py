"""Frames that one request answered together: who they are, and what they share.

They lie side by side in the records and have one submission. A window paints the newest of them only, but what it paints was
known of all: that painting ends the age of each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import Records


def mates(records: Records, at: int) -> slice:
    """The rows that were answered together with row `at`, itself among them."""
    submits = records["submit_ns"]
    submit_ns = submits[at]
    first, past = at, at + 1
    while submit_ns and first > 0 and submits[first - 1] == submit_ns:
        first -= 1
    while submit_ns and past < len(submits) and submits[past] == submit_ns:
        past += 1
    return slice(first, past)


def share_shown(records: Records) -> None:
    """Give each frame without a painting of its own that of the frames answered with it, in place."""
    if not len(records):
        return
    submits, shown = records["submit_ns"], records["shown_ns"]
    begins = np.concatenate(([True], submits[1:] != submits[:-1]))
    of_batch = np.maximum.reduceat(shown, np.flatnonzero(begins))[np.cumsum(begins) - 1]
    lacking = (shown == 0) & (submits > 0)
    shown[lacking] = of_batch[lacking]


def waited_ns(records: Records) -> NDArray[np.int64]:
    """From each frame's own input being filled to its request being sent: 0 for the last of a full batch."""
    waits: NDArray[np.int64] = records["submit_ns"] - records["preprocess_end_ns"]
    return waits


def unheld_ns(records: Records, name: str = "complete_ns") -> NDArray[np.int64]:
    """A stamp of each frame less its wait for its batch, never falling: a place of its own on a time axis.

    Frames that were answered together would lie on top of each other, and only the one that waited longest would be seen.
    """
    stamps: NDArray[np.int64] = records[name] - waited_ns(records)
    return np.maximum.accumulate(stamps)
