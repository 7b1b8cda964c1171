"""Counting a graph: parameters, multiply-accumulates, bytes. Conventions and exact targets are in the tests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.graph import GraphFacts, LayerFacts, PortFacts

Shape = tuple[int | None, ...]


def _after_outputs(output: list[int], data: list[int], weights: list[int]) -> int:
    return math.prod(output) * math.prod(weights[1:])


def _after_groups(output: list[int], data: list[int], weights: list[int]) -> int:
    return math.prod(output) * math.prod(weights[2:])


def _transposed(output: list[int], data: list[int], weights: list[int]) -> int:
    return math.prod(data) * math.prod(weights[1:])


def _transposed_groups(output: list[int], data: list[int], weights: list[int]) -> int:
    return math.prod(data) * math.prod(weights[2:])


_CONVOLUTIONS: Final[dict[str, Callable[[list[int], list[int], list[int]], int]]] = {
    "Convolution": _after_outputs,
    "GroupConvolution": _after_groups,
    "ConvolutionBackpropData": _transposed,
    "GroupConvolutionBackpropData": _transposed_groups,
}
"""Multiply-accumulates from the shapes of output, input 0 and input 1: input 1 is not always a Constant itself."""

MULTIPLYING: Final = frozenset((*_CONVOLUTIONS, "MatMul"))

_WEIGHT_PORTS: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(_CONVOLUTIONS, (1,)),
    "MatMul": (0, 1),
    "Add": (0, 1),
    "Multiply": (0, 1),
    "PRelu": (1,),
    "BatchNormInference": (1, 2),  # scale and shift; its running statistics are no parameters
    "GroupNormalization": (1, 2),
    "Gather": (0,),
    "LSTMSequence": (4, 5, 6),
    "GRUSequence": (3, 4, 5),
    "RNNSequence": (3, 4, 5),
}
"""Inputs that hold trained weights when they come from constants. Elsewhere constants are sizes, ranges, limits, paddings."""


def graph_facts(model: Any) -> GraphFacts:
    """Count an `ov.Model`. Raises ModelError while an input's shape is not fixed: the arithmetic grows with the picture."""
    if any(port.get_partial_shape().is_dynamic for port in model.inputs):
        raise ModelError("A model without fixed input sizes cannot be counted.", "Import it: that gives it a size.")
    graph = _Graph(model)
    layers = tuple(map(graph.layer, graph.operations))
    macs = sum(layer.macs or 0 for layer in layers)
    return GraphFacts(
        params=sum(elements for elements, _, _ in graph.weights.values()),
        macs=macs,
        flops=2 * macs,
        weight_bytes=sum(size for _, size, _ in graph.weights.values()),
        activation_bytes=sum(layer.activation_bytes or 0 for layer in layers),
        inputs=tuple(map(port_facts, model.inputs)),
        outputs=tuple(map(port_facts, model.outputs)),
        layers=layers,
        histogram=dict(Counter(layer.type for layer in layers).most_common()),
        weight_types=dict(graph.weight_types().most_common()),
        undecided_layers=sum(layer.macs is None or layer.activation_bytes is None for layer in layers),
    )


def port_facts(port: Any) -> PortFacts:
    """An input or output of a model."""
    names = port.get_names()
    name = port.get_any_name() if names else port.get_node().get_friendly_name()
    return PortFacts(name, shape_of(port.get_partial_shape()), port.get_element_type().get_type_name())


def shape_of(shape: Any) -> Shape | None:
    """A runtime's PartialShape as plain numbers; None for what is not known."""
    if shape.rank.is_dynamic:
        return None
    return tuple(size.get_length() if size.is_static else None for size in shape)


