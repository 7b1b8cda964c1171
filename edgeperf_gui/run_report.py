"""A run as text: the truth label, the stage table and the rate, aligned for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.domain.arrival_pattern import PATTERNS
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.proportion import Proportion
from edgeperf_gui.domain.records import stages_of
from edgeperf_gui.domain.results import Effective, Machine, Queries, RunResult, StageStats
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.domain.truth import Found, TrueLooks

UNKNOWN = "–"
FEW_FRAMES = 30
"""A rate of fewer frames is mostly chance."""
_COLUMNS = ("median", "p90", "p95", "p99", "min", "max", "mean", "n")


def report(result: RunResult) -> str:
    """The whole report; every number has its unit, what is unknown is a dash."""
    blocks = (
        _title(result),
        pairs("Truth label", truth_rows(result)),
        table(stage_rows(result)),
        pairs("Rate", rate_rows(result)),
        pairs("Scene's truth", scene_rows(result)) if result.looks else "",
        pairs("Arrivals", arrival_rows(result.queries)) if result.queries else "",
        pairs("Energy", energy_rows(result.energy)) if result.energy else "",
        f"The same with the runtime's own tool:\n  {result.openvino_command}" if result.openvino_command else "",
    )
    return "\n\n".join(block for block in blocks if block)


def _title(result: RunResult) -> str:
    spec, source = result.spec, result.source
    loop = spec.arrivals or ("inference only" if spec.inference_only else "paced" if spec.paced else "flat out")
    seen = f"{source.title}, {source.width}×{source.height}" if source else ""
    return " · ".join(filter(None, (f"{spec.model} {spec.precision} on {spec.device}", seen, loop)))


def truth_rows(result: RunResult) -> list[tuple[str, str]]:
    """What really ran, and whether the numbers may be believed."""
    effective, machine, model = result.effective, result.machine, result.model
    steady = ("yes, " if result.steady.is_steady else "no, ") + (result.steady.reason or "no reason given")
    return [
        ("stored precision", effective.stored_precision),
        ("executed precision", executed(effective)),
        *([("boxes", oracle_words(effective))] if effective.oracle_miss_percent is not None else []),
        ("execution devices", ", ".join(effective.execution_devices) or UNKNOWN),
        ("streams / requests / threads", " / ".join(_got(result, name) for name in ("streams", "requests", "threads"))),
        ("hint", f"{effective.hint}, inference precision {effective.inference_precision}, batch {effective.batch}"),
        ("OpenVINO", f"{machine.openvino}, OpenCV {machine.opencv}, Python {machine.python}"),
        ("machine", processor(machine)),
        (
            "read / compile / first inference",
            " / ".join(map(milliseconds, (model.read_ms, model.compile_ms, model.first_inference_ms))),
        ),
        *([("source", result.source.note)] if result.source and result.source.note else []),
        ("model file", f"{model.size_bytes / 1e6:.2f} MB, cache {model.cache}"),
        ("foreign CPU / own CPU", f"{percent(result.foreign_cpu_percent)} / {percent(result.own_cpu_percent)}"),
        ("steady", steady),
    ]


def rate_rows(result: RunResult) -> list[tuple[str, str]]:
    """Throughput and everything that was counted on the way."""
    rate = result.throughput
    name = "capacity (saturated)" if rate.saturated else "throughput"
    counted = max((stats.n for stats in result.stages.values()), default=0)
    few = f" (n too small: {counted} frames)" if counted < FEW_FRAMES and rate.fps is not None else ""
    took = "" if rate.wall_s is None else f" in {rate.wall_s:.2f} s"  # with one answer there is no time between two
    return [
        *([("ended", f"{result.ended}, before its {result.spec.seconds:g} s were over")] if _was_stopped(result) else []),
        (name, frames_per_second(rate.fps) + few),
        ("source", frames_per_second(rate.source_fps)),
        ("completed / dropped", f"{rate.completed} / {rate.dropped} frames{took}"),
        *([("not finished", f"{rate.unfinished} frames, read but without an answer when it ended")] if rate.unfinished else []),
        ("warm-up discarded", f"{rate.warmup_discarded} frames"),
    ]


def oracle_words(effective: Effective) -> str:
    """That nothing here was found by the model."""
    return f"oracle: the scene's truth less {effective.oracle_miss_percent:g} %, not the model's findings"


def scene_rows(result: RunResult) -> list[tuple[str, str]]:
    """How many vehicles of a drawn scene were really looked at, and found."""
    looks, scene = result.looks, result.scene
    if looks is None or scene is None:
        return []
    by = "oracle" if scene.oracle_miss_percent is not None else "model"
    whole = scene.whole
    return [
        ("frames that count", f"{scene.frames} in {scene.seconds:.1f} s of the scene"),
        (f"looked at {_at_least(looks.k)}", _of_vehicles(looks)),
        *([(f"found {_at_least(scene.found.k)} ({by})", _of_vehicles(scene.found))] if scene.found else []),
        *([(f"precision ({by})", _interval(whole.precision)), (f"recall ({by})", _interval(whole.recall))] if whole else []),
        *over_time_rows(scene.over_time),
    ]


def over_time_rows(stretches: Sequence[Found]) -> list[tuple[str, str]]:
    """Precision and recall of each stretch of the run, in the order of time; nothing of a run too short for two."""
    if len(stretches) < 2:
        return []
    until = "  ".join(f"{one.end_s - stretches[0].start_s:4.0f}" for one in stretches)
    rows = [("… until second", until)]
    for name in ("precision", "recall"):
        values = [getattr(one, name).value for one in stretches]
        rows.append((f"… {name}, %", "  ".join(UNKNOWN.rjust(4) if one is None else f"{100 * one:4.0f}" for one in values)))
    return rows


def _at_least(k: int) -> str:
    return f"at least {k}×"


def _of_vehicles(looks: TrueLooks) -> str:
    if looks.share is None or looks.low is None or looks.high is None:
        return f"{UNKNOWN} (no vehicle came and went; let it run longer)"
    share = f"{100 * looks.share:.1f} % ({100 * looks.low:.1f} … {100 * looks.high:.1f})"
    return f"{share} of {looks.vehicles} vehicles, {looks.mean:.1f} times on average"


def _interval(share: Proportion) -> str:
    if share.value is None or share.low is None or share.high is None:
        return UNKNOWN
    return f"{100 * share.value:.1f} % ({100 * share.low:.1f} … {100 * share.high:.1f}), n {share.n}"


def arrival_rows(queries: Queries) -> list[tuple[str, str]]:
    """How frames came, and the estimate of the percentile that such a pattern is about."""
    of = f" of {queries.frames} frames" if queries.frames > 1 else ""
    dropped = f", {queries.dropped} of them dropped" if queries.dropped else ""
    stats = queries.latency
    named = (("median", stats.median_ms), ("p90", stats.p90_ms), ("p99", stats.p99_ms)) if stats else ()
    return [
        ("pattern", f"{queries.pattern}: {PATTERNS[queries.pattern]}"),
        ("queries", f"{queries.n}{of}{dropped}"),
        *([("latency", ", ".join(f"{name} {milliseconds(value)}" for name, value in named))] if stats else []),
        ("estimate", queries.sentence),
    ]


def energy_rows(spent: RunEnergy) -> list[tuple[str, str]]:
    """What the run took by its meter, each number with its band, and the parts that are shown apart."""
    split = ", ".join(f"{name} {1e3 * joules:.3g}" for name, joules in spent.stage_joules_per_frame.items())
    parts = ", ".join(f"{name} {joules:.3g} J" for name, joules in spent.parts.items())
    rows = [
        ("meter", f"{spent.title} ({spent.kind}), covers {spent.covers}"),
        ("energy", f"{banded(spent.joules, 'J')} in {spent.seconds:.1f} s, {spent.frames} frames"),
        ("power", banded(spent.watts, "W")),
        ("a frame", banded(spent.joules_per_frame, "mJ", 1e3)),
        ("an inference", banded(spent.joules_per_inference, "mJ", 1e3)),
        ("a frame above idle", banded(spent.dynamic_joules_per_frame, "mJ", 1e3)),
        ("a frame by stage", f"{split} mJ, by CPU time" if split else ""),
        ("apart, not added", parts),
        ("note", spent.note),
    ]
    return [row for row in rows if row[1] not in ("", UNKNOWN)]


def banded(quantity: Banded | None, unit: str, factor: float = 1.0) -> str:
    """A quantity times `factor` in `unit` with the range it may lie in, or a dash."""
    if quantity is None:
        return UNKNOWN
    value, low, high = (factor * number for number in (quantity.value, quantity.low, quantity.high))
    return f"{value:.4g} {unit} ({low:.4g} … {high:.4g})".replace("  ", " ")


def stage_rows(result: RunResult) -> list[tuple[str, ...]]:
    """The stage table: a header, the stages in their order, then age and the runtime's own latency."""
    names = stages_of(result.effective.batch)
    named = [
        *((stage, result.stages.get(stage)) for stage in names),
        ("age", result.age),
        ("runtime's latency", result.openvino_latency),
    ]
    extra = [(name, stats) for name, stats in result.stages.items() if name not in names]
    rows = [(name, *cells(stats)) for name, stats in (*named, *extra) if stats is not None]
    return [("Stage (ms)", *_COLUMNS), *rows] if rows else []


