"""RAPL by the kernel's powercap folder: the processor package's energy counters, on Intel and AMD.

https://docs.kernel.org/power/powercap/powercap.html. Packages are added; what lies inside one (core, uncore), beside it (dram) or
around it (psys) is shown apart, because domains contain each other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.energy import Counter, Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Sensor, Site, read_number, read_text, refusal

UDEV_FILE: Final = "/etc/udev/rules.d/70-powercap.rules"
UDEV_RULE: Final = (
    'SUBSYSTEM=="powercap", KERNEL=="intel-rapl*", '
    'RUN+="/usr/bin/chgrp video /sys/%p/energy_uj", RUN+="/usr/bin/chmod g+r /sys/%p/energy_uj"'
)
REMEDY: Final = (
    f"As root, write to {UDEV_FILE}: {UDEV_RULE} and then run: udevadm trigger --subsystem-match=powercap"
    " (you have to be in the group video)."
)
"""Counters are for root only since Linux 5.10: they tell an attacker what the processor computes (CVE-2020-8694)."""
_MICRO: Final = 1e-6

_INFO: Final = MeterInfo(
    name="rapl",
    kind="measured",
    title="RAPL package counter",
    covers="package",
    period_s=1.0,
    low_factor=0.95,
    high_factor=1.05,
    available=False,
    note="Counts the whole processor, whoever uses it.",
)


@dataclass(frozen=True, slots=True)
class _Domain:
    """One counter and the names it goes by."""

    key: str
    path: Path
    range_path: Path
    is_part: bool


class Powercap(Sensor):
    """All packages' counters."""

    def __init__(self, site: Site) -> None:
        self._folder = site.sysfs / "class/powercap"
        domains = _domains(self._folder)
        self._domains = [domain for domain in domains if not refusal(domain.path)]
        self.info = _judged(self._folder, domains, self._domains)

    def read(self) -> Sequence[Sample]:
        """One sample of all packages and their parts. A part that cannot be read is left out, a package ends the reading."""
        counters: dict[str, Counter] = {}
        stamp_ns = time.perf_counter_ns()
        for domain in self._domains:
            try:
                counters[domain.key] = _counter(domain)
            except MeterError:
                if not domain.is_part:
                    raise
        return (Sample(stamp_ns, counters),)


def _domains(folder: Path) -> list[_Domain]:
    """Every counter, by the kernel's own nesting: `intel-rapl:0` is a package, `intel-rapl:0:1` a part of it.

    The same counters appear a second time as `intel-rapl-mmio`; those are left out.
    """
    found = []
    for path in sorted(folder.glob("intel-rapl:*/energy_uj")):
        home = path.parent
        name = read_text(home / "name") or home.name
        is_package = home.name.count(":") == 1 and name.startswith("package")
        package = home.name.split(":")[1]
        key = name if is_package or home.name.count(":") == 1 else f"{name} of package-{package}"
        found.append(_Domain(key, path, home / "max_energy_range_uj", not is_package))
    return found


def _counter(domain: _Domain) -> Counter:
    joules = read_number(domain.path, _INFO.title) * _MICRO
    try:
        wraps_at = read_number(domain.range_path, _INFO.title) * _MICRO
    except MeterError:
        wraps_at = 0.0
    return Counter(joules, wraps_at if wraps_at > 0 else None, domain.is_part)


def _judged(folder: Path, domains: list[_Domain], readable: list[_Domain]) -> MeterInfo:
    packages = [domain for domain in domains if not domain.is_part]
    usable = [domain for domain in readable if not domain.is_part]
    parts = tuple(domain.key for domain in readable if domain.is_part)
    if not packages:
        return msgspec.structs.replace(
            _INFO,
            reason=f"There is no package counter in {folder}.",
            remedy="Virtual machines and many ARM boards have none. On a PC, load the driver: sudo modprobe intel_rapl_msr",
        )
    if len(usable) < len(packages):
        closed = next(domain.path for domain in packages if domain not in usable)
        return msgspec.structs.replace(_INFO, reason=f"{closed} {refusal(closed)}.", remedy=REMEDY)
    return msgspec.structs.replace(_INFO, available=True, parts=parts)
