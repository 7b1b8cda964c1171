"""A model for several pictures at once, and each picture's own answer in what it gives."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError

_REFUSING: Final = re.compile(r"While validating node '\w+::(\w+) .*? with friendly_name '([^']+)'", re.DOTALL)
_REMEDY: Final = "Use batch 1, or export the model with a dynamic batch and import it again."
_SEED: Final = 7
_SAME: Final = 0.1
"""How far two answers to the same picture may lie apart, as a share of what lies between those to two."""


def set_batch(model: Any, card: ModelCard, batch: int, *, apart: bool = False) -> None:
    """Widen a model with one picture as input to `batch` of them. Raises ModelError, with the layer that refuses.

    Some exports fold the pictures into another dimension of their outputs; their answers are whole all the same. `apart`: the
    pictures must be the first dimension of every output.
    """
    before = [port.partial_shape for port in model.outputs]
    _follow_input(model)
    try:
        ov.set_batch(model, batch)
    except RuntimeError as error:
        raise ModelError(f"{card.title} cannot take {batch} pictures at once: {_cause(str(error))}.", _REMEDY) from error
    for name, one, port in zip(_names(model), before, model.outputs, strict=True):
        many = port.partial_shape
        if not (one.is_dynamic or many.is_dynamic) and math.prod(many.to_shape()) != batch * math.prod(one.to_shape()):
            raise _refusal(card, batch, f"its output {name} does not grow with them")
        if apart and not _is_in_front(one, many, batch):
            raise _refusal(card, batch, f"its output {name} has no dimension of its own for them in front")


def check_apart(request: Any, card: ModelCard) -> None:
    """Have a request answer one picture in its first row, and then in its last among others: its answer must be the same.

    A shape alone does not tell that no answer is mixed with another's. Raises ModelError.
    """
    data = request.get_input_tensor().data
    dark, *others = np.random.default_rng(_SEED).integers(0, 256, (3, *data.shape[1:]), np.uint8)
    ports = [port for port in request.model_outputs if port.partial_shape.is_static]
    first, last = (_answers(request, data, ports, dark // 8, other, at) for other, at in zip(others, (0, -1), strict=True))
    for port, one, other in zip(ports, first, last, strict=True):
        if np.linalg.norm(one[0] - other[-1]) > _SAME * np.linalg.norm(one[0] - one[1]):
            raise _refusal(card, data.shape[0], f"its output {min(port.get_names(), default='')} mixes their answers")


def _follow_input(model: Any) -> None:
    """Let each Reshape into one picture take as many as it is given: exports write their batch of one into the shape."""
    for node in model.get_ops():
        if node.get_type_name() != "Reshape" or node.input_value(1).get_node().get_type_name() != "Constant":
            continue
        given, wanted = node.input_value(0).get_partial_shape(), node.input_value(1).get_node().get_data()
        if wanted.size and wanted[0] == 1 and given.rank.is_static and len(given) and given[0] == 1 and not (wanted == 0).any():
            wanted = wanted.copy()
            wanted[0] = 0
            node.input(1).replace_source_output(opset13.constant(wanted).output(0))
            node.set_attribute("special_zero", True)  # 0 stands for the input's own length


def _answers(
    request: Any, data: NDArray[Any], ports: list[Any], picture: NDArray[Any], others: NDArray[Any], at: int
) -> list[NDArray[Any]]:
    data[:] = others
    data[at] = picture
    request.infer()
    return [request.get_tensor(port).data.astype(np.float64) for port in ports]


def _is_in_front(one: Any, many: Any, batch: int) -> bool:
    known = one.rank.is_static and len(one) > 0 and len(one) == len(many)
    return known and one[0] == 1 and many[0] == batch and all(many[at] == one[at] for at in range(1, len(one)))


def _refusal(card: ModelCard, batch: int, why: str) -> ModelError:
    return ModelError(f"{card.title} cannot take {batch} pictures at once: {why}.", _REMEDY)


def _names(model: Any) -> list[str]:
    return [min(port.get_names(), default=f"#{index}") for index, port in enumerate(model.outputs)]


def _cause(words: str) -> str:
    refusing = _REFUSING.search(words)
    return f"its layer {refusing[2]} ({refusing[1]}) refuses" if refusing else "it has a fixed batch of one"
