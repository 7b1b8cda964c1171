"""Which machine this is. Reading is separate from parsing, so every parser can be tried on samples of other machines."""

from __future__ import annotations

import importlib.metadata
import math
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from edgeperf_gui.domain.results import Machine

OPENCV_WHEELS = ("opencv-python-headless", "opencv-python", "opencv-contrib-python-headless", "opencv-contrib-python")
"""Every wheel that brings `cv2`; two of them at once overwrite each other's files."""

_CPU_NAME_KEYS = ("model name", "cpu model", "Model", "Hardware", "uarch", "cpu")
"""Keys of /proc/cpuinfo that hold a name, by family: x86, MIPS, ARM boards (two), RISC-V, POWER."""


def describe_machine() -> Machine:
    """Read everything once; nothing here is imported to be asked for its version."""
    logical = os.cpu_count() or 1
    return Machine(
        hostname=platform.node(),
        os=platform.platform(),
        python=platform.python_version(),
        openvino=installed_version(("openvino",)) or "unknown",
        opencv=installed_version(OPENCV_WHEELS) or "unknown",
        cpu=cpu_name(),
        logical_cpus=logical,
        cpu_quota=tightest(logical, _allowed_by_affinity(), _allowed_by_groups()),
        memory_bytes=int(psutil.virtual_memory().total),
    )


def installed_version(names: Sequence[str]) -> str | None:
    """Version of the first of these distributions that is installed."""
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def cpu_name() -> str:
    """The processor's name as its maker writes it, or the architecture when it does not say."""
    read = _CPU_READERS.get(sys.platform, platform.processor)
    try:
        name = read()
    except (OSError, subprocess.SubprocessError):
        name = None
    return name or platform.processor() or platform.machine() or "unknown"


def _linux_cpu() -> str | None:
    return parse_cpuinfo(Path("/proc/cpuinfo").read_text("utf-8", "replace"))


def _mac_cpu() -> str | None:
    command = ("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
    return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()


def _windows_cpu() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0") as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()


_CPU_READERS: dict[str, Callable[[], str | None]] = {"linux": _linux_cpu, "darwin": _mac_cpu, "win32": _windows_cpu}


def parse_cpuinfo(text: str) -> str | None:
    """The processor's name from /proc/cpuinfo; None when no line holds one."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), " ".join(value.split()))
    return next((found[key] for key in _CPU_NAME_KEYS if found.get(key)), None)


def parse_cpu_max(text: str) -> float | None:
    """Cores from a version 2 `cpu.max` ("200000 100000"); None when unlimited ("max 100000") or unreadable."""
    quota, _, period = text.strip().partition(" ")
    return _cores(quota, period)


def parse_cfs(quota: str, period: str) -> float | None:
    """Cores from version 1's `cpu.cfs_quota_us` and `cpu.cfs_period_us`; None when unlimited (−1) or unreadable."""
    return _cores(quota, period)


def _cores(quota: str, period: str) -> float | None:
    try:
        cores = float(quota) / float(period)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return cores if math.isfinite(cores) and cores > 0 else None


def parse_groups(text: str) -> dict[str, str]:
    """Group paths by controller from /proc/self/cgroup; version 2's has the empty name."""
    paths: dict[str, str] = {}
    for line in text.splitlines():
        parts = line.split(":", 2)
        if len(parts) == 3:
            paths.update(dict.fromkeys(parts[1].split(","), parts[2]))
    return paths


def tightest(logical: int, *limits: float | None) -> float | None:
    """The smallest limit that takes something away from `logical` CPUs; None when none does."""
    real = [limit for limit in limits if limit is not None and limit < logical]
    return min(real, default=None)


def _allowed_by_affinity() -> float | None:
    try:
        return float(len(psutil.Process().cpu_affinity() or ())) or None
    except (AttributeError, OSError, psutil.Error):  # not offered on macOS
        return None


def _allowed_by_groups(mount: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")) -> float | None:
    """The tightest limit of our control group and its parents. Inside a container the path named may only exist at the mount."""
    try:
        paths = parse_groups(membership.read_text("utf-8", "replace"))
    except OSError:
        return None
    limits = [_unified_limit(folder) for folder in _upwards(mount, paths.get("", "/"))]
    limits += [_unified_limit(folder) for folder in _upwards(mount / "unified", paths.get("", "/"))]
    limits += [_classic_limit(folder) for folder in _upwards(mount / "cpu", paths.get("cpu", "/"))]
    return min((limit for limit in limits if limit is not None), default=None)


def _upwards(mount: Path, group: str) -> list[Path]:
    folder = mount / group.strip("/")
    return [candidate for candidate in (folder, *folder.parents) if candidate.is_relative_to(mount)]


def _unified_limit(folder: Path) -> float | None:
    return parse_cpu_max(_text(folder / "cpu.max"))


def _classic_limit(folder: Path) -> float | None:
    return parse_cfs(_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
