"""Outputs that a file gives as 8-bit codes, made real numbers again: decoders look for probabilities and boxes, not for codes."""

from __future__ import annotations

from typing import Any, Final

import openvino.opset13 as ops

_CODES: Final = ("u8", "i8")
_RANGES: Final = 4
"""Inputs of FakeQuantize after the data: lowest and highest before it, lowest and highest after it."""


def decode_quantized_outputs(model: Any) -> tuple[str, ...]:
    """Change an `ov.Model` in place; what was done, as notes.

    TFLite's quantised models end in real values → FakeQuantize onto the codes → Convert to the codes' type, and ONNX's
    QuantizeLinear does, too. The FakeQuantize knows which range the codes stand for: given that range as its output as well, it
    rounds as before and gives real values.
    """
    coded = [(result, node) for result in model.get_results() if (node := _quantizer(result)) is not None]
    if not coded:
        return ()
    for result, node in coded:
        _make_real(result, node)
    model.validate_nodes_and_infer_types()
    which = "Its output is" if len(coded) == 1 else f"{len(coded)} of its outputs are"
    return (f"{which} in 8-bit codes in the file; they are turned into the numbers that they stand for.",)


def _quantizer(result: Any) -> Any | None:
    """The FakeQuantize that makes the codes of this output; None when they are no codes, or their range is not one for all."""
    convert = result.input_value(0).get_node()
    if convert.get_type_name() != "Convert" or convert.get_element_type().get_type_name() not in _CODES:
        return None
    node = convert.input_value(0).get_node()
    if node.get_type_name() != "FakeQuantize":
        return None
    ranges = [node.input_value(1 + at).get_node() for at in range(_RANGES)]
    return node if all(_is_number(each) for each in ranges) else None


def _is_number(node: Any) -> bool:
    return bool(node.get_type_name() == "Constant" and node.get_data().size == 1)


def _make_real(result: Any, node: Any) -> None:
    port = result.input_value(0)
    low, high = node.input_value(1), node.input_value(2)
    real = ops.fake_quantize(node.input_value(0), low, high, low, high, int(node.get_attributes()["levels"]))
    names = port.get_names()
    port.set_names(set())
    real.output(0).set_names(names)
    real.set_friendly_name(port.get_node().get_friendly_name())
    result.input(0).replace_source_output(real.output(0))
