"""The protocol every decoder follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox

Outputs = Sequence[NDArray[Any]]
"""The model's outputs in the order of the names that the decoder asked for; all, in the model's order, when it named none."""

Decode = Callable[[Outputs, Letterbox], Findings]
"""A pure function from outputs to findings in source pixels, best score first; safe to call from one thread at a time."""

Built = tuple[tuple[str, ...], Decode]
"""Names of the outputs to fetch, in order (none for all of them), and the function that decodes them."""

Floats = NDArray[np.float32]
Names = Annotated[list[str], msgspec.Meta(min_length=1, max_length=8)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]

REMEDY = "Correct the decoder, its options or the input size in the model's card.toml."

OptionsT = TypeVar("OptionsT", bound=msgspec.Struct)


def read_options(card: ModelCard, kind: type[OptionsT], score_threshold: float | None = None) -> OptionsT:
    """The card's `decoder_options`, checked; `score_threshold` overrides the card's where the decoder has one."""
    given = dict(card.decoder_options)
    if score_threshold is not None and "score_threshold" in kind.__struct_fields__:
        given["score_threshold"] = score_threshold
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise ModelError(f"The decoder options of {card.name} cannot be used: {error}.", "Correct its card.toml.") from error


def take_outputs(outputs: Outputs, count: int) -> Outputs:
    """Exactly `count` outputs; ModelError when the model has fewer. Those beyond are of no interest."""
    if len(outputs) < count:
        raise ModelError(f"The model has {len(outputs)} outputs where the decoder needs {count}.", REMEDY)
    return outputs[:count]


def wrong_shape(outputs: Outputs, expected: str) -> ModelError:
    """The error for outputs that do not look the way the card says."""
    shapes = " and ".join(str(list(output.shape)) for output in outputs[:6])
    return ModelError(f"The model's outputs have the shapes {shapes or 'of nothing'} where {expected} was expected.", REMEDY)
