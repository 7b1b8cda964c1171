"""From runs and a scenario to what they come to: headroom, metres, looks, ceilings, and what would still be enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from edgeperf_gui.analysis.advice import work_ms
from edgeperf_gui.analysis.consequences import consequences
from edgeperf_gui.analysis.looks import in_view_s, metres_per_frame, needed_fps, probability_of_looks
from edgeperf_gui.analysis.scenario_age import age_at, lighter
from edgeperf_gui.analysis.scenario_energy import Draw, drawn
from edgeperf_gui.analysis.scenario_quality import Quality
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.scenario_verdict import OF_THE_DEVICE, looks_of, processed, worst
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.energy import Consequences
from edgeperf_gui.domain.outlook import Bound, Ceiling, Forecast, Outlook
from edgeperf_gui.domain.results import Ranks, RunResult, StageStats
from edgeperf_gui.domain.scenario import USUAL_CURRENCY, Scenario, ScenarioResult
from edgeperf_gui.domain.upkeep import Upkeep

_KM_H: Final = 3.6
_LARGEST_BATCH: Final = 64
_RAREST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Faster:
    """The runs as another variant would give them, its inference so many times faster."""

    precision: Precision
    ratio: float
    runs: tuple[RunResult, ...]


def faster(runs: Sequence[RunResult], ratios: Mapping[Precision, float]) -> tuple[Faster, ...]:
    """`ratios`: how many times faster the inference of other variants is than this one's, as a comparison measured it."""
    return tuple(
        Faster(precision, ratio, tuple(with_faster(run, ratio) for run in runs))
        for precision, ratio in ratios.items()
        if ratio > 0
    )


def outlook(
    name: str,
    scenario: Scenario,
    runs: Sequence[RunResult],
    others: Sequence[Faster] = (),
    upkeep: Upkeep | None = None,
    sheet: DeviceSheet | None = None,
    quality: Quality | None = None,
) -> Outlook:
    """Everything about one scenario. `runs`: at least one, all of one variant; see `evaluate_runs`. `upkeep`: for the bills.

    `sheet`: of the device, for its price and size. `quality`: of the variant's answers.
    """
    leading = max(runs, key=lambda run: run.throughput.saturated)
    paced = next((run for run in runs if run.age is not None), None)
    result = evaluate_runs(name, scenario, runs, sheet=sheet, quality=quality)
    share = next((part for run in runs if (part := processed(scenario, run)[0]) is not None), None)
    looks = next((shares for run in runs if (shares := looks_of(scenario, run)[1])), {})
    known = [one.headroom for one in result.requirements if one.headroom is not None and one.name not in OF_THE_DEVICE]
    age_ms = None if paced is None or paced.age is None else age_at(paced.age, scenario.percentile)
    speed = scenario.speed_km_h
    metered = min((run for run in runs if run.energy is not None), key=lambda run: run.throughput.saturated, default=None)
    draw = None if metered is None else drawn(scenario, metered)
    return Outlook(
        result=result,
        headroom=min(known, default=None),
        way_per_frame_m=None if share is None else metres_per_frame(scenario, scenario.camera_fps * share),
        way_during_age_m=None if age_ms is None or speed is None else speed / _KM_H * age_ms / 1e3,
        looks=looks,
        ceilings=ceilings(leading),
        is_capacity=leading.throughput.saturated,
        every_nth=every_nth(scenario),
        largest_batch=None if paced is None else largest_batch(scenario, paced),
        forecasts=tuple(_forecast(one, evaluate_runs(name, scenario, one.runs)) for one in others),
        consequences=None if draw is None else _consequences(scenario, draw, upkeep),
        energy_kind=metered.energy.kind if metered and metered.energy else None,
        energy_evidence=draw.evidence if draw else "",
        energy_bound=_bound(draw) if draw else "",
        currency=_bills(scenario, upkeep).currency,
    )


def _forecast(variant: Faster, result: ScenarioResult) -> Forecast:
    """Of what a faster model changes: a power that nobody measured is as unknown as before."""
    speed = [one for one in result.requirements if one.name not in OF_THE_DEVICE]
    undecided = tuple(one.name for one in speed if one.verdict == "UNDECIDED")
    return Forecast(variant.precision, variant.ratio, worst([one.verdict for one in speed]), undecided)


