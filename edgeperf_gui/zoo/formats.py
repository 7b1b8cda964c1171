"""Which format a model file has, and reading it. A model file is untrusted: call this in a process of its own."""

from __future__ import annotations

import importlib
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo import openvino_core

LARGEST_BYTES: Final = 4 * 1024**3
"""Larger than any model that sees pictures at a useful rate; a bound on what an import may take of disk and memory."""
_HEAD_BYTES: Final = 4096
_LARGEST_FOLDER: Final = 2000
SUPPORTED: Final = (
    "Supported are OpenVINO IR (.xml with its .bin), ONNX (.onnx), TensorFlow (frozen .pb, SavedModel folder), TFLite (.tflite), "
    "PaddlePaddle (.pdmodel, .json) and, when torch is installed, TorchScript (.pt, .torchscript) and .pt2."
)
_FOREIGN: Final = {
    ".bin": "holds weights only; give the .xml beside it.",
    ".pdiparams": "holds weights only; give the .pdmodel or .json beside it.",
    ".param": "is an ncnn model; export it as ONNX.",
    ".h5": "is a Keras file; save it as a SavedModel folder or as ONNX.",
    ".keras": "is a Keras file; save it as a SavedModel folder or as ONNX.",
    ".engine": "is compiled for one graphics card; export the model as ONNX.",
    ".safetensors": "holds weights only; export the model as ONNX.",
    ".gguf": "is a language model; it does not see pictures.",
    ".mlmodel": "is a Core ML model; export it as ONNX.",
}


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file, or a SavedModel's folder, that is what its name promises as far as its first bytes tell."""

    path: Path
    format: str
    """For a person: "ONNX"."""
    reader: str = "edgeperf_gui.zoo.formats:read_with_runtime"
    """Dotted name of the function that reads it; PyTorch's is loaded only when it is needed."""

    @property
    def stem(self) -> str:
        """What an imported model is named after."""
        return self.path.name if self.path.is_dir() else self.path.stem


def recognise(path: Path) -> ModelFile:
    """The model at `path`; looks at its name, its size and its first bytes only. Raises ModelError."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _recognise_folder(path)
        if not stat.S_ISREG(status.st_mode):
            raise ModelError(f"{path} is not a file.", SUPPORTED)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise ModelError(f"There is no {path}.", "Check the path.") from error
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.", "Check its permissions.") from error
    except ValueError as error:  # a null character
        raise ModelError(f"{str(path)!r} is not a path.", "Give the path of a model file.") from error
    _check_size(path, status.st_size)
    if status.st_size == 0:
        raise ModelError(f"{path.name} is empty.", "Copy or export it again.")
    if head.startswith(b"version https://git-lfs"):
        raise ModelError(f"{path.name} only says where Git LFS keeps the model.", "Fetch the model itself, with `git lfs pull`.")
    check = _CHECKS.get(path.suffix.lower())
    if check is None:
        told = _FOREIGN.get(path.suffix.lower())
        raise ModelError(f"{path.name} {told}" if told else f"{path.name} is no model file that can be read.", SUPPORTED)
    return check(path, head)


def read(file: ModelFile) -> Any:
    """The `ov.Model`. Raises ModelError, naming the operation or the file that is missing where one is."""
    module, _, name = file.reader.partition(":")
    reader: Callable[[ModelFile], Any] = getattr(importlib.import_module(module), name)
    return reader(file)


def read_with_runtime(file: ModelFile) -> Any:
    """Read through the runtime's own front ends."""
    try:
        return openvino_core.core().read_model(file.path)
    except Exception as error:  # a front end's kind depends on how the file is damaged
        raise _explained(file, error) from error


def _recognise_folder(folder: Path) -> ModelFile:
    if (folder / "saved_model.pb").is_file():
        files = [path for _, path in zip(range(_LARGEST_FOLDER), folder.rglob("*"), strict=False) if path.is_file()]
        _check_size(folder, sum(path.stat().st_size for path in files))
        return ModelFile(folder, "TensorFlow SavedModel")
    models = sorted(path for path in folder.iterdir() if path.suffix.lower() in _CHECKS and path.suffix.lower() != ".json")
    if len(models) != 1:
        held = "several models" if models else "no model"
        raise ModelError(f"The folder {folder.name} holds {held}.", "Give the path of the model's file." if models else SUPPORTED)
    return recognise(models[0])


def _check_size(path: Path, size: int) -> None:
    if size > LARGEST_BYTES:
        raise ModelError(
            f"{path.name} has {size / 1024**3:.1f} GiB; models up to {LARGEST_BYTES // 1024**3} GiB can be imported.",
            "Take a smaller model.",
        )


