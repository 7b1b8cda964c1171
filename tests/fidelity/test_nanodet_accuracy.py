"""The shipped detector against labels: COCO's average precision on 128 labelled images, by the product's own evaluation.

The images come from the set the model was trained on, so the figure is optimistic; it stands guard over decoder and evaluation.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.scoring import LOW_THRESHOLD, DetectionScore, evaluate_images
from edgeperf_gui.zoo.catalogue import load_card, read_labels
from edgeperf_gui.zoo.coco_eval import detections_as_coco, truth_as_coco
from edgeperf_gui.zoo.datasets import read_dataset

ROOT = Path(__file__).resolve().parents[2]
COCO = ROOT.parent / "shared" / "data" / "coco128"

pytestmark = pytest.mark.skipif(not COCO.is_dir(), reason="the labelled images are not part of the project")


@pytest.fixture(scope="module")
def scores() -> dict[str, DetectionScore]:
    """Every variant's answers on all images."""
    card = load_card(ROOT / "models" / "nanodet-g")
    dataset = read_dataset(COCO)
    found = {}
    for precision in card.variants:
        spec = SessionSpec(session_id=precision, source="", model=card.name, precision=precision)
        answers = Answers(runtime.load(card, spec, lambda text: None).compiled, card, score_threshold=LOW_THRESHOLD)
        found[precision] = DetectionScore(card, dataset, read_labels(card))
        evaluate_images(answers, found[precision], dataset.images)
    return found


def test_average_precision_is_that_of_the_model(scores: dict[str, DetectionScore]) -> None:
    accuracy = scores["FP32"].accuracy(0.4)
    assert (accuracy.images, accuracy.boxes) == (128, 929)
    assert accuracy.ap is not None and accuracy.ap >= 0.27
    assert accuracy.ap50 is not None and accuracy.ap50 >= 0.42


def test_other_variants_are_within_two_points(scores: dict[str, DetectionScore]) -> None:
    values = {precision: score.value() for precision, score in scores.items()}
    print(" ".join(f"{precision} AP {value:.4f}" for precision, value in values.items()))
    assert all(abs(value - values["FP32"]) <= 0.02 for value in values.values())


def test_the_figure_is_that_of_pycocotools(scores: dict[str, DetectionScore]) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    evaluating = pytest.importorskip("pycocotools.cocoeval")
    score = scores["FP32"]
    with contextlib.redirect_stdout(io.StringIO()):
        labels = coco.COCO()
        labels.dataset = {**truth_as_coco(score.truth), "info": {}}
        labels.createIndex()
        evaluation = evaluating.COCOeval(labels, labels.loadRes(detections_as_coco(score.found)), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    ours = score.accuracy(0.4)
    figures = (ours.ap, ours.ap50, ours.ap75, ours.ap_small, ours.ap_medium, ours.ap_large)
    recalls = (ours.ar1, ours.ar10, ours.ar100, ours.ar_small, ours.ar_medium, ours.ar_large)
    assert [*figures, *recalls] == pytest.approx(list(evaluation.stats), abs=1e-6)
    assert score.value() == pytest.approx(evaluation.stats[0], abs=1e-6)
