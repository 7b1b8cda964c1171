"""The one image input of a model file: where its channels are, how large it is, and how pixels become its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import openvino as ov

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.graph import PortFacts
from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.zoo.formats import telling_line
from edgeperf_gui.zoo.graph_facts import port_facts, shape_of

Layout = Literal["NCHW", "NHWC"]

LARGEST_SIDE: Final = 8192
_SUPPORTED: Final = "Supported is one image input with four dimensions and 3 channels: 1×3×height×width or 1×height×width×3."
_USUAL_SIZES: Final = frozenset((224, 299, 300, *range(160, 1025, 32), 1280))
"""Numbers in a file's name that are sides of its input."""
_CLASSIFICATION_SIZE: Final = 224
_NANODET_SIZE: Final = 416
_DETECTION_SIZE: Final = 640


@dataclass(frozen=True, slots=True)
class ImageSize:
    """A size for a file that leaves its own open, and where it is from."""

    width: int
    height: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImageInput:
    """Found in the graph; `notes` are sentences about what had to be decided."""

    layout: Layout
    width: int
    height: int
    type: str
    notes: tuple[str, ...]


_HALF: Final = (127.5, 127.5, 127.5)


def fix_input(model: Any, spec: ImportSpec, stem: str, told: ImageSize | None = None) -> ImageInput:
    """Give the model's input a fixed size (in place); raises ModelError when it is no single image.

    `told`: width and height that the file names in words, for one whose input leaves them open.
    """
    port = _only_input(model, stem)
    sizes = list(shape_of(port.get_partial_shape()) or ())
    layout = _layout(port, sizes, stem)
    down, across = (2, 3) if layout == "NCHW" else (1, 2)
    notes: list[str] = []
    width, height = _size(spec, (sizes[across], sizes[down]), told or _usual_size(model, stem), notes)
    wanted = [1, 3, height, width] if layout == "NCHW" else [1, height, width, 3]
    if sizes[0] not in (1, None):
        notes.append(f"The batch was {sizes[0]}; it is 1 now.")
    if sizes != wanted:
        try:
            model.reshape({model.inputs[0]: ov.PartialShape(wanted)})
            model.validate_nodes_and_infer_types()
        except RuntimeError as error:
            raise ModelError(
                f"{stem} cannot take pictures of {width}×{height}: {telling_line(error)}.",
                f"Give the width and height it was made for{_recalled(sizes[across], sizes[down], told)}; "
                "detectors take multiples of 32.",
            ) from error
    return ImageInput(layout, width, height, port.get_element_type().get_type_name(), tuple(notes))


def input_card(
    found: ImageInput, spec: ImportSpec, usual: Mapping[str, Any], info: Mapping[str, str], task: str, file_format: str
) -> InputCard:
    """The card's input: what was asked for, else `usual`, which are fields that the file or its decoder's family wants."""
    fields = dict(usual)
    is_of_tensorflow = file_format.startswith(("TensorFlow", "TFLite")) and task in ("classification", "raw")
    if is_of_tensorflow and found.type == "f32" and "scale_values" not in info:
        fields |= {"mean": _HALF, "scale": _HALF}  # TensorFlow's and TFLite's models take -1…1
    asked = {"channels": spec.channels, "mean": spec.mean, "scale": spec.scale}
    fields |= {name: value for name, value in asked.items() if value}
    return InputCard(**{"channels": "RGB", **fields, "width": found.width, "height": found.height, "layout": found.layout})


