"""Post-training quantisation by NNCF: the INT8 variant of a model from a few hundred frames.

NNCF is large and imported only here, when asked for; run it in a process of its own.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import openvino as ov

from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.errors import EdgeperfError, ModelError, RunError, SourceError
from edgeperf_gui.zoo import openvino_core
from edgeperf_gui.zoo.calibration import CalibrationFrames, model_input
from edgeperf_gui.zoo.picture_file import Pixels
from edgeperf_gui.zoo.quantized_layers import after_last_layers, quantized_layers
from edgeperf_gui.zoo.variant_draft import variant_draft

Preset = Literal["mixed", "performance"]
Report = Callable[[int, int | None, str], None]
"""Called with samples done, samples in all (None: not countable now) and what is going on."""

_LAST_WAIT_S: Final = 1.0
"""How long a cancelled quantisation is waited for; between samples it ends at once."""
_REMEDY: Final = "Import the model again, or quantise another one."


class Cancelled(Exception):
    """The user asked to stop; nothing has been changed."""


@dataclass(frozen=True, slots=True)
class AccuracyControl:
    """Quantise only as far as accuracy allows: layers are put back, worst first, until the loss is small enough."""

    items: Sequence[Any]
    """Labelled examples, in the caller's own form."""
    validate: Callable[[Any, Iterable[Any]], float]
    """Accuracy of a compiled model (raw input, batch of one) on some of the items, 0…1."""
    max_drop: float
    """Largest absolute loss against the model that is quantised."""


@dataclass(frozen=True, slots=True)
class Quantized:
    """A new INT8 variant."""

    card: ModelCard
    """As it is now; its folder is the user's own when the model ships with the program."""
    samples: int
    """Frames that were really used."""
    size_bytes: int
    layers_quantized: int
    layers_multiplying: int
    """Convolutions and matrix products in the graph, quantised or not."""
    original_accuracy: float | None = None
    """Of the model that was quantised, when accuracy was controlled."""
    accuracy: float | None = None
    """Of the variant."""


def quantize(
    card: ModelCard,
    frames: CalibrationFrames,
    *,
    preset: Preset,
    stop: threading.Event,
    progress: Report,
    accuracy: AccuracyControl | None = None,
) -> Quantized:
    """Make a model's INT8 variant and put it into its folder.

    Raises Cancelled when stopped, ModelError when the model or its folder cannot be used, SourceError when no frame can be
    decoded, RunError when NNCF is missing or fails, or when the model is being quantised elsewhere.
    """
    check_installed()
    with variant_draft(card, "INT8") as draft:
        progress(0, None, f"reading {card.title}")
        model = read_unquantized(card)
        quantized, samples = quantize_model(
            model, card.input, frames, preset=preset, stop=stop, progress=progress, accuracy=accuracy
        )
        layers = quantized_layers(quantized)
        if not layers[0]:
            raise RunError(
                f"No layer of {card.title} can be quantised as asked.", "Allow a larger drop of accuracy, or keep it as it is."
            )
        before, after = _compared(accuracy, read_unquantized(card), quantized, stop, progress) if accuracy else (None, None)
        progress(samples, samples, "writing the variant")
        write_ir(quantized, draft.xml)
        size = sum(file.stat().st_size for file in draft.files)
        _check(stop)
        return Quantized(draft.publish(), samples, size, *layers, before, after)


def check_installed() -> None:
    """Raise RunError when NNCF is not there."""
    if importlib.util.find_spec("nncf") is None:
        raise RunError("Quantising needs the package nncf, which is not installed.", "Run: pip install 'edgeperf-gui[quantize]'")


def read_unquantized(card: ModelCard) -> Any:
    """The FP32 (or, lacking that, FP16) variant as an `ov.Model` with one static input of one picture."""
    variant = card.variants.get("FP32") or card.variants.get("FP16")
    if variant is None:
        raise ModelError(f"{card.title} has neither an FP32 nor an FP16 variant to quantise.", _REMEDY)
    try:
        model = openvino_core.core().read_model(card.path(variant.xml))
    except RuntimeError as error:
        raise ModelError(f"{variant.xml} cannot be read as a model.", _REMEDY) from error
    if len(model.inputs) != 1:
        raise ModelError(f"{card.title} has {len(model.inputs)} inputs; only models with one can be quantised.", _REMEDY)
    if quantized_layers(model)[0]:
        raise ModelError(f"{variant.xml} is quantised already.", _REMEDY)
    shape = _input_shape(card.input)
    try:
        if model.inputs[0].partial_shape != ov.PartialShape(shape):
            model.reshape(shape)
    except RuntimeError as error:
        raise ModelError(f"{card.title} does not take an input of {shape}, as its card says.", _REMEDY) from error
    return model


def quantize_model(
    model: Any,
    card: InputCard,
    frames: CalibrationFrames,
    *,
    preset: Preset,
    stop: threading.Event,
    progress: Report,
    accuracy: AccuracyControl | None = None,
) -> tuple[Any, int]:
    """The quantised `ov.Model` and how many frames it was calibrated on; nothing is written."""
    calibration = _Calibration(frames, card, model.inputs[0].get_element_type().to_dtype(), stop, progress)
    quantized = _abandoned_on(stop, lambda: _run_nncf(model, calibration, preset, accuracy, stop, progress))
    return quantized, calibration.samples


