"""What this machine offers: devices, cameras and models. Run in a short child process, so a broken driver hurts nobody else."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.inventory import Camera, Device, Inventory

T = TypeVar("T")

AUTO = Device("AUTO", "Automatic: the runtime chooses and may move")
_COMBINED = (("HETERO", "One model split over several devices"), ("MULTI", "Frames dealt out to several devices"))


def take_inventory() -> Inventory:
    """Everything that can be chosen. A part that cannot be asked is empty and named in `problems`; never raises."""
    problems: list[str] = []
    devices = _asked("OpenVINO devices", lambda: _devices(problems), problems)
    cameras = _asked("cameras", _cameras, problems)
    models = _asked("models", lambda: _models(problems), problems)
    meters = _asked("energy meters", _meters, problems)
    return Inventory(devices, cameras, models, tuple(problems), meters)


def _asked(what: str, ask: Callable[[], tuple[T, ...]], problems: list[str]) -> tuple[T, ...]:
    """The answer, or nothing and a sentence: drivers fail in ways nobody can list, and the rest must still be offered."""
    try:
        return ask()
    except Exception as error:  # a driver's, plugin's or wheel's own kind
        problems.append(f"The {what} could not be listed: {describe(error)}.")
        return ()


def _devices(problems: list[str]) -> tuple[Device, ...]:
    core = importlib.import_module("openvino").Core()
    real: tuple[Device, ...] = ()
    for name in core.available_devices:
        # one by one: a broken driver must not hide the devices that work
        real += _asked(f"device {name}", partial(_described, core, name), problems)
    if not real:
        raise EdgeperfError("OpenVINO sees no device")
    return (*real, AUTO, *combined(tuple(device.name for device in real)))


def _described(core: Any, name: str) -> tuple[Device]:
    capabilities = core.get_property(name, "OPTIMIZATION_CAPABILITIES")
    return (Device(name, str(core.get_property(name, "FULL_DEVICE_NAME")), tuple(map(str, capabilities))),)


def combined(names: tuple[str, ...]) -> tuple[Device, ...]:
    """HETERO and MULTI over all real devices, accelerators first; nothing when there is only one to combine."""
    if len(names) < 2:
        return ()
    members = ",".join(sorted(names, key=lambda name: (name == "CPU", name)))
    return tuple(Device(f"{kind}:{members}", title) for kind, title in _COMBINED)


def _meters() -> tuple[MeterInfo, ...]:
    from edgeperf_gui.engine.power.meter import here
    from edgeperf_gui.engine.power.table import list_meters

    return list_meters(here()).meters


def _cameras() -> tuple[Camera, ...]:
    from edgeperf_gui.engine.sources.camera import list_cameras

    return tuple(list_cameras())


def _models(problems: list[str]) -> tuple[ModelCard, ...]:
    from edgeperf_gui.zoo.catalogue import list_models
    from edgeperf_gui.zoo.staging import sweep

    sweep(places.model_folders()[0])  # an import that was killed could not tidy up
    cards, troubles = list_models()
    problems.extend(troubles)
    return tuple(cards)


def describe(error: BaseException) -> str:
    """An exception as the end of a sentence: its first line, without the final stop."""
    words = error.sentence if isinstance(error, EdgeperfError) else str(error)
    lines = words.strip().splitlines()
    return (lines[0] if lines else type(error).__name__).strip().rstrip(".") or type(error).__name__
