"""After models were loaded and let go, a signal is still just a signal."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, signal
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.zoo.catalogue import find_model

card = find_model("nanodet-g")
first, second = (runtime.load(card, SessionSpec("a", "b", "c", precision=name), lambda text: None) for name in ("FP32", "FP16"))
del first
del second
signal.signal(signal.SIGINT, lambda *about: print("handled"))
os.kill(os.getpid(), signal.SIGINT)
"""


def test_a_signal_after_two_models_were_let_go_is_handled() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=150)
    assert (ended.returncode, ended.stdout.strip()) == (0, "handled"), ended.stderr
