"""The comparison on the shipped model and clip, with a short budget."""

from __future__ import annotations

import threading

import msgspec
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.errors import ModelError, SourceError
from edgeperf_gui.domain.jobs import Answer, CompareSpec, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.jobs.compare import run

CLIP = str(places.shipped("resources/clips/street.mp4"))


class ListOutbox:
    def __init__(self) -> None:
        self.messages: list = []

    def send(self, message) -> None:
        self.messages.append(message)

    def of(self, kind: type) -> list:
        return [message for message in self.messages if isinstance(message, kind)]


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
    stop, outbox = threading.Event(), ListOutbox()
    threading.Timer(4, stop.set).start()
    result = run(spec(seconds=600), outbox, stop)
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED
    assert result.variants["FP32"].macs is not None


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
