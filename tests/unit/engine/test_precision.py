"""Which precision is asked for, and which one ran."""

from __future__ import annotations

import pytest

from edgeperf_gui.engine.precision import executed_precision, inference_precision, spelled

EPYC = ["BF16", "WINOGRAD", "FP32", "INT8", "BIN", "EXPORT_IMPORT"]
XEON_AMX = ["BF16", "WINOGRAD", "FP32", "FP16", "INT8", "BIN", "EXPORT_IMPORT"]
DESKTOP = ["WINOGRAD", "FP32", "INT8", "BIN", "EXPORT_IMPORT"]
GPU = ["FP32", "BIN", "FP16", "INT8", "EXPORT_IMPORT"]


@pytest.mark.parametrize(
    ("variant", "default", "capabilities", "hint"),
    [
        ("FP32", "bf16", EPYC, "f32"),
        ("FP16", "bfloat16", EPYC, "bf16"),
        ("FP16", "bf16", XEON_AMX, "bf16"),  # f16 is listed too, but runs five times slower there
        ("FP16", "f32", DESKTOP, "f32"),
        ("FP16", "f16", GPU, "f16"),
        ("FP16", None, GPU, "f16"),
        ("FP16", None, [], "f32"),
        ("INT8", "bf16", EPYC, None),
    ],
)
def test_what_each_variant_asks_for(variant, default, capabilities, hint) -> None:
    assert inference_precision(variant, default, capabilities) == hint


@pytest.mark.parametrize(
    ("name", "plain"), [("bfloat16", "bf16"), ("FP32", "f32"), ("U8", "i8"), ("I8", "i8"), ("boolean", "boolean")]
)
def test_one_spelling(name: str, plain: str) -> None:
    assert spelled(name) == plain


def test_the_primitives_suffix_is_counted_over_layers_that_multiply() -> None:
    layers = [
        ("Convolution", "brgconv_avx512_amx_bf16"),
        ("Convolution", "brgconv_avx512_amx_1x1_bf16"),
        ("Convolution", "jit_avx512_I8"),
        ("Reorder", "jit_uni_f32"),
        ("Softmax", "jit_avx512_f32"),
        ("Input", "unknown"),
    ]
    assert executed_precision(layers) == {"bf16": 2, "i8": 1}
    assert list(executed_precision(layers)) == ["bf16", "i8"]


def test_a_graph_without_multiplications_counts_all_it_has() -> None:
    assert executed_precision([("Softmax", "jit_avx512_f32"), ("Reorder", "ref_any_bf16"), ("Input", "unknown")]) == {
        "f32": 1,
        "bf16": 1,
    }
    assert executed_precision([]) == {}
