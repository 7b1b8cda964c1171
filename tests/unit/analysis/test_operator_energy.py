"""The 45 nm table against published totals for NanoDet-g: 2.0901 GMAC, 3.783 M weights, 10.76 M activation elements."""

from __future__ import annotations

import pytest

from edgeperf_gui.analysis.operator_energy import energy_mj

NANODET = (2_090_100_000, 3_783_000, 10_760_000)


# weights at 640 pJ per 32 bit, where measurement tables that use 650 pJ give 12.6, 4.63 and 1.38 mJ
@pytest.mark.parametrize(("executed", "mj"), [("f32", 12.57), ("bf16", 4.61), ("i8", 1.37)])
def test_totals_of_nanodet(executed: str, mj: float) -> None:
    assert energy_mj(*NANODET, {executed: 34}) == pytest.approx(mj, rel=0.005)


def test_memory_dwarfs_arithmetic() -> None:
    # Han et al.: 1 G connections at 20 Hz from DRAM are 12.8 W
    one_pass = energy_mj(0, 1_000_000_000, 0, {"f32": 1})
    assert one_pass is not None
    assert one_pass / 1e3 * 20 == pytest.approx(12.8)


def test_a_mixed_graph_lies_between() -> None:
    mixed = energy_mj(*NANODET, {"i8": 33, "bf16": 1})
    assert mixed is not None and 1.37 < mixed < 1.6


def test_an_unknown_type_is_unknown() -> None:
    assert energy_mj(*NANODET, {"i4": 3}) is None
    assert energy_mj(*NANODET, {}) is None
