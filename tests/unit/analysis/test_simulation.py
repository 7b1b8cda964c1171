from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.service_times import Bootstrap, InOrder, Measured, ServiceTimes, service_times
from edgeperf_gui.analysis.simulation import simulate, simulate_again
from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.domain.simulation import Situation


def planted(inference_ms, decode: float = 0.0, preprocess: float = 0.0, postprocess: float = 0.0) -> ServiceTimes:
    inference = np.atleast_1d(np.asarray(inference_ms, float))
    inference = np.resize(inference, max(len(inference), 30))
    rows = np.stack([np.full_like(inference, value) for value in (decode, preprocess, 0.0, postprocess)], axis=1)
    rows[:, 2] = inference
    return ServiceTimes({30.0: rows})


def test_constant_service_and_chance_arrivals_wait_as_m_d_1_does() -> None:
    """Pollaczek–Khinchine: W = ρS / (2(1 − ρ)); S = 10 ms, ρ = 0.5 → 5 ms of waiting."""
    outcome = simulate(Situation(rate_fps=50, line="all", by_chance=True, seconds=2000), planted(10)).outcome
    assert outcome.age is not None
    assert outcome.age.mean_ms == pytest.approx(15.0, rel=0.03)
    assert outcome.dropped == 0


def test_exponential_service_waits_as_m_m_1_does() -> None:
    """T = S / (1 − ρ) = 20 ms; its p99 is T·ln 100."""
    times = planted(np.random.default_rng(1).exponential(10, 50_000))
    outcome = simulate(Situation(rate_fps=50, line="all", by_chance=True, seconds=3000), times).outcome
    assert outcome.age is not None and outcome.age.p99_ms is not None
    assert outcome.age.mean_ms == pytest.approx(20.0, rel=0.05)
    assert outcome.age.p99_ms == pytest.approx(20.0 * np.log(100), rel=0.1)


def test_frames_by_chance_come_until_the_end() -> None:
    """As many in a run as a Poisson process has in its time, above its mean as often as below."""
    runs = [
        simulate(Situation(rate_fps=50, line="all", by_chance=True, seconds=20), planted(1), seed=seed).outcome
        for seed in range(30)
    ]
    due = np.array([one.due for one in runs])
    assert due.mean() == pytest.approx(1000, abs=4 * np.sqrt(1000 / len(runs)))
    assert (due > 1001).sum() >= 8


def test_the_newest_wins_and_a_drop_is_counted() -> None:
    outcome = simulate(Situation(rate_fps=150, seconds=20), planted(10)).outcome
    assert outcome.fps == pytest.approx(100, rel=0.01)
    assert outcome.dropped == pytest.approx(1000, rel=0.01)
    assert outcome.age is not None
    assert outcome.age.min_ms >= 10
    assert outcome.age.max_ms <= 10 + 1e3 / 150 + 0.01


@pytest.mark.parametrize("batch", [2, 4, 8])
def test_the_mean_wait_of_a_batch_is_that_of_the_formula(batch: int) -> None:
    """(b − 1) / 2λ + S(b)."""
    outcome = simulate(Situation(rate_fps=30, batch=batch, seconds=60), planted(12)).outcome
    assert outcome.age is not None
    assert outcome.age.mean_ms == pytest.approx(1e3 * (batch - 1) / (2 * 30) + 12, rel=0.001)


@pytest.mark.parametrize("seconds", [3.9, 4.0, 4.1])
def test_a_batch_that_is_not_full_yet_makes_no_rate_of_its_own(seconds: float) -> None:
    outcome = simulate(Situation(rate_fps=30, batch=4, seconds=seconds), planted(12)).outcome
    assert outcome.fps == pytest.approx(30, rel=0.001)


def test_a_slow_camera_has_its_rate_after_a_few_frames() -> None:
    assert simulate(Situation(rate_fps=1, seconds=3), planted(5)).outcome.fps == pytest.approx(1.0)


