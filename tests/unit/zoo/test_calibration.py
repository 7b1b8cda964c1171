"""Calibration frames: spread evenly, decoded one at a time, and turned into exactly what the measured pipeline feeds a model."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.runtime import embed_conversion
from edgeperf_gui.zoo.calibration import PictureFrames, VideoFrames, calibration_frames, evenly, fit_frame, model_input

RNG = np.random.default_rng(0)


def picture(width: int, height: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten pictures, the number of each in its first pixel, some in a subfolder."""
    (tmp_path / "more").mkdir()
    for number in range(10):
        place = tmp_path / "more" / f"p{number}.png" if number % 2 else tmp_path / f"p{number}.png"
        cv2.imwrite(str(place), np.full((8, 8, 3), number, np.uint8))
    return tmp_path


CARDS = {
    "plain": InputCard(64, 48),
    "rgb": InputCard(64, 48, channels="RGB", mean=(123.0, 116.0, 103.0), scale=(58.0, 57.0, 56.0)),
    "nhwc": InputCard(64, 64, layout="NHWC", scale=(255.0, 255.0, 255.0)),
    "stretched": InputCard(40, 64, keep_aspect=False, mean=(1.0, 2.0, 3.0)),
}


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("size", [(640, 272), (30, 90)])
def test_the_input_is_that_of_the_measured_pipeline(name: str, size: tuple[int, int]) -> None:
    card, pixels = CARDS[name], picture(*size)
    tensor = np.zeros((1, card.height, card.width, 3), np.uint8)
    Preprocessor(card, tensor).fill(pixels)
    np.testing.assert_array_equal(fit_frame(pixels, card), tensor[0])
    shape = [1, 3, card.height, card.width] if card.layout == "NCHW" else [1, card.height, card.width, 3]
    node = ops.parameter(shape, np.float32)
    # an identity as the model: what comes out is what a model would have been fed
    model = embed_conversion(ov.Model([ops.multiply(node, np.float32(1))], [node]), card)
    fed = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([tensor])[0]
    np.testing.assert_allclose(model_input(pixels, card), fed, atol=1e-4, rtol=1e-6)


def test_half_precision_inputs() -> None:
    assert model_input(picture(10, 10), CARDS["plain"], np.float16).dtype == np.float16


def test_a_folder_with_its_subfolders_in_natural_order(folder: Path) -> None:
    frames = calibration_frames(folder, 100)
    assert isinstance(frames, PictureFrames)
    assert [int(pixels[0, 0, 0]) for pixels in frames] == [1, 3, 5, 7, 9, 0, 2, 4, 6, 8]
    assert len([*frames]) == len(frames) == 10  # a second time too


def test_samples_are_spread_evenly() -> None:
    paths = [Path(str(number)) for number in range(100)]
    assert [path.name for path in evenly(paths, 4)] == ["12", "37", "62", "87"]
    assert evenly(paths, 1000) == paths
    assert evenly([], 5) == []


def test_unreadable_pictures_are_skipped(folder: Path) -> None:
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "b.png").write_bytes(b"")
    (folder / "c.png").mkdir()
    # 30000 × 30000 pixels by its header
    (folder / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x02\x00\x00\x00")
    assert len([*calibration_frames(folder, 100)]) == 10


def test_a_single_picture(folder: Path) -> None:
    assert len([*calibration_frames(folder / "p0.png", 300)]) == 1


@pytest.mark.parametrize("samples", [1, 7, 300])
def test_a_video(street_clip: Path, samples: int) -> None:
    frames = calibration_frames(street_clip, samples)
    assert isinstance(frames, VideoFrames)
    found = [*frames]
    assert len(found) == len(frames) == min(samples, 250)
    assert found[0].shape == (272, 640, 3)


def test_a_video_frame_is_the_one_of_that_number(street_clip: Path) -> None:
    capture = cv2.VideoCapture(str(street_clip))
    every = [capture.read()[1] for _ in range(250)]
    capture.release()
    for numbers in ([3, 4, 100, 249], [10, 200]):  # near ones are decoded up to, far ones are sought
        found = [*VideoFrames("", street_clip, numbers)]
        for number, pixels in zip(numbers, found, strict=True):
            np.testing.assert_array_equal(pixels, every[number])


def test_a_truncated_video_gives_what_it_has(street_clip: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.avi"
    writer = cv2.VideoWriter(str(cut), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for _ in range(40):
        writer.write(picture(64, 48))
    writer.release()
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert 1 <= len([*calibration_frames(cut, 40)]) <= 40


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "neither a folder nor a video"),
        ("empty", "no picture"),
        ("broken", "no picture"),
        ("text.mp4", "cannot be opened as a video"),
        ("broken.png", "no picture"),
        ("pipe", "neither"),
        ("a\0b", "neither"),
        ("x" * 5000, "cannot be read"),
        ("\udcff", "cannot be read"),
    ],
)
def test_nothing_to_calibrate_with_is_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"no picture")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "text.mp4").write_text("no video")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=words) as caught:
        calibration_frames(tmp_path / name, 10)
    assert caught.value.remedy
