"""How much of a graph is quantised, and what of it must not be."""

from __future__ import annotations

from typing import Any, Final

from edgeperf_gui.zoo.graph_facts import MULTIPLYING

_ON_THE_WAY: Final = frozenset({"Convert", "Subtract", "Multiply", "Reshape", "Transpose", "Unsqueeze", "Squeeze"})
"""Operations that may lie between quantised weights and the layer that uses them."""


def quantized_layers(model: Any) -> tuple[int, int]:
    """(multiplying layers with 8-bit weights or operands, all multiplying layers) of an `ov.Model`."""
    layers = [op for op in model.get_ops() if op.get_type_name() in MULTIPLYING]
    return sum(any(_is_quantized(value) for value in op.input_values()) for op in layers), len(layers)


def after_last_layers(model: Any) -> list[str]:
    """Names of the operations that no multiplying layer comes after: a detector's own arithmetic on its boxes and scores.

    Eight bits there save nothing and cost much: box coordinates of hundreds and scores below one share a scale.
    """
    after: set[str] = set()
    for op in reversed(model.get_ordered_ops()):
        kind = op.get_type_name()
        users = [use.get_node() for port in op.outputs() for use in port.get_target_inputs()]
        is_computed = kind not in MULTIPLYING and kind not in ("Parameter", "Constant", "Result")
        if is_computed and all(user.get_type_name() == "Result" or user.get_friendly_name() in after for user in users):
            after.add(op.get_friendly_name())
    return sorted(after)


def _is_quantized(value: Any) -> bool:
    """Whether an operand comes from a FakeQuantize or from 8-bit weights (or fewer bits)."""
    node = value.get_node()
    while node.get_type_name() in _ON_THE_WAY:
        node = node.input_value(0).get_node()
    if node.get_type_name() == "FakeQuantize":
        return True
    return bool(node.get_type_name() == "Constant" and node.get_element_type().get_bitwidth() <= 8)
