"""A battery's own gauge, by the kernel's power_supply folder: what the whole machine draws, while it runs on it.

https://docs.kernel.org/power/power_supply_class.html; µW, or µA × µV.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.energy import Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Sensor, Site, read_number, read_text

_MICRO: Final = 1e-6
_ON_MAINS: Final = "Unplug the charger: on mains the gauge shows what goes into the battery, not what the machine draws."

_INFO: Final = MeterInfo(
    name="battery",
    kind="measured",
    title="Battery gauge",
    covers="machine",
    period_s=2.0,
    low_factor=0.8,
    high_factor=1.2,
    available=False,
    note="Everything the machine draws, screen included. Gauges change every 1 to 30 s: measure for minutes.",
)


class Battery(Sensor):
    """All batteries of the machine that discharge, added: each feeds it."""

    def __init__(self, site: Site) -> None:
        supplies = sorted((site.sysfs / "class/power_supply").glob("*"))  # of a folder that is shut, none
        # a mouse's or a headset's battery has the scope Device
        self._batteries = [
            path for path in supplies if read_text(path / "type") == "Battery" and read_text(path / "scope") != "Device"
        ]
        self.info = self._judged()

    def read(self) -> Sequence[Sample]:
        """One sample. Raises MeterError when the charger was plugged in or the battery taken out."""
        gone = next((path for path in self._batteries if not read_text(path / "type")), None)
        if gone is not None:
            raise MeterError(f"The battery {gone.name} was taken out.", "Put it back, or choose another meter.")
        discharging = [path for path in self._batteries if read_text(path / "status") == "Discharging"]
        if not discharging:
            raise MeterError("The machine is not on its battery.", _ON_MAINS)
        stamp_ns = time.perf_counter_ns()
        return (Sample(stamp_ns, watts=sum(map(_watts, discharging))),)

    def _judged(self) -> MeterInfo:
        if not self._batteries:
            return msgspec.structs.replace(_INFO, reason="This machine has no battery.", remedy="Use another meter.")
        try:
            self.read()
        except MeterError as error:
            return msgspec.structs.replace(_INFO, reason=error.sentence, remedy=error.remedy)
        return msgspec.structs.replace(_INFO, available=True)


def _watts(battery: Path) -> float:
    """Some drivers count what flows out as negative."""
    power = battery / "power_now"
    if read_text(power):
        return abs(read_number(power, _INFO.title)) * _MICRO
    amperes = abs(read_number(battery / "current_now", _INFO.title)) * _MICRO
    return amperes * read_number(battery / "voltage_now", _INFO.title) * _MICRO
