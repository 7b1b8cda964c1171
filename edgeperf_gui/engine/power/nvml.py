"""A graphics card by NVIDIA's management library; the extra `nvidia` brings its Python names.

https://docs.nvidia.com/deploy/nvml-api: total energy in mJ since the driver was loaded (Volta and later), else the power in mW.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from edgeperf_gui.analysis.energy import Counter, Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Sensor, Site

_MILLI: Final = 1e-3

_INFO: Final = MeterInfo(
    name="nvml",
    kind="measured",
    title="NVIDIA card (NVML)",
    covers="gpu",
    period_s=1.0,
    low_factor=0.95,
    high_factor=1.05,
    available=False,
    note="The card alone, not the processor. Some cards look at their power a quarter of the time only: measure for seconds.",
)


class Nvml(Sensor):
    """The first card."""

    def __init__(self, site: Site) -> None:
        self._library: Any = None
        self._card: Any = None
        self._has_counter = True
        self.info = self._judged()

    def read(self) -> Sequence[Sample]:
        """One sample."""
        try:
            if self._library is None:
                self._open()
            stamp_ns = time.perf_counter_ns()
            if self._has_counter:
                joules = self._library.nvmlDeviceGetTotalEnergyConsumption(self._card) * _MILLI
                return (Sample(stamp_ns, {"card": Counter(joules)}),)
            return (Sample(stamp_ns, watts=self._library.nvmlDeviceGetPowerUsage(self._card) * _MILLI),)
        except Exception as error:  # the library's own kinds, which are known only where it is installed
            raise MeterError(f"The NVIDIA card cannot be read: {error}.", "Check the driver with: nvidia-smi") from error

    def close(self) -> None:
        """Let go of the driver."""
        library, self._library = self._library, None
        if library is not None:
            library.nvmlShutdown()

    def _open(self) -> None:
        library = importlib.import_module("pynvml")
        library.nvmlInit()
        self._library, self._card = library, library.nvmlDeviceGetHandleByIndex(0)
        try:
            library.nvmlDeviceGetTotalEnergyConsumption(self._card)
            self._has_counter = True
        except library.NVMLError:
            self._has_counter = False

    def _judged(self) -> MeterInfo:
        try:
            importlib.import_module("pynvml")
        except ImportError:
            return msgspec.structs.replace(
                _INFO, reason="The package nvidia-ml-py is not installed.", remedy='Run: pip install "edgeperf-gui[nvidia]"'
            )
        try:
            self.read()
        except MeterError as error:
            return msgspec.structs.replace(_INFO, reason=error.sentence, remedy=error.remedy)
        finally:
            self.close()
        return msgspec.structs.replace(_INFO, available=True)
