"""Wilson's interval of a proportion: right for few samples and near 0 and 1, where the textbook's ± is not."""

from __future__ import annotations

import math
from typing import Final

from edgeperf_gui.domain.accuracy import Proportion

_Z: Final = 1.959963984540054
"""97.5 % quantile of the normal distribution."""


def proportion(hits: int, n: int) -> Proportion:
    """`hits` of `n` with the 95 % score interval (Wilson 1927), without continuity correction."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no proportion")
    if n == 0:
        return Proportion(0, 0, None, None, None)
    share = hits / n
    scale = 1 + _Z**2 / n
    centre = (share + _Z**2 / (2 * n)) / scale
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / scale
    # Rounding must not push the ends past what is possible, or the value outside its own interval.
    return Proportion(hits, n, share, min(max(0.0, centre - reach), share), max(min(1.0, centre + reach), share))
