"""A drawn scene's truth in COCO's form, written and read back by our own reader."""

from __future__ import annotations

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from edgeperf_gui.analysis.scenes.truth import traffic_of, truth
from edgeperf_gui.domain.scene import parse
from edgeperf_gui.domain.truth import COCO_NAMES
from edgeperf_gui.zoo.coco_labels import LEAST_VISIBILITY, as_coco, picture_name
from edgeperf_gui.zoo.datasets_coco import read_coco


@pytest.mark.parametrize("address", ["scene:highway?size=640x360", "scene:parking-lot?size=640x360"])
def test_labels_come_back_as_they_went(address: str, tmp_path: Path) -> None:
    spec = parse(address)
    traffic = traffic_of(spec)
    frames = [(number, truth(traffic, number)) for number in (0, 5, 250)]
    labels = tmp_path / "labels.json"
    labels.write_bytes(as_coco(spec, "clip", frames))
    for number, _ in frames:
        cv2.imwrite(str(tmp_path / picture_name("clip", number)), np.zeros((360, 640, 3), np.uint8))
    dataset = read_coco(tmp_path, labels)
    assert dataset.kind == "boxes"
    assert dataset.names == ("car", "truck", "bus")
    assert [image.path.name for image in dataset.images] == [picture_name("clip", number) for number, _ in frames]
    for image, (_, objects) in zip(dataset.images, frames, strict=True):
        shown = [one for one in objects if one.visibility >= 0.02]
        expected = np.array([(one.x1, one.y1, one.x2, one.y2) for one in shown])
        assert np.allclose(image.corners_in(640, 360), expected, atol=0.011)
        assert [dataset.names[label] for label in image.labels] == [COCO_NAMES[one.kind] for one in shown]
        assert image.ignored is not None
        assert image.ignored.tolist() == [one.visibility < LEAST_VISIBILITY for one in shown]


def test_every_object_keeps_its_name_and_plate() -> None:
    spec = parse("scene:highway")
    objects = truth(traffic_of(spec), 30)
    content = msgspec.json.decode(as_coco(spec, "clip", [(30, objects)]))
    assert content["info"]["scene"] == "scene:highway"
    assert content["images"] == [{"id": 1, "file_name": "clip_000030.jpg", "width": 1280, "height": 720, "frame_number": 30}]
    plates = {one["attributes"]["track_id"]: one["attributes"]["plate"] for one in content["annotations"]}
    assert plates == {one.id: one.plate for one in objects if one.visibility >= 0.02}
    assert [one["id"] for one in content["annotations"]] == list(range(1, len(plates) + 1))
