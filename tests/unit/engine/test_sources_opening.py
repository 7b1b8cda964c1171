"""One address, one kind; URLs without their secrets."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.address import is_sound, redact
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.session import CameraMode
from edgeperf_gui.engine.sources.file import VideoFile
from edgeperf_gui.engine.sources.images import Images
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.scene import SceneSource


def open_any(address):
    return open_source(address, CameraMode(), pytest.fail)


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "a clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    return path


def test_each_kind_is_chosen_by_its_address(clip, tmp_path, monkeypatch):
    picture = tmp_path / "pictures" / "a.png"
    picture.parent.mkdir()
    cv2.imwrite(str(picture), np.zeros((8, 8, 3), np.uint8))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    expected = {
        str(clip): VideoFile,
        f" {clip}\n": VideoFile,
        clip.as_uri(): VideoFile,
        "~/a clip.avi": VideoFile,
        str(picture.parent): Images,
        picture.parent.as_uri(): Images,
        str(picture): Images,
        "scene:road": SceneSource,
        "SCENE:Crossing": SceneSource,
    }
    for address, kind in expected.items():
        source = open_any(address)
        assert isinstance(source, kind), address
        assert source.read(None) is not None
        source.close()


BAD_URLS = ("http://", "http://[::1/", "rtsp://host:99999/", "http://a b/", "rtsp://\udcff/", "http://h/\nHost: x", "gopher://x")
BAD_FILES = ("no such file.mp4", "file://elsewhere/clip.mp4", "file:///none", "\0", "\udcff", "x" * 5000, "~nobody_here/clip.mp4")
BAD_WORDS = ("", "  ", "camera:", "scene:", "rtsp:/half", "ftp://user:secret@host/clip")


@pytest.mark.parametrize("address", BAD_URLS + BAD_FILES + BAD_WORDS)
def test_bad_addresses_get_a_sentence_and_a_remedy(address):
    with pytest.raises(SourceError) as caught:
        open_any(address)
    assert caught.value.sentence
    assert caught.value.remedy
    assert "secret" not in str(caught.value)


@given(address=st.text(max_size=40).filter(lambda text: "://" not in text and ":" not in text and not text.strip(" ./~\\")))
def test_odd_paths_never_crash(address):
    try:
        open_any(address).close()
    except SourceError as error:
        assert error.remedy


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://user:secret@cam.local:554/live", "rtsp://cam.local:554/live"),
        ("rtsp://secret@cam/live", "rtsp://cam/live"),
        ("rtsp://user:s@secret@cam/live", "rtsp://cam/live"),
        ("RTSP://user:secret@[::1]:554/live", "rtsp://[::1]:554/live"),
        ("http://cam/video?token=secret", "http://cam/video?…"),
        ("http://cam/video#secret", "http://cam/video?…"),
        ("udp://@:5000", "udp://:5000"),
        ("rtsp://user:sec/ret@cam/live", "rtsp://…"),
        ("rtsp://user:12/secret@cam/live", "rtsp://…"),
        ("rtsp://user:secret?x@cam/live", "rtsp://…"),
        ("rtsp://user:1?secret@cam/live", "rtsp://…"),
        ("secret", "(not a URL)"),
    ],
)
def test_redaction(url, shown):
    assert redact(url) == shown


@given(
    user=st.text(st.characters(categories=["L", "N"]), min_size=1), password=st.text(st.characters(codec="utf-8"), max_size=12)
)
def test_no_password_survives_redaction(user, password):
    secret = "Q9" + password + "9Q"
    assert "Q9" not in redact(f"rtsp://{user.replace('Q', '')}:{secret}@camera.local:554/live")


@given(st.text(max_size=60))
def test_soundness_never_raises(text):
    assert is_sound(f"http://{text}") in (True, False)