def test_two_streams_serve_twice_as_much_and_more_requests_only_wait() -> None:
    fps = {
        (streams, requests): simulate(Situation(rate_fps=900, streams=streams, requests=requests), planted(10)).outcome.fps
        for streams, requests in ((1, 1), (2, 2), (2, 4))
    }
    assert fps[1, 1] == pytest.approx(100, rel=0.01)
    assert fps[2, 2] == pytest.approx(200, rel=0.01)
    assert fps[2, 4] == pytest.approx(200, rel=0.01)


def test_stages_of_a_lonely_frame_add_up() -> None:
    outcome = simulate(Situation(rate_fps=10), planted(10, decode=1, preprocess=2, postprocess=3)).outcome
    assert outcome.age is not None
    assert outcome.age.median_ms == pytest.approx(16)


def test_cameras_share_the_machine_evenly() -> None:
    simulated = simulate(Situation(rate_fps=50, cameras=4, seconds=20), planted(10))
    cameras = np.bincount([camera for camera, _ in simulated.seen])
    assert simulated.outcome.fps == pytest.approx(100, rel=0.02)
    assert max(cameras) - min(cameras) <= 0.1 * max(cameras)


def test_the_same_seed_gives_the_same_answer() -> None:
    times = planted(np.random.default_rng(2).gamma(4, 2, 500))
    situation = Situation(rate_fps=100, cameras=2)
    assert simulate(situation, times, seed=3) == simulate(situation, times, seed=3)
    assert simulate(situation, times, seed=3) != simulate(situation, times, seed=4)


@given(
    rate=st.floats(1, 500),
    line=st.sampled_from(["newest", "all"]),
    batch=st.integers(1, 8),
    requests=st.integers(1, 4),
    streams=st.integers(1, 4),
    cameras=st.integers(1, 4),
    service=st.floats(0.1, 100),
)
def test_no_frame_is_lost_without_being_counted(rate, line, batch, requests, streams, cameras, service) -> None:
    situation = Situation(rate_fps=rate, line=line, batch=batch, requests=requests, streams=streams, cameras=cameras, seconds=2)
    outcome = simulate(situation, planted(service, decode=1.0, preprocess=0.5, postprocess=0.5)).outcome
    under_way = outcome.due - outcome.completed - outcome.dropped
    assert 0 <= outcome.completed <= outcome.due
    assert outcome.due <= cameras * (2 * rate + 1)
    if line == "all":
        assert outcome.dropped == 0
    else:
        # one a camera being read, one in its mailbox, and what the requests hold
        assert 0 <= under_way <= 2 * cameras + batch * requests
    if outcome.age is not None:
        assert outcome.age.min_ms >= 2.0 + service - 1e-6


def records(decode_starts_ms, *, decode=1.0, preprocess=0.5, inference=5.0, postprocess=0.5) -> Records:
    made = np.zeros(len(decode_starts_ms), FRAME)
    at = np.asarray(decode_starts_ms, float)
    for name, span in (
        ("decode_start_ns", 0.0),
        ("decode_end_ns", decode),
        ("preprocess_start_ns", 0.0),
        ("preprocess_end_ns", preprocess),
        ("submit_ns", 0.0),
        ("complete_ns", inference),
        ("postprocess_end_ns", postprocess),
    ):
        at = at + span
        made[name] = np.round(at * 1e6)
    return made


def test_service_times_leave_all_waiting_out() -> None:
    busy = service_times([Measured(records(np.arange(40) * 6.0 + 1), 170.0)], 1)
    assert busy.by_rate[170.0] == pytest.approx(np.tile([1.0, 0.5, 5.0, 0.5], (40, 1)))
    assert busy.samples == 40


