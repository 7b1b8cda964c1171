"""Price and size of a device sheet against a scenario's limits."""

from __future__ import annotations

import msgspec
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.scenario_verdict import OF_THE_DEVICE
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.scenario import Requirement, Scenario

LIMITED = Scenario(title="Trial", why="It tries. Nothing else.", price=800.0, volume_l=2.0)
SHEET = DeviceSheet(title="Box", source="an offer", price=640.0, volume_l=2.5)


def limits(scenario: Scenario = LIMITED, sheet: DeviceSheet | None = SHEET) -> dict[str, Requirement]:
    result = evaluate_runs("trial", scenario, [run_of(), run_of()], None, sheet)
    return {one.name: one for one in result.requirements if one.name in ("price", "size")}


def test_what_a_sheet_says_is_held_against_the_limit() -> None:
    price, size = limits().values()
    assert (price.verdict, price.required, price.measured, price.headroom) == ("PASS", "≤ 800 €", "640 €", 1.25)
    assert (size.verdict, size.required, size.measured, size.headroom) == ("FAIL", "≤ 2 l", "2.5 l", 0.8)
    assert price.evidence == "typed into the sheet “Box”: an offer" and price.n is None
    assert evaluate_runs("trial", LIMITED, [run_of()], None, SHEET).verdict == "FAIL"


def test_without_a_sheet_or_its_number_nothing_is_decided() -> None:
    for one in limits(sheet=None).values():
        assert (one.verdict, one.measured, one.value) == ("UNDECIDED", None, None) and "--sheet NAME" in one.evidence
    bare = limits(sheet=DeviceSheet(title="Bare"))
    assert bare["price"].evidence == "the sheet “Bare” gives no price" and bare["size"].verdict == "UNDECIDED"


@pytest.mark.parametrize(
    ("sheet", "scenario", "verdict"), [("€", None, "PASS"), ("$", None, "UNDECIDED"), ("CHF", "CHF", "PASS")]
)
def test_two_currencies_are_not_compared(sheet: str, scenario: str | None, verdict: str) -> None:
    asked = msgspec.structs.replace(LIMITED, currency=scenario)
    found = limits(asked, msgspec.structs.replace(SHEET, currency=sheet))["price"]
    assert found.verdict == verdict and found.required.endswith(scenario or "€")
    if verdict == "UNDECIDED":
        assert found.evidence == "the sheet “Box” gives 640 $, the limit is in €"


def test_a_limit_that_is_not_set_asks_nothing_and_none_is_met_by_a_faster_model() -> None:
    assert limits(Scenario(title="Trial", why="It tries. Nothing else.")) == {}
    assert {"price", "size"} <= set(OF_THE_DEVICE)
