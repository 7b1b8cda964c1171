"""Several runs of one variant held against a scenario: one flat out knows the capacity, one paced the ages."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.analysis.scenario_quality import Quality
from edgeperf_gui.analysis.scenario_verdict import advice_of, evaluate, worst
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Energy, Requirement, Scenario, ScenarioResult

_RANK = {"FAIL": 0, "PASS": 1, "UNDECIDED": 2}
_SAME = ("model", "precision", "device", "hint", "streams", "requests", "threads", "batch", "oracle")
_MACHINE = ("hostname", "cpu")


def evaluate_runs(
    name: str,
    scenario: Scenario,
    runs: Sequence[RunResult],
    energy: Energy | None = None,
    sheet: DeviceSheet | None = None,
    quality: Quality | None = None,
) -> ScenarioResult:
    """Each requirement by the run that knows it; what one run breaks is broken. Raises BadInput for runs with a `difference`.

    Advice about stages comes from the run flat out where there is one: there nothing waits for a source.
    """
    first, *others = runs
    for other in others:
        if found := difference(first, other):
            remedy = "Give runs of one variant, with the same settings, on one machine."
            raise BadInput(f"The runs are of different things: {found}.", remedy)
    if not others:
        return evaluate(name, scenario, first, energy, sheet, quality)
    results = [evaluate(name, scenario, run, energy, sheet, quality) for run in runs]
    merged = tuple(_surest(same) for same in zip(*(result.requirements for result in results), strict=True))
    looks = next((found.looks for found in results if found.looks and found.looks.probability is not None), results[0].looks)
    advice = advice_of(scenario, max(runs, key=lambda run: run.throughput.saturated), merged)
    # the paced run is nearer to the rate that is needed
    paced_first = sorted(zip(runs, results, strict=True), key=lambda one: one[0].throughput.saturated)
    read = next((found.energy for _, found in paced_first if found.energy is not energy), energy)
    return ScenarioResult(name, scenario, merged, worst([one.verdict for one in merged]), advice, looks, read)


def difference(first: RunResult, other: RunResult) -> str:
    """Why no one device can be what both runs say: "hint throughput and latency"; empty when their numbers go together."""
    asked = [(name, getattr(first.spec, name), getattr(other.spec, name)) for name in _SAME]
    where = [(name, getattr(first.machine, name), getattr(other.machine, name)) for name in _MACHINE]
    return next((f"{name} {_said(one)} and {_said(two)}" for name, one, two in asked + where if one != two), "")


def _said(value: object) -> str:
    return "not set" if value is None else str(value)


def _surest(same: Sequence[Requirement]) -> Requirement:
    """FAIL before PASS before UNDECIDED; of equals the one that knows its headroom, or else measured something at all."""
    return min(same, key=lambda one: (_RANK[one.verdict], one.headroom is None, one.value is None, one.n is None))
