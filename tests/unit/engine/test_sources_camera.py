"""Cameras. Where none is plugged in, a recording behind the same capture takes its place: unplugging is its end."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import cv2_enumerate_cameras
import numpy as np
import pytest

from edgeperf_gui.domain.errors import SourceError, SourceLost
from edgeperf_gui.domain.session import CameraMode
from edgeperf_gui.engine.sources.camera import CameraSource, backend, camera_number, list_cameras
from edgeperf_gui.engine.sources.capture import Capture


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "camera.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (320, 240))
    for number in range(6):
        writer.write(np.full((240, 320, 3), 20 * number, np.uint8))
    writer.release()
    return lambda number, mode: Capture(str(path), cv2.CAP_FFMPEG)


def test_pictures_then_unplugged(recording):
    source = CameraSource("camera:0", CameraMode(width=1280, height=720), recording)
    assert source.info.live
    assert (source.info.width, source.info.height) == (320, 240)
    assert "width 320 instead of 1280" in source.info.note
    buffer = np.zeros((240, 320, 3), np.uint8)
    for _ in range(5):
        frame = source.read(buffer)
        assert np.shares_memory(frame.pixels, buffer)
        assert frame.due_ns == frame.decode_start_ns < frame.decode_end_ns
    with pytest.raises(SourceLost) as caught:
        source.read(buffer)
    assert caught.value.remedy
    source.close()


def test_interrupt_ends_reading(recording):
    source = CameraSource("camera:0", CameraMode(), recording)
    source.interrupt()
    assert source.read(None) is None
    source.close()
    source.close()


def test_listed_cameras_have_addresses_that_parse(monkeypatch):
    for camera in list_cameras():
        assert camera_number(camera.address) >= 0
        assert camera.name
    # the machines that tests run on seldom have one
    plugged_in = [SimpleNamespace(index=2, name=""), SimpleNamespace(index=0, name="Desk")]
    monkeypatch.setattr(cv2_enumerate_cameras, "supported_backends", (backend(),))
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", lambda backend: plugged_in)
    assert [(camera_number(camera.address), camera.name) for camera in list_cameras()] == [(0, "Desk"), (2, "camera 2")]


@pytest.mark.parametrize("address", ["camera:", "camera:x", "camera:-1", "camera:1000", "camera:²", "camera:0.5"])
def test_addresses_that_name_no_camera(address):
    with pytest.raises(SourceError, match="camera:0"):
        camera_number(address)


def test_a_camera_that_is_not_there():
    with pytest.raises(SourceError) as caught:
        CameraSource("camera:987", CameraMode())
    assert "camera:987 cannot be opened" in caught.value.sentence
    assert "ound" in caught.value.remedy
