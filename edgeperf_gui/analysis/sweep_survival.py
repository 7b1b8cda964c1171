"""How a sweep goes on when its process has died in native code: the point is tried once more, then marked and left out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from edgeperf_gui.domain.sweep import SweepResult, SweepSpec


def spec_after_death(spec: SweepSpec, so_far: SweepResult | None, died_in: Sequence[int], sentence: str) -> SweepSpec | None:
    """What to ask of the next process; None when it died outside a point, such as while reading frames.

    `so_far`: the last answer, which says in which point it died. `died_in`: the points of earlier deaths, by index.
    """
    if so_far is None or so_far.under_way is None:
        return None
    points, at = list(so_far.points), so_far.under_way
    if at in died_in:
        points[at] = msgspec.structs.replace(points[at], sentence=f"Its process died twice. {sentence}")
    return msgspec.structs.replace(spec, known=tuple(points))
