"""Video files, sound and broken, through the real decoder."""

from __future__ import annotations

import os
import struct
import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.engine.sources.capture import ALL_THREADS, check_size, credible_fps, credible_frames, decoding_threads
from edgeperf_gui.engine.sources.file import ASSUMED_FPS, VideoFile


def picture(number, width=320, height=240):
    frame = np.full((height, width, 3), 60, np.uint8)
    cv2.circle(frame, (20 + 7 * number % width, height // 2), 18, (0, 220, 255), -1)
    return frame


def write_clip(path, codec, frames=20, size=(320, 240), fps=25.0):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, size)
    assert writer.isOpened()
    for number in range(frames):
        writer.write(picture(number, *size))
    writer.release()
    return path


def write_motion_jpeg(path, width, height, frames=12):
    path.write_bytes(b"".join(cv2.imencode(".jpg", picture(number, width, height))[1].tobytes() for number in range(frames)))
    return path


def read_all(source, into=None):
    frames = []
    while (frame := source.read(into)) is not None:
        frames.append(frame)
        assert len(frames) < 1000
    return frames


@pytest.mark.parametrize(("name", "codec"), [("clip.mp4", "mp4v"), ("clip.avi", "MJPG")])
def test_a_clip_plays_and_rewinds(tmp_path, name, codec):
    source = VideoFile(write_clip(tmp_path / name, codec))
    info = source.info
    assert (info.title, info.width, info.height, info.fps, info.live, info.frames, info.note) == (
        name,
        320,
        240,
        25.0,
        False,
        20,
        "",
    )
    first_round = read_all(source)
    assert len(first_round) == 20
    assert source.read(None) is None
    source.rewind()
    second_round = read_all(source)
    assert len(second_round) == 20
    assert np.array_equal(first_round[0].pixels, second_round[0].pixels)
    source.close()
    source.close()


def test_the_callers_buffer_is_filled_and_stamped(tmp_path):
    source = VideoFile(write_clip(tmp_path / "clip.mp4", "mp4v"))
    buffer = np.zeros((240, 320, 3), np.uint8)
    frame = source.read(buffer)
    assert np.shares_memory(frame.pixels, buffer)
    assert buffer.any()
    assert frame.decode_start_ns < frame.decode_end_ns
    assert frame.due_ns == 0
    misfit = source.read(np.zeros((10, 10, 3), np.uint8))
    assert misfit.pixels.shape == (240, 320, 3)
    source.close()


def test_odd_size_without_an_index(tmp_path):
    source = VideoFile(write_motion_jpeg(tmp_path / "odd.mjpeg", 321, 241))
    assert (source.info.width, source.info.height, source.info.frames) == (321, 241, None)
    assert len(read_all(source)) == 12
    source.rewind()
    assert len(read_all(source)) == 12
    source.close()


def test_large_frames_get_more_threads(tmp_path):
    source = VideoFile(write_clip(tmp_path / "large.mp4", "mp4v", frames=4, size=(1920, 1080)))
    assert len(read_all(source)) == 4
    source.close()
    assert decoding_threads(640, 272) == 1
    assert decoding_threads(1920, 1080) == ALL_THREADS


@pytest.mark.parametrize("kept", [0.5, 0.73, 0.2])
def test_a_truncated_clip_delivers_what_decodes(tmp_path, kept):
    whole = write_clip(tmp_path / "whole.avi", "MJPG").read_bytes()
    path = tmp_path / "cut.avi"
    path.write_bytes(whole[: int(kept * len(whole))])
    source = VideoFile(path)
    count = len(read_all(source))
    assert 1 <= count < 20
    source.rewind()
    assert len(read_all(source)) == count
    source.close()


def test_damage_in_the_middle_does_not_raise(tmp_path):
    content = bytearray(write_clip(tmp_path / "clip.mp4", "mp4v", frames=40).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = os.urandom(400)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    source = VideoFile(path)
    assert len(read_all(source)) >= 1
    source.close()


@pytest.mark.parametrize(("scale", "rate"), [(1, 100_000), (1000, 1)])
def test_an_absurd_rate_is_replaced_and_said(tmp_path, scale, rate):
    content = bytearray(write_clip(tmp_path / "clip.avi", "MJPG").read_bytes())
    header = content.find(b"strh") + 8
    struct.pack_into("<II", content, header + 20, scale, rate)
    path = tmp_path / "patched.avi"
    path.write_bytes(content)
    source = VideoFile(path)
    assert source.info.fps == ASSUMED_FPS
    assert "assumed" in source.info.note
    source.close()


def test_a_header_without_a_rate_still_plays(tmp_path):
    content = bytearray(write_clip(tmp_path / "clip.avi", "MJPG").read_bytes())
    struct.pack_into("<I", content, content.find(b"avih") + 8, 0)
    struct.pack_into("<II", content, content.find(b"strh") + 28, 0, 0)
    path = tmp_path / "zero.avi"
    path.write_bytes(content)
    source = VideoFile(path)
    assert source.info.fps == ASSUMED_FPS
    assert len(read_all(source)) == 20
    source.close()


@pytest.mark.parametrize(("value", "meant"), [(25.0, 25.0), (0.0, None), (-1.0, None), (float("nan"), None), (90_000.0, None)])
def test_credible_fps(value, meant):
    assert credible_fps(value) == meant


@pytest.mark.parametrize(("value", "meant"), [(250.0, 250), (0.0, None), (-9.2e18, None), (float("nan"), None), (1e12, None)])
def test_credible_frames(value, meant):
    assert credible_frames(value) == meant


@pytest.mark.parametrize("size", [(0, 10), (9000, 10), (-1, -1), (float("nan"), 5)])
def test_unusable_sizes_are_refused(size):
    with pytest.raises(SourceError, match="pixels"):
        check_size("clip", *size)


def broken(folder, kind):
    path = folder / {"text file as text": "notes.txt"}.get(kind, "broken.mp4")
    if kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no named pipes")
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "index cut off":
        whole = write_clip(folder / "whole.mp4", "mp4v").read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind != "missing":
        path.write_bytes({"empty": b""}.get(kind, b"hello world\n" * 300))
    return path


@pytest.mark.parametrize("kind", ["missing", "empty", "text file", "text file as text", "index cut off", "folder", "pipe"])
def test_what_is_no_video_is_refused_with_a_remedy(tmp_path, kind):
    with pytest.raises(SourceError) as caught:
        VideoFile(broken(tmp_path, kind))
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy


def test_the_sentence_is_all_that_is_printed(tmp_path):
    paths = [broken(tmp_path, "text file as text"), broken(tmp_path, "index cut off"), tmp_path / "none.mp4"]
    ask = "import sys, pathlib, edgeperf_gui.engine.sources.file as file; file.VideoFile(pathlib.Path(sys.argv[1]))"
    for path in paths:
        done = subprocess.run([sys.executable, "-c", ask, path], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "SourceError: " in done.stderr.splitlines()[-1]
        assert done.stderr.startswith("Traceback")


@pytest.mark.parametrize("name", ["\udcff.mp4", "nul\0.mp4", "x" * 5000])
def test_names_that_cannot_be_opened(tmp_path, name):
    with pytest.raises(SourceError):
        VideoFile(tmp_path / name)


def test_an_undecodable_clip_says_so(tmp_path):
    content = write_clip(tmp_path / "clip.avi", "MJPG").read_bytes()
    path = tmp_path / "hollow.avi"
    path.write_bytes(content[: content.find(b"movi") + 4])
    with pytest.raises(SourceError):
        VideoFile(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000))
def test_random_bytes_never_crash(tmp_path, content):
    path = tmp_path / "random.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError):
        VideoFile(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_clip_with_random_damage_plays_or_is_refused(tmp_path, data):
    whole = tmp_path / "whole.avi"
    if not whole.exists():
        write_clip(whole, "MJPG", frames=4, size=(64, 48))
    content = bytearray(whole.read_bytes())
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=12)):
        content[at] = value
    path = tmp_path / "damaged.avi"
    path.write_bytes(content)
    try:
        source = VideoFile(path)
    except SourceError:
        return
    assert 1 <= len(read_all(source)) <= 1000
    source.close()


def test_a_film_that_ends_too_early_is_told_once_and_a_whole_one_never(tmp_path):
    heard = []
    whole = write_clip(tmp_path / "whole.avi", "MJPG", frames=40)
    source = VideoFile(whole, heard.append)
    for _ in range(2):
        assert len(read_all(source)) == 40
        source.rewind()
    source.close()
    assert not heard
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    source = VideoFile(cut, heard.append)
    for _ in range(2):
        count = len(read_all(source))
        source.rewind()
    source.close()
    (notice,) = heard
    assert notice.sentence == f"“cut.avi” is not whole: {count} of its {source.info.frames} frames can be read."
    assert notice.remedy
