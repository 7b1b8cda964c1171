"""Frames that were answered together, on records stamped by hand."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_samples import run_of

from edgeperf_gui.analysis.advice import advise
from edgeperf_gui.analysis.batches import mates, share_shown, unheld_ns, waited_ns
from edgeperf_gui.analysis.stages import runtime_wait_ns, stage_durations_ms
from edgeperf_gui.analysis.steady import judge
from edgeperf_gui.analysis.summary import summarise, window, windows_of
from edgeperf_gui.domain.records import BATCH_WAIT, FRAME, STAGES, Records, stages_of

MS = 1_000_000
PERIOD_MS = 40.0


def batched(frames: int, batch: int, *, service_ms: float = 30.0, shown: bool = True) -> Records:
    """A camera of 25 fps, answered `batch` at a time, `service_ms` each; the last frames wait for nobody."""
    records = np.zeros(frames, FRAME)
    number = np.arange(frames)
    due = (1000 + PERIOD_MS * number) * MS
    records["frame"] = number
    for name, after_ms in (
        ("due_ns", 0.0),
        ("decode_start_ns", 0.25),
        ("decode_end_ns", 1.0),
        ("preprocess_start_ns", 1.5),
        ("preprocess_end_ns", 2.0),
    ):
        records[name] = due + after_ms * MS
    last = np.minimum((number // batch + 1) * batch, frames) - 1
    records["submit_ns"] = records["preprocess_end_ns"][last]
    records["complete_ns"] = records["submit_ns"] + int(service_ms * MS)
    records["postprocess_end_ns"] = records["complete_ns"] + (1 + number % batch) * MS
    if shown:
        records["shown_ns"] = records["postprocess_end_ns"][last] + 2 * MS
    return records


@given(st.integers(1, 40), st.integers(2, 9), st.sampled_from([None, 1, 2]))
def test_the_stages_of_every_frame_add_up_to_its_age(frames: int, batch: int, streams: int | None) -> None:
    durations = stage_durations_ms(batched(frames, batch, service_ms=500.0), streams, batch)
    assert tuple(durations) == (*stages_of(batch), "age")
    assert sum(durations[name] for name in stages_of(batch)) == pytest.approx(durations["age"], abs=1e-6)
    assert all((durations[name] >= 0).all() for name in stages_of(batch))


def test_the_wait_for_a_batch_is_a_stage_of_its_own_between_preprocess_and_queue() -> None:
    assert stages_of(4)[1:4] == ("preprocess", BATCH_WAIT, "queue")
    durations = stage_durations_ms(batched(8, 4), 1, 4)
    assert durations[BATCH_WAIT].tolist() == [120, 80, 40, 0] * 2
    assert durations[BATCH_WAIT].mean() == 3 / (2 * 25) * 1e3, "(b − 1) / 2λ"
    assert durations["queue"].tolist() == [0.75] * 8
    assert durations["inference"].tolist() == [30.0] * 8


def test_batches_of_one_have_no_such_stage() -> None:
    assert tuple(stage_durations_ms(batched(4, 1))) == (*STAGES, "age")
    assert BATCH_WAIT not in summarise(batched(40, 1), streams=1, completed=40, dropped=0, source_fps=25, saturated=False).stages


def test_a_batch_waits_inside_the_runtime_as_the_one_request_it_is() -> None:
    # two batches of three are sent at 82 and 202 ms; the first takes 150 ms of the only stream
    records = batched(6, 3, service_ms=150.0)
    records["complete_ns"][3:] = records["complete_ns"][0] + 150 * MS
    assert (runtime_wait_ns(records, 1) / MS).tolist() == [0, 0, 0, 30, 30, 30]


@given(st.integers(1, 40), st.integers(1, 9), st.data())
def test_the_mates_of_a_frame_are_those_sent_with_it(frames: int, batch: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, frames - 1))
    records = batched(frames, batch)
    assert records["frame"][mates(records, at)].tolist() == [n for n in range(frames) if n // batch == at // batch]


def test_frames_that_were_never_sent_have_no_mates() -> None:
    assert mates(np.zeros(4, FRAME), 2) == slice(2, 3)


@given(st.integers(0, 40), st.integers(1, 9), st.sets(st.integers(0, 39)))
def test_one_painting_is_shared_by_its_batch_and_no_other(frames: int, batch: int, painted: set[int]) -> None:
    records = batched(frames, batch, shown=False)
    for frame in painted & set(range(frames)):
        records["shown_ns"][frame] = 7 + frame // batch
    share_shown(records)
    known = {frame // batch for frame in painted if frame < frames}
    assert records["shown_ns"].tolist() == [7 + n // batch if n // batch in known else 0 for n in range(frames)]


def test_on_a_time_axis_every_frame_has_its_own_place() -> None:
    records = batched(8, 4)
    assert (np.diff(unheld_ns(records)) == 40 * MS).all()
    assert unheld_ns(records)[3] == records["complete_ns"][3] and waited_ns(records)[3] == 0
    assert unheld_ns(batched(8, 1)).tolist() == batched(8, 1)["complete_ns"].tolist()


@pytest.mark.parametrize("batch", [1, 2, 4, 8])
@pytest.mark.parametrize("rest_ms", [0, 39, 200])
def test_throughput_counts_frames_and_forgives_only_what_is_not_late_yet(batch: int, rest_ms: int) -> None:
    records = batched(200, batch)
    end_ns = int(records["complete_ns"][-1]) + rest_ms * MS
    found = summarise(
        records, streams=1, batch=batch, completed=200, dropped=0, source_fps=25, saturated=False, end_ns=end_ns, cut_warmup=False
    )
    assert tuple(found.stages) == stages_of(batch)
    counts_rest = rest_ms > batch * PERIOD_MS
    seconds = (200 - batch) * PERIOD_MS / 1e3 + (rest_ms / 1e3 if counts_rest else 0.0)
    assert found.throughput.fps == pytest.approx((200 - batch) / seconds)


def test_a_steady_camera_is_steady_in_batches_of_sixteen_too() -> None:
    # 0.64 s from one batch to the next: a window of 2 s holds three of them or four
    records = batched(400, 16)
    windows = windows_of(records, int(records["complete_ns"][-1]) + 10 * MS, 0.0, 16)
    assert len({one.frames for one in windows}) == 2
    assert {round(one.fps, 6) for one in windows[1:]} == {25.0}
    assert window(records[:0], 2.0, 0.0, batch=16, before_ns=5).fps == 0.0


def test_a_batch_that_fills_for_longer_than_a_window_is_steady_and_a_silence_is_not() -> None:
    # 2.56 s from one batch to the next: some windows of 2 s hold none
    records = batched(10 * 64, 64)
    end_ns = int(records["complete_ns"][-1]) + 10 * MS
    assert [one.frames for one in windows_of(records, end_ns, 0.0, 64)][-6:] == [64] * 6
    assert judge(windows_of(records, end_ns, 0.0, 64)).is_steady
    assert not judge(windows_of(records, end_ns + 4000 * MS, 0.0, 64)).is_steady, "nothing for 4 s"
    assert judge(windows_of(records, end_ns, 20.0, 64)).is_dirty


def test_the_first_batch_alone_makes_no_throughput() -> None:
    records = batched(64, 64)
    end_ns = int(records["complete_ns"][-1]) + 500 * MS
    found = summarise(
        records, streams=1, batch=64, completed=64, dropped=0, source_fps=25, saturated=False, end_ns=end_ns, cut_warmup=False
    )
    assert found.throughput.fps is None and found.throughput.wall_s is None, "unknown, which is not 0"


def test_one_inference_is_the_work_of_all_its_frames() -> None:
    alone = run_of(inference_ms=8.0)
    together = run_of(inference_ms=32.0)
    together = msgspec.structs.replace(together, effective=msgspec.structs.replace(together.effective, batch=4))
    assert advise((), together, ()).share == advise((), alone, ()).share == 0.8