def write_ir(model: Any, xml: Path) -> None:
    """Save, and read back to be sure that all of it is on the disk. Raises RunError otherwise."""
    try:
        ov.save_model(model, xml, compress_to_fp16=False)
        openvino_core.core().read_model(xml)  # not all of a failed write is told
    except (OSError, RuntimeError) as error:
        raise RunError(
            f"The variant could not be written to {xml.parent.parent}.", "Free some space there; nothing has been changed."
        ) from error


@dataclass(slots=True)
class _Calibration:
    """Frames as inputs: counted, and ended when told to stop."""

    frames: CalibrationFrames
    card: InputCard
    dtype: Any
    stop: threading.Event
    progress: Report
    samples: int = 0

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[Pixels]:
        self.samples = 0  # an algorithm that needs a second look goes through them again
        yield from self.frames
        if not self.samples:
            raise SourceError(f"“{self.frames.title}” holds no picture that can be decoded.", "Give other pictures or a video.")

    def input(self, pixels: Pixels) -> Any:
        """NNCF's transform function."""
        _check(self.stop)
        tensor = model_input(pixels, self.card, self.dtype)
        self.samples += 1
        total = len(self.frames)
        self.progress(self.samples, total, "calibrating" if self.samples < total else "correcting what rounding shifted")
        return tensor


def _run_nncf(
    model: Any,
    calibration: _Calibration,
    preset: Preset,
    accuracy: AccuracyControl | None,
    stop: threading.Event,
    progress: Report,
) -> Any:
    progress(0, len(calibration), "loading NNCF")
    os.environ["NNCF_CI"] = "1"  # its second way to be told that nothing may be reported about this use
    nncf = importlib.import_module("nncf")  # untyped
    nncf.set_log_level(40)
    _check(stop)
    progress(0, len(calibration), "calibrating")
    common = {
        "preset": getattr(nncf.QuantizationPreset, preset.upper()),
        "subset_size": max(1, len(calibration)),
        "ignored_scope": nncf.IgnoredScope(names=after_last_layers(model)),
    }
    dataset = nncf.Dataset(calibration, calibration.input)
    if accuracy is None:
        return nncf.quantize(model, dataset, **common)

    def validate(compiled: Any, items: Iterable[Any]) -> tuple[float, None]:
        _check(stop)
        progress(calibration.samples, None, "validating")
        return accuracy.validate(compiled, _until(items, stop)), None

    return nncf.quantize_with_accuracy_control(
        model, dataset, nncf.Dataset(accuracy.items), validate, max_drop=accuracy.max_drop, **common
    )


def _compared(
    accuracy: AccuracyControl, model: Any, quantized: Any, stop: threading.Event, progress: Report
) -> tuple[float, float]:
    """Accuracy of both on all items. Raises RunError when too much is lost: NNCF then gives the best that it has."""
    progress(0, None, "validating the variant")
    core = openvino_core.core()

    def validate(compiled: Any) -> float:
        return float(_abandoned_on(stop, lambda: accuracy.validate(compiled, _until(accuracy.items, stop))))

    # both in the CPU's default, which is what NNCF compares: with another reference it would stop short of ours
    before, after = (validate(core.compile_model(each, "CPU")) for each in (model, quantized))
    if before - after > accuracy.max_drop:
        raise RunError(
            f"The best INT8 variant loses {before - after:.3f} of accuracy ({before:.3f} to {after:.3f}), more than allowed.",
            "Allow a larger drop, or calibrate with more frames like those it will see.",
        )
    return before, after


def _until(items: Iterable[Any], stop: threading.Event) -> Iterator[Any]:
    for item in items:
        _check(stop)
        yield item


def _check(stop: threading.Event) -> None:
    if stop.is_set():
        raise Cancelled


def _abandoned_on(stop: threading.Event, work: Callable[[], Any]) -> Any:
    """The work's answer. Its thread is left behind when told to stop: NNCF listens only between samples."""
    answer: list[Any] = []
    trouble: list[BaseException] = []

    def guarded() -> None:
        try:
            answer.append(work())
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=guarded, name="quantise", daemon=True)
    thread.start()
    while thread.is_alive() and not stop.is_set():
        thread.join(0.05)
    if stop.is_set():
        thread.join(_LAST_WAIT_S)
        raise Cancelled
    if not trouble:
        return answer[0]
    if isinstance(trouble[0], (EdgeperfError, Cancelled)):
        raise trouble[0]
    raise RunError(
        f"NNCF could not quantise the model ({type(trouble[0]).__name__}: {_first_line(trouble[0])}).",
        "Try the other preset or other frames.",
    ) from trouble[0]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else "no reason given"


def _input_shape(card: InputCard) -> list[int]:
    picture = [3, card.height, card.width] if card.layout == "NCHW" else [card.height, card.width, 3]
    return [1, *picture]
