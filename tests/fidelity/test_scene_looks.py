"""A real session on a drawn scene: true looks, a model's real precision and recall, and an oracle that says it is one."""

from __future__ import annotations

import itertools
import json
import threading
from pathlib import Path

import msgspec
import numpy as np
import pytest
from list_outbox import ListOutbox
from numpy.typing import NDArray

from edgeperf_gui import cli
from edgeperf_gui.analysis.scenes.truth import visible_intervals
from edgeperf_gui.analysis.true_looks import counting, looks_of, true_looks
from edgeperf_gui.domain.messages import Opened, SceneSeen
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.engine import runner
from edgeperf_gui.live.scene_history import FIRST_FRAMES, SceneHistory

SCENE = "scene:highway?fps=60&size=640x360&view=20&speed=200&density=40"


def test_a_detector_is_judged_by_the_truth_and_every_look_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "run.json"
    words = ["bench", "--source", SCENE, "--looks", "3", "--seconds", "3", "--json", str(report)]
    assert cli.main(words) == 0
    written = json.loads(report.read_text())
    assert set(written["looks"]) >= {"k", "seen", "vehicles", "share", "low", "high"}
    run = msgspec.json.decode(report.read_bytes(), type=RunResult)
    assert run.spec.paced, "--looks keeps the scene's pace"
    assert run.looks is not None
    assert run.scene is not None
    assert run.scene.whole is not None
    assert run.looks.vehicles >= 3
    assert run.looks.low is not None
    assert run.looks.high is not None
    assert run.looks.low <= (run.looks.share or 0.0) <= run.looks.high
    # no look without a processed frame: 20 m at 170 … 230 km/h are 19 … 26 frames
    assert 0 < (run.looks.mean or 0.0) <= 26
    # a model that never saw a drawn vehicle in its life finds most of them all the same, and takes some shadows for cars
    assert (run.scene.whole.recall.value or 0.0) > 0.3
    assert (run.scene.whole.precision.value or 0.0) > 0.2
    assert run.effective.oracle_miss_percent is None


def test_an_oracle_is_told_wherever_its_boxes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    listener = ListOutbox()
    spec = SessionSpec("s", SCENE, "nanodet-g", seconds=2.0, looks=2, oracle=20.0)
    result = runner.run(spec, listener, threading.Event())
    (opened,) = listener.of(Opened)
    assert all(label.startswith("oracle: ") for label in opened.labels)
    assert opened.effective.oracle_miss_percent == 20.0
    assert result.effective.oracle_miss_percent == 20.0
    assert result.scene is not None
    assert result.scene.whole is not None
    assert result.scene.whole.precision.value == 1.0
    assert 0.4 < (result.scene.whole.recall.value or 0.0) < 1.0
    assert result.stages["inference"].n >= 1, "the model ran for its cost"

    from edgeperf_gui.run_report import report

    text = report(result)
    assert "oracle: the scene's truth less 20 %, not the model's findings" in text
    assert "recall (oracle)" in text


def two_looks(numbers: NDArray[np.int64]) -> TrueLooks:
    """What is true of these frames of the scene."""
    span = int(numbers[0]) / 60, int(numbers[-1] + 1) / 60
    return true_looks(2, looks_of(counting(visible_intervals(parse(SCENE), *span), *span), numbers, 60.0))


def test_a_window_makes_the_same_truth_from_what_the_engine_tells() -> None:
    listener = ListOutbox()
    spec = SessionSpec("s", SCENE, "nanodet-g", seconds=3.0, looks=2, oracle=20.0)
    result = runner.run(spec, listener, threading.Event())
    told = listener.of(SceneSeen)
    assert len(told) >= 2 and max(len(msgspec.msgpack.encode(message)) for message in told) < 20_000
    assert all(after.stamp_ns - before.stamp_ns >= 1e9 for before, after in itertools.pairwise(told))
    live = SceneHistory()
    live.begin(spec)
    for message in told:
        live.take(message)
    live.judge(100)
    found = live.looks(2)
    assert found is not None and found.vehicles >= 3
    numbers = np.concatenate([np.frombuffer(message.frames, np.int64) for message in told])
    assert found == two_looks(numbers[FIRST_FRAMES:])
    # and the engine's own: frames by the moments at which they were due, for the newest second comes with the next message
    due_ns = listener.records()["due_ns"]
    seen = numbers[0] + np.rint((due_ns - due_ns[0]) * 60 / 1e9).astype(np.int64)
    assert numbers.tolist() == seen[: numbers.size].tolist()
    assert result.looks == two_looks(seen[result.throughput.warmup_discarded :])
    assert live.precision().value == 1.0 and 0.4 < (live.recall().value or 0.0) < 1.0
