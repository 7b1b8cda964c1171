"""The comparison on the shipped model and clip, with a short budget."""

from __future__ import annotations

import threading

import cv2
import msgspec
import numpy as np
import pytest
from list_outbox import ListOutbox

from edgeperf_gui.domain import places
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.errors import BadInput, ModelError, SourceError
from edgeperf_gui.domain.jobs import Answer, CompareSpec, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.jobs.compare import run

CLIP = str(places.shipped("resources/clips/street.mp4"))


def spec(**fields) -> CompareSpec:
    return CompareSpec(
        **({"session_id": "trial", "source": CLIP, "model": "nanodet-g", "seconds": 6, "block_seconds": 0.15} | fields)
    )


@pytest.fixture(scope="module")
def compared() -> tuple[CompareResult, ListOutbox]:
    outbox = ListOutbox()
    return run(spec(), outbox, threading.Event()), outbox


def test_every_variant_is_measured_and_says_what_it_ran(compared) -> None:
    result, _ = compared
    assert list(result.variants) == ["FP32", "FP16", "INT8"]
    assert result.variants["FP32"].executed_precision == {"f32": 34}
    assert sum(result.variants["INT8"].executed_precision.values()) == 34
    for variant in result.variants.values():
        assert variant.macs == pytest.approx(2.0901e9, rel=1e-4) and variant.flops == 2 * variant.macs
        assert variant.inference is not None and variant.inference.n > 5
        assert variant.whole_frame.median_ms >= variant.inference.median_ms
        assert variant.compile_cold_ms > 0 and variant.compile_cached_ms is not None


def test_the_baseline_agrees_with_itself_exactly(compared) -> None:
    result, _ = compared
    agreement = result.variants["FP32"].agreement
    assert (agreement.ap, agreement.nmse, agreement.cosine, agreement.mean_iou) == (1.0, 0.0, 1.0, 1.0)
    assert agreement.boxes > 5
    assert result.variants["FP16"].agreement.ap > 0.95


def test_ratios_against_the_baseline_and_against_the_one_before(compared) -> None:
    result, _ = compared
    assert set(result.ratios) == {"FP16/FP32", "INT8/FP32", "INT8/FP16"}
    assert set(result.verdicts) == {"FP16", "INT8"}
    assert result.blocks.clean + result.blocks.dirty >= 2


def test_partial_answers_come_on_the_way_and_the_last_is_the_result(compared) -> None:
    result, outbox = compared
    answers = outbox.of(Answer)
    assert [answer.is_final for answer in answers] == [False] * (len(answers) - 1) + [True]
    assert msgspec.json.decode(answers[-1].data, type=CompareResult) == result
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_stopped_it_tells_what_is_known() -> None:
    stop = threading.Event()
    outbox = ListOutbox(
        hears=lambda message: isinstance(message, Progress) and message.activity.startswith("round ") and stop.set()
    )
    result = run(spec(seconds=600, precisions=("FP16", "INT8")), outbox, stop)
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED
    assert result.variants["FP16"].macs is not None and result.variants["INT8"].inference.n > 0


@pytest.mark.parametrize("after_s", [0.0, 0.3, 1.0])
def test_stopped_in_an_early_phase_it_ends_in_order(after_s: float) -> None:
    stop = threading.Event()
    threading.Timer(after_s, stop.set).start()
    outbox = ListOutbox()
    run(spec(seconds=600), outbox, stop)
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"model": "nanodet-gg"}, ModelError),
        ({"precisions": ("FP32",)}, ModelError),
        ({"source": "missing.mp4"}, SourceError),
    ],
)
def test_bad_input_is_told_with_a_remedy(fields, error) -> None:
    outbox = ListOutbox()
    with pytest.raises(error) as caught:
        run(spec(**fields), outbox, threading.Event())
    assert caught.value.remedy
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.FAILED


def test_progress_says_what_it_does(compared) -> None:
    _, outbox = compared
    activities = [message.activity for message in outbox.of(Progress)]
    assert any("compiling" in words for words in activities)
    assert any(words.startswith("round") for words in activities)


def test_with_the_throughput_hint_several_requests_are_under_way() -> None:
    outbox = ListOutbox()
    result = run(spec(hint="throughput", precisions=("FP32", "INT8"), seconds=4), outbox, threading.Event())
    for variant in result.variants.values():
        assert variant.requests > 1
        assert variant.fps > 0 and variant.whole_frame.median_ms > variant.inference.median_ms
    assert result.ratios["INT8/FP32"].decides == "fps"
    assert result.ratios["INT8/FP32"].time == result.ratios["INT8/FP32"].fps.inverse()


def test_one_request_decides_by_latency(compared) -> None:
    result, _ = compared
    assert all(variant.requests == 1 for variant in result.variants.values())
    assert all(ratio.decides == "latency" for ratio in result.ratios.values())


@pytest.mark.parametrize("at", ["reading frames", "counting the layers", "compiling", "first inference", "looking at the layers"])
def test_cancelled_while_preparing_it_ends_with_the_step(at: str, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, Progress) and message.activity.startswith(at) and stop.set())
    assert run(spec(seconds=600, precisions=("FP16", "INT8")), outbox, stop) is None
    assert outbox.of(Progress)[-1].activity.startswith(at), "nothing was begun after it"
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED and not outbox.of(Answer)
    assert not list(tmp_path.rglob(".writing-*")), "no half-filled cache is left"


def test_labels_are_looked_at_before_anything_is_measured(tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    outbox = ListOutbox()
    with pytest.raises(BadInput):
        run(spec(labels=str(tmp_path)), outbox, threading.Event())
    assert not any("compiling" in message.activity for message in outbox.of(Progress))


@pytest.fixture
def labelled_folder(tmp_path) -> str:
    """Two pictures with a person each, in YOLO's way."""
    for folder in ("images", "labels"):
        (tmp_path / folder).mkdir()
    for name in ("a", "b"):
        cv2.imwrite(str(tmp_path / "images" / f"{name}.png"), np.full((120, 160, 3), 90, np.uint8))
        (tmp_path / "labels" / f"{name}.txt").write_text("0 0.5 0.5 0.4 0.4\n")
    (tmp_path / "data.yaml").write_text("names: [person]\n")
    return str(tmp_path)


def test_every_variant_is_scored_on_a_labelled_folder(labelled_folder) -> None:
    result = run(spec(labels=labelled_folder, precisions=("FP16", "INT8"), seconds=1), ListOutbox(), threading.Event())
    for variant in result.variants.values():
        assert variant.accuracy is not None and variant.accuracy.images == 2
