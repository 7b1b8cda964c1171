"""Runs as others give them: the JSON that `edgeperf bench` writes, or a session's run file, as a result."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final, NamedTuple

from edgeperf_gui.analysis.session_result import session_result
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import Ranks, RunResult
from edgeperf_gui.store.given_json import read_given_json
from edgeperf_gui.store.run_format import SUFFIX, Run
from edgeperf_gui.store.run_reader import read_run

_MOST_FRAMES: Final = 1_000_000_000
_MOST_RANKS: Final = 100_000
_KINDS: Final = {"edgeperf.run/1": RunResult}
_REMEDY: Final = "Give the file that `edgeperf bench --json FILE` wrote."


class Opened(NamedTuple):
    """A run as a file holds it."""

    result: RunResult
    lacks: str = ""
    """What the file does not hold of the run, in a sentence: cut off, damaged, or by a later version; or empty."""


def read_result(path: Path) -> RunResult:
    """The run in a file of either form, by the name's ending. Raises BadInput."""
    return open_result(path).result


def open_result(path: Path) -> Opened:
    """The same, with what the file lacks. Raises BadInput."""
    return _read_run_file(path) if path.suffix == SUFFIX else Opened(read_run_json(path))


def read_run_json(path: Path) -> RunResult:
    """The run that was written as JSON. Raises BadInput."""
    run = read_given_json(path, "a run", _KINDS, _REMEDY, "record it")
    wrong = _impossible(run)
    if wrong is not None:
        raise BadInput(f"{path} is not a run: {wrong} cannot be.", _REMEDY)
    return run


def _read_run_file(path: Path) -> Opened:
    run = read_run(path)
    lacks = " ".join(filter(None, (run.damage, run.skipped)))
    return Opened(_summed_up(path, run), f"{path.name}: {lacks}" if lacks else "")


def _summed_up(path: Path, run: Run) -> RunResult:
    dropped = int(run.records["dropped"][-1]) if run.records.size else 0
    result = session_result(run.header.spec, run.header.opened, run.records, dropped, run.telemetry, run.energy)
    if result is None:
        raise BadInput(f"{path.name} holds fewer than two frames.", "Choose a longer run.")
    wrong = _impossible(result)
    if wrong is not None:
        raise BadInput(f"{path.name} is not a run: {wrong} cannot be.", "Choose another run.")
    return result


def _impossible(run: RunResult) -> str | None:
    """The first number that no run can have measured."""
    rate = run.throughput
    counts = {"completed": rate.completed, "dropped": rate.dropped, "warmup_discarded": rate.warmup_discarded}
    counts["unfinished"] = rate.unfinished or 0
    for name, count in counts.items():
        if not 0 <= count <= _MOST_FRAMES:
            return f"{name} {count}"
    if rate.fps is not None and rate.fps <= 0.0:
        return f"fps {rate.fps:g}"
    named = {**run.stages, **({} if run.age is None else {"age": run.age})}
    for name, stats in named.items():
        if not 1 <= stats.n <= _MOST_FRAMES:
            return f"n {stats.n} of {name}"
    ranks = {"ages": run.ages, "intervals": run.intervals}
    return next((f"these {name}" for name, one in ranks.items() if one is not None and not _are_ranks(one)), None)


def _are_ranks(ranks: Ranks) -> bool:
    """Rising from 0 to n − 1, with as many values, none lower than the one before."""
    at, values = ranks.at, ranks.values_ms
    return (
        1 <= len(at) == len(values) <= _MOST_RANKS
        and (at[0], at[-1]) == (0, ranks.n - 1)
        and all(one < other for one, other in itertools.pairwise(at))
        and all(one <= other for one, other in itertools.pairwise(values))
    )
