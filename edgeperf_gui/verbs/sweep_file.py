"""The file of an earlier sweep, whose points are taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.sweep import SweepResult
from edgeperf_gui.store.given_file import read_given

_LARGEST_FILE: Final = 64_000_000
_REMEDY: Final = "Give the file that --json wrote."


def read_sweep(name: str) -> SweepResult:
    """An earlier sweep, also one of the days when all points had one hint and one number of threads.

    Raises BadInput when there is none in that file.
    """
    data = read_given(Path(name), "a sweep", _LARGEST_FILE, _REMEDY)
    try:
        return msgspec.convert(_ranged(msgspec.json.decode(data)), SweepResult)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadInput(f"{name} is not the result of a sweep: {error}.", _REMEDY) from error


def _ranged(read: Any) -> Any:
    """The same with ranges where there was one hint and one number of threads, which its points then did not tell."""
    spec = read.get("spec") if isinstance(read, dict) else None
    if not isinstance(spec, dict) or "hints" in spec:
        return read
    asked = spec.get("threads")
    ranged = {name: value for name, value in spec.items() if name != "hint"}
    ranged |= {"hints": [spec.get("hint", "none")], "threads": [asked]}
    points = read.get("points")
    if isinstance(points, list):
        points = [point | {"threads_asked": asked} if isinstance(point, dict) else point for point in points]
    return read | {"spec": ranged, "points": points}
