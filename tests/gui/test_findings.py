"""What a model found, drawn over the picture: boxes are looked at in test_panels; here class lists, masks and values."""

from __future__ import annotations

import numpy as np
import pytest
import replay
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.findings import FindingsPainter
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.mask import MaskPainter, label_colour

PICTURE = QRectF(0, 0, 640, 272)
GREY = QColor(100, 100, 100)


def drawn(painter: FindingsPainter, ratio: float = 1.0) -> QImage:
    image = QImage(640, 272, QImage.Format.Format_RGB32)
    image.fill(GREY)
    brush = QPainter(image)
    painter.draw(brush, (640, 272), PICTURE, ratio)
    brush.end()
    return image


def showing(findings: Findings, labels=replay.LABELS, ready_ns: int = 0) -> FindingsPainter:
    painter = FindingsPainter()
    painter.show(findings, labels, ready_ns)
    return painter


def blended(label: int, below: QColor = GREY) -> tuple[int, ...]:
    """What a pixel of this label must look like: two fifths of the colour, three of the picture."""
    over = label_colour(label)
    return tuple(
        round(0.4 * a + 0.6 * b)
        for a, b in zip(over.getRgb()[:3], below.getRgb()[:3], strict=True)  # type: ignore[index]
    )


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}


def test_nothing_found_draws_nothing() -> None:
    assert colours(drawn(showing(Findings()))) == {GREY.name().upper()}


def test_a_mask_lies_over_the_picture_in_the_labels_colours() -> None:
    mask = np.zeros((4, 8), np.uint8)
    mask[:, 4:] = 2
    mask[3, 4:] = 100
    image = drawn(showing(Findings(mask=mask), labels=("road", "b", "car")))
    for (x, y), label in {(300, 200): 0, (330, 2): 2, (630, 200): 2, (630, 205): 100, (630, 270): 100}.items():
        assert image.pixelColor(x, y).getRgb()[:3] == pytest.approx(blended(label), abs=2), (x, y)


def test_a_mask_keeps_its_hard_edge() -> None:
    mask = np.zeros((2, 2), np.uint8)
    mask[:, 1] = 1
    image = drawn(showing(Findings(mask=mask), labels=("a", "b")))
    row = [image.pixelColor(x, 260).name() for x in range(640)]
    assert len(set(row)) == 2
    assert row.index(row[-1]) == pytest.approx(320, abs=1)


@pytest.mark.parametrize("labels", [("Background", "b"), ()])
def test_the_background_stays_bare(labels) -> None:
    mask = np.zeros((2, 2), np.uint8)
    mask[1, 1] = 1
    image = drawn(showing(Findings(mask=mask), labels=labels))
    assert image.pixelColor(10, 260) == GREY
    assert image.pixelColor(630, 260).getRgb()[:3] == pytest.approx(blended(1), abs=2)


def test_the_legend_names_the_labels_that_are_there() -> None:
    painter = MaskPainter()
    mask = np.zeros((100, 100), np.uint8)
    mask[:50] = 7
    mask[:10] = 3
    mask[99, 99] = 5  # too little to be named
    painter.show(mask, ("background", *"abcdefg"))
    assert painter.present == (3, 7)
    painter.show(np.arange(100, dtype=np.uint8).repeat(100).reshape(100, 100), tuple("abc"))
    assert len(painter.present) == 8
    painter.show(None, ())
    assert painter.present == ()


def test_the_legend_shows_each_colour() -> None:
    mask = np.zeros((4, 4), np.uint8)
    mask[:, 2:] = 4
    seen = colours(drawn(showing(Findings(mask=mask), labels=replay.LABELS)).copy(0, 0, 150, 90))
    assert {label_colour(0).name().upper(), label_colour(4).name().upper()} <= seen


def test_every_label_has_a_colour_and_neighbours_differ() -> None:
    shades = [label_colour(label).name() for label in range(256)]
    assert shades[: len(theme.BOXES)] == [colour.lower() for colour in theme.BOXES]
    assert len(set(shades)) > 250


def test_classes_are_a_list_with_bars_as_long_as_their_shares() -> None:
    image = drawn(showing(Findings(classes=((2, 0.75), (0, 0.25), (4, 0.0)))))
    lengths = [
        sum(image.pixelColor(x, y).name().upper() == theme.BOXES[label] for x in range(640))
        for y, label in ((13 + 10 + 11, 2), (13 + 10 + 22 + 11, 0), (13 + 10 + 44 + 11, 4))
    ]
    assert lengths == pytest.approx([0.75 * 76, 0.25 * 76, 0], abs=1)
    assert image.pixelColor(400, 200) == GREY


def test_values_are_lines_on_a_chip_that_stays_inside_the_picture() -> None:
    lines = tuple(f"output {index}  " + "x" * 300 for index in range(40))
    image = drawn(showing(Findings(values=lines)))
    assert image.pixelColor(16, 40) != GREY
    assert image.pixelColor(635, 40) == GREY
    assert image.pixelColor(16, 268) == GREY


def test_words_change_calmly_but_a_new_kind_at_once() -> None:
    painter = showing(Findings(values=("one",)), ready_ns=1_000_000_000)
    first = drawn(painter)
    painter.show(Findings(values=("something else",)), (), 1_050_000_000)
    assert drawn(painter) == first
    painter.show(Findings(values=("something else",)), (), 1_300_000_000)
    second = drawn(painter)
    assert second != first
    painter.show(Findings(classes=((0, 1.0),)), (), 1_310_000_000)
    third = drawn(painter)
    assert third != second
    painter.show(Findings(), (), 1_320_000_000)
    assert colours(drawn(painter)) == {GREY.name().upper()}
    painter.show(Findings(values=("one",)), (), 5)  # a new session's clock may stand earlier
    assert drawn(painter) == first


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_picture_too_small_for_words_has_none(ratio: float) -> None:
    image = QImage(100, 60, QImage.Format.Format_RGB32)
    image.fill(GREY)
    brush = QPainter(image)
    showing(Findings(values=("one",))).draw(brush, (640, 272), QRectF(0, 0, 100, 60), ratio)
    brush.end()
    assert colours(image) == {GREY.name().upper()}


KINDS = {
    "boxes": Findings(np.array([(100, 100, 200, 200, 0.5, 1)], DETECTION)),
    "classes": Findings(classes=((1, 0.9), (300, 0.1))),
    "mask": Findings(mask=np.eye(64, dtype=np.uint8) * 255),
    "values": Findings(values=("output 0  [1, 3] float32  min 0  mean 1  max 2", "  highest 2 at [0, 2]")),
    "all at once": Findings(
        np.array([(100, 100, 200, 200, 0.5, 1)], DETECTION), ((1, 0.9),), np.ones((3, 5), np.uint8), ("one",)
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_window_shows_each_kind(window: MainWindow, controller: Controller, kind: str) -> None:
    controller.store.labels = replay.LABELS
    controller.previewReady.emit(replay.preview(1, findings=Findings()))
    bare = window.video.grab().toImage()
    controller.previewReady.emit(replay.preview(2, findings=KINDS[kind]))
    assert window.video.grab().toImage() != bare
    controller.previewReady.emit(replay.preview(3, findings=Findings()))
    assert window.video.grab().toImage() == bare
