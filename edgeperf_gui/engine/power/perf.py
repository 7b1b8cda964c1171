"""The same package counters by the kernel's performance events: `power/energy-pkg/`, where powercap is closed.

https://man7.org/linux/man-pages/man2/perf_event_open.2.html. The kernel adds up what wraps: a reading has 64 bits, from 0.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.energy import Counter, Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Sensor, Site, read_text

_SYSTEM_CALL: Final = {"x86_64": 298, "aarch64": 241}
"""perf_event_open's number; glibc has no function for it."""
_ATTRIBUTES: Final = struct.Struct("<IIQQQQQIIQ")
"""`perf_event_attr` of its first version: type, size, config, and zeros."""
_CLOSE_ON_EXEC: Final = 8
_PARANOID: Final = Path("/proc/sys/kernel/perf_event_paranoid")

_INFO: Final = MeterInfo(
    name="perf",
    kind="measured",
    title="RAPL package counter by perf",
    covers="package",
    period_s=1.0,
    low_factor=0.95,
    high_factor=1.05,
    available=False,
    note="Counts the whole processor, whoever uses it.",
)


class Perf(Sensor):
    """energy-pkg of every package."""

    def __init__(self, site: Site) -> None:
        self._folder = site.sysfs / "bus/event_source/devices/power"
        self._descriptors: dict[str, int] = {}
        self._joules_a_count = 0.0
        self.info = self._judged()

    def read(self) -> Sequence[Sample]:
        """One sample of all packages."""
        if not self._descriptors:
            self._open()
        stamp_ns = time.perf_counter_ns()
        try:
            counts = {name: struct.unpack("=Q", os.read(found, 8))[0] for name, found in self._descriptors.items()}
        except (OSError, struct.error) as error:
            raise MeterError(f"{_INFO.title} cannot be read any more ({error}).", "Choose another meter.") from error
        return (Sample(stamp_ns, {name: Counter(count * self._joules_a_count) for name, count in counts.items()}),)

    def close(self) -> None:
        """Give the descriptors back."""
        while self._descriptors:
            os.close(self._descriptors.popitem()[1])

    def _judged(self) -> MeterInfo:
        """Opened for a trial: rights (perf_event_paranoid, capabilities, a container's filter) cannot be told otherwise."""
        if not sys.platform.startswith("linux") or not read_text(self._folder / "events/energy-pkg"):
            return msgspec.structs.replace(
                _INFO,
                reason=f"There is no event energy-pkg in {self._folder}.",
                remedy="Virtual machines and ARM boards have none. On a PC, load the driver: sudo modprobe rapl",
            )
        try:
            self._open()
        except MeterError as error:
            return msgspec.structs.replace(_INFO, reason=error.sentence, remedy=error.remedy)
        finally:
            self.close()
        return msgspec.structs.replace(_INFO, available=True)

    def _open(self) -> None:
        """One descriptor a package, on the processor the kernel names for it."""
        event = re.search(r"event=(0x[0-9a-fA-F]+|\d+)", read_text(self._folder / "events/energy-pkg"))
        number = _SYSTEM_CALL.get(platform.machine())
        try:
            if event is None or number is None:
                raise ValueError
            kind, config = int(read_text(self._folder / "type")), int(event.group(1), 0)
            self._joules_a_count = float(read_text(self._folder / "events/energy-pkg.scale"))
            cpus = [int(part.split("-")[0]) for part in read_text(self._folder / "cpumask").split(",")]
        except ValueError as error:
            raise MeterError(
                f"The event energy-pkg in {self._folder} is not described as expected.", "Choose another meter."
            ) from error
        for package, cpu in enumerate(cpus):
            self._descriptors[f"package-{package}"] = self._open_event(number, kind, config, cpu)

    def _open_event(self, number: int, kind: int, config: int, cpu: int) -> int:
        attributes = ctypes.create_string_buffer(_ATTRIBUTES.pack(kind, _ATTRIBUTES.size, config, *(0,) * 7), _ATTRIBUTES.size)
        library = ctypes.CDLL(None, use_errno=True)
        every_process, no_group = -1, -1
        found = int(library.syscall(number, attributes, every_process, cpu, no_group, _CLOSE_ON_EXEC))
        if found < 0:
            cause = os.strerror(ctypes.get_errno())
            self.close()
            raise MeterError(
                f"The event energy-pkg may not be opened ({cause}; perf_event_paranoid is {read_text(_PARANOID) or 'unknown'}).",
                "Run: sudo sysctl kernel.perf_event_paranoid=0, or give Python the right: sudo setcap cap_perfmon=ep PYTHON",
            )
        return found
