"""The verdict on a run with many cameras, also where other programs used the machine meanwhile.

Whoever overloads a machine is not to be excused by others that were there; whoever was disturbed is not to be blamed. So a run
that breaks the limit on misses is a FAIL

* when others left the machine alone (at most 5 % of its CPU) throughout; or
* when it breaks the limit in the stretches in which they did, counted by themselves; or
* when more frames were dropped than could have been served with the CPU time of all, ours and theirs: E seconds are at most E / c
  frames, c being the fewest CPU seconds that a frame was ever seen to take; or
* when nine of ten answers were late although a fifth of the CPU was left over: then it was not others that they waited for.

Otherwise it is UNDECIDED. Each of the four is asked only of runs that break the limit as a whole, so the chance of a wrong FAIL
is not larger than the binomial rule's. A PASS in spite of others stands.

Where single cameras stand between the others and a PASS, the note names them: all together may hide one that starves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.early_stopping import (
    CONFIDENCE,
    breaking,
    doubtful,
    judge_cameras,
    judge_misses,
    together,
)
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.verdict import Verdict

NEARLY_ALL: Final = 0.9
"""Of the answers: so many late are no chance, and no disturbance of some."""
_NAMED: Final = 3
"""Cameras that a note names; of more it says how many."""
Counts = Sequence[tuple[int, int]]
"""(due frames, those missed) of each camera."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """About a second of a run."""

    counts: Counts
    seconds: float
    foreign_percent: float | None
    """Of the whole machine's CPU; None where it cannot be told, which counts as none."""

    @property
    def is_clean(self) -> bool:
        """Whether others left the machine alone."""
        return self.foreign_percent is None or self.foreign_percent <= DIRTY_PERCENT


@dataclass(frozen=True, slots=True)
class Rule:
    """The share of misses that is allowed, how often it is looked, and which cameras are judged together besides."""

    limit: float
    looks: int = 1
    groups: Sequence[Sequence[int]] = ()

    def judge(self, counts: Counts) -> Verdict:
        """By the binomial rule alone."""
        return judge_cameras(counts, self.limit, self.looks, self.groups)

    def blame(self, counts: Counts) -> str:
        """Which cameras keep the others from a PASS, in words; empty when all of them fare alike."""
        found = breaking(counts, self.limit, self.looks, self.groups)
        blamed = sorted({part[0] for part in found if len(part) == 1}) or [at for part in found for at in part]
        others = [count for at, count in enumerate(counts) if at not in blamed]
        if blamed and others and judge_misses(*together(others), self.limit) != "FAIL":
            return f"{_missed(counts, blamed)}; the others do not break the limit"
        if not found and self._keeps(counts) and (blamed := doubtful(counts, self.limit)):
            return f"{_missed(counts, blamed)}, more than chance explains, though all together keep the limit"
        return ""

    def _keeps(self, counts: Counts) -> bool:
        """Whether all cameras as one pass."""
        return judge_misses(*together(counts), self.limit, 1.0 - (1.0 - CONFIDENCE) / self.looks) == "PASS"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what a person should know of it."""

    verdict: Verdict
    note: str = ""
    is_disturbed: bool = False
    """It would be a FAIL, were it not for others."""


def judge_run(
    stretches: Sequence[Stretch], rule: Rule, dropped: int = 0, servable: float | None = None, late_share: float | None = None
) -> Judgement:
    """`dropped`: due frames that nobody inferred; `servable`: of these, those that the CPU time of all would have served.

    `late_share`: of the answers, those later than the deadline, 0…1; None where the CPU was full, or nothing was answered.
    """
    whole = total(stretches)
    verdict = rule.judge(whole)
    if verdict != "FAIL" or all(stretch.is_clean for stretch in stretches):
        return Judgement(verdict, rule.blame(whole) if verdict != "PASS" else "")
    percent = foreign_percent(stretches)
    clean = _undisturbed(stretches)
    if clean and rule.judge(total(clean)) == "FAIL":
        seconds = sum(stretch.seconds for stretch in clean)
        return Judgement("FAIL", f"it fails as well in the {seconds:.0f} s in which other programs left the machine alone")
    due = sum(n for n, _ in whole)
    excess = 0 if servable is None else min(due, max(0, dropped - int(servable) - 1))
    if judge_misses(due, excess, rule.limit) == "FAIL":
        words = f"other programs took {percent:.0f} % of the CPU; with that, too, it would have missed too much"
        return Judgement("FAIL", words)
    if late_share is not None and late_share >= NEARLY_ALL:
        return Judgement("FAIL", f"{100 * late_share:.0f} % of the answers were late while there was CPU to spare")
    words = f"too much was missed, but other programs took {percent:.0f} % of the CPU: close them and run again"
    return Judgement("UNDECIDED", words, is_disturbed=True)


def total(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Each camera's (due frames, those missed) over all of them."""
    rows = zip(*(stretch.counts for stretch in stretches), strict=True)
    return [(sum(n for n, _ in row), sum(misses for _, misses in row)) for row in rows]


def foreign_percent(stretches: Sequence[Stretch]) -> float | None:
    """Others' share of the machine over all of them; None where it is known of none."""
    known = [stretch for stretch in stretches if stretch.foreign_percent is not None]
    seconds = sum(stretch.seconds for stretch in known)
    return sum((stretch.foreign_percent or 0.0) * stretch.seconds for stretch in known) / seconds if seconds else None


def _undisturbed(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The clean ones that do not follow a dirty one: what others held up is missed a little later."""
    return [stretch for at, stretch in enumerate(stretches) if stretch.is_clean and (at == 0 or stretches[at - 1].is_clean)]


def named(cameras: Sequence[int]) -> str:
    """Cameras by their numbers, which count from 1: "camera 3", "cameras 1, 4, 9 and 2 more"."""
    words = [str(at + 1) for at in cameras[:_NAMED]]
    words += [f"{len(cameras) - _NAMED} more"] if len(cameras) > _NAMED else []
    listed = f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    return f"camera{'s'[: len(cameras) > 1]} {listed}"


def _missed(counts: Counts, cameras: Sequence[int]) -> str:
    n, misses = together([counts[at] for at in cameras])
    return f"{named(cameras)} missed {misses} of {n} frames"
