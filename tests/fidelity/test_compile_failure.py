"""A model that can be read and cannot be compiled: a sentence with a remedy, from the engine and from the command line."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from list_outbox import ListOutbox
from openvino import opset13 as ops

from edgeperf_gui.domain.errors import DeviceError
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.runner import run

CARD = """
name = "giant"
title = "Giant"
task = "raw"
licence = "none"
origin = "made by a test"
decoder = "raw"

[input]
width = 8
height = 8

[variants.FP16]
xml = "giant.xml"
stored = "FP16"
"""


@pytest.fixture
def giant(tmp_path: Path) -> Path:
    """A model whose output would take 10²⁰ bytes."""
    picture = ops.parameter([1, 3, 8, 8], np.float32, name="picture")
    tiled = ops.tile(picture, ops.constant(np.array([1 << 20, 1 << 20, 1 << 20, 1], np.int64)))
    folder = tmp_path / "giant"
    folder.mkdir()
    ov.save_model(ov.Model([ops.result(tiled)], [picture]), folder / "giant.xml")
    (folder / "card.toml").write_text(CARD)
    return folder


def test_the_engine_says_which_device_cannot_compile_which_model(giant: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        run(SessionSpec("trial", "scene:road", str(giant)), ListOutbox(), threading.Event())
    assert "CPU" in caught.value.sentence and "Giant" in caught.value.sentence
    assert caught.value.remedy


def test_the_command_line_says_it_in_one_line(giant: Path) -> None:
    words = ["bench", "--model", str(giant), "--source", "scene:road", "--seconds", "1"]
    ended = subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], capture_output=True, text=True, timeout=150)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1 and "cannot" in ended.stderr
