"""Quantising in a process of its own: what it answers, and what is left when it is stopped, killed or out of room."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from window_process import end_families, wait_for

from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.domain.quantization import SCHEMA, QuantizeResult
from edgeperf_gui.verbs.in_child import run_in_child
from edgeperf_gui.zoo.catalogue import find_model

ROOT = Path(__file__).resolve().parents[2]
JOB = "edgeperf_gui.engine.jobs.quantize:run"
COMMAND = (sys.executable, "-m", "edgeperf_gui.cli", "models", "quantize")


def spec(**fields: Any) -> QuantizeSpec:
    return QuantizeSpec(**{"session_id": "quantise", "model": "nanodet-g", "samples": 5, **fields})


def own(home: Path) -> Path:
    return home / "data" / "models"


def visible(folder: Path) -> list[str]:
    """What a user sees of a folder."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def test_the_job_answers_with_what_it_made(home: Path) -> None:
    told: list[Any] = []
    result = run_in_child(JOB, spec(samples=20), QuantizeResult, told.append, threading.Event())
    assert result is not None
    assert (result.schema, result.samples, result.calibration) == (SCHEMA, 20, "street.mp4")
    assert (result.layers_quantized, result.layers_multiplying) == (34, 34)
    assert result.size_bytes < 0.6 * result.original_bytes
    assert sum(result.executed_precision.values()) == 34
    assert result.peak_rss_bytes is not None and result.peak_rss_bytes < 1e9
    assert find_model("nanodet-g").folder == result.folder == str(own(home) / "nanodet-g")
    assert any("20/20" in message.activity for message in told)


def test_nothing_is_written_into_the_home_folder(home: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([*COMMAND, "nanodet-g", "--samples", "3", "--json"], capture_output=True, text=True, timeout=150,
                          cwd=ROOT, env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)["samples"] == 3
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(home: Path) -> None:
    process = subprocess.Popen([*COMMAND, "nanodet-g", "--samples", "250"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: any(own(home).glob(".writing-*")), "the beginnings of a variant")
        time.sleep(0.5)  # into the work; at its very start it has to stop in order just as well
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    finally:
        end_families([process])
    assert process.returncode == 1
    assert "nothing has been changed" in said
    assert list(own(home).iterdir()) == []


def test_a_killed_one_leaves_nothing_that_counts(home: Path) -> None:
    code = """
import threading, sys
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.engine.jobs.quantize import run
class Quiet:
    def send(self, message): pass
run(QuantizeSpec("k", "nanodet-g", samples=250), Quiet(), threading.Event())
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: any(own(home).glob(".writing-*")), "the beginnings of a variant")
        process.send_signal(signal.SIGSTOP)  # so that it is at work for as long as it takes
        # meanwhile another window is turned away
        with pytest.raises(RunError, match="another window or process"):
            run_in_child(JOB, spec(), QuantizeResult, lambda _: None, threading.Event())
        assert process.poll() is None
    finally:
        end_families([process])
    assert visible(own(home)) == []
    assert find_model("nanodet-g").folder == str(ROOT / "models" / "nanodet-g")
    assert run_in_child(JOB, spec(), QuantizeResult, lambda _: None, threading.Event()) is not None
    assert [path.name for path in own(home).iterdir()] == ["nanodet-g"]


def test_no_room_on_the_disk(home: Path) -> None:
    code = """
import resource, threading, sys
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.engine.jobs.quantize import run
class Quiet:
    def send(self, message): pass
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
try:
    run(QuantizeSpec("k", "nanodet-g", samples=2), Quiet(), threading.Event())
except RunError as error:
    print("TOLD", error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    # too small for the variant's weights, for its graph, and for the copy of the shipped weights
    for limit in (1_000_000, 200_000, 5_000_000):
        done = subprocess.run([sys.executable, "-c", code, str(limit)], cwd=ROOT, capture_output=True, text=True, timeout=150)
        assert "TOLD" in done.stdout, done.stdout + done.stderr
        assert list(own(home).iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "nanodet-gg"}, "nanodet-g"),
        ({"data": "/nowhere"}, "neither a folder nor a video"),
        ({"max_drop": 0.01}, "needs labels"),
        ({"labels": "/nowhere"}, "/nowhere"),
        ({"data": "scene:nowhere"}, "nowhere"),
    ],
)
def test_bad_input_is_a_sentence(home: Path, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        run_in_child(JOB, spec(**fields), QuantizeResult, lambda _: None, threading.Event())
    assert caught.value.remedy
    assert visible(own(home)) == []


def test_an_empty_folder_has_nothing_to_calibrate_with(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no picture"):
        run_in_child(JOB, spec(data=str(tmp_path)), QuantizeResult, lambda _: None, threading.Event())


def test_calibrating_with_a_scene(home: Path) -> None:
    result = run_in_child(JOB, spec(data="scene:crossing", samples=4), QuantizeResult, lambda _: None, threading.Event())
    assert result is not None
    assert result.samples == 4


def test_accuracy_is_kept_on_labelled_images(home: Path, shared_data: Path, tmp_path: Path) -> None:
    for kind in ("images", "labels"):
        (tmp_path / kind).mkdir()
    for image in sorted((shared_data / "coco128" / "images").glob("*.jpg"))[:12]:
        (tmp_path / "images" / image.name).symlink_to(image)
        labels = shared_data / "coco128" / "labels" / f"{image.stem}.txt"
        if labels.exists():
            (tmp_path / "labels" / labels.name).symlink_to(labels)
    (tmp_path / "names.yaml").symlink_to(shared_data / "coco128" / "names.yaml")
    result = run_in_child(
        JOB, spec(samples=30, labels=str(tmp_path), max_drop=0.1), QuantizeResult, lambda _: None, threading.Event()
    )
    assert result is not None
    assert result.original_accuracy is not None and result.accuracy is not None
    assert result.original_accuracy > 0.2
    assert result.accuracy >= result.original_accuracy - 0.1
