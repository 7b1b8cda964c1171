"""No decoder: what can be said of any output. For models that nobody has written a decoder for."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.decoder import Built, Outputs, read_options

_TOP: Final = 3
_RANKED: Final = 65_536
"""Outputs with more values than this are told by their highest alone; ranking would take longer than small models do."""


class RawOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card's `decoder_options`."""

    outputs: Annotated[list[str], msgspec.Meta(max_length=64)] = msgspec.field(default_factory=list)
    """Names of the outputs to look at; empty takes all."""
    lines: Annotated[int, msgspec.Meta(ge=1, le=64)] = 24
    """Most lines to give; two an output."""


def decode(outputs: Outputs, letterbox: Letterbox, options: RawOptions) -> Findings:
    """Name, shape and range of each output, and where its highest values stand."""
    lines: list[str] = []
    for index, output in enumerate(outputs):
        left = len(outputs) - index
        if len(lines) + 2 > options.lines and left:
            return Findings(values=(*lines[: options.lines - 1], f"… {left} more outputs"))
        name = options.outputs[index] if index < len(options.outputs) else f"output {index}"
        lines += _describe(name[-60:], output)
    return Findings(values=tuple(lines))


def _describe(name: str, output: NDArray[Any]) -> list[str]:
    head = f"{name}  {list(output.shape)} {output.dtype}"
    if not output.size:
        return [f"{head}  empty"]
    if output.dtype.kind not in "fiub":
        return [head]
    flat = output.reshape(-1)
    if flat.dtype == np.float16 or flat.dtype.kind == "b":
        flat = flat.astype(np.float32)  # NumPy adds half-precision numbers up in half precision
    # one pass tells whether any value is damaged, as it is for hardly any output
    with np.errstate(over="ignore", invalid="ignore"):
        mean = flat.mean(dtype=np.float64 if flat.dtype.kind != "f" else None)
    if np.isfinite(mean):
        return [f"{head}  min {flat.min():.4g}  mean {mean:.4g}  max {flat.max():.4g}", _highest(flat, output.shape)]
    good = flat[np.isfinite(flat)]
    damaged = f"{flat.size - good.size} of {flat.size} no finite number"
    if not good.size:
        return [f"{head}  {damaged}"]
    with np.errstate(over="ignore"):
        mean = good.mean(dtype=np.float64)
    line = f"{head}  min {good.min():.4g}  mean {mean:.4g}  max {good.max():.4g}  {damaged}"
    return [line, _highest(np.where(np.isfinite(flat), flat, good.min()), output.shape)]


def _highest(flat: NDArray[Any], shape: tuple[int, ...]) -> str:
    """Where the highest values stand and what they are."""
    if flat.size > _RANKED:
        order = [int(flat.argmax())]
    else:
        count = min(_TOP, flat.size)
        best = np.argpartition(flat, flat.size - count)[-count:]
        order = sorted(best.tolist(), key=lambda index: (-float(flat[index]), index))
    places = ([int(at) for at in np.unravel_index(index, shape)] for index in order)
    return "  highest " + ",  ".join(f"{flat[index]:.4g} at {place}" for index, place in zip(order, places, strict=True))


def build_raw(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says; it has no threshold."""
    options = read_options(card, RawOptions, score_threshold)
    return tuple(options.outputs), lambda outputs, letterbox: decode(outputs, letterbox, options)
