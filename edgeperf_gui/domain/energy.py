"""Energy: which meters there are, what they read, and what a run took. Unknown is None, never 0."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from edgeperf_gui.domain.card import Precision

EnergyKind = Literal["measured", "estimated", "theoretical"]
"""Measured: a counter or sensor. Estimated: a device's power range × busy time. Theoretical: operations × energy of each, a lower
bound of the datapath, for ratios between variants. Two kinds are never on one axis, nor in one sum."""

Covers = Literal["package", "machine", "board", "gpu", "our processes", "operators"]
"""What a meter's joules are about: the processor, all of the machine, one supply rail of a board, a graphics card, the share of
our own CPU time, or nothing but arithmetic and memory accesses."""

AUTOMATIC: Final = "auto"
"""The best meter that is available, measured before estimated; none where there is none."""
NO_METER: Final = "none"

Watts = Annotated[float, msgspec.Meta(gt=0.0, le=100_000.0)]


class MeterChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which meter a session reads, and what it needs to be told."""

    name: Annotated[str, msgspec.Meta(max_length=64)] = NO_METER
    """A meter's name (`rapl`, `perf`, `hwmon`, `battery`, `nvml`, `file`, `tdp`), `auto` or `none`."""
    file: Annotated[str, msgspec.Meta(max_length=4096)] | None = None
    """For `file`: a text file to which an external meter, or a person, adds lines."""
    tdp_low_watts: Watts | None = None
    """For `tdp`: the least the device draws when all of it is busy; None: from the table of known processors."""
    tdp_high_watts: Watts | None = None
    idle_watts: Watts | None = None
    """What the same meter shows while nothing runs: measured by `edgeperf energy baseline` or stated. None: not known."""


class Banded(msgspec.Struct, frozen=True):
    """A quantity and the range it may lie in, all three in the unit its name says."""

    value: float
    low: float
    high: float


class MeterInfo(msgspec.Struct, frozen=True):
    """One meter of this machine: what it is, and whether it can be read here."""

    name: str
    kind: EnergyKind
    title: str
    """For a person: "RAPL package counter"."""
    covers: Covers
    period_s: float
    """How often its value changes or is worth reading."""
    low_factor: float
    """The true joules may be so many times what it reads at least …"""
    high_factor: float
    """… and so many times at most."""
    available: bool
    reason: str = ""
    """Why it cannot be read here, a sentence; empty when it can."""
    remedy: str = ""
    """How to enable it."""
    note: str = ""
    """What a user should know of it: nested domains, who else is counted in."""
    parts: tuple[str, ...] = ()
    """Counters shown apart that are never added: core, uncore and psys lie inside or around the package."""


class MeterList(msgspec.Struct, frozen=True):
    """All meters, best first. JSON with `schema: "edgeperf.meters/1"`."""

    meters: tuple[MeterInfo, ...]
    chosen: str | None
    """What `auto` takes here; None: nothing can be read."""
    schema: str = "edgeperf.meters/1"


class EnergyReading(msgspec.Struct, frozen=True, tag="energy"):
    """What a session's meter shows at one moment. The first reading of a session has 0 J: it is where counting begins."""

    session_id: str
    meter: str
    kind: EnergyKind
    covers: Covers
    stamp_ns: int
    """`perf_counter_ns`, on the axis of the frames' stamps."""
    joules: Banded
    """Since the session's first reading."""
    watts: Banded | None
    """Mean since the reading before; None in the first and after a gap."""
    is_after_gap: bool = False
    """The meter was gone, went backwards or slept since the reading before: what was used in between is not in `joules`."""
    idle_joules: float | None = None
    """The part that would have been used anyway: idle watts × seconds since the first reading. None: idle power not known."""
    parts: dict[str, float] = {}
    """Joules of the counters shown apart (core, uncore, dram, psys) since the first reading; never added to `joules`."""


