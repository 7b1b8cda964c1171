"""A stream's frames come when they come: a pattern of arrivals asked of it is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from server_process import servers

from edgeperf_gui.cli import main


def test_arrivals_asked_of_a_live_source_are_refused(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite(str(tmp_path / "0.jpg"), np.full((240, 320, 3), 40, np.uint8))
    with servers() as serve:
        server = serve(sys.executable, str(Path(__file__).parent / "mjpeg_server.py"), "{port}", str(tmp_path), "40")
        source = f"http://127.0.0.1:{server.port}/video"
        assert main(["bench", "--seconds", "1", "--source", source, "--arrivals", "poisson:5"]) == 2
        assert main(["bench", "--source", source, "--arrivals", "server", "--deadline", "50"]) == 2
    assert "Frames of a camera or a stream come when they come." in capsys.readouterr().err