def _check_xml(path: Path, head: bytes) -> ModelFile:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        raise ModelError(f"{path.name} is not XML.", "Give the .xml of an OpenVINO IR.")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ModelError(f"{path.name} declares entities of its own, which no OpenVINO IR does.", "Export the model again.")
    if b"<net" not in head:
        raise ModelError(f"{path.name} is XML, but not an OpenVINO IR.", "Give the .xml of an OpenVINO IR.")
    weights = path.with_suffix(".bin")
    if not weights.is_file():
        raise ModelError(f"{path.name} lacks its weights {weights.name}.", f"Put {weights.name} into the same folder.")
    _check_size(weights, weights.stat().st_size)
    return ModelFile(path, "OpenVINO IR")


def _check_tflite(path: Path, head: bytes) -> ModelFile:
    if head[4:8] != b"TFL3":
        raise ModelError(f"{path.name} is not a TFLite model.", "Copy or export it again.")
    return ModelFile(path, "TFLite")


def _check_protobuf(kind: str) -> Callable[[Path, bytes], ModelFile]:
    def check(path: Path, head: bytes) -> ModelFile:
        # readable text in a binary format; a front end would print pages about it
        if all(byte in b"\t\r\n" or 32 <= byte < 127 for byte in head):
            raise ModelError(f"{path.name} is a text file, not a model ({kind}).", "Copy or export it again.")
        return ModelFile(path, kind)

    return check


def _check_paddle_json(path: Path, head: bytes) -> ModelFile:
    if not path.with_suffix(".pdiparams").is_file():
        raise ModelError(
            f"{path.name} lacks its weights {path.stem}.pdiparams.", "A PaddlePaddle .json needs its .pdiparams beside it."
        )
    _check_size(path, path.with_suffix(".pdiparams").stat().st_size)
    return ModelFile(path, "PaddlePaddle")


def _check_torch(path: Path, head: bytes) -> ModelFile:
    module = importlib.import_module("edgeperf_gui.zoo.torch_files")
    return ModelFile(path, str(module.check(path)), "edgeperf_gui.zoo.torch_files:read_torch")


_CHECKS: Final[dict[str, Callable[[Path, bytes], ModelFile]]] = {
    ".xml": _check_xml,
    ".onnx": _check_protobuf("ONNX"),
    ".pb": _check_protobuf("TensorFlow"),
    ".tflite": _check_tflite,
    ".pdmodel": _check_protobuf("PaddlePaddle"),
    ".json": _check_paddle_json,
    ".pt": _check_torch,
    ".pth": _check_torch,
    ".torchscript": _check_torch,
    ".pt2": _check_torch,
}

SUFFIXES: Final = tuple(_CHECKS)
"""Endings of model files, for a file dialog."""

_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"Incorrect weights in bin file", "the .bin ends too early: it is truncated, or another model's", "Copy both again"),
    (r"bin file cannot be found", "its weights are missing", "Put the .bin beside it"),
    (
        r"No conversion rule found for operations:\s*([^\n]+)",
        "OpenVINO knows no operation {}",
        "Export the model without it, or with a newer version of its framework",
    ),
    (
        r"No translator found for (\S+) node",
        "OpenVINO knows no operation {}",
        "Export the model without it, for example from its first framework as ONNX",
    ),
    (
        r"Conversion is failed for:\s*([^\n]+)",
        "OpenVINO could not convert its operations {}",
        "Export the model with fixed input sizes and without branches",
    ),
    (
        r"(?:Cannot create|Unsupported operation of type:?)\s+(\S+)(?: layer)?",
        "OpenVINO knows no operation {}",
        "Export the model with this version of OpenVINO",
    ),
    (r"externally stored data in file \(([^,)]+)", "its weights file {} is missing or too short", "Put it into the same folder"),
    (r"Path '([^']+)' resolves to '[^']*' which is outside", "its weights file {} lies outside its folder", "Put it beside"),
    (r"pdiparams format weight file doesn't exist", "its weights are missing", "Put the .pdiparams beside it"),
    (r"constant with name \S+ wasn't", "the .pdiparams ends too early: it is truncated, or another model's", "Copy both again"),
    (r"pugi::status_ok[^\n]*\n([^\n]+)", "it is damaged XML ({})", "Copy or export it again"),
    (r"Unable to read the model", "it is not such a model, or damaged", "Copy or export it again"),
)
"""What the runtime says, what that means, what to do."""


def _explained(file: ModelFile, error: Exception) -> ModelError:
    said = str(error)
    refused = f"{file.path.name} cannot be read as {file.format}"
    for pattern, meaning, remedy in _REASONS:
        if match := re.search(pattern, said):
            return ModelError(f"{refused}: {meaning.format(*match.groups())}.", f"{remedy}.")
    return ModelError(f"{refused}: {telling_line(error)}.", "Copy or export it again.")


def telling_line(error: BaseException) -> str:
    """The line of a runtime's exception that says something; it wraps its cause in file names and line numbers."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '", "FrontEnd API failed"))]
    return (telling or lines or [type(error).__name__])[-1].rstrip(".")[:300]