def ceilings(run: RunResult) -> tuple[Ceiling, ...]:
    """The rate if one stage of a frame's work cost nothing, most first: cores / (Σ − Sᵢ), the cores from the measured rate."""
    work = work_ms(run)
    whole = sum(work.values())
    if not whole:
        return ()
    rate = run.throughput
    now_fps = rate.fps if rate.saturated and rate.fps else 1e3 / whole
    found = [
        Ceiling(stage, part / whole, now_fps * whole / (whole - part) if part < whole else None) for stage, part in work.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def every_nth(scenario: Scenario) -> int | None:
    """The largest n with which each n-th frame of a camera gives rate, looks and way; None where nothing is asked of them."""
    needed = needed_fps(scenario)
    if needed is None:
        return None
    low, high = 0, min(int(scenario.camera_fps / needed + 1e-9), _RAREST) + 1
    while high - low > 1:  # what is enough for n is enough for fewer
        middle = (low + high) // 2
        low, high = (middle, high) if _is_enough(scenario, middle) else (low, middle)
    return low or None


def _is_enough(scenario: Scenario, n: int) -> bool:
    way = metres_per_frame(scenario, scenario.camera_fps / n)
    if scenario.metres_per_frame is not None and way is not None and way > scenario.metres_per_frame:
        return False
    seconds = in_view_s(scenario)
    return seconds is None or probability_of_looks(scenario.looks, seconds, scenario.camera_fps, 1 / n) >= scenario.seen_share


def largest_batch(scenario: Scenario, run: RunResult) -> int | None:
    """The most frames answered together that keep the deadline; None without one, or where it is missed or not known as it is.

    Their first waits for the others at the rate λ that is needed, (b − 1) / λ, and then for an inference that takes b times as
    long: the worst case, a batch that saves nothing.
    """
    needed, limit = needed_fps(scenario), scenario.deadline_ms
    if run.age is None or needed is None or limit is None or "inference" not in run.stages:
        return None
    age_ms = age_at(run.age, scenario.percentile)
    if age_ms is None or age_ms > limit or lighter(scenario, run):
        return None
    more_ms = 1e3 / (needed * scenario.cameras) + work_ms(run)["inference"]
    return min(_LARGEST_BATCH, run.effective.batch + int((limit - age_ms) / more_ms))


def with_faster(run: RunResult, ratio: float) -> RunResult:
    """The run as it would be with an inference so many times faster: each age less what is saved, the capacity times Σ / Σ'."""
    inference = run.stages.get("inference")
    if inference is None or ratio <= 0.0:
        return run
    work, saved_ms = work_ms(run), inference.median_ms * (1 - 1 / ratio)
    whole, saved_a_frame_ms = sum(work.values()), work["inference"] * (1 - 1 / ratio)
    rate = run.throughput
    faster = rate.fps * whole / (whole - saved_a_frame_ms) if rate.saturated and rate.fps else rate.fps
    intervals = run.intervals
    if rate.saturated and rate.fps and faster and intervals is not None:
        intervals = Ranks(intervals.n, intervals.at, tuple(value * rate.fps / faster for value in intervals.values_ms))
    return msgspec.structs.replace(
        run,
        age=None if run.age is None else _sooner(run.age, saved_ms),
        ages=None
        if run.ages is None
        else Ranks(run.ages.n, run.ages.at, tuple(max(0.0, x - saved_ms) for x in run.ages.values_ms)),
        throughput=msgspec.structs.replace(rate, fps=faster),
        intervals=intervals,
    )


def _sooner(stats: StageStats, saved_ms: float) -> StageStats:
    names = [field for field in stats.__struct_fields__ if field.endswith("_ms")]
    values = {name: getattr(stats, name) for name in names}
    return msgspec.structs.replace(
        stats, **{name: max(0.0, value - saved_ms) for name, value in values.items() if value is not None}
    )


def _bound(draw: Draw) -> Bound:
    return "" if draw.is_least == draw.is_most else "at least" if draw.is_least else "at most"


def _bills(scenario: Scenario, upkeep: Upkeep | None) -> Upkeep:
    """What a kWh costs: as the scenario says, else as it was typed in for the window."""
    if scenario.price_per_kwh is None:
        return upkeep or Upkeep()
    return Upkeep(price_per_kwh=scenario.price_per_kwh, currency=scenario.currency or USUAL_CURRENCY)


def _consequences(scenario: Scenario, draw: Draw, upkeep: Upkeep | None) -> Consequences:
    """Of the power at the rate that is needed."""
    return consequences(
        draw.watts,
        battery_wh=scenario.battery_wh,
        hours=scenario.battery_hours,
        hours_a_day=scenario.hours_per_day,
        price_per_kwh=_bills(scenario, upkeep).price_per_kwh,
        joules_per_frame=draw.joules_per_frame,
    )