def test_the_two_rates_next_to_the_asked_one_are_mixed_by_its_place_between_them() -> None:
    times = ServiceTimes({rate: np.full((30, 4), ms) for rate, ms in ((10.0, 9.0), (40.0, 7.0), (160.0, 5.0))})

    def mean_ms(rate_fps: float) -> float:
        draws = Bootstrap(times, rate_fps, 7)
        return float(np.mean([draws.of(0.0).inference_ms for _ in range(4000)]))

    assert mean_ms(20.0) == pytest.approx(8.0, abs=0.1)
    assert mean_ms(80.0) == pytest.approx(6.0, abs=0.1)
    assert [mean_ms(rate) for rate in (1.0, 10.0, 40.0, 160.0, 900.0)] == [9.0, 9.0, 7.0, 5.0, 5.0]


def test_neighbours_of_two_seconds_stay_together() -> None:
    rows = np.tile(np.arange(1600.0)[:, None], 4)
    times = ServiceTimes({50.0: rows, 200.0: rows + 10_000})
    for rate_fps, block in ((100.0, 200), (5.0, 16), (400.0, 800)):
        draws = Bootstrap(times, rate_fps, 3)
        drawn = np.array([draws.of(0.0).inference_ms for _ in range(block * 40)]).reshape(40, block)
        assert np.all(np.diff(drawn, axis=1) % 1600 == 1), "one after the other, and the first again after the last"
        assert len(set(drawn[:, 0])) > 30, "from anywhere"
        from_above = {5.0: 0, 100.0: 20, 400.0: 40}[rate_fps]
        assert abs((drawn[:, 0] >= 10_000).sum() - from_above) <= 1


def test_of_a_brief_calibration_at_most_half_stays_together() -> None:
    draws = Bootstrap(ServiceTimes({100.0: np.tile(np.arange(100.0)[:, None], 4)}), 100.0, 3)
    drawn = np.array([draws.of(0.0).inference_ms for _ in range(2000)]).reshape(40, 50)
    assert np.all(np.diff(drawn, axis=1) % 100 == 1)
    assert len(set(drawn[:, 0])) > 25


def run_of(due_ms, inference_ms) -> Records:
    """One frame after the other: 1 ms of decoding, 0.5 of preprocessing, inference, 0.5 of postprocessing."""
    parts, free_ms = [], 0.0
    for due, inference in zip(due_ms, inference_ms, strict=True):
        start_ms = max(due, free_ms)
        parts.append(records([start_ms], inference=inference))
        parts[-1]["due_ns"] = round(due * 1e6)
        free_ms = start_ms + 2.0 + inference
    return np.concatenate(parts)


