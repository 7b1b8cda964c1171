"""Folders of pictures."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.picture_size import picture_size
from edgeperf_gui.engine.sources import images
from edgeperf_gui.engine.sources.images import Images


def write(path, width=32, height=24, value=10):
    assert cv2.imwrite(str(path), np.full((height, width, 3), value, np.uint8))
    return path


def read_all(source):
    return list(iter(lambda: source.read(None), None))


def test_pictures_come_in_natural_order_at_their_own_size(tmp_path):
    for number, suffix in ((10, "png"), (2, "bmp"), (1, "jpg"), (33, "webp")):
        write(tmp_path / f"img{number}.{suffix}", width=30 + number)
    (tmp_path / "notes.txt").write_text("no picture")
    source = Images(tmp_path)
    info = source.info
    assert (info.title, info.width, info.height, info.fps, info.live, info.frames) == (tmp_path.name, 31, 24, None, False, 4)
    assert [frame.pixels.shape[1] for frame in read_all(source)] == [31, 32, 40, 63]
    source.rewind()
    assert len(read_all(source)) == 4
    source.close()
    assert source.read(None) is None


def test_the_callers_buffer_is_filled(tmp_path):
    write(tmp_path / "a.png", value=77)
    buffer = np.zeros((24, 32, 3), np.uint8)
    frame = Images(tmp_path).read(buffer)
    assert frame.pixels is buffer
    assert (buffer == 77).all()
    assert frame.decode_start_ns < frame.decode_end_ns


def test_unreadable_pictures_are_skipped_and_said(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not a picture")
    write(tmp_path / "b.png")
    (tmp_path / "c.jpg").write_bytes(write(tmp_path / "d.jpg").read_bytes()[:100])
    (tmp_path / "e.png").write_bytes(b"")
    source = Images(tmp_path)
    assert len(read_all(source)) == 2
    assert source.info.frames == 2
    assert "2 pictures cannot be read and are skipped." in source.info.note
    assert "1 picture" in source.info.note


def test_a_single_picture(tmp_path):
    source = Images(write(tmp_path / "only.png"))
    assert source.info.title == "only.png"
    assert len(read_all(source)) == 1


def test_limits_of_count_and_file_size(tmp_path, monkeypatch):
    for number in range(5):
        write(tmp_path / f"{number}.bmp")
    write(tmp_path / "9.bmp", width=400, height=400)
    monkeypatch.setattr(images, "MAX_PICTURES", 3)
    monkeypatch.setattr(images, "MAX_FILE_BYTES", 10_000)
    source = Images(tmp_path)
    assert source.info.frames == 3
    assert "3 pictures are left out" in source.info.note


@pytest.mark.parametrize("content", [None, b"nothing", b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 60_000, 60_000)])
def test_a_folder_without_a_readable_picture_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(SourceError) as caught:
        Images(tmp_path)
    assert caught.value.remedy


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp"])
def test_sizes_from_headers(suffix):
    encoded = cv2.imencode(suffix, np.zeros((45, 123, 3), np.uint8))[1].tobytes()
    assert picture_size(encoded) == (123, 45)
    assert picture_size(encoded[:12]) is None


@pytest.mark.parametrize("lossless", [False, True])
def test_size_of_both_kinds_of_webp(lossless):
    quality = 101 if lossless else 80
    encoded = cv2.imencode(".webp", np.zeros((45, 123, 3), np.uint8), [cv2.IMWRITE_WEBP_QUALITY, quality])[1].tobytes()
    assert picture_size(encoded) == (123, 45)


@given(start=st.sampled_from([b"", b"\xff\xd8", b"BM", b"RIFF", b"\x89PNG\r\n\x1a\n"]), rest=st.binary(max_size=200))
def test_no_header_crashes_the_parser(start, rest):
    size = picture_size(start + rest)
    assert size is None or len(size) == 2
