"""What this machine offers to choose from; asked for in a short child process."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.energy import MeterInfo


class Device(msgspec.Struct, frozen=True):
    """One OpenVINO device, or a virtual one (AUTO, HETERO, MULTI)."""

    name: str
    full_name: str
    capabilities: tuple[str, ...] = ()


class Camera(msgspec.Struct, frozen=True):
    """One camera; `address` is what `--source` takes (`camera:0`)."""

    address: str
    name: str


class Inventory(msgspec.Struct, frozen=True):
    """Everything found, and what could not be asked."""

    devices: tuple[Device, ...]
    cameras: tuple[Camera, ...]
    models: tuple[ModelCard, ...]
    problems: tuple[str, ...] = ()
    meters: tuple[MeterInfo, ...] = ()
    """Energy meters, best first, with why one cannot be read here; `file` and `tdp` become available by what a session says."""