def _only_input(model: Any, stem: str) -> Any:
    inputs = model.inputs
    if not inputs:
        raise ModelError(f"{stem} has no input.", _SUPPORTED)
    if len(inputs) > 1:
        listing = " and ".join(_shown(port_facts(port)) for port in inputs[:4])
        raise ModelError(f"{stem} has {len(inputs)} inputs ({listing}).", _SUPPORTED)
    port = inputs[0]
    rank = port.get_partial_shape().rank
    if rank.is_dynamic:
        raise ModelError(f"The input of {stem} has no fixed number of dimensions.", _SUPPORTED)
    if rank.get_length() != 4:
        raise ModelError(f"The input of {stem} is no image: {_shown(port_facts(port))}.", _SUPPORTED)
    if port.get_element_type().get_type_name() not in ("f32", "f16", "bf16", "f64", "u8", "i8"):
        raise ModelError(f"The input of {stem} does not take pixels: {_shown(port_facts(port))}.", _SUPPORTED)
    return port


def _layout(port: Any, sizes: list[int | None], stem: str) -> Layout:
    """Where the channels are: told by the graph, or seen from the one dimension of three."""
    told = port.get_node().get_layout()
    if told.has_name("C") and told.get_index_by_name("C") in (1, 3, -1, -3):
        layout: Layout = "NCHW" if told.get_index_by_name("C") in (1, -3) else "NHWC"
    elif sizes[1] == 3 or sizes[3] != 3:
        layout = "NHWC" if sizes[1] not in (1, 3, None) and sizes[3] in (1, None) else "NCHW"
    else:
        layout = "NHWC"
    channels = sizes[1 if layout == "NCHW" else 3]
    if channels not in (3, None):
        raise ModelError(f"The input of {stem} is {_shown(port_facts(port))}, which is no picture in colour.", _SUPPORTED)
    return layout


def _size(spec: ImportSpec, present: tuple[int | None, int | None], usual: ImageSize, notes: list[str]) -> tuple[int, int]:
    """Width and height: as asked, else the file's own, else a usual one."""
    width, height = spec.width or present[0], spec.height or present[1]
    if width is None or height is None:
        # the side that is known tells more than any habit
        reason = "after the side that is known" if width or height else usual.reason
        width, height = width or height or usual.width, height or width or usual.height
        notes.append(f"The file leaves its input size open; {width}×{height} was taken, {reason}.")
    elif (width, height) != present and None not in present:
        notes.append(f"The file was made for {present[0]}×{present[1]}; {width}×{height} was asked for.")
    if max(width, height) > LARGEST_SIDE:
        raise ModelError(f"The model takes pictures of {width}×{height}.", f"Supported are sides up to {LARGEST_SIDE}.")
    return width, height


def _recalled(width: int | None, height: int | None, told: ImageSize | None) -> str:
    """The size that a file has, or speaks of, in brackets; nothing when it says none."""
    if told is not None and (width is None or height is None):
        width, height = told.width, told.height
    return "" if width is None or height is None else f" ({width}×{height})"


def _usual_size(model: Any, stem: str) -> ImageSize:
    if named := [int(number) for number in re.findall(r"\d+", stem[:200]) if len(number) < 5 and int(number) in _USUAL_SIZES]:
        return ImageSize(named[-1], named[-1], "from its name")
    if len(model.outputs) == 1 and _is_row(shape_of(model.outputs[0].get_partial_shape())):
        return ImageSize(_CLASSIFICATION_SIZE, _CLASSIFICATION_SIZE, "as usual for classification")
    if re.search(r"nanodet|picodet", stem, re.IGNORECASE):
        return ImageSize(_NANODET_SIZE, _NANODET_SIZE, "as usual for this family")
    return ImageSize(_DETECTION_SIZE, _DETECTION_SIZE, "as usual for detection")


def _is_row(shape: tuple[int | None, ...] | None) -> bool:
    """One score a class; rows of six or seven values are objects."""
    if shape is None or len(shape) not in (2, 4) or shape[0] not in (1, None):
        return False
    return shape[1] not in (1, 6, 7) and all(size == 1 for size in shape[2:])


def _shown(port: PortFacts) -> str:
    shape = "×".join("?" if size is None else str(size) for size in port.shape) if port.shape is not None else "any shape"
    return f"{port.name} {shape or 'scalar'} {port.type}"
