"""Several runs of one variant held against a scenario: one flat out knows the capacity, one paced the ages."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.analysis.scenario_verdict import advice_of, evaluate, worst
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Energy, Requirement, Scenario, ScenarioResult

_RANK = {"FAIL": 0, "PASS": 1, "UNDECIDED": 2}
_SAME = ("model", "precision", "device")


def evaluate_runs(
    name: str, scenario: Scenario, runs: Sequence[RunResult], energy: Energy | None = None, sheet: DeviceSheet | None = None
) -> ScenarioResult:
    """Each requirement by the run that knows it; what one run breaks is broken. Raises BadInput for runs of different variants.

    Advice about stages comes from the run flat out where there is one: there nothing waits for a source.
    """
    first, *others = runs
    for other in others:
        for field in _SAME:
            one, two = getattr(first.spec, field), getattr(other.spec, field)
            if one != two:
                raise BadInput(f"The runs are of different things: {field} {one} and {two}.", "Give runs of one variant.")
    if not others:
        return evaluate(name, scenario, first, energy, sheet)
    results = [evaluate(name, scenario, run, energy, sheet) for run in runs]
    merged = tuple(_surest(same) for same in zip(*(result.requirements for result in results), strict=True))
    looks = next((found.looks for found in results if found.looks and found.looks.probability is not None), results[0].looks)
    advice = advice_of(scenario, max(runs, key=lambda run: run.throughput.saturated), merged)
    read = next((found.energy for found in results if found.energy is not energy), energy)
    return ScenarioResult(name, scenario, merged, worst([one.verdict for one in merged]), advice, looks, read)


def _surest(same: Sequence[Requirement]) -> Requirement:
    """FAIL before PASS before UNDECIDED; of equals the one that knows its headroom."""
    return min(same, key=lambda one: (_RANK[one.verdict], one.headroom is None, one.value is None))