def cells(stats: StageStats) -> tuple[str, ...]:
    """One stage's numbers; a percentile that needs more samples says so by a dash."""
    values = (stats.median_ms, stats.p90_ms, stats.p95_ms, stats.p99_ms, stats.min_ms, stats.max_ms, stats.mean_ms)
    return (*(UNKNOWN if value is None else f"{value:.2f}" for value in values), str(stats.n))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell: names to the left, numbers to the right."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    return "\n".join(lines)


def pairs(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """A titled list of names and values."""
    width = max(len(name) for name, _ in rows)
    return "\n".join([title, *(f"  {name.ljust(width)}  {value}" for name, value in rows)])


def executed(effective: Effective) -> str:
    """Layers by the type that executed them, most first."""
    layers = effective.executed_precision
    return ", ".join(f"{kind} ({number} layers)" for kind, number in layers.items()) or UNKNOWN


def _got(result: RunResult, name: str) -> str:
    """A count as the runtime took it, and what was asked where that is another one."""
    got, asked = getattr(result.effective, name), getattr(result.spec, name)
    return count(got) + (f" (asked {asked})" if asked is not None and asked != got else "")


def _was_stopped(result: RunResult) -> bool:
    return result.ended is FinishReason.STOPPED and result.spec.seconds is not None


def processor(machine: Machine) -> str:
    """The processor, how many of its CPUs there are, and how much of them may be used."""
    quota = "" if machine.cpu_quota is None else f", {machine.cpu_quota:g} cores allowed"
    return f"{machine.cpu}, {machine.logical_cpus} CPUs{quota}, {machine.os}"


def count(number: int | None) -> str:
    """A count, or a dash."""
    return UNKNOWN if number is None else str(number)


def percent(share: float | None) -> str:
    """A share of the machine, or a dash."""
    return UNKNOWN if share is None else f"{share:.1f} %"


def milliseconds(value: float | None) -> str:
    """A duration, or a dash."""
    return UNKNOWN if value is None else f"{value:.1f} ms"


def frames_per_second(value: float | None) -> str:
    """A rate, or a dash."""
    return UNKNOWN if value is None else f"{value:.2f} FPS"
