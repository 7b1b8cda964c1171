"""A model for several pictures at once."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import openvino as ov

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError

_REFUSING: Final = re.compile(r"While validating node '\w+::(\w+) .*? with friendly_name '([^']+)'", re.DOTALL)
_REMEDY: Final = "Use batch 1, or export the model with a dynamic batch and import it again."


def set_batch(model: Any, card: ModelCard, batch: int) -> None:
    """Widen a model with one picture as input to `batch` of them. Raises ModelError, with the layer that refuses.

    Some exports fold the pictures into another dimension of their outputs; their answers are whole all the same.
    """
    before = _elements(model)
    try:
        ov.set_batch(model, batch)
    except RuntimeError as error:
        raise ModelError(f"{card.title} cannot take {batch} pictures at once: {_cause(str(error))}.", _REMEDY) from error
    for name, elements, widened in zip(_names(model), before, _elements(model), strict=True):
        if elements is not None and widened is not None and widened != elements * batch:
            raise ModelError(
                f"{card.title} cannot take {batch} pictures at once: its output {name} does not grow with them.", _REMEDY
            )


def _elements(model: Any) -> list[int | None]:
    """How many numbers each output holds; None where that depends on the picture."""
    return [None if port.partial_shape.is_dynamic else math.prod(port.partial_shape.to_shape()) for port in model.outputs]


def _names(model: Any) -> list[str]:
    return [min(port.get_names(), default=f"#{index}") for index, port in enumerate(model.outputs)]


def _cause(words: str) -> str:
    refusing = _REFUSING.search(words)
    return f"its layer {refusing[2]} ({refusing[1]}) refuses" if refusing else "it has a fixed batch of one"
