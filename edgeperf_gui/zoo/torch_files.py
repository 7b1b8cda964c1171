"""PyTorch's files. They are archives that may hold Python pickles, which run code when opened: those are refused unopened."""

from __future__ import annotations

import importlib.util
import os
import re
import zipfile
from pathlib import Path
from typing import Any, Final

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.formats import ModelFile, telling_line

_LARGEST_TEXT: Final = 64 * 1024 * 1024
_MOST_MEMBERS: Final = 20_000
_EXPORT: Final = "Export it as ONNX (torch.onnx.export) where you trust it, and import that."
# what compiled TorchScript may do while it is loaded or run, beyond arithmetic
_REACHING_OUT: Final = re.compile(rb"__setstate__|\bsave\s*\(|from_file\s*\(|ops\.(?!prim|aten|quantized|torchvision)\w+")
# sizes are read with an evaluator of Python expressions: only plain numbers and plain symbols may reach it
_PLAIN_SIZE: Final = re.compile(r'"expr_str"\s*:\s*"(?!(?:-?\d+|[su]\d+)")')


def check(path: Path) -> str:
    """TorchScript or PyTorch export, in words; raises ModelError for what would need a pickle opened, or without torch."""
    kind = _kind(path)
    if importlib.util.find_spec("torch") is None:
        raise ModelError(f"{path.name} is a {kind} file, and PyTorch is not installed.", f"Install torch. Or: {_EXPORT}")
    return kind


def read_torch(file: ModelFile) -> Any:
    """The `ov.Model`, with sizes still open. Nothing is unpickled with the right to run code."""
    # weights_only for every torch.load, including those that torch.export.load makes itself
    os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"
    os.environ.setdefault("CI", "true")  # the converter's telemetry stays silent where it believes itself in CI
    import openvino as ov
    import torch  # type: ignore[import-not-found,unused-ignore]

    try:
        if file.format == "TorchScript":
            module = torch.jit.load(str(file.path), map_location="cpu").eval()
            return ov.convert_model(module, input=ov.PartialShape([1, 3, -1, -1]))
        return ov.convert_model(torch.export.load(str(file.path)))
    except Exception as error:  # torch's and the converter's own kinds
        raise ModelError(f"{file.path.name} cannot be read as {file.format}: {telling_line(error)}.", _EXPORT) from error


def _kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise ModelError(f"{path.name} holds {len(members)} files, more than any model does.", _EXPORT)
            names = [member.filename for member in members]
            if any(name.endswith((".so", ".dll", ".dylib")) for name in names):
                raise ModelError(f"{path.name} holds compiled code, which is not run.", _EXPORT)
            if any("/code/" in name for name in names) and any(name.endswith("constants.pkl") for name in names):
                _check_texts(path, archive, "TorchScript", (".py",))
                return "TorchScript"
            if path.suffix.lower() == ".pt2" and any(name.endswith(".json") for name in names):
                _check_texts(path, archive, "PyTorch export", (".json",))
                return "PyTorch export"
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        if not zipfile.is_zipfile(path):
            raise _pickle_refused(path) from error
        raise ModelError(f"{path.name} is a damaged archive.", "Copy or export it again.") from error
    raise _pickle_refused(path)


def _check_texts(path: Path, archive: zipfile.ZipFile, kind: str, suffixes: tuple[str, ...]) -> None:
    """Refuse an archive whose own words ask for more than arithmetic."""
    left = _LARGEST_TEXT
    for member in archive.infolist():
        if not member.filename.endswith(suffixes):
            continue
        with archive.open(member) as stream:
            text = stream.read(left + 1)  # whatever size the archive claims
        left -= len(text)
        if left < 0:
            raise ModelError(f"{path.name} unpacks to more text than any model has.", _EXPORT)
        if kind == "TorchScript" and (found := _REACHING_OUT.search(text)):
            raise ModelError(f"{path.name} holds TorchScript that may touch files ({found.group().decode()}).", _EXPORT)
        if kind != "TorchScript" and _PLAIN_SIZE.search(text.decode(errors="replace")):
            raise ModelError(f"{path.name} has sizes that are computed when it is opened.", "Export it with fixed sizes.")


def _pickle_refused(path: Path) -> ModelError:
    return ModelError(
        f"{path.name} is a Python pickle (a checkpoint), which may run code when it is opened; it is left unopened.", _EXPORT
    )
