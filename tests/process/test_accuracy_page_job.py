"""The accuracy page with the real job: frames of the bundled clip, labelled by FP32 itself, and real labelled images."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from real_page import opened

from edgeperf_gui.domain import places
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.ui.accuracy_page import AccuracyPage
from edgeperf_gui.zoo.catalogue import load_card, read_labels

PATIENCE_MS = 120_000
FRAMES = 10


@pytest.fixture
def labelled(tmp_path: Path, street_clip: Path) -> Path:
    """YOLO labels: what FP32 finds with a score of 0.4 and more."""
    card = load_card(places.shipped("models/nanodet-g"))
    spec = SessionSpec(session_id="s", source="", model=card.name, precision="FP32")
    answers = Answers(runtime.load(card, spec, lambda text: None).compiled, card, score_threshold=0.4)
    folder = tmp_path / "street größe"
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    capture = cv2.VideoCapture(str(street_clip))
    for number in range(FRAMES * 5):
        frame = capture.read()[1]
        if number % 5:
            continue
        height, width = frame.shape[:2]
        cv2.imwrite(str(folder / "images" / f"{number:03}.png"), frame)
        lines = []
        for box in answers(frame).boxes:
            x1, y1, x2, y2 = (float(box[name]) for name in ("x1", "y1", "x2", "y2"))
            place = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
            lines.append(" ".join([str(int(box["label"])), *(f"{value:.9f}" for value in place)]))
        (folder / "labels" / f"{number:03}.txt").write_text("\n".join(lines))
    capture.release()
    (folder / "names.yaml").write_text("names: [" + ", ".join(f'"{name}"' for name in read_labels(card)) + "]\n")
    return folder


@pytest.fixture
def page(qapp, qtbot):
    with opened(qapp, qtbot, lambda controller: AccuracyPage(AccuracyMeasurement(controller))) as made:
        yield made


def measure(page: AccuracyPage, qtbot, folder: Path) -> None:
    page.form.data.setText(str(folder))
    page.run_button.click()
    assert page._measurement.is_running
    qtbot.waitUntil(lambda: not page._measurement.is_running, timeout=PATIENCE_MS)


def test_fp32_finds_its_own_labels_and_the_others_nearly(page, qtbot, labelled, tmp_path) -> None:
    seen: list[tuple[int, int | None]] = []
    known = page._measurement
    known.changed.connect(lambda: known.progress and seen.append((known.progress.done, known.progress.total)))
    measure(page, qtbot, labelled)
    assert known.failure is None and known.result.complete
    by_name = {one.precision: one for one in known.result.each()}
    assert list(by_name) == ["FP32", "FP16", "INT8"]
    fp32 = by_name["FP32"].accuracy
    assert fp32.images == FRAMES and fp32.boxes > 0
    assert fp32.recall.value == 1.0 and fp32.ap50 == pytest.approx(1.0, abs=0.02)
    for name in ("FP16", "INT8"):
        assert by_name[name].against_fp32.difference.low is not None
        assert f"{name} " in page.results.sentences.text()
    assert page.results.curve.isVisible() and page.results.accuracy.model().rowCount() == 3
    assert (FRAMES, FRAMES) in seen
    ledger = MeasuredLedger(lambda *_: None)
    ledger.keep_accuracy(known.result)
    assert len(ledger.of(page.form.card())[0].variants) == 3
    page.form.data.setText(str(tmp_path / "not there"))
    page.run_button.click()
    qtbot.waitUntil(lambda: not known.is_running, timeout=PATIENCE_MS)
    assert "There is no folder" in page.text() and "YOLO" in page.text()


def test_real_labels_and_cancel(page, qtbot, shared_data) -> None:
    if not (shared_data / "coco128").is_dir():
        pytest.skip("the labelled images are not part of the project")
    known = page._measurement
    page.form.limit.setValue(12)
    measure(page, qtbot, shared_data / "coco128")
    assert known.failure is None and known.result.accuracy.images == 12
    page.form.limit.setValue(0)
    page.run_button.click()
    qtbot.waitUntil(lambda: known.progress is not None and known.progress.done > 3, timeout=PATIENCE_MS)
    page.cancel_button.click()
    qtbot.waitUntil(lambda: not known.is_running, timeout=PATIENCE_MS)
    assert known.is_cancelled and not known.result.complete and "fair sample" in page.text()
