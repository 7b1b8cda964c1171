"""Files of earlier sweeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import Machine
from edgeperf_gui.domain.sweep import Best, SweepResult, SweepSpec
from edgeperf_gui.engine.jobs.sweep import asked_points
from edgeperf_gui.verbs.sweep_file import read_sweep

MACHINE = Machine("bench", "Linux", "3.11", "2026", "5", "a CPU", 2, None, 8_000_000_000)


def result(**ranges) -> SweepResult:
    spec = SweepSpec("trial", "nanodet-g", **ranges)
    return SweepResult(spec, MACHINE, tuple(asked_points(spec)), Best(None, None, None, ""), 1.0, None, complete=False)


def of_one_hint(newer: SweepResult, hint: str, threads: int | None) -> dict[str, Any]:
    """As it was written when a sweep had one hint and one number of threads."""
    table = json.loads(msgspec.json.encode(newer))
    del table["spec"]["hints"]
    table["spec"] |= {"hint": hint, "threads": threads}
    for point in table["points"]:
        del point["threads_asked"]
    return table


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written = result(hints=("latency", "none"), threads=(None, 2))
    (tmp_path / "sweep.json").write_bytes(msgspec.json.encode(written))
    assert read_sweep(str(tmp_path / "sweep.json")) == written


@pytest.mark.parametrize("threads", [None, 2])
def test_a_file_of_one_hint_and_one_number_of_threads_is_read(tmp_path: Path, threads: int | None) -> None:
    now = result(hints=("throughput",), threads=(threads,), batches=(1, 2))
    (tmp_path / "sweep.json").write_text(json.dumps(of_one_hint(now, "throughput", threads)))
    read = read_sweep(str(tmp_path / "sweep.json"))
    assert (read.spec.hints, read.spec.threads) == (("throughput",), (threads,))
    assert [point.settings for point in read.points] == [point.settings for point in now.points]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"spec": 1}',
        '{"spec": {}, "points": 5}',
        '{"spec": {"threads": "x"}, "points": [1]}',
        "\0",
    ],
)
def test_what_is_no_sweep_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "sweep.json").write_text(text)
    with pytest.raises(BadInput, match="is not the result of a sweep") as refused:
        read_sweep(str(tmp_path / "sweep.json"))
    assert refused.value.remedy
