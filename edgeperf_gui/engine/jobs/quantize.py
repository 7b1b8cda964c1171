"""The job that makes a model's INT8 variant."""

from __future__ import annotations

import importlib.metadata
import threading
import time
from pathlib import Path
from typing import Final

import psutil

from edgeperf_gui.domain import places
from edgeperf_gui.domain.address import scheme_of
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.domain.quantization import QuantizeResult
from edgeperf_gui.domain.session import CameraMode, RunState, SessionStatus
from edgeperf_gui.engine import precision
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result, tell_stopped
from edgeperf_gui.engine.jobs.validation import accuracy_control
from edgeperf_gui.engine.runtime import embed_conversion
from edgeperf_gui.engine.sources.opening import open_source, path_of
from edgeperf_gui.engine.sources.stream import SCHEMES
from edgeperf_gui.zoo import openvino_core
from edgeperf_gui.zoo.calibration import CalibrationFrames, StoredFrames, calibration_frames, fit_frame
from edgeperf_gui.zoo.catalogue import find_model
from edgeperf_gui.zoo.picture_file import Pixels
from edgeperf_gui.zoo.quantize import Cancelled, Quantized, quantize

_LIVE_STRIDE: Final = 5
"""Of a source that is no file every so many frames is kept: neighbours are too much alike."""
_MOST_LIVE: Final = 1000
_NO_FILES: Final = ("camera:", "scene:")
_CLIP: Final = "resources/clips/street.mp4"


def run(spec: QuantizeSpec, outbox: JobOutbox, stop: threading.Event) -> QuantizeResult | None:
    """Quantise as asked; None when stopped, and then nothing has been changed.

    Raises EdgeperfError after telling the outbox that it failed and why.
    """
    start = time.perf_counter()
    teller = Teller(spec.session_id, outbox)
    outbox.send(SessionStatus(spec.session_id, RunState.STARTING, activity=f"looking for {spec.model}"))
    with failure_told(spec.session_id, outbox):
        try:
            card = find_model(spec.model)
            control = accuracy_control(card, spec, stop)
            frames = _frames(card, spec, stop, teller)
            outbox.send(SessionStatus(spec.session_id, RunState.RUNNING, activity=f"quantising {card.title}"))
            made = quantize(card, frames, preset=spec.preset, stop=stop, progress=teller.progress, accuracy=control)
        except Cancelled:
            tell_stopped(spec.session_id, outbox)
            return None
    result = _result(spec, card, frames.title, made, start)
    tell_result(spec.session_id, outbox, result)
    return result


def _frames(card: ModelCard, spec: QuantizeSpec, stop: threading.Event, teller: Teller) -> CalibrationFrames:
    """From a folder or file, or from a source that is neither: a camera, a stream, a scene."""
    if spec.data is None:
        return calibration_frames(places.shipped(_CLIP), spec.samples)
    if spec.data.lower().startswith(_NO_FILES) or scheme_of(spec.data) in SCHEMES:
        return _live_frames(card, spec.data, min(spec.samples, _MOST_LIVE), stop, teller)
    return calibration_frames(path_of(spec.data), spec.samples)


def _live_frames(card: ModelCard, address: str, samples: int, stop: threading.Event, teller: Teller) -> StoredFrames:
    source = open_source(address, CameraMode(), lambda *_: None)
    kept: list[Pixels] = []
    try:
        for number in range(samples * _LIVE_STRIDE):
            if stop.is_set():
                raise Cancelled
            frame = source.read(None)
            if frame is None:
                break
            if number % _LIVE_STRIDE == 0:
                kept.append(fit_frame(frame.pixels, card.input))
                teller.progress(len(kept), samples, "collecting frames")
    finally:
        source.interrupt()
        source.close()
    if not kept:
        raise SourceError(f"{source.info.title} delivered no frame.", "Calibrate with a folder of pictures or a video.")
    return StoredFrames(source.info.title, kept)


def _result(spec: QuantizeSpec, before: ModelCard, calibration: str, made: Quantized, start: float) -> QuantizeResult:
    xml = made.card.path(made.card.variants["INT8"].xml)
    original = before.variants.get("FP32") or before.variants["FP16"]
    executed = _executed_precision(made.card, xml)
    return QuantizeResult(
        spec=spec,
        folder=made.card.folder,
        xml=xml.name,
        calibration=calibration,
        samples=made.samples,
        seconds=time.perf_counter() - start,
        size_bytes=made.size_bytes,
        original_bytes=_size(made.card.path(original.xml)),
        layers_quantized=made.layers_quantized,
        layers_multiplying=made.layers_multiplying,
        executed_precision=executed,
        accuracy=made.accuracy,
        original_accuracy=made.original_accuracy,
        peak_rss_bytes=_peak_rss_bytes(),
        nncf=importlib.metadata.version("nncf"),
    )


def _executed_precision(card: ModelCard, xml: Path) -> dict[str, int]:
    """As the CPU runs the variant by default, which is how a session runs it."""
    try:
        core = openvino_core.core()
        compiled = core.compile_model(embed_conversion(core.read_model(xml), card.input), "CPU")
    except RuntimeError:
        return {}
    return precision.executed_precision(precision.runtime_layers(compiled))


def _size(xml: Path) -> int:
    return sum(path.stat().st_size for path in (xml, xml.with_suffix(".bin")))


def _peak_rss_bytes() -> int | None:
    """Most memory this process has held. Linux forgets nothing of a parent in `ru_maxrss`, so it is asked elsewhere."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    peak: int | None = getattr(psutil.Process().memory_info(), "peak_wset", None)
    return peak
