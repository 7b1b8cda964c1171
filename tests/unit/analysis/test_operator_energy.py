"""The 45 nm table against published numbers: NanoDet-g has 2.0901 GMAC, 3.783 M weights, 10.76 M activation elements."""

from __future__ import annotations

import pytest

from edgeperf_gui.analysis.operator_energy import (
    energy_mj,
    layer_energies,
    model_energy,
    operator_energy,
    pj_per_mac,
    sram_pj_per_64_bit,
)
from edgeperf_gui.domain.graph import LayerFacts
from edgeperf_gui.store.energy_tables import energy_table

TABLE = energy_table("45nm")
NANODET = LayerFacts("all", "Convolution", (5_380_000,), 2_090_100_000, 3_783_000, 0, 0)


def layer(name: str, macs: int | None, params: int = 0, written: tuple[int | None, ...] | None = (1,)) -> LayerFacts:
    return LayerFacts(name, "Convolution", written, macs, params, 0, 0)


@pytest.mark.parametrize(("size", "pj"), [(8 << 10, 10), (32 << 10, 20), (1 << 20, 100)])
def test_an_access_of_64_bits(size: int, pj: float) -> None:
    assert sram_pj_per_64_bit(TABLE, size) == pj


def test_what_does_not_fit_goes_to_the_next_larger_and_beyond_the_largest_tile_by_tile() -> None:
    assert sram_pj_per_64_bit(TABLE, 1) == 10
    assert sram_pj_per_64_bit(TABLE, (8 << 10) + 1) == 20
    assert sram_pj_per_64_bit(TABLE, 1 << 30) == 100


def test_an_int8_mac_is_multiplied_in_8_and_added_in_32_bits() -> None:
    assert pj_per_mac(TABLE, "i8") == pytest.approx(0.30)
    assert pj_per_mac(TABLE, "i4") is None


@pytest.mark.parametrize(("executed", "mj"), [("f32", 9.61), ("f16", 3.14), ("bf16", 3.14), ("i8", 0.63)])
def test_the_arithmetic_of_nanodet(executed: str, mj: float) -> None:
    found = operator_energy(TABLE, executed, macs=2_090_100_000, weights=0, written=0)
    assert found is not None and found.arithmetic_mj == pytest.approx(mj, rel=0.01)


# weights at 640 pJ per 32 bit, where measurement tables that use 650 pJ give 12.6, 4.63 and 1.38 mJ
@pytest.mark.parametrize(("executed", "mj"), [("f32", 12.57), ("bf16", 4.61), ("i8", 1.37)])
def test_totals_of_nanodet(executed: str, mj: float) -> None:
    assert energy_mj([NANODET], {executed: 34}, TABLE) == pytest.approx(mj, rel=0.005)


def test_memory_dwarfs_arithmetic() -> None:
    # Han et al.: 1 G connections at 20 Hz from DRAM are 12.8 W
    one_pass = operator_energy(TABLE, "f32", macs=0, weights=1_000_000_000, written=0)
    assert one_pass is not None
    assert one_pass.weights_mj / 1e3 * 20 == pytest.approx(12.8)
    assert TABLE.operations_pj["DRAM"] == 640


def test_a_batch_fetches_its_weights_once() -> None:
    alone = operator_energy(TABLE, "f32", macs=100, weights=1000, written=10)
    shared = operator_energy(TABLE, "f32", macs=100, weights=1000, written=10, batch=4)
    assert alone is not None and shared is not None
    assert shared.weights_mj == pytest.approx(alone.weights_mj / 4)
    assert (shared.arithmetic_mj, shared.activations_mj) == (alone.arithmetic_mj, alone.activations_mj)


def test_a_mixed_graph_lies_between() -> None:
    mixed = energy_mj([NANODET], {"i8": 33, "bf16": 1}, TABLE)
    assert mixed is not None and 1.37 < mixed < 1.6


def test_an_unknown_type_is_unknown() -> None:
    assert energy_mj([NANODET], {"i4": 3}, TABLE) is None
    assert energy_mj([NANODET], {}, TABLE) is None


def test_layer_by_layer_in_the_type_that_executed_it() -> None:
    layers = [
        layer("first", 1000, 10, (1, 8, 4, 4)),
        layer("second", 1000, 10, (1, 8, 4, 4)),
        layer("scale", 0, 8),  # fused: its weights are fetched, it moves nothing of its own
        layer("relu", 0),  # neither multiplies nor holds weights
        layer("cut by a run", None, 4),
        layer("of unknown size", 10, 4, (None, 3)),
        layer("odd", 10, 4),
    ]
    found, undecided = layer_energies(layers, {"second": "i8", "odd": "i4"}, "f32", TABLE)
    assert [(one.name, one.precision) for one in found] == [("first", "f32"), ("second", "i8"), ("scale", "f32")]
    assert undecided == 3
    assert found[0].energy.arithmetic_mj == pytest.approx(4.6e-6)
    assert (found[0].weight_bytes, found[0].activation_bytes, found[2].activation_bytes) == (40, 1024, 0)
    whole = model_energy("m", "FP32", "45nm", TABLE, found, undecided)
    assert whole.total_mj == pytest.approx(sum(one.energy.total_mj for one in found))
    assert (whole.kind, whole.undecided_layers) == ("theoretical", 3)