class _Graph:
    """Which operations depend on the picture, and which weights they use."""

    def __init__(self, model: Any) -> None:
        self._constant: set[str] = set()
        self.operations: list[Any] = []
        self.weights: dict[str, tuple[int, int, str]] = {}
        """Elements, bytes and type by the constant that holds them: weights that two layers share count once."""
        for operation in model.get_ordered_ops():
            if self._is_constant(operation):
                self._constant.add(operation.get_name())
            elif operation.get_type_name() not in ("Parameter", "Result"):
                self.operations.append(operation)

    def layer(self, operation: Any) -> LayerFacts:
        used = self._weights_of(operation)
        self.weights.update(used)
        kind = operation.get_type_name()
        # a FakeQuantize says how the value before it is rounded when it is written; it writes nothing a second time
        ports = [] if kind == "FakeQuantize" else operation.outputs()
        sizes = [_bytes(shape_of(port.get_partial_shape()), port.get_element_type()) for port in ports]
        return LayerFacts(
            name=operation.get_friendly_name(),
            type=kind,
            shape=shape_of(operation.get_output_partial_shape(0)) if operation.get_output_size() else None,
            macs=_macs(operation),
            params=sum(elements for elements, _, _ in used.values()),
            weight_bytes=sum(size for _, size, _ in used.values()),
            activation_bytes=None if None in sizes else sum(size for size in sizes if size is not None),
        )

    def weight_types(self) -> Counter[str]:
        types: Counter[str] = Counter()
        for elements, _, kind in self.weights.values():
            types[kind] += elements
        return types

    def _is_constant(self, operation: Any) -> bool:
        """True when no picture can change its outputs; the shape of a tensor is such a thing once sizes are fixed."""
        if operation.get_type_name() == "Constant":
            return True
        if operation.get_type_name() == "ShapeOf" and operation.get_input_partial_shape(0).is_static:
            return True
        inputs = operation.input_values()
        return bool(inputs) and all(value.get_node().get_name() in self._constant for value in inputs)

    def _weights_of(self, operation: Any) -> dict[str, tuple[int, int, str]]:
        kind = operation.get_type_name()
        if kind == "BatchNormInference" and self._is_scaled_again(operation):
            return {}
        found: dict[str, tuple[int, int, str]] = {}
        inputs = operation.input_values()
        for index in _WEIGHT_PORTS.get(kind, ()):
            if index >= len(inputs) or inputs[index].get_node().get_name() not in self._constant:
                continue
            value = inputs[index]
            if value.get_partial_shape().is_dynamic or _is_picture_sized(value):
                continue
            elements = math.prod(value.get_shape())
            if not value.get_element_type().is_real() or (elements == 1 and not _is_bias(operation, inputs, index)):
                continue  # a shape, or a factor such as the 1/6 of a hard swish
            name, stored = _storage(value, elements)
            found[name] = (elements, math.ceil(elements * stored.bitwidth / 8), stored.get_type_name())
        return found

    def _is_scaled_again(self, operation: Any) -> bool:
        """Caffe's pair of a normalisation without, and a scaling with, trained values has one scale and one shift, not two."""
        users = [port.get_node() for port in operation.output(0).get_target_inputs()]
        return len(users) == 1 and users[0].get_type_name() == "Multiply" and bool(self._weights_of(users[0]))


def _is_bias(operation: Any, inputs: list[Any], index: int) -> bool:
    """A single number can be the bias of a layer with one channel; it then has that layer's number of dimensions."""
    other = inputs[1 - index].get_node()
    return (
        operation.get_type_name() == "Add"
        and other.get_type_name() in MULTIPLYING
        and len(inputs[index].get_shape()) == len(other.get_output_partial_shape(0))
    )


def _is_picture_sized(value: Any) -> bool:
    """Whether a value is made to the measure of the picture: the places and strides of a detector's cells are no weights."""
    node = value.get_node()
    while inputs := node.input_values():
        kind = node.get_type_name()
        if kind == "Range" or (kind == "Broadcast" and not _is_fixed(inputs[1])):
            return True
        node = inputs[0].get_node()
    return False


def _is_fixed(value: Any) -> bool:
    """Whether a shape is written down, not computed."""
    node = value.get_node()
    while node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    return bool(node.get_type_name() == "Constant")


def _storage(value: Any, elements: int) -> tuple[str, Any]:
    """Name and element type of the Constant behind a weight: it may hide behind Convert, Multiply, FakeQuantize, Broadcast."""
    node = value.get_node()
    name = node.get_name()
    while node.get_type_name() != "Constant":
        inputs = node.input_values()
        if not inputs or node.get_type_name() == "ShapeOf":
            return name, value.get_element_type()
        # a ConstantOfShape became Broadcast(one number): its value is input 0, as the weight is everywhere else
        node = inputs[0].get_node()
    same = math.prod(node.get_output_shape(0)) == elements
    return (node.get_name() if same else name), node.get_output_element_type(0)


def _macs(operation: Any) -> int | None:
    kind = operation.get_type_name()
    if kind not in MULTIPLYING:
        return 0
    shapes = [operation.get_output_partial_shape(0), *(operation.get_input_partial_shape(index) for index in (0, 1))]
    if any(shape.is_dynamic for shape in shapes):
        return None
    output, data, weights = ([size.get_length() for size in shape] for shape in shapes)
    if kind != "MatMul":
        return int(_CONVOLUTIONS[kind](output, data, weights))
    transposed = bool(operation.get_attributes().get("transpose_a", False))
    inner = data[-2] if transposed and len(data) > 1 else data[-1]
    return int(math.prod(output)) * int(inner)


def _bytes(shape: Shape | None, element_type: Any) -> int | None:
    if shape is None or None in shape:
        return None
    bits: int = math.prod(size for size in shape if size is not None) * element_type.bitwidth
    return math.ceil(bits / 8)
