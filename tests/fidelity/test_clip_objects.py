"""What anyone can see in the bundled clip must be found in it, by every variant; needs no data that does not ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeperf_gui.domain.session import CameraMode, SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.zoo.catalogue import find_model, read_labels

SEEN = {
    30: [("person", (159, 0, 391, 272))],
    130: [("person", (345, 0, 487, 270))],
    160: [("car", (0, 92, 158, 175)), ("car", (522, 102, 607, 162))],
    190: [("person", (108, 0, 290, 237)), ("bicycle", (290, 25, 588, 209))],
}
"""Frame → objects with corners (x1, y1, x2, y2), checked by eye against the pictures."""


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


@pytest.mark.parametrize(("precision", "iou"), [("FP32", 0.9), ("FP16", 0.9), ("INT8", 0.6)])
def test_every_variant_finds_them(street_clip: Path, precision, iou: float) -> None:
    card = find_model("nanodet-g")
    labels = read_labels(card)
    loaded = runtime.load(card, SessionSpec("clip", str(street_clip), card.name, precision=precision), lambda text: None)
    answers = Answers(loaded.compiled, card, score_threshold=0.3)
    source = open_source(str(street_clip), CameraMode(), lambda text: None)
    missed = []
    for number in range(max(SEEN) + 1):
        frame = source.read(None)
        assert frame is not None
        if number not in SEEN:
            continue
        boxes = answers(frame.pixels).boxes
        found = [(labels[box["label"]], (box["x1"], box["y1"], box["x2"], box["y2"])) for box in boxes]
        for name, corners in SEEN[number]:
            if max((overlap(corners, box) for label, box in found if label == name), default=0) < iou:
                missed.append((number, name, found))
    source.close()
    assert not missed
