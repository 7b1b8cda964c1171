"""What many cameras got in a run: counted in stretches while it goes on, judged by the rule, told as a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from edgeperf_gui.analysis.camera_verdict import Judgement, Rule, Stretch, foreign_percent, judge_run, named, total
from edgeperf_gui.analysis.early_stopping import CONFIDENCE, least_frames
from edgeperf_gui.analysis.stats import P99_MIN_SAMPLES, percentile
from edgeperf_gui.domain.capacity import CapacityStep, KindFound, KindServed

_NOTHING_DUE: Final = "no frame was due while it ran: give it more seconds"
_FULL: Final = 0.8
"""Share of the machine's CPU time, ours and theirs, from which frames may have waited for a core."""
_EDGE: Final = 1
"""Frames by which a stretch of time may differ from its length × rate: it depends on the phase."""
Count = tuple[int, int]
"""(due frames, those missed). A frame that is dropped or late is missed."""


class Counted(Protocol):
    """One camera's frames since counting began."""

    @property
    def ages_ms(self) -> list[float]:
        """Of each completed frame; only ever grows."""

    @property
    def dropped(self) -> int:
        """Frames that nobody inferred."""


class CameraAccount:
    """Of cameras of which the one at each index is of the kind that `row` says."""

    def __init__(self, row: Sequence[int], kinds: Sequence[KindFound], limit: float, looks: int) -> None:
        """`limit`: share of misses allowed, 0…1; `looks`: how often it may be judged."""
        self._row, self._kinds = row, kinds
        self._groups = [[at for at, kind in enumerate(row) if kind == one] for one in range(len(kinds))]
        self._rule = Rule(limit, looks, [group for group in self._groups if group] if len(kinds) > 1 else ())
        self.stretches: list[Stretch] = []
        self._held = [0] * len(row)  # of each camera's frames, how many were looked at
        self._late = [0] * len(row)  # of these, how many came too late
        self._before: list[Count] = [(0, 0)] * len(row)

    @property
    def due_fps(self) -> float:
        """Frames a second of all cameras."""
        return sum(self._kinds[kind].rate for kind in self._row)

    @property
    def least(self) -> int:
        """Frames without a miss that it takes to pass."""
        return least_frames(0, self._rule.limit, 1.0 - (1.0 - CONFIDENCE) / self._rule.looks)

    def counts(self, cameras: Sequence[Counted]) -> list[Count]:
        """Each camera's account as it stands."""
        found = []
        for at, camera in enumerate(cameras):
            deadline_ms, done = self._kinds[self._row[at]].deadline_ms, len(camera.ages_ms)
            self._late[at] += sum(age > deadline_ms for age in camera.ages_ms[self._held[at] : done])
            self._held[at] = done
            found.append((done + camera.dropped, self._late[at] + camera.dropped))
        return found

    def end_stretch(self, cameras: Sequence[Counted], seconds: float, foreign_percent: float | None) -> None:
        """What came since the last one is a stretch of its own, during which others took so much of the machine."""
        counts = self.counts(cameras)
        pairs = zip(counts, self._before, strict=True)
        self.stretches.append(Stretch([(n - m, late - later) for (n, late), (m, later) in pairs], seconds, foreign_percent))
        self._before = counts

    def step(self, cameras: Sequence[Counted], cpu_s: float, cheapest_ms: float | None, cpus: int) -> CapacityStep:
        """The stretches so far as a step: every camera is judged, every kind, and all together.

        `cpu_s`: CPU time of this process; `cheapest_ms`: the least CPU time that a frame is known to take; `cpus` of the machine.
        """
        counts, seconds = total(self.stretches), sum(stretch.seconds for stretch in self.stretches)
        foreign = foreign_percent(self.stretches)
        ages = np.concatenate([np.array(camera.ages_ms) for camera in cameras])
        frames, missed = sum(n for n, _ in counts), sum(misses for _, misses in counts)
        cpu_ms = 1e3 * cpu_s / ages.size if ages.size else None
        known = [cost for cost in (cpu_ms, cheapest_ms) if cost]
        # our own frames, too, would have cost less had nobody else been there
        busy_ms = 1e3 * cpu_s + 10 * (foreign or 0.0) * seconds * cpus
        servable = busy_ms / min(known) - ages.size if known else None
        is_full = busy_ms > _FULL * 1e3 * seconds * cpus
        late_share = None if is_full or not ages.size else sum(self._late) / ages.size
        judged = self._judge(sum(camera.dropped for camera in cameras), servable, late_share, is_any_done=bool(ages.size))
        judged = self._with_silent(judged, counts, seconds)
        rates = [self._kinds[kind].rate for kind in self._row]
        worst = min(range(len(rates)), key=lambda at: len(cameras[at].ages_ms) / rates[at])
        return CapacityStep(
            cameras=len(cameras),
            fps_each=len(cameras[worst].ages_ms) / seconds,
            miss_percent=_percent(missed, frames),
            age_p99_ms=_p99(ages.tolist()),
            verdict=judged.verdict,
            frames=frames,
            cpu_ms_per_frame=cpu_ms,
            foreign_cpu_percent=foreign,
            worst_camera_miss_percent=max(_percent(misses, n) for n, misses in counts),
            note=judged.note,
            is_disturbed=judged.is_disturbed,
            kinds=tuple(self._served(cameras, counts, group, seconds) for group in self._groups) if self._rule.groups else (),
            seconds=seconds,
            age_median_ms=percentile(ages, 0.5) if ages.size else None,
        )

    def _judge(self, dropped: int, servable: float | None, late_share: float | None, *, is_any_done: bool) -> Judgement:
        judged = judge_run(self.stretches, self._rule, dropped, servable, late_share)
        if not sum(n for n, _ in total(self.stretches)):
            return Judgement("UNDECIDED", _NOTHING_DUE)
        # frames were due and none was ever inferred: however few they were, that is no service
        return judged if is_any_done or judged.is_disturbed else Judgement("FAIL", judged.note)

    def _with_silent(self, judged: Judgement, counts: Sequence[Count], seconds: float) -> Judgement:
        """A PASS only when it stands with the frames, too, that a camera's rate promises and that neither came nor were dropped.

        They are in nobody's account yet: a read that does not come back is counted when it does. Overdue, they are missed.
        """
        if judged.verdict != "PASS":
            return judged
        kinds = [self._kinds[kind] for kind in self._row]
        in_time_s = [seconds - kind.deadline_ms / 1e3 for kind in kinds]
        expected = [int(kind.rate * left_s) - _EDGE for kind, left_s in zip(kinds, in_time_s, strict=True)]
        silent = [max(0, many - n) for many, (n, _) in zip(expected, counts, strict=True)]
        whole = [(n + more, misses + more) for (n, misses), more in zip(counts, silent, strict=True)]
        if not any(silent) or self._rule.judge(whole) == "PASS":
            return judged
        late = [at for at, more in enumerate(silent) if more]
        gave, due = (sum(rows[at][0] for at in late) for rows in (counts, whole))
        return Judgement("UNDECIDED", f"{named(late)} gave only {gave} of {due} frames: a source did not come back in time")

    def _served(self, cameras: Sequence[Counted], counts: Sequence[Count], group: Sequence[int], seconds: float) -> KindServed:
        due, missed = sum(counts[at][0] for at in group), sum(counts[at][1] for at in group)
        return KindServed(
            cameras=len(group),
            fps_each=min((len(cameras[at].ages_ms) for at in group), default=0) / seconds,
            miss_percent=_percent(missed, due),
            age_p99_ms=_p99([age for at in group for age in cameras[at].ages_ms]),
        )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _p99(ages_ms: list[float]) -> float | None:
    return percentile(np.array(ages_ms), 0.99) if len(ages_ms) >= P99_MIN_SAMPLES else None
