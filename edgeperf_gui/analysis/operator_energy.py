"""Theoretical operator energy: operations × energy per operation. A lower bound of the datapath, for ratios only.

45 nm, 0.9 V: M. Horowitz, "Computing's energy problem", ISSCC 2014; DRAM as in S. Han et al., arXiv 1506.02626.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from edgeperf_gui.domain.graph import LayerFacts

_PJ_PER_MAC: Final = {"f32": 3.7 + 0.9, "f16": 1.1 + 0.4, "bf16": 1.1 + 0.4, "i8": 0.2 + 0.1}
"""Multiply plus accumulate; int8 accumulates in int32. bf16 is not in the table and taken as f16."""
_BYTES: Final = {"f32": 4, "f16": 2, "bf16": 2, "i8": 1}
_DRAM_PJ_PER_BYTE: Final = 640 / 4
_SRAM_1MB_PJ_PER_BYTE: Final = 100 / 8


def elements_of(layers: Iterable[LayerFacts]) -> int:
    """Numbers read and written by the layers that multiply; what stands between them is fused into them."""
    return 2 * sum(math.prod(size or 1 for size in layer.shape or ()) for layer in layers if layer.macs)


def energy_mj(macs: int, params: int, activations: int, executed: Mapping[str, int]) -> float | None:
    """Millijoules of one inference: arithmetic, weights once from DRAM, activations through 1 MB of SRAM.

    `executed`: layers per executed type; operations are shared out by their number. `activations`: elements read and written.
    None when a type is not in the table.
    """
    layers = sum(executed.values())
    if not layers or not set(executed) <= set(_PJ_PER_MAC):
        return None
    share = {name: count / layers for name, count in executed.items()}
    per_mac = sum(part * _PJ_PER_MAC[name] for name, part in share.items())
    per_element = sum(part * _BYTES[name] for name, part in share.items())
    picojoules = macs * per_mac + per_element * (params * _DRAM_PJ_PER_BYTE + activations * _SRAM_1MB_PJ_PER_BYTE)
    return picojoules / 1e9
