"""Sensors of boards and cards by the kernel's hwmon folder: `energy*_input` in µJ, `power*_input` or `power*_average` in µW.

https://docs.kernel.org/hwmon/sysfs-interface.html. Rails of a board contain each other, so one sensor is read and none is added.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.energy import Counter, Sample
from edgeperf_gui.domain.energy import Covers, MeterInfo
from edgeperf_gui.engine.power.meter import Sensor, Site, read_number, read_text, refusal

_MICRO: Final = 1e-6
_WHOLE: Final = re.compile(r"vdd_in|total|sys|psys|board|input|esocket|power_meter", re.IGNORECASE)
"""Labels of the sensor that has all others behind it."""
_CARDS: Final = ("amdgpu", "nouveau", "radeon", "xe", "i915")
_COVERS: Final[dict[str, Covers]] = {**dict.fromkeys(_CARDS, "gpu"), "power_meter": "machine", "amd_energy": "package"}
"""By the driver's name; any other is a rail of a board."""
_SUPPLIES: Final = ("Battery", "Mains", "USB", "UPS", "Wireless")
"""Types of power supplies: their hwmon shows what charges a battery, too. The meter `battery` reads those that discharge."""
_PATTERNS: Final = ("energy*_input", "power*_input", "power*_average")

_INFO: Final = MeterInfo(
    name="hwmon",
    kind="measured",
    title="Power sensor (hwmon)",
    covers="board",
    period_s=1.0,
    low_factor=0.95,
    high_factor=1.05,
    available=False,
)


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    driver: str
    label: str

    @property
    def is_energy(self) -> bool:
        return self.path.name.startswith("energy")

    @property
    def title(self) -> str:
        return f"{self.driver} {self.label}".strip()

    @property
    def covers(self) -> Covers:
        return _COVERS.get(self.driver, "board")


class Hwmon(Sensor):
    """The sensor that stands for most."""

    def __init__(self, site: Site) -> None:
        places = _places(site.sysfs / "class/hwmon")
        readable = [place for place in places if not refusal(place.path)]
        self._place = min(readable, key=_rank, default=None)
        self.info = _judged(places, readable, self._place)

    def read(self) -> Sequence[Sample]:
        """One sample."""
        place = self._place
        if place is None:
            return ()
        stamp_ns = time.perf_counter_ns()
        number = read_number(place.path, self.info.title) * _MICRO
        return (Sample(stamp_ns, {place.title: Counter(number)}) if place.is_energy else Sample(stamp_ns, watts=number),)


def _places(folder: Path) -> list[_Place]:
    found = []
    for pattern in _PATTERNS:
        for path in sorted(folder.glob(f"hwmon*/{pattern}")):
            if read_text(path.parent / "device/type").startswith(_SUPPLIES):
                continue
            label = read_text(path.with_name(f"{path.name.rpartition('_')[0]}_label"))
            found.append(_Place(path, read_text(path.parent / "name") or path.parent.name, label or path.name.partition("_")[0]))
    return found


def _rank(place: _Place) -> tuple[bool, bool, bool, str]:
    """Smallest is best: no graphics card, the whole before its rails, a counter before a power."""
    return place.covers == "gpu", not _WHOLE.search(place.title), not place.is_energy, str(place.path)


def _judged(places: list[_Place], readable: list[_Place], chosen: _Place | None) -> MeterInfo:
    if not places:
        return msgspec.structs.replace(
            _INFO,
            reason="No hwmon sensor here shows a power or an energy.",
            remedy="Boards with a power sensor (such as INA219 or INA3221) show one when its driver is loaded.",
        )
    if chosen is None:
        shut = places[0].path
        return msgspec.structs.replace(_INFO, reason=f"{shut} {refusal(shut)}.", remedy=f"As root, run: chmod a+r {shut}")
    others = ", ".join(place.title for place in readable if place is not chosen)
    return msgspec.structs.replace(
        _INFO,
        title=f"Power sensor {chosen.title}",
        covers=chosen.covers,
        available=True,
        note=f"Other sensors here, not added because rails contain each other: {others}." if others else "",
    )
