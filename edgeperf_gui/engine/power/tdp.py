"""An estimate where nothing can be measured: the device's power range × our own share of its busy time.

Load × thermal design power is within a factor of about 2 of the package's own counter above 30 % load, and useless near idle
(CodeCarbon's load-against-RAPL tables), so it is given as a range: × 0.5 of the low end to × 2 of the high end.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Final

import msgspec
import psutil

from edgeperf_gui.analysis.energy import Counter, Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.engine.power.meter import Sensor, Site
from edgeperf_gui.store.processors import PowerRange, power_range

_LOW: Final = 0.5
_HIGH: Final = 2.0
_TYPE_IT_IN: Final = "Give its power range from the maker's data sheet: --tdp LOW-HIGH, in watts, such as --tdp 12-28."

_INFO: Final = MeterInfo(
    name="tdp",
    kind="estimated",
    title="Estimate from the power range",
    covers="our processes",
    period_s=1.0,
    low_factor=_LOW,
    high_factor=_HIGH,
    available=False,
    note="Power range × busy time of our own processes; idle power and other devices are not in it.",
)


class TdpEstimate(Sensor):
    """Counts joules of busy time: all processors busy for a second is a second at the range's middle."""

    def __init__(self, site: Site) -> None:
        self._cpus = os.cpu_count() or 1
        self._companions = site.companion_pids
        self._gone_s: dict[int, float] = {}
        self._middle = 0.0
        self.info = self._judged(site)

    def read(self) -> Sequence[Sample]:
        """One sample."""
        busy_s = time.process_time() + sum(map(self._busy_s, self._companions))
        return (Sample(time.perf_counter_ns(), {"busy time": Counter(busy_s / self._cpus * self._middle)}),)

    def _busy_s(self, pid: int) -> float:
        """CPU seconds of a companion; of one that is gone what it had, so that the sum never falls."""
        try:
            times = psutil.Process(pid).cpu_times()
            self._gone_s[pid] = float(times.user + times.system)
        except psutil.Error:
            pass
        return self._gone_s.get(pid, 0.0)

    def _judged(self, site: Site) -> MeterInfo:
        low, high = site.choice.tdp_low_watts, site.choice.tdp_high_watts
        if low is not None and high is not None and low > high:
            return msgspec.structs.replace(_INFO, reason=f"A range from {low:g} to {high:g} W cannot be.", remedy=_TYPE_IT_IN)
        try:
            known = PowerRange(low or high or 0.0, high or low or 0.0) if low or high else power_range(site.processor)
        except EdgeperfError as error:
            return msgspec.structs.replace(_INFO, reason=error.sentence, remedy=error.remedy)
        if known is None:
            reason = f"The power range of this processor ({site.processor}) is not known."
            return msgspec.structs.replace(_INFO, reason=reason, remedy=_TYPE_IT_IN)
        self._middle = (known.low_watts + known.high_watts) / 2
        return msgspec.structs.replace(
            _INFO,
            title=f"Estimate from {known}",
            low_factor=_LOW * known.low_watts / self._middle,
            high_factor=_HIGH * known.high_watts / self._middle,
            available=True,
        )
