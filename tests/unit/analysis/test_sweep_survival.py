"""A process that dies in a point."""

from __future__ import annotations

from edgeperf_gui.analysis.sweep_survival import spec_after_death
from edgeperf_gui.domain.results import Machine
from edgeperf_gui.domain.sweep import Best, SweepResult, SweepSpec
from edgeperf_gui.engine.jobs.sweep import asked_points

SPEC = SweepSpec(session_id="trial", model="nanodet-g", batches=(1, 2))
MACHINE = Machine("bench", "Linux", "3.11", "2026", "5", "a CPU", 2, None, 8_000_000_000)


def so_far(under_way: int | None) -> SweepResult:
    return SweepResult(
        SPEC, MACHINE, tuple(asked_points(SPEC)), Best(None, None, None, ""), 1.0, None, complete=False, under_way=under_way
    )


def test_the_first_time_the_point_is_tried_again() -> None:
    again = spec_after_death(SPEC, so_far(1), [], "The process died (SIGSEGV).")
    assert again is not None and len(again.known) == 2 and not any(point.sentence for point in again.known)


def test_the_second_time_it_is_marked() -> None:
    again = spec_after_death(SPEC, so_far(1), [1], "The process died (SIGSEGV).")
    assert again is not None and not again.known[0].sentence
    assert again.known[1].sentence == "Its process died twice. The process died (SIGSEGV)."


def test_outside_a_point_there_is_no_second_try() -> None:
    assert spec_after_death(SPEC, so_far(None), [], "") is None
    assert spec_after_death(SPEC, None, [], "") is None