class RunEnergy(msgspec.Struct, frozen=True):
    """What a run took by one meter, over the readings that lie inside the measured time."""

    meter: str
    kind: EnergyKind
    title: str
    covers: Covers
    seconds: float
    """Between the first and the last of these readings."""
    readings: int
    frames: int
    """Completed between the same two moments."""
    joules: Banded
    watts: Banded
    """Mean."""
    joules_per_frame: Banded | None
    """None: no frame was completed between two readings."""
    joules_per_inference: Banded | None
    """The same split by the inference's part of the CPU time; of an inference-only run all of it."""
    idle_watts: float | None = None
    dynamic_joules_per_frame: Banded | None = None
    """Without the idle part; None while idle power is not known."""
    stage_joules_per_frame: dict[str, float] = {}
    """Joules of a frame split by stage in proportion to the stages' CPU time."""
    parts: dict[str, float] = {}
    """Joules of the counters shown apart; never added."""
    note: str = ""
    """What a reader should know: who else is counted in, what went wrong on the way."""


Picojoules = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]


class EnergyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Energy per operation of one process node; a file of the folder `energy`."""

    title: str
    source: str
    """Where the numbers are from."""
    dram_pj_per_64_bit: Picojoules
    multiply_pj: dict[str, Picojoules]
    """By executed type: f32, f16, bf16, i8."""
    accumulate_pj: dict[str, Picojoules]
    sram_pj_per_64_bit: dict[Annotated[int, msgspec.Meta(ge=1)], Picojoules]
    """By the memory's size in bytes."""
    operations_pj: dict[str, Picojoules] = {}
    """One operation on 32 bits each, by name: for a picture of how memory dwarfs arithmetic."""


class OperatorEnergy(msgspec.Struct, frozen=True):
    """Theoretical energy of one layer, or of a whole inference, in millijoules."""

    arithmetic_mj: float
    weights_mj: float
    """Weights fetched once from DRAM."""
    activations_mj: float
    """Activations read and written in the smallest SRAM of the table that holds them; beyond the largest, tile by tile."""

    @property
    def total_mj(self) -> float:
        """All three."""
        return self.arithmetic_mj + self.weights_mj + self.activations_mj


class LayerEnergy(msgspec.Struct, frozen=True):
    """One layer's part."""

    name: str
    type: str
    precision: str
    """Executed type: f32, f16, bf16, i8."""
    macs: int
    weight_bytes: int
    activation_bytes: int
    """Read and written."""
    energy: OperatorEnergy


class ModelEnergy(msgspec.Struct, frozen=True):
    """Theoretical operator energy of one inference. JSON with `schema: "edgeperf.energy.layers/1"`."""

    model: str
    precision: str
    node: str
    """Name of the table: "45nm"."""
    source: str
    """Where the table's numbers are from."""
    arithmetic_mj: float
    weights_mj: float
    activations_mj: float
    total_mj: float
    layers: tuple[LayerEnergy, ...]
    """Those that compute or move something, in the order of execution."""
    undecided_layers: int = 0
    """Layers left out, because their sizes are known only in a run or their type is not in the table."""
    kind: EnergyKind = "theoretical"
    schema: str = "edgeperf.energy.layers/1"


class EnergyLayersSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="energy layers"):
    """Count one variant's theoretical energy, layer by layer, in the types that this device executes."""

    session_id: str
    model: str
    precision: Precision = "FP16"
    device: str = "CPU"
    node: str = "45nm"


class BaselineSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="idle baseline"):
    """Read a meter while nothing runs."""

    session_id: str
    meter: MeterChoice = MeterChoice(AUTOMATIC)
    seconds: Annotated[float, msgspec.Meta(gt=0.0, le=3600.0)] = 10.0


class Baseline(msgspec.Struct, frozen=True):
    """What a meter shows while nothing runs. JSON with `schema: "edgeperf.energy.baseline/1"`."""

    meter: str
    title: str
    watts: Banded
    """Mean."""
    seconds: float
    readings: int
    foreign_cpu_percent: float | None
    """What others used meanwhile: much of it makes this no idle power."""
    schema: str = "edgeperf.energy.baseline/1"


class Consequences(msgspec.Struct, frozen=True):
    """What a power draw means for a battery, a bill and a thousand frames. None where what it needs is not known."""

    watts: Banded
    battery_hours: Banded | None
    """Hours a battery lasts; the low end is of the high power."""
    battery_needed_wh: Banded | None
    kwh_a_year: Banded
    cost_a_year: Banded | None
    joules_per_1000_frames: Banded | None
