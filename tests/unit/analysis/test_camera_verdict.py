"""Who overloads a machine is not excused by others, and who was disturbed is not blamed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.camera_verdict import Rule, Stretch, foreign_percent, judge_run, total

RULE = Rule(0.01)


def stretches(*rows: tuple[int, int, float | None]) -> list[Stretch]:
    """(due, missed, foreign percent), a second each."""
    return [Stretch([(due, missed)], 1.0, foreign) for due, missed, foreign in rows]


def test_left_alone_it_is_the_binomial_rule() -> None:
    assert judge_run(stretches(*[(200, 0, 1.0)] * 5), RULE).verdict == "PASS"
    assert judge_run(stretches(*[(200, 40, 1.0)] * 5), RULE).verdict == "FAIL"
    assert judge_run(stretches(*[(200, 40, None)] * 5), RULE).verdict == "FAIL", "what cannot be told counts as none"
    assert judge_run(stretches((100, 1, 1.0)), RULE).verdict == "UNDECIDED"


def test_a_pass_in_spite_of_others_stands() -> None:
    judged = judge_run(stretches(*[(200, 0, 60.0)] * 5), RULE)
    assert (judged.verdict, judged.is_disturbed) == ("PASS", False)


def test_misses_while_others_had_the_machine_decide_nothing() -> None:
    judged = judge_run(stretches(*[(200, 0, 1.0)] * 4, (200, 150, 70.0), (200, 20, 1.0), (200, 0, 1.0)), RULE)
    assert judged.verdict == "UNDECIDED" and judged.is_disturbed and "other programs took" in judged.note


def test_a_run_that_fails_on_its_clean_part_fails_whatever_others_did() -> None:
    judged = judge_run(stretches(*[(200, 30, 2.0)] * 3, *[(200, 190, 80.0)] * 3), RULE)
    assert judged.verdict == "FAIL" and not judged.is_disturbed and "the 3 s in which other programs left" in judged.note


def test_a_machine_that_is_never_left_alone_still_fails_where_all_cpu_time_would_not_do() -> None:
    always = stretches(*[(300, 120, 12.0)] * 5)
    hopeless = judge_run(always, RULE, dropped=600, servable=150.0)
    assert hopeless.verdict == "FAIL" and "12 % of the CPU; with that, too" in hopeless.note
    assert judge_run(always, RULE, dropped=600, servable=590.0).verdict == "UNDECIDED"
    assert judge_run(always, RULE, dropped=600, servable=None).verdict == "UNDECIDED"
    assert judge_run(always, RULE, dropped=0, servable=0.0).verdict == "UNDECIDED", "late frames might have been in time"


def test_a_deadline_that_nothing_meets_fails_on_a_machine_that_is_never_left_alone() -> None:
    always = stretches(*[(50, 50, 12.0)] * 5)
    assert judge_run(always, RULE, late_share=1.0).verdict == "FAIL"
    assert judge_run(always, RULE, late_share=0.5).verdict == "UNDECIDED", "half of them were in time"
    assert judge_run(always, RULE, late_share=None).verdict == "UNDECIDED", "the CPU was full"


def test_a_kind_that_starves_fails_among_many_that_do_not() -> None:
    counts = [(1000, 0)] * 8 + [(40, 2)] * 4
    assert Rule(0.01).judge(counts) == "PASS"
    assert Rule(0.01, groups=[range(8), range(8, 12)]).judge(counts) == "FAIL"


SOME = st.lists(
    st.tuples(st.integers(0, 400), st.floats(0, 1), st.none() | st.floats(0, 100)).map(
        lambda row: (row[0], int(row[0] * row[1]), row[2])
    ),
    min_size=1,
    max_size=8,
)


@given(SOME, st.integers(0, 2000), st.none() | st.floats(-500, 2000), st.none() | st.floats(0, 1))
def test_others_never_turn_a_run_that_keeps_the_limit_into_a_failure(rows, dropped, servable, late_share) -> None:
    run = stretches(*rows)
    alone, judged = RULE.judge(total(run)), judge_run(run, RULE, dropped, servable, late_share)
    assert judged.verdict == alone or (alone == "FAIL" and judged.is_disturbed and judged.verdict == "UNDECIDED")
    if foreign_percent(run) is None:
        assert judged.verdict == alone