def test_a_run_simulated_again_takes_what_each_of_its_frames_took() -> None:
    """The third frame takes 100 ms. A reader that reads ahead spares each later frame of the queue its decoding."""
    inference_ms = [5.0, 5.0, 100.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    run = InOrder(Measured(run_of(np.arange(8) * 20.0 + 7, inference_ms), 50.0), 1, begin_ns=7_000_000)
    age = simulate_again(Situation(rate_fps=50, line="all", seconds=1), run).outcome.age
    assert age is not None
    assert age.n == 8 + 42, "after its last frame the run goes on as it was then"
    ages_ms = [7.0, 7.0, 102.0, 88.0, 74.0, 60.0, 46.0, 32.0, 18.0, *[7.0] * 41]
    assert age.mean_ms == pytest.approx(np.mean(ages_ms))
    assert age.max_ms == pytest.approx(102.0)


def test_a_frame_that_the_run_dropped_takes_what_the_next_one_took() -> None:
    run = InOrder(Measured(run_of([0.0, 20.0, 80.0], [5.0, 30.0, 9.0]), 50.0), 1, begin_ns=0)
    assert [run.of(due_ms).inference_ms for due_ms in (0.0, 20.0, 40.0, 60.0, 80.0, 900.0)] == [5.0, 30.0, 9.0, 9.0, 9.0, 9.0]
    assert run.of(20.0 + 1e-6).inference_ms == 30.0, "a due time rounded to whole nanoseconds is the same frame's"
    with pytest.raises(ValueError, match="no frames"):
        InOrder(Measured(records([]), 50.0), 1, begin_ns=0)


def test_frames_that_came_by_chance_come_again_when_they_came() -> None:
    due_ms = [3.0, 4.0, 300.0, 1200.0]
    run = InOrder(Measured(run_of(due_ms, [10.0] * 4), 4.0), 1, begin_ns=0)
    simulated = simulate_again(Situation(rate_fps=4, line="all", by_chance=True, seconds=1.25), run)
    assert [due_s * 1e3 for _, due_s in simulated.seen] == pytest.approx(due_ms)


def test_calibrations_at_the_same_rate_are_taken_together() -> None:
    run = Measured(records(np.arange(20) * 33.0 + 1), 30.0)
    assert service_times([run, run], 1).by_rate[30.0].shape == (40, 4)


def test_too_few_frames_of_a_rate_are_left_out_and_too_few_of_all_are_refused() -> None:
    few, enough = records(np.arange(20) * 33.0 + 1), records(np.arange(40) * 33.0 + 1)
    assert service_times([Measured(few, 10.0), Measured(enough, 30.0)], 1).by_rate.keys() == {30.0}
    with pytest.raises(ValueError, match="20 frames are too few"):
        service_times([Measured(few, 30.0)], 1)


def test_the_workers_way_to_a_frame_that_lay_ready_belongs_to_it() -> None:
    run = records(np.arange(40) * 33.0 + 1)
    run["decode_start_ns"][1], run["decode_end_ns"][1] = run["preprocess_end_ns"][0], run["postprocess_end_ns"][0] - 1
    run["preprocess_start_ns"][1] = run["postprocess_end_ns"][0] + 100_000
    run["preprocess_end_ns"][1] = run["preprocess_start_ns"][1] + 500_000
    run["decode_start_ns"][2] = run["preprocess_end_ns"][1]  # this one the worker waits for
    rows = service_times([Measured(run, 30.0)], 1).by_rate[30.0]
    assert rows[:4, 1] == pytest.approx([0.5, 0.6, 0.5, 0.5])


def test_a_frame_that_was_due_while_another_was_under_way_did_not_take_that_wait_to_decode() -> None:
    late = records([1.0, 8.001])  # the first is known at 8.0
    late["due_ns"] = [1_000_000, 3_000_000]
    run = np.concatenate([late, records(np.arange(40) * 33.0 + 100)])
    rows = service_times([Measured(run, 30.0)], 1).by_rate[30.0]
    assert rows[1, 0] == pytest.approx(1.001)


def test_a_reader_that_is_woken_late_takes_so_much_longer_to_decode_while_others_are_under_way() -> None:
    """Frames that take 18 ms come every 15: each is read while the one before is under way, and taken before the next is due."""
    run = records(np.arange(40) * 15.0 + 1, inference=16.0)
    run["due_ns"] = run["decode_start_ns"] - 300_000
    assert decoding_ms(run, 1e3 / 15)[1:] == pytest.approx(1.3)
    slow = records(np.arange(40) * 30.0 + 1, decode=15.5, inference=20.0)
    slow["due_ns"] = slow["decode_start_ns"] - 300_000
    assert decoding_ms(slow, 1e3 / 15)[1:] == pytest.approx(15.5), "it was busy with another, which may have been dropped"


def test_a_reader_that_waits_for_a_free_buffer_does_not_decode_meanwhile() -> None:
    """A queue that stands: frames of 7 ms, due every 7.1 ms and 40 ms late, each read when the worker takes the one before."""
    run = records(np.arange(40) * 7.0 + 50, inference=25.0)
    run["due_ns"] = run["decode_start_ns"][0] - 40_000_000 + np.arange(40) * 7_100_000
    assert decoding_ms(run, 1e3 / 7.1)[1:] == pytest.approx(1.0)
    # due when the reader has nothing to read, but two frames that nobody took hold the buffers
    run["due_ns"] = run["decode_end_ns"] + 100_000
    run["decode_start_ns"] += 5_000_000
    run["decode_end_ns"] += 5_000_000
    run["preprocess_start_ns"] += 20_000_000
    run["preprocess_end_ns"] += 20_000_000
    assert decoding_ms(run, 1e3 / 7.1)[1:] == pytest.approx(1.0)


def decoding_ms(run: Records, rate_fps: float):
    return service_times([Measured(run, rate_fps)], 1).by_rate[rate_fps][:, 0]


def test_a_pause_is_counted_once_although_several_frames_of_a_batch_were_due_in_it() -> None:
    """The first frame's decoding is held up for 150 ms; the others of its batch are due meanwhile and decoded right after it."""
    frames = []
    for number in range(20):
        start_ms = number * 400.0 + 1
        due_ms = start_ms + np.arange(4) * 33.0
        begins_ms = start_ms + (150.0 + np.arange(4) if number == 10 else np.arange(4) * 33.0)
        batch = records(begins_ms)
        batch["due_ns"] = np.round(due_ms * 1e6)
        if number == 10:
            batch["decode_start_ns"][0] = round(start_ms * 1e6)
        batch["submit_ns"] = batch["preprocess_end_ns"][-1]
        batch["complete_ns"] = batch["submit_ns"] + 20_000_000
        batch["postprocess_end_ns"] = batch["complete_ns"] + 500_000 * np.arange(1, 5)
        frames.append(batch)
    rows = service_times([Measured(np.concatenate(frames), 30.0)], 1).by_rate[30.0]
    assert rows[40:44, 0] == pytest.approx([151.0, 1.0, 1.0, 1.0])
    assert np.delete(rows[:, 0], slice(40, 44)) == pytest.approx(1.0)


def test_a_frame_that_was_read_ahead_of_its_batch_did_not_take_the_wait_to_decode() -> None:
    """Flat out: the reader goes on as soon as the worker takes a frame, before the batch is submitted."""
    frames = []
    for number in range(20):
        turn_ms = 100 + number * 30.0
        batch = records(turn_ms + np.array([-29.0, 0.0]))
        batch["preprocess_start_ns"] = np.round((turn_ms + np.array([0.0, 1.0])) * 1e6)
        batch["preprocess_end_ns"] = batch["preprocess_start_ns"] + 500_000
        batch["submit_ns"] = batch["preprocess_end_ns"][-1]
        batch["complete_ns"] = batch["submit_ns"] + 20_000_000
        batch["postprocess_end_ns"] = batch["complete_ns"] + 500_000 * np.arange(1, 3)
        frames.append(batch)
    rows = service_times([Measured(np.concatenate(frames), 66.0)], 1).by_rate[66.0]
    assert rows[1:, 0] == pytest.approx(1.0)


def test_a_backlog_before_the_first_frame_is_not_its_service() -> None:
    found = records(1000 + np.arange(40) * 33.0)
    found["due_ns"] = found["decode_start_ns"] - 250_000_000
    rows = service_times([Measured(found, 30.0)], 1).by_rate[30.0]
    assert rows[0, 0] == pytest.approx(1.0)


def test_frames_of_a_batch_share_their_inference_and_not_their_postprocessing() -> None:
    frames = []
    for start in np.arange(0, 20) * 200.0 + 1:
        batch = records(start + np.arange(4) * 33.0)
        batch["submit_ns"] = batch["preprocess_end_ns"][-1]
        batch["complete_ns"] = batch["submit_ns"] + 20_000_000
        batch["postprocess_end_ns"] = batch["complete_ns"] + 500_000 * np.arange(1, 5)
        frames.append(batch)
    rows = service_times([Measured(np.concatenate(frames), 30.0)], 1).by_rate[30.0]
    assert rows[:, 2] == pytest.approx(20.0)
    assert rows[:, 3] == pytest.approx(0.5)
    assert len(rows) == 80
