"""All meters, best first, and which one a session takes."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Final

from edgeperf_gui.domain.energy import AUTOMATIC, NO_METER, MeterList
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.battery import Battery
from edgeperf_gui.engine.power.hwmon import Hwmon
from edgeperf_gui.engine.power.meter import Meter, Site
from edgeperf_gui.engine.power.nvml import Nvml
from edgeperf_gui.engine.power.perf import Perf
from edgeperf_gui.engine.power.powercap import Powercap
from edgeperf_gui.engine.power.readings_file import ReadingsFile
from edgeperf_gui.engine.power.tdp import TdpEstimate

METERS: Final[dict[str, Callable[[Site], Meter]]] = {
    "file": ReadingsFile,
    "rapl": Powercap,
    "perf": Perf,
    "hwmon": Hwmon,
    "battery": Battery,
    "nvml": Nvml,
    "tdp": TdpEstimate,
}
"""A meter's name and how it is made, in the order in which `auto` takes them: a file is only there when the user named one."""


def list_meters(site: Site) -> MeterList:
    """What there is, and why the rest is not."""
    infos = tuple(make(site).info for make in METERS.values())
    best = next((info.name for info in infos if info.available and info.covers != "gpu"), None)
    return MeterList(infos, best)


def open_meter(site: Site) -> Meter | None:
    """The meter of `site.choice`; None for `none`, and for `auto` where nothing can be read.

    Raises MeterError for a name that is none and for a meter that cannot be read here, with what to do about it.
    """
    name = site.choice.name
    if name == NO_METER:
        return None
    if name == AUTOMATIC and not site.choice.file:
        return _best(site)
    if name == AUTOMATIC:  # whoever names a file wants it read, or to be told why it is not
        name = "file"
    make = METERS.get(name)
    if make is None:
        near = difflib.get_close_matches(name, (*METERS, AUTOMATIC, NO_METER), 1)
        remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(METERS)}, {AUTOMATIC} and {NO_METER}."
        raise MeterError(f"There is no meter called “{name}”.", remedy)
    meter = make(site)
    if not meter.info.available:
        raise MeterError(f"The meter “{name}” cannot be read here: {meter.info.reason}", meter.info.remedy)
    return meter


def _best(site: Site) -> Meter | None:
    """A graphics card is not what a processor's inference runs on: it has to be asked for by name."""
    for make in METERS.values():
        meter = make(site)
        if meter.info.available and meter.info.covers != "gpu":
            return meter
    return None
