"""`edgeperf scene`, and what `bench` asks about scenes: whole clips with labels, and a sentence for every slip."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import cv2
import pytest

from edgeperf_gui import cli
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.engine.scene_clip import Clip, render
from edgeperf_gui.zoo.datasets_coco import read_coco

SMALL = ("--size", "320x180", "--fps", "10")


def run(*words: str) -> int:
    return cli.main(["scene", *words])


def test_list_names_worlds_and_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    text = capsys.readouterr().out
    for word in ("scene:highway", "scene:parking-lot", "density", "km/h", "usually"):
        assert word in text
    assert run("list", "--json", "-") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "edgeperf.scenes/1"
    assert set(listed["worlds"]) == {"highway", "parking-lot"}
    assert {"name", "meaning", "bounds", "worlds"} <= set(listed["parameters"][0])


def test_a_clip_with_labels_is_what_the_scene_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, labels, pictures = tmp_path / "clip.mp4", tmp_path / "labels.json", tmp_path / "pictures"
    places = ("--out", str(out), "--labels", str(labels), "--pictures", str(pictures), "--every", "4")
    assert run("render", "--scenario", "highway", "--seconds", "1.2", *SMALL, "--light", "rain", "--seed", "5", *places) == 0
    assert "12 frames of scene:highway?fps=10&size=320x180&light=rain&seed=5" in capsys.readouterr().out
    reader = cv2.VideoCapture(str(out))
    assert (reader.get(cv2.CAP_PROP_FRAME_COUNT), reader.get(cv2.CAP_PROP_FPS)) == (12, 10)
    assert reader.read()[1].shape == (180, 320, 3)
    reader.release()
    dataset = read_coco(pictures, labels)
    assert [image.path.name for image in dataset.images] == ["clip_000000.jpg", "clip_000004.jpg", "clip_000008.jpg"]
    assert sum(len(image.labels) for image in dataset.images) > 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "labels.json", "pictures"]


def test_what_is_there_is_not_written_over_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "clip.mp4"
    out.write_text("mine")
    words = ("render", "--scenario", "scene:parking-lot?seed=2", "--seconds", "0.3", *SMALL, "--out", str(out))
    assert run(*words) == cli.BAD_USAGE
    assert "--force" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert run(*words, "--force") == 0
    assert out.stat().st_size > 1000


def test_a_stopped_clip_leaves_nothing(tmp_path: Path) -> None:
    stop = threading.Event()
    clip = Clip(parse("scene:highway?size=320x180"), 50, tmp_path / "a.mp4", tmp_path / "a.json", tmp_path, every=2)
    assert not render(clip, stop, lambda done: stop.set() if done == 5 else None)
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_clip_leaves_the_former_one(tmp_path: Path) -> None:
    stop = threading.Event()
    (tmp_path / "a.mp4").write_text("former")
    stop.set()
    assert not render(Clip(parse("scene:highway?size=320x180"), 50, tmp_path / "a.mp4"), stop, lambda done: None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert (tmp_path / "a.mp4").read_text() == "former"


def test_a_disk_that_takes_no_labels_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    labels = tmp_path / "gone" / "labels.json"
    with pytest.raises(RunError, match="could not be written"):
        render(Clip(parse("scene:highway?size=320x180"), 2, tmp_path / "a.mp4", labels), threading.Event(), lambda done: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scenario", "higway"), "Did you mean scene:highway?"),
        (("--scenario", "highway", "--speed", "-3"), "speed is 5 to 250 km/h"),
        (("--scenario", "highway", "--sped", "3"), "--sped"),
        (("--scenario", "highway", "--dwell", "30"), "“dwell” is no parameter of scene:highway"),
        (("--scenario", "highway", "--seconds", "0"), "0 is no number of seconds"),
        (("--scenario", "highway", "--seconds", "nan"), "nan is no number of seconds"),
        (("--scenario", "highway", "--size", "321x180"), "even width and height"),
        (("--scenario", "highway", "--seconds", "3600", "--fps", "240"), "864000 frames"),
        (("--scenario", "highway", "--every", "0"), "every"),
        (("--scenario", "highway", "--out", "clip.avi"), "ends in .mp4"),
        (("--scenario", "highway", "--out", "missing/clip.mp4"), "There is no folder missing"),
        (("--scenario", "highway", "--labels", "clip.mp4"), "the same file"),
        ((), "--scenario"),
    ],
)
def test_slips_are_told(
    words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = words if "--out" in words else (*words, "--out", "clip.mp4")
    assert run("render", *given) == cli.BAD_USAGE
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--looks", "3"), "Who was really looked at is known of drawn scenes only"),
        (("--oracle", "10"), "An oracle knows the truth of drawn scenes only"),
        (("--oracle", "101", "--source", "scene:highway"), "101 is no percentage"),
        (("--oracle", "nan", "--source", "scene:highway"), "no percentage"),
        (("--looks", "0", "--source", "scene:highway"), "looks"),
        (("--looks", "3", "--source", "scene:highway", "--inference-only"), "--looks needs a scene at its own pace"),
        (("--oracle", "3", "--source", "scene:highway", "--arrivals", "poisson:30"), "--oracle needs a scene at its own pace"),
        (("--source", "scene:highway?sped=3"), "Did you mean speed?"),
    ],
)
def test_bench_refuses_what_no_scene_can_tell(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--seconds", "0.2", *words]) == cli.BAD_USAGE
    assert told in capsys.readouterr().err
