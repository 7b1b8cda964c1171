"""The shipped INT8 variant: that it holds 8 bits, and that a session on it really runs them."""

from __future__ import annotations

from pathlib import Path

import openvino as ov
import pytest

from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.runtime import load
from edgeperf_gui.zoo.catalogue import load_card
from edgeperf_gui.zoo.graph_facts import graph_facts
from edgeperf_gui.zoo.quantized_layers import quantized_layers

CPU_FLAGS = Path("/proc/cpuinfo")
EIGHT_BIT = ("avx512_vnni", "avx_vnni", "amx_int8")


def test_every_convolution_is_quantised(root: Path) -> None:
    card = load_card(root / "models" / "nanodet-g")
    assert card.variants["INT8"].stored == "INT8"
    eight, half = (ov.Core().read_model(card.path(card.variants[name].xml)) for name in ("INT8", "FP16"))
    assert quantized_layers(eight) == (34, 34)
    assert quantized_layers(half) == (0, 34)
    assert card.path("nanodet-g-int8.bin").stat().st_size < 0.55 * card.path("nanodet-g-fp16.bin").stat().st_size


def test_quantising_changes_neither_macs_nor_parameters(root: Path) -> None:
    card = load_card(root / "models" / "nanodet-g")
    eight, half = (graph_facts(ov.Core().read_model(card.path(card.variants[name].xml))) for name in ("INT8", "FP16"))
    assert (eight.macs, eight.params) == (half.macs, half.params)


def test_a_session_runs_eight_bits(root: Path) -> None:
    if not CPU_FLAGS.is_file() or not any(flag in CPU_FLAGS.read_text() for flag in EIGHT_BIT):
        pytest.skip("this CPU has no 8-bit dot product")
    card = load_card(root / "models" / "nanodet-g")
    loaded = load(card, SessionSpec("i8", "", card.name, precision="INT8"), lambda _: None)
    executed = loaded.effective.executed_precision
    assert executed["i8"] >= 30
    # what is left runs in the device's own default, which is shown and not decided here
    default = ov.Core().get_property("CPU", "INFERENCE_PRECISION_HINT").get_type_name()
    assert set(executed) - {"i8"} <= {default, "f32"}
    assert loaded.effective.stored_precision == "INT8"
