"""A compiled model and its requests, with everything the runtime says about what it will really do."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import openvino as ov
import openvino.properties as properties
import openvino.properties.hint as hints
from openvino.preprocess import PrePostProcessor

from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.errors import DeviceError, ModelError
from edgeperf_gui.domain.results import Effective, ModelTimes
from edgeperf_gui.domain.session import Hint, SessionSpec
from edgeperf_gui.engine import precision
from edgeperf_gui.engine.batching import check_apart, set_batch
from edgeperf_gui.engine.compiled_cache import make_room
from edgeperf_gui.zoo import openvino_core

_HINTS: Final = {"latency": hints.PerformanceMode.LATENCY, "throughput": hints.PerformanceMode.THROUGHPUT}
UNKNOWN: Final = "unknown"
_VIRTUAL: Final = ("AUTO", "HETERO", "MULTI", "BATCH")


@dataclass(slots=True)
class Runtime:
    """A model ready to run. `compiled` is an `ov.CompiledModel` whose input is u8 `[batch, height, width, 3]`."""

    compiled: Any
    effective: Effective
    times: ModelTimes
    command: str
    """The equivalent benchmark_app line, without its duration."""


def load(card: ModelCard, spec: SessionSpec, activity: Callable[[str], None], *, profile: bool = False) -> Runtime:
    """Read, prepare and compile a variant, and run it once. `profile` counts layer times, which slows what it counts.

    Raises ModelError (variant missing or unreadable, or not made for this batch) and DeviceError (unknown device, or it refuses).
    """
    variant = card.variants.get(spec.precision)
    if variant is None:
        raise ModelError(f"{card.title} has no {spec.precision} variant.", f"It has {', '.join(card.variants)}.")
    core = openvino_core.core()
    check_device(core, spec.device)
    xml = card.path(variant.xml)
    activity(f"reading {card.title}")
    start = time.perf_counter_ns()
    try:
        model = core.read_model(xml)
    except RuntimeError as error:
        raise ModelError(
            f"{xml.name} cannot be read as a model.", "Its .xml or .bin is damaged; install the model again."
        ) from error
    read_ms = _since_ms(start)
    try:
        model = embed_conversion(model, card.input)
    except RuntimeError as error:
        raise ModelError(
            f"{card.title} does not take pictures the way its card says: {last_line(error)}.",
            "Correct the input in its card.toml.",
        ) from error
    if spec.batch > 1:
        set_batch(model, card, spec.batch, apart=not spec.inference_only)
    config = compile_config(core, spec) | ({properties.enable_profiling(): True} if profile else {})
    activity(f"compiling {card.title} {spec.precision} for {spec.device}")
    start = time.perf_counter_ns()
    try:
        compiled = core.compile_model(model, spec.device, config)
    except RuntimeError as error:
        raise DeviceError(
            f"{spec.device} cannot compile {card.title} {spec.precision}: {last_line(error)}.",
            "Choose another device or variant; `edgeperf doctor` shows what this machine offers.",
        ) from error
    compile_ms = _since_ms(start)
    requests = spec.requests or default_requests(compiled, spec)
    effective = read_back(compiled, spec, variant.stored, requests)
    activity("first inference")
    start = time.perf_counter_ns()
    try:
        request = compiled.create_infer_request()
        request.infer()
    except RuntimeError as error:
        raise DeviceError(
            f"{spec.device} compiled {card.title} but cannot run it: {last_line(error)}.", "Choose another device or variant."
        ) from error
    first_inference_ms = _since_ms(start)
    if spec.batch > 1 and not spec.inference_only:
        check_apart(request, card)
    times = ModelTimes(
        read_ms=read_ms,
        compile_ms=compile_ms,
        first_inference_ms=first_inference_ms,
        size_bytes=sum(path.stat().st_size for path in (xml, xml.with_suffix(".bin")) if path.exists()),
        cache=_cache_state(compiled, spec),
    )
    return Runtime(compiled, effective, times, _benchmark_command(xml, spec, config.get(hints.inference_precision())))


def check_device(core: Any, device: str) -> None:
    """Raise DeviceError unless every device named (`GPU.0`, `AUTO:GPU,CPU`) is on this machine."""
    head, _, members = device.partition(":")
    wanted = [name.strip().lstrip("-") for name in members.split(",") if name.strip()] if head in _VIRTUAL else [device]
    available = core.available_devices
    plain = [name.split("(")[0] for name in wanted]
    # "GPU" is the runtime's own short name for GPU.0
    missing = [name for name in plain if name not in available and not any(known.startswith(f"{name}.") for known in available)]
    if missing or (head in ("HETERO", "MULTI", "BATCH") and not wanted):
        raise DeviceError(
            f"{missing[0] if missing else device} is not on this machine.", f"Devices here: {', '.join([*available, 'AUTO'])}."
        )


def default_requests(compiled: Any, spec: SessionSpec) -> int:
    """How many requests to use when the user does not say: what the runtime recommends, which is benchmark_app's choice.

    With the throughput hint a whole pipeline gets one more: while the runtime computes on all others, one is being filled or
    decoded. Without it streams stood idle for 4 % of the time. With batches it gets one more, too, or all frames but one of those
    that come while a batch is computed would be lost.
    """
    recommended = int(compiled.get_property(properties.optimal_number_of_infer_requests()))
    return recommended + (not spec.inference_only and (spec.hint == "throughput" or spec.batch > 1))


def embed_conversion(model: Any, card: InputCard) -> Any:
    """Put type, layout, mean and scale into the graph, so that a request takes u8 `[1, height, width, 3]` pixels."""
    chain = PrePostProcessor(model)
    chain.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    chain.input().model().set_layout(ov.Layout(card.layout))
    steps = chain.input().preprocess().convert_element_type(ov.Type.f32)
    if card.channels == "RGB":
        steps = steps.reverse_channels()
    steps.mean(list(card.mean)).scale(list(card.scale))
    return chain.build()


def compile_config(core: Any, spec: SessionSpec) -> dict[str, Any]:
    """Properties for compile_model; the inference precision is always decided here and never left to chance unseen."""
    config: dict[str, Any] = {}
    if spec.hint in _HINTS:
        config[hints.performance_mode()] = _HINTS[spec.hint]
    wanted = precision.inference_precision(spec.precision, *_device_precision(core, spec.device))
    if wanted is not None:
        config[hints.inference_precision()] = wanted
    if spec.streams is not None:
        config[properties.num_streams()] = spec.streams
    if spec.requests is not None:
        # benchmark_app says so, too: a stream without a request of its own would only keep its cores from the others
        config[hints.num_requests()] = spec.requests
    if spec.threads is not None and _base_device(spec.device) == "CPU":
        config[properties.inference_num_threads()] = spec.threads
    if spec.cache_dir is not None and make_room(Path(spec.cache_dir)):
        config[properties.cache_dir()] = spec.cache_dir
    return config


def read_back(compiled: Any, spec: SessionSpec, stored: str, requests: int) -> Effective:
    """What the compiled model says of itself; None for what the device does not tell."""
    # an enum from some devices, its bare name from others
    hint = str(_property(compiled, hints.performance_mode())).rpartition(".")[2].lower()
    return Effective(
        stored_precision=stored,
        executed_precision=precision.executed_precision(precision.runtime_layers(compiled)),
        execution_devices=tuple(_property(compiled, properties.execution_devices()) or (spec.device,)),
        streams=_count(_property(compiled, properties.num_streams())),
        requests=requests,
        threads=_count(_property(compiled, properties.inference_num_threads())),
        hint=cast("Hint", hint) if hint in _HINTS else "none",
        inference_precision=_type_name(_property(compiled, hints.inference_precision())),
        batch=int(compiled.inputs[0].shape[0]),
    )


def last_line(error: BaseException) -> str:
    """The telling line of an OpenVINO exception, which wraps its cause in file names and line numbers."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return (telling or lines or ["no reason given"])[-1].rstrip(".")[:300]


