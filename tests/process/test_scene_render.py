"""A clip in the making, interrupted from a keyboard: nothing is left of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from window_process import end_families, wait_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_an_interrupted_clip_leaves_no_half(tmp_path: Path) -> None:
    words = ["--scenario", "highway", "--seconds", "3000", "--size", "320x180", "--labels", str(tmp_path / "l.json")]
    command = [sys.executable, "-m", "edgeperf_gui.cli", "scene", "render", *words, "--out", str(tmp_path / "clip.mp4")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: list(tmp_path.iterdir()), "the beginnings of a clip")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        end_families([process])
    assert process.returncode == 1
    assert err.splitlines() == ["edgeperf: Stopped: no clip was written. Run it again to have one."]
    assert out == ""
    assert list(tmp_path.iterdir()) == []
