"""Model files made on the spot, small and of known arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import openvino as ov
import openvino.opset13 as ops
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 16
WEIGHTS = np.random.default_rng(1).normal(size=(CHANNELS, 3, 3, 3)).astype(np.float32)
CLASSES = 10

Sizes = Sequence[int | str] | None


def classifier(shape: Sequence[int] = (1, 3, 32, 32), kind: type = np.float32, axis: int = 1) -> ov.Model:
    """Convolution, bias, mean over the picture, ten scores: 16×3×3×3 + 16 + 16×10 parameters."""
    image = ops.parameter(ov.PartialShape(list(shape)), ov.Type.f32, name="image")
    picture = ops.transpose(image, [0, 3, 1, 2]) if axis == 3 else image
    features = ops.convolution(picture, _weights(WEIGHTS, kind), [1, 1], [0, 0], [0, 0], [1, 1])
    features = ops.add(features, _weights(np.ones((1, CHANNELS, 1, 1), np.float32), kind))
    means = ops.reduce_mean(features, [2, 3], keep_dims=False)
    scores = ops.matmul(means, _weights(np.ones((CHANNELS, CLASSES), np.float32), kind), False, False)
    image.output(0).set_names({"image"})
    scores.output(0).set_names({"scores"})
    return ov.Model([scores], [image], "toy")


def _weights(values: np.ndarray, kind: type) -> Any:
    constant = ops.constant(values.astype(kind))
    return constant if kind == np.float32 else ops.convert(constant, "f32")


def write_ir(folder: Path, name: str = "toy", model: ov.Model | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.xml"
    ov.save_model(model or classifier(), path, compress_to_fp16=False)
    return path


def onnx_model(
    shape: Sizes = (1, 3, 32, 32),
    operation: str = "Conv",
    more_inputs: Mapping[str, Sequence[int]] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """One operation on `image`; a Conv gets weights."""
    names = ["image", "weights"] if operation == "Conv" else ["image", *(more_inputs or {})]
    inputs = [("image", shape), *(more_inputs or {}).items()]
    graph = helper.make_graph(
        [helper.make_node(operation, names, ["out"])],
        "toy",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name, sizes in inputs],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(WEIGHTS, "weights")] if operation == "Conv" else [],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    for key, value in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    return model


def write_onnx(path: Path, model: onnx.ModelProto | None = None, **external: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save_model(model or onnx_model(), path, **external)
    return path
