"""What a model file is made of: its ports, its layers, how much arithmetic and memory; and what an import made of it."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.card import ModelCard, Precision


class PortFacts(msgspec.Struct, frozen=True):
    """One input or output. A size is None when only a run decides it (boxes left by a suppression inside the model)."""

    name: str
    shape: tuple[int | None, ...] | None
    """None: not even the number of dimensions is known."""
    type: str
    """Element type by the runtime's name: f32, f16, u8, i64."""


class LayerFacts(msgspec.Struct, frozen=True):
    """One operation that works on the picture's data; operations on constants alone are part of the layer that uses them."""

    name: str
    type: str
    shape: tuple[int | None, ...] | None
    """Of its first output."""
    macs: int | None
    """Multiply-accumulates; 0 for layers that are not counted, None when the shape is known only in a run."""
    params: int
    weight_bytes: int
    """As stored in the file."""
    activation_bytes: int | None
    """Size of its outputs in the graph's own types."""


class GraphFacts(msgspec.Struct, frozen=True):
    """A graph with fixed input shapes, counted."""

    params: int
    macs: int
    """Convolution, GroupConvolution, their transposed kinds, and MatMul; nothing else."""
    flops: int
    """2 × `macs`."""
    weight_bytes: int
    """As stored in the file; 4 × `params` where all are f32."""
    activation_bytes: int
    """Written by all layers for one picture."""
    inputs: tuple[PortFacts, ...]
    outputs: tuple[PortFacts, ...]
    layers: tuple[LayerFacts, ...]
    """In the order of execution."""
    histogram: dict[str, int]
    """Layers per type, most first."""
    weight_types: dict[str, int]
    """Parameters per stored type, most first."""
    undecided_layers: int = 0
    """Layers left out of the sums, because their sizes are known only in a run."""


class InfoSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="info"):
    """Count one variant of a model."""

    session_id: str
    model: str
    precision: Precision | None = None
    """None: FP32, or the first variant the model has."""


class ModelInfo(msgspec.Struct, frozen=True):
    """A model's card and what its file is made of. JSON with `schema: "edgeperf.models.info/1"`."""

    name: str
    title: str
    task: str
    decoder: str
    licence: str
    origin: str
    folder: str
    size_bytes: dict[str, int]
    """Per variant, .xml and .bin together. Variants may share their file."""
    stored: dict[str, str]
    """Per variant, what the file's weights are stored as."""
    precision: Precision
    """The variant that was counted; arithmetic and parameters are the same in all."""
    params: int
    macs: int
    flops: int
    weight_bytes: int
    activation_bytes: int
    inputs: tuple[PortFacts, ...]
    outputs: tuple[PortFacts, ...]
    layers: tuple[LayerFacts, ...]
    histogram: dict[str, int]
    weight_types: dict[str, int]
    undecided_layers: int
    labels: int
    """How many class labels it has; 0 for none."""
    schema: str = "edgeperf.models.info/1"


class ImportResult(msgspec.Struct, frozen=True):
    """A model brought into the user's model folder. JSON with `schema: "edgeperf.import/1"`."""

    name: str
    folder: str
    format: str
    """What the file was: "ONNX", "OpenVINO IR"."""
    decoder: str
    reason: str
    """Why this decoder."""
    notes: tuple[str, ...]
    """What was decided without being asked, a sentence each."""
    size_bytes: dict[str, int]
    """Per variant."""
    params: int
    macs: int
    flops: int
    card: ModelCard
    schema: str = "edgeperf.import/1"


class RemoveResult(msgspec.Struct, frozen=True):
    """A model that is gone. JSON with `schema: "edgeperf.models.remove/1"`."""

    name: str
    folder: str
    """Where it was."""
    schema: str = "edgeperf.models.remove/1"
