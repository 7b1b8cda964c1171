"""A run's records to its result, on made-up runs with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.analysis.summary import Summary, summarise, window, windows_of
from edgeperf_gui.domain.records import FRAME, Records

MS = 1_000_000


def a_run(n: int, period_ms: float, latency_ms: float, *, warmup: int = 0, due: bool = True) -> Records:
    """Frames every `period_ms`, each done `latency_ms` after its decoding began; the first `warmup` ones five times later."""
    records = np.zeros(n, FRAME)
    start = np.arange(n) * period_ms * MS
    latency = np.where(np.arange(n) < warmup, 5 * latency_ms, latency_ms) * MS
    records["frame"] = np.arange(n)
    records["decode_start_ns"] = records["decode_end_ns"] = start + MS
    records["due_ns"] = records["decode_start_ns"] - MS // 2 if due else 0
    for name in ("preprocess_start_ns", "preprocess_end_ns", "submit_ns"):
        records[name] = records["decode_end_ns"]
    records["complete_ns"] = records["postprocess_end_ns"] = records["decode_start_ns"] + latency
    records["openvino_latency_ns"] = latency
    return records


def summary_of(records: Records, **more) -> Summary:
    asked = {"streams": 1, "completed": records.size, "dropped": 0, "source_fps": 50, "saturated": False}
    return summarise(records, **(asked | more))


def test_throughput_counts_intervals_and_not_completions() -> None:
    summary = summary_of(a_run(101, 20, 10), dropped=3)
    assert summary.throughput.fps == pytest.approx(50)
    assert summary.throughput.wall_s == pytest.approx(2)
    assert (summary.throughput.completed, summary.throughput.dropped) == (101, 3)


def test_the_warm_up_is_cut_and_counted() -> None:
    summary = summary_of(a_run(400, 20, 10, warmup=20))
    assert summary.throughput.warmup_discarded == 20
    assert summary.stages["inference"].max_ms == pytest.approx(10)
    assert summary.stages["inference"].n == 380


def test_without_a_window_the_age_ends_when_the_objects_are_known_and_present_is_absent() -> None:
    summary = summary_of(a_run(100, 20, 10))
    assert summary.age is not None and summary.age.median_ms == pytest.approx(10.5)
    assert "present" not in summary.stages


def test_with_a_window_the_age_ends_when_the_frame_was_painted() -> None:
    records = a_run(100, 20, 10)
    records["shown_ns"][::2] = records["postprocess_end_ns"][::2] + 4 * MS
    summary = summary_of(records)
    assert summary.age is not None
    assert (summary.age.n, summary.age.median_ms) == (50, pytest.approx(14.5))
    assert summary.stages["present"].median_ms == pytest.approx(4)


def test_nothing_measured_is_unknown() -> None:
    summary = summary_of(np.zeros(0, FRAME), source_fps=None, saturated=True)
    assert summary.stages == {} and summary.age is None
    assert summary.throughput.fps is None and summary.throughput.source_fps is None


def test_a_run_read_flat_out_has_no_age() -> None:
    assert summary_of(a_run(50, 20, 10, due=False), saturated=True).age is None


def test_windows_of_a_whole_run() -> None:
    records = a_run(401, 20, 10)
    windows = windows_of(records, int(records["complete_ns"].max()), 1.5)
    assert len(windows) == 4
    assert [round(w.fps) for w in windows] == [50] * 4
    assert {w.latency_ms for w in windows} == {10.0}
    assert windows_of(np.zeros(0, FRAME), 0, None) == []


def test_a_stall_inside_a_window_is_not_forgiven() -> None:
    # ten frames in the first 90 ms of two seconds, then nothing
    measured = window(a_run(10, 10, 5), 2.0, 0.0)
    assert measured.fps == 5


def test_a_window_without_frames_has_a_known_rate_of_zero_and_no_latency() -> None:
    measured = window(np.zeros(0, FRAME), 2.0, 0.0)
    assert (measured.fps, measured.latency_ms) == (0.0, None)


def test_a_silence_at_the_end_of_a_run_counts() -> None:
    records = a_run(101, 20, 10)
    last_ns = int(records["complete_ns"].max())
    assert summary_of(records, end_ns=last_ns + 2000 * MS).throughput.fps == pytest.approx(25)


def test_frames_that_complete_after_the_end_do_not_count() -> None:
    records = a_run(101, 20, 10)
    summary = summary_of(records, end_ns=int(records["complete_ns"][50]))
    assert summary.stages["inference"].n == 51
    assert summary.throughput.fps == pytest.approx(50)


def test_no_warm_up_is_cut_out_of_the_middle_of_a_run_whose_start_is_no_longer_held() -> None:
    records = a_run(400, 20, 10, warmup=20)
    records["frame"] += 70_000
    summary = summary_of(records, completed=70_400)
    assert (summary.throughput.warmup_discarded, summary.throughput.completed) == (0, 70_400)
