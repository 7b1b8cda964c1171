"""Which precision to ask of a device for a variant, and which one it really ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from edgeperf_gui.domain.card import Precision

MULTIPLYING_LAYERS: Final = frozenset({"Convolution", "GroupConvolution", "Deconvolution", "FullyConnected", "MatMul"})
"""Layer types that do the arithmetic, by the runtime's own names; the executed precision is counted over these."""

_SPELLINGS: Final = {
    "fp32": "f32",
    "float32": "f32",
    "fp16": "f16",
    "float16": "f16",
    "bfloat16": "bf16",
    "int8": "i8",
    "u8": "i8",
}
_SIXTEEN_BIT: Final = ("bf16", "f16")


def spelled(name: str) -> str:
    """One spelling for the runtime's many: `bfloat16`, `BF16` → `bf16`; `I8`, `U8` → `i8`."""
    plain = name.strip().lower()
    return _SPELLINGS.get(plain, plain)


def inference_precision(precision: Precision, device_default: str | None, capabilities: Iterable[str]) -> str | None:
    """Value of INFERENCE_PRECISION_HINT for a variant; None leaves the device's default.

    FP16 runs in the device's best 16-bit type. That is its own default where the default has 16 bits: a CPU with AMX lists FP16
    too, but runs f16 five times slower than its default bf16, and slower than f32.
    """
    if precision == "FP32":
        return "f32"
    if precision == "INT8":
        return None
    default = spelled(device_default or "")
    if default in _SIXTEEN_BIT:
        return default
    has = {c.upper() for c in capabilities}
    return "f16" if "FP16" in has else "bf16" if "BF16" in has else "f32"


def executed_precision(layers: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Count layers by the type that executed them, most first.

    `layers`: (layer type, primitive type) pairs of the runtime model, such as ("Convolution", "brgconv_avx512_amx_bf16"). The
    primitive's suffix tells the truth; `runtimePrecision` reports the stored weights' type for some layers. Counted over layers
    that multiply; over all when there are none.
    """
    suffixes = [(layer, spelled(primitive.rsplit("_", 1)[-1])) for layer, primitive in layers if "_" in primitive]
    multiplying = [suffix for layer, suffix in suffixes if layer in MULTIPLYING_LAYERS]
    return dict(Counter(multiplying or [suffix for _, suffix in suffixes]).most_common())


def runtime_layers(compiled: Any) -> list[tuple[str, str]]:
    """(layer type, primitive type) of every operation in a compiled model's runtime graph; empty when a device hides it."""
    try:
        operations = compiled.get_runtime_model().get_ordered_ops()
    except RuntimeError:
        return []
    layers = []
    for operation in operations:
        info = operation.get_rt_info()
        if "layerType" in info and "primitiveType" in info:
            layers.append((_text(info["layerType"]), _text(info["primitiveType"])))
    return layers


def executed_by_layer(compiled: Any) -> dict[str, str]:
    """Executed type by the name of each layer of the model as read: one operation of the device may stand for several fused."""
    try:
        operations = compiled.get_runtime_model().get_ordered_ops()
    except RuntimeError:
        return {}
    found: dict[str, str] = {}
    for operation in operations:
        info = operation.get_rt_info()
        primitive = _text(info["primitiveType"]) if "primitiveType" in info else ""
        if "_" in primitive and "originalLayersNames" in info:
            kind = spelled(primitive.rsplit("_", 1)[-1])
            found.update(dict.fromkeys(_text(info["originalLayersNames"]).split(","), kind))
    return found


def _text(value: Any) -> str:
    return str(value.value if hasattr(value, "value") else value)
