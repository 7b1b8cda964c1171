from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.graph import InfoSpec
from edgeperf_gui.domain.jobs import Answer
from edgeperf_gui.domain.messages import Notice, RecordBatch
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.domain.watch import WatchSpec
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.link.job import InventoryJob

PATIENCE_S = 60


@pytest.fixture
def host(tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    host = EngineHost(run="trial_engine:run")
    yield host
    host.close()
    assert host.pid is None
    assert not [entry for entry in Path("/dev/shm").iterdir() if entry.name.startswith(f"pym-{os.getpid()}-")]


def spec(trial, session_id="s1"):
    return SessionSpec(session_id, source=f"scene:{trial}", model="trial")


def until(host, condition):
    """Messages up to and with the first that fulfils the condition."""
    heard = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for message in host.poll():
            heard.append(message)
            if condition(message):
                return heard
        time.sleep(0.005)
    pytest.fail(f"never heard it, only {heard[-5:]}")


def finished(message):
    return isinstance(message, SessionStatus) and message.state is RunState.FINISHED


def running(message):
    return isinstance(message, SessionStatus) and message.state is RunState.RUNNING


def gone(host):
    deadline = time.monotonic() + PATIENCE_S
    while host.is_active and time.monotonic() < deadline:
        assert not [message for message in host.poll() if isinstance(message, SessionStatus)]
        time.sleep(0.005)
    assert not host.is_active


def take(host):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        host.poll()
        if (preview := host.take_preview()) is not None:
            return preview
        time.sleep(0.005)
    pytest.fail("no picture came")


def test_a_session_runs_shows_pictures_and_stops_in_order(host):
    host.start(spec("steady"))
    host.send_view(64, 36)
    heard = until(host, lambda message: isinstance(message, RecordBatch))
    assert host.pid is not None and psutil.pid_exists(host.pid)
    assert [message.state for message in heard if isinstance(message, SessionStatus)] == [RunState.STARTING, RunState.RUNNING]
    preview = take(host)
    assert preview.pixels.shape == (36, 64, 4)
    assert (preview.pixels == preview.frame % 256).all()
    assert preview.source_size == (640, 480)
    host.request_stop()
    assert host.is_stopping
    assert until(host, finished)[-1].reason is FinishReason.STOPPED
    gone(host)
    assert host.take_preview() is None


def test_the_next_session_uses_the_same_memory_and_shows_nothing_of_the_last(host):
    for session_id in ("s1", "s2"):
        host.start(spec("steady", session_id))
        assert host.take_preview() is None
        host.send_view(32, 32)
        take(host)
        host.request_stop()
        assert until(host, finished)[-1].session_id == session_id
        gone(host)


def test_a_crash_is_told_with_signal_activity_and_log(host):
    host.start(spec("segv"))
    end = until(host, finished)[-1]
    assert end.reason is FinishReason.CRASHED
    assert "SIGSEGV" in end.sentence and "compiling trial for GPU" in end.sentence
    assert end.remedy
    for line in ("the driver says goodbye", "a native library says goodbye", "Fatal Python error: Segmentation fault"):
        assert line in end.log_tail
    gone(host)
    host.start(spec("quiet", "s2"))
    assert until(host, finished)[-1].reason is FinishReason.COMPLETED


@pytest.mark.parametrize("trial", ["steady", "deaf", "flood"])
def test_a_killed_engine_is_told(host, trial):
    host.start(spec(trial))
    until(host, lambda message: True)
    os.kill(host.pid, signal.SIGKILL)
    end = until(host, finished)[-1]
    assert end.reason is FinishReason.CRASHED
    assert "SIGKILL" in end.sentence
    gone(host)


def test_an_engine_that_ignores_everything_is_ended_by_force(host):
    host.start(spec("hang"))
    until(host, running)
    host.request_stop()
    end = until(host, finished)[-1]
    assert end.reason is FinishReason.STOPPED
    assert "SIGKILL" in end.sentence and "waiting for a dead driver" in end.sentence
    gone(host)


def test_a_stopped_engine_holds_up_neither_messages_nor_the_end(host):
    host.start(spec("deaf"))
    until(host, lambda message: isinstance(message, Notice))
    for number in range(20_000):
        host.send_shown(((number, number),))
        host.send_view(number, number)
    host.close()
    assert host.poll()[-1].reason is FinishReason.STOPPED
    assert host.pid is None


def test_a_flood_is_taken_in_order_in_bounded_portions(host):
    host.start(spec("flood"))
    until(host, running)
    numbers = []
    while len(numbers) < 3000:
        portion = host.poll()
        assert len(portion) <= 200
        numbers += [int(message.sentence) for message in portion]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    host.request_stop()
    until(host, finished)
    gone(host)


def test_messages_of_other_sessions_are_dropped(host):
    host.start(spec("stale"))
    heard = until(host, finished)
    assert [message.session_id for message in heard] == ["s1", "s1"]
    assert heard[0].sentence == "own"


@pytest.mark.parametrize(
    ("trial", "reason", "sentence"),
    [
        ("quiet", FinishReason.COMPLETED, ""),
        ("fail", FinishReason.FAILED, "There is no such file."),
        ("fail_twice", FinishReason.FAILED, "first"),
        ("bug", FinishReason.FAILED, "The engine failed: ZeroDivisionError: division by zero."),
    ],
)
def test_every_end_has_one_status(host, trial, reason, sentence):
    host.start(spec(trial))
    heard = until(host, finished)
    assert (heard[-1].reason, heard[-1].sentence) == (reason, sentence)
    if trial == "bug":
        assert "ZeroDivisionError" in heard[-1].log_tail
    gone(host)


def test_an_exit_without_a_word_is_a_crash_with_its_code(host):
    host.start(spec("leave"))
    end = until(host, finished)[-1]
    assert end.reason is FinishReason.CRASHED
    assert "exit code 3" in end.sentence


def test_an_engine_that_does_not_exist_fails_with_a_sentence(host):
    host._run = "no_such_module:run"
    host.start(spec("quiet"))
    end = until(host, finished)[-1]
    assert end.reason is FinishReason.FAILED
    assert "no_such_module" in end.sentence


def test_view_and_shown_reach_the_engine(host):
    host.start(spec("echo"))
    until(host, lambda message: message.sentence == "view None")
    host.send_view(640, 360)
    until(host, lambda message: message.sentence == "view (640, 360)")
    host.send_shown(((7, 8), (9, 10)))
    heard = until(host, lambda message: message.sentence == "shown 9 10")
    assert "shown 7 8" in [message.sentence for message in heard]
    host.send_view(0, 0)
    until(host, lambda message: message.sentence == "view None")


def test_starting_twice_is_refused(host):
    host.start(spec("steady"))
    with pytest.raises(RuntimeError):
        host.start(spec("steady", "s2"))


def test_the_newest_logs_are_kept(host):
    places.logs().mkdir(parents=True)
    for number in range(20):
        (places.logs() / f"engine-20200101-0000{number:02}-old.log").touch()
    host.start(spec("quiet"))
    until(host, finished)
    left = sorted(path.name for path in places.logs().iterdir())
    assert len(left) == 10
    assert left[0] == "engine-20200101-000011-old.log"
    assert left[-1] == host.log_path.name


def test_without_a_folder_for_logs_it_runs_all_the_same(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("EDGEPERF_HOME", str(blocked))
    host = EngineHost(run="trial_engine:run")
    host.start(spec("bug"))
    assert until(host, finished)[-1].reason is FinishReason.FAILED
    gone(host)


@pytest.mark.parametrize("trial", ["steady", "hang"])
def test_a_killed_window_leaves_no_orphan(tmp_path, trial):
    here = Path(__file__).parent
    environment = {**os.environ, "EDGEPERF_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(here.parents[1]), str(here)])}
    command = [sys.executable, str(here / "doomed_window.py"), f"scene:{trial}"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as window:
        engine = psutil.Process(int(window.stdout.readline()))
        window.kill()
    deadline = time.monotonic() + PATIENCE_S
    while is_alive(engine):
        assert time.monotonic() < deadline, "the engine outlived its window"
        time.sleep(0.05)


def is_alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("function", "timeout_s", "problem"),
    [
        ("inventory", 30, None),
        ("inventory_dies", 30, "SIGSEGV"),
        ("inventory_hangs", 1, "within 1 s"),
        ("inventory_fails", 30, "RuntimeError: no plugin"),
    ],
)
def test_the_inventory_always_answers(tmp_path, monkeypatch, function, timeout_s, problem):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    job = InventoryJob(f"trial_engine:{function}", timeout_s)
    job.start()
    assert job.is_active
    answer, deadline = None, time.monotonic() + PATIENCE_S
    while answer is None and time.monotonic() < deadline:
        answer = job.poll()
        time.sleep(0.01)
    assert answer is not None
    if problem is None:
        assert [device.name for device in answer.devices] == ["CPU"]
        assert answer.problems == ()
    else:
        assert problem in answer.problems[0]
    assert not job.is_active
    assert job.poll() is None


def test_only_what_draws_gets_memory_for_pictures(tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    host = EngineHost(run="trial_jobs:picture_size")
    for asked, answer in ((InfoSpec("job", "toy"), b"None"), (WatchSpec("watch", "scene:road", "toy"), b"(640, 360)")):
        host.start(asked)
        host.send_view(640, 360)
        host.request_stop()
        said = [message.data for message in until(host, finished) if isinstance(message, Answer)]
        assert said == [answer]
        assert (host._slots is None) is (answer == b"None")
        gone(host)
    host.close()
