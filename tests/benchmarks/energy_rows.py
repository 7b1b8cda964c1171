"""Rows about energy: how right the sums are, and what reading a meter costs the run beside it."""

from __future__ import annotations

import itertools
import os
import random
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from rows import Row, Settings, pairs, ratio
from sides import bench, verb

from edgeperf_gui.analysis.energy import EnergyTotal, Sample
from edgeperf_gui.analysis.operator_energy import pj_per_mac
from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.engine.power.meter import Site
from edgeperf_gui.engine.power.powercap import Powercap
from edgeperf_gui.store.energy_tables import energy_table

_DOMAINS = ("package-0", "core", "uncore", "dram")
_RANGE_UJ = 262_143_328_850 // 2048
"""A range of a usual processor, made to wrap every few seconds."""


def energy(settings: Settings) -> list[Row]:
    """The integral of a fake counter, the theoretical numbers of the bundled model, and the cost of the meter."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _tree(root)
        worst = max(_error_percent(root, seed) for seed in range(20))
        reading_us = _reading_us(root)
        os.environ["EDGEPERF_SYSFS"] = folder
        # a hundredth is less than what two runs in a row differ by, so it takes more pairs
        settings = replace(settings, pairs=2 * settings.pairs - 1)
        try:
            rounds, dirty = pairs(settings, lambda: _side(settings, "rapl"), lambda: _side(settings, "none"))
        finally:
            del os.environ["EDGEPERF_SYSFS"]
    value, words = ratio(rounds, "fps")
    note = f"{words}; {len(rounds)} pairs, {dirty} dirty; a reading takes {reading_us:.0f} µs, once a second"
    return [
        Row("energy of a fake counter of known power, wraps and jitter: error", worst, "≤ 0.5", " %", "worst of 20 × 2 min"),
        *_arithmetic(),
        Row("a meter read beside the run: FPS ÷ without", value, "≥ 0.99", "", note),
    ]


def _arithmetic() -> list[Row]:
    """FP32 as it ran. In the other types as if every layer had run in them: a processor keeps a layer or two in more bits."""
    ran = verb("energy", "layers", "--precision", "FP32")
    table, macs = energy_table("45nm"), sum(layer["macs"] for layer in ran["layers"])
    as_if = {kind: macs * (pj_per_mac(table, kind) or 0.0) / 1e9 for kind in ("f16", "i8")}
    found = (("FP32", ran["arithmetic_mj"], 9.61), ("FP16", as_if["f16"], 3.14), ("INT8", as_if["i8"], 0.63))
    how = {"FP32": "as it ran"}
    return [
        Row(
            f"NanoDet-g {name}, 45 nm arithmetic, against {mj} mJ",
            100 * abs(value / mj - 1),
            "≤ 1",
            " %",
            f"{value:.3f} mJ, {how.get(name, 'as if every layer of the FP32 run had run in it')}",
        )
        for name, value, mj in found
    ]


def _side(settings: Settings, meter: str) -> dict[str, float]:
    return bench(settings.seconds, hint="throughput", more=("--meter", meter))


def _reading_us(root: Path) -> float:
    """Median time of one reading of four domains."""
    meter = Powercap(Site(root, "", MeterChoice()))
    stamps = [time.perf_counter()]
    for _ in range(200):
        meter.read()
        stamps.append(time.perf_counter())
    return 1e6 * statistics.median(after - before for before, after in itertools.pairwise(stamps))


def _tree(root: Path) -> None:
    for number, name in enumerate(_DOMAINS):
        home = root / "class/powercap" / ("intel-rapl:0" if number == 0 else f"intel-rapl:0:{number - 1}")
        home.mkdir(parents=True)
        (home / "name").write_text(f"{name}\n")
        (home / "max_energy_range_uj").write_text(f"{_RANGE_UJ}\n")
        (home / "energy_uj").write_text("0\n")


def _error_percent(root: Path, seed: int) -> float:
    """Two minutes of one reading a second, give or take 0.3 s, of a counter that is written every millisecond."""
    chance = random.Random(seed)
    watts = chance.uniform(5, 45)
    meter = Powercap(Site(root, "", MeterChoice()))
    total, second, first = EnergyTotal(meter.info, "bench"), 0.0, None
    reading = None
    while second < 120:
        second += chance.uniform(0.7, 1.3)
        first = second if first is None else first
        for path in root.glob("class/powercap/*/energy_uj"):
            path.write_text(f"{int(watts * int(second * 1000) * 1000) % _RANGE_UJ}\n")
        (sample,) = meter.read()
        reading = total.take(Sample(round(second * 1e9), sample.counters))
    assert reading is not None and first is not None
    return 100 * abs(reading.joules.value / (watts * (second - first)) - 1)
