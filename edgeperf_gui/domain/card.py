"""A model's card: what a person and a decoder must know about it. Written as `card.toml` in the model's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

Precision = Literal["FP32", "FP16", "INT8"]
"""Names of variants, which are stored precisions; what really runs is `Truth.executed_precision`."""

Positive = Annotated[int, msgspec.Meta(ge=1, le=8192)]


class InputCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a frame becomes the model's input tensor."""

    width: Positive
    height: Positive
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    channels: Literal["BGR", "RGB"] = "BGR"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Subtracted per channel, in the channel order above."""
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Divided by after the mean."""
    keep_aspect: bool = True
    """Letterbox (True) or stretch (False)."""


class VariantCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stored precision of the model."""

    xml: str
    """File name of the OpenVINO IR inside the model's folder."""
    stored: Precision
    """What the file's weights are stored as."""


class ModelCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole card. `folder` is filled in by the reader and is not part of the file."""

    name: str
    title: str
    task: Literal["detection", "classification", "segmentation", "raw"]
    licence: str
    origin: str
    decoder: str
    input: InputCard
    variants: dict[Precision, VariantCard]
    labels: str | None = None
    """File name of the label list, one label a line."""
    gmac: float | None = None
    decoder_options: dict[str, float | int | str | list[int | str]] = {}
    folder: str = ""

    def path(self, file_name: str) -> Path:
        """A file of this model's folder."""
        return Path(self.folder) / file_name
