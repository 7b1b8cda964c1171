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


def test_a_camera_that_misses_hides_behind_no_number_of_others() -> None:
    # 400 of 40 000 were allowed: all together keep the limit by far
    counts = [(1000, 0)] * 39 + [(1000, 19)]
    assert Rule(0.01).judge(counts) == "UNDECIDED"
    said = Rule(0.01).blame(counts)
    assert said == "camera 40 missed 19 of 1000 frames, more than chance explains, though all together keep the limit"
    assert judge_run([Stretch(counts, 40.0, 0.0)], Rule(0.01)).note == said
    # what chance gives one of forty now and then is no reproach
    assert Rule(0.01).judge([(1000, 2)] * 39 + [(1000, 15)]) == "PASS"
    assert Rule(0.01).blame([(1000, 2)] * 40) == ""


def test_the_cameras_that_fail_are_named_where_the_others_do_not() -> None:
    counts = [(500, 100), (500, 1), (500, 90), (500, 0), (500, 80), (500, 70)]
    assert Rule(0.01).judge(counts) == "FAIL"
    said = "cameras 1, 3, 5 and 1 more missed 340 of 2000 frames; the others do not break the limit"
    assert Rule(0.01).blame(counts) == said == judge_run([Stretch(counts, 40.0, 1.0)], Rule(0.01)).note
    # where all are overloaded none is named
    assert Rule(0.01).blame([(500, 100)] * 4 + [(500, 40)]) == ""
    assert Rule(0.01).blame([(500, 100)]) == ""
    starved = Rule(0.01, groups=[range(8), range(8, 12)]).blame([(1000, 0)] * 8 + [(40, 2)] * 4)
    assert starved == "cameras 9, 10, 11 and 1 more missed 8 of 160 frames; the others do not break the limit"


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
