"""What came of a quantisation."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.jobs import QuantizeSpec

SCHEMA = "edgeperf.quantize/1"


class QuantizeResult(msgspec.Struct, frozen=True):
    """A new INT8 variant and what it cost to make. Unknown is None."""

    spec: QuantizeSpec
    folder: str
    """The model's folder now: the user's own when the model ships with the program."""
    xml: str
    """File name in that folder."""
    calibration: str
    """What the frames were taken from."""
    samples: int
    """Frames used."""
    seconds: float
    """From the start of the job to its end."""
    size_bytes: int
    """Of the variant: .xml and .bin."""
    original_bytes: int
    """Of the variant it was made from."""
    layers_quantized: int
    layers_multiplying: int
    """Convolutions and matrix products, quantised or not."""
    executed_precision: dict[str, int]
    """Multiplying layers per type that executes them on this machine's CPU; empty when it cannot run them."""
    original_accuracy: float | None
    """AP or top-1 of the model it was made from, on the labelled images (at most 300), executed in the CPU's
    default precision; None without labels."""
    accuracy: float | None
    """The variant's own, on the same images."""
    peak_rss_bytes: int | None
    nncf: str
    """Version."""
    schema: str = SCHEMA
