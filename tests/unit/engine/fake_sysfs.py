"""A tree of the kernel's power files below a folder, and a counter of known power in it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.engine.power.meter import Site

RANGE_UJ = 65_536_000


def write(root: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")


def rapl(root: Path, name: str, title: str, energy_uj: int, range_uj: int | None = RANGE_UJ) -> Path:
    home = f"class/powercap/{name}"
    write(root, {f"{home}/name": title, f"{home}/energy_uj": energy_uj})
    if range_uj is not None:
        write(root, {f"{home}/max_energy_range_uj": range_uj})
    return root / home / "energy_uj"


def laptop(root: Path) -> None:
    """A package with its parts, psys around it, and the second door to the same counters."""
    rapl(root, "intel-rapl:0", "package-0", 1_000_000)
    rapl(root, "intel-rapl:0:0", "core", 600_000)
    rapl(root, "intel-rapl:0:1", "uncore", 100_000)
    rapl(root, "intel-rapl:0:2", "dram", 200_000)
    rapl(root, "intel-rapl:1", "psys", 3_000_000)
    rapl(root, "intel-rapl-mmio:0", "package-0", 1_000_000)


def site(root: Path, processor: str = "Some CPU", **choice: object) -> Site:
    return Site(root, processor, MeterChoice(**choice))  # type: ignore[arg-type]


@contextmanager
def without_rights(path: Path) -> Iterator[None]:
    """Nobody may read the file, and if we are root we are not, for a while: nothing may be imported meanwhile."""
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
            importlib.invalidate_caches()
        path.chmod(0o644)
