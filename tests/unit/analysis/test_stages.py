"""Stamps to stages, on frames stamped by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.stages import headless_age_ms, runtime_wait_ns, stage_durations_ms
from edgeperf_gui.domain.records import FRAME, STAGES, Records

MS = 1_000_000


def a_frame(**stamps_ms: float) -> Records:
    records = np.zeros(1, FRAME)
    for name, value in stamps_ms.items():
        records[name] = round(value * MS)
    return records


WHOLE = {
    "due_ns": 100,
    "decode_start_ns": 101,
    "decode_end_ns": 103,
    "preprocess_start_ns": 104,
    "preprocess_end_ns": 104.5,
    "submit_ns": 104.75,
    "complete_ns": 114.75,
    "postprocess_end_ns": 115.25,
    "shown_ns": 117,
}


def test_each_stage_of_a_hand_stamped_frame() -> None:
    durations = {name: values.item() for name, values in stage_durations_ms(a_frame(**WHOLE)).items()}
    assert durations == {
        "decode": 2,
        "preprocess": 0.5,
        "queue": 2.25,
        "inference": 10,
        "postprocess": 0.5,
        "present": 1.75,
        "age": 17,
    }


def test_stages_add_up_to_the_age() -> None:
    durations = stage_durations_ms(a_frame(**WHOLE))
    assert sum(durations[name].item() for name in STAGES) == durations["age"].item() == 117 - 100


def test_read_flat_out_they_add_up_from_decode_start_to_shown() -> None:
    durations = stage_durations_ms(a_frame(**{**WHOLE, "due_ns": 0}))
    assert sum(durations[name].item() for name in STAGES) == 117 - 101


def test_a_frame_that_was_not_shown_has_no_present_and_no_age() -> None:
    records = a_frame(**{**WHOLE, "shown_ns": 0})
    durations = stage_durations_ms(records)
    assert np.isnan(durations["present"]).all() and np.isnan(durations["age"]).all()
    assert headless_age_ms(records).item() == 15.25


def test_a_frame_read_flat_out_has_no_age() -> None:
    records = a_frame(**{**WHOLE, "due_ns": 0})
    assert np.isnan(stage_durations_ms(records)["age"]).all()
    assert np.isnan(headless_age_ms(records)).all()


def test_requests_beyond_the_streams_wait_inside_the_runtime() -> None:
    # one stream, three requests submitted together, 10 ms of service each
    records = np.zeros(3, FRAME)
    records["submit_ns"] = 0
    records["complete_ns"] = np.array([10, 20, 30]) * MS
    assert (runtime_wait_ns(records, 1) / MS).tolist() == [0, 10, 20]
    assert stage_durations_ms(records, 1)["inference"].tolist() == [10, 10, 10]


def test_two_streams_serve_two_at_a_time() -> None:
    records = np.zeros(4, FRAME)
    records["submit_ns"] = np.array([0, 1, 2, 3]) * MS
    records["complete_ns"] = np.array([10, 12, 20, 22]) * MS
    assert (runtime_wait_ns(records, 2) / MS).tolist() == [0, 0, 8, 9]


def test_no_wait_is_claimed_when_streams_are_unknown() -> None:
    records = np.zeros(3, FRAME)
    records["complete_ns"] = np.array([10, 20, 30]) * MS
    assert runtime_wait_ns(records, None).tolist() == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**8)), min_size=1, max_size=60), st.integers(1, 8))
def test_waits_are_never_negative_nor_longer_than_the_request(jobs: list[tuple[int, int]], streams: int) -> None:
    records = np.zeros(len(jobs), FRAME)
    records["submit_ns"] = [start for start, _ in jobs]
    records["complete_ns"] = [start + length for start, length in jobs]
    waits = runtime_wait_ns(records, streams)
    assert (waits >= 0).all()
    assert (waits <= records["complete_ns"] - records["submit_ns"]).all()