def _device_precision(core: Any, device: str) -> tuple[str | None, list[str]]:
    base = _base_device(device)
    name = base if base not in _VIRTUAL else next(iter(core.available_devices), "CPU")
    try:
        default = _type_name(core.get_property(name, hints.inference_precision()))
        return default, list(core.get_property(name, "OPTIMIZATION_CAPABILITIES"))
    except RuntimeError:
        return None, []


def _base_device(device: str) -> str:
    return device.partition(":")[0].partition(".")[0]


def _property(compiled: Any, name: Any) -> Any:
    try:
        return compiled.get_property(name)
    except RuntimeError:  # each device answers its own set
        return None


def _count(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _type_name(value: Any) -> str:
    if value is None:
        return UNKNOWN
    return precision.spelled(value.get_type_name() if hasattr(value, "get_type_name") else str(value))


def _cache_state(compiled: Any, spec: SessionSpec) -> Any:
    if spec.cache_dir is None or not Path(spec.cache_dir).is_dir():
        return "off"
    return "cached" if _property(compiled, properties.loaded_from_cache()) else "cold"


def _benchmark_command(xml: Path, spec: SessionSpec, asked_precision: str | None) -> str:
    words = ["benchmark_app", "-m", str(xml), "-d", spec.device, "-hint", spec.hint]
    batch = spec.batch if spec.batch > 1 else None
    asked = {"-b": batch, "-nstreams": spec.streams, "-nireq": spec.requests, "-nthreads": spec.threads}
    words += [word for flag, value in asked.items() if value is not None for word in (flag, str(value))]
    if asked_precision is not None:
        words += ["-infer_precision", asked_precision]
    return shlex.join(words)


def _since_ms(start_ns: int) -> float:
    return (time.perf_counter_ns() - start_ns) / 1e6
