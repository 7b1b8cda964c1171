"""Theoretical operator energy: operations × energy per operation. A lower bound of the datapath, for ratios only.

A layer multiplies and accumulates in the type that executed it, fetches its weights once from DRAM, and reads and writes its
activations in SRAM. What a processor spends on instructions and on standing there is not in it: its own energy is 20 to 100 times
as much.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from edgeperf_gui.domain.energy import EnergyTable, LayerEnergy, ModelEnergy, OperatorEnergy
from edgeperf_gui.domain.graph import LayerFacts

_BYTES: Final = {"f32": 4, "f16": 2, "bf16": 2, "i8": 1}
_PJ_PER_MJ: Final = 1e9
_BYTES_PER_ACCESS: Final = 8
"""Tables tell the energy of 64 bits."""


def pj_per_mac(table: EnergyTable, precision: str) -> float | None:
    """Multiply plus accumulate; None for a type that the table does not have. int8 accumulates in int32."""
    if precision not in table.multiply_pj or precision not in table.accumulate_pj:
        return None
    return table.multiply_pj[precision] + table.accumulate_pj[precision]


def sram_pj_per_64_bit(table: EnergyTable, size_bytes: float) -> float:
    """Of the smallest memory that holds so much; beyond the largest it is that one's, tile by tile."""
    sizes = sorted(table.sram_pj_per_64_bit)
    fitting = next((size for size in sizes if size >= size_bytes), sizes[-1])
    return table.sram_pj_per_64_bit[fitting]


def operator_energy(
    table: EnergyTable, precision: str, *, macs: int, weights: int, written: int, batch: int = 1
) -> OperatorEnergy | None:
    """Energy per picture of one layer. `weights` and `written` (its output) are elements; None for a type not in the table.

    It reads about as much as it writes: what stands between two layers that multiply is fused into them. A batch fetches the
    weights once for all of its pictures.
    """
    per_mac, size = pj_per_mac(table, precision), _BYTES.get(precision)
    if per_mac is None or size is None:
        return None
    fetches = weights * size / _BYTES_PER_ACCESS / batch
    accesses = 2 * written * size / _BYTES_PER_ACCESS
    return OperatorEnergy(
        arithmetic_mj=macs * per_mac / _PJ_PER_MJ,
        weights_mj=fetches * table.dram_pj_per_64_bit / _PJ_PER_MJ,
        activations_mj=accesses * sram_pj_per_64_bit(table, written * size) / _PJ_PER_MJ,
    )


def layer_energies(
    layers: Iterable[LayerFacts], executed: Mapping[str, str], otherwise: str, table: EnergyTable, batch: int = 1
) -> tuple[list[LayerEnergy], int]:
    """Every layer that multiplies or holds weights, and how many such layers had to be left out.

    `executed`: type by layer name; `otherwise`: of layers it does not name (they were fused into others).
    """
    found, undecided = [], 0
    for layer in layers:
        if layer.macs == 0 and not layer.params:
            continue
        precision, written = executed.get(layer.name, otherwise), _written(layer)
        energy = None
        if layer.macs is not None and written is not None:
            energy = operator_energy(table, precision, macs=layer.macs, weights=layer.params, written=written, batch=batch)
        if energy is None or written is None:
            undecided += 1
            continue
        size = _BYTES[precision]
        found.append(
            LayerEnergy(layer.name, layer.type, precision, layer.macs or 0, layer.params * size, 2 * written * size, energy)
        )
    return found, undecided


def _written(layer: LayerFacts) -> int | None:
    """Elements of its output; 0 for a layer that only scales or shifts, because it is fused into the one before."""
    if layer.macs == 0:
        return 0
    sizes = [None] if layer.shape is None else list(layer.shape)
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def model_energy(
    model: str, precision: str, node: str, table: EnergyTable, layers: Sequence[LayerEnergy], undecided: int = 0
) -> ModelEnergy:
    """The layers and their sums."""
    arithmetic = math.fsum(layer.energy.arithmetic_mj for layer in layers)
    weights = math.fsum(layer.energy.weights_mj for layer in layers)
    activations = math.fsum(layer.energy.activations_mj for layer in layers)
    return ModelEnergy(
        model=model,
        precision=precision,
        node=node,
        source=table.source,
        arithmetic_mj=arithmetic,
        weights_mj=weights,
        activations_mj=activations,
        total_mj=arithmetic + weights + activations,
        layers=tuple(layers),
        undecided_layers=undecided,
    )


def energy_mj(layers: Iterable[LayerFacts], executed: Mapping[str, int], table: EnergyTable, batch: int = 1) -> float | None:
    """Millijoules of one picture when only the number of layers per executed type is known: each layer is shared out by it.

    None when a type is not in the table, or nothing was executed.
    """
    counted = sum(executed.values())
    if not counted:
        return None
    total = 0.0
    for layer in layers:
        for precision, number in executed.items():
            found, _ = layer_energies((layer,), {}, precision, table, batch)
            if precision not in _BYTES or pj_per_mac(table, precision) is None:
                return None
            total += sum(one.energy.total_mj for one in found) * number / counted
    return total
