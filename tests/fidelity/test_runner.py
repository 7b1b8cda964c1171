"""`run(spec, outbox, stop)` with a list as outbox, on the shipped model and clip."""

from __future__ import annotations

import itertools
import shutil
import threading
from pathlib import Path

import pytest
from list_outbox import ListOutbox

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, DeviceError, EdgeperfError, ModelError, SourceError
from edgeperf_gui.domain.messages import Notice, Opened, RecordBatch, Telemetry
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.engine.runner import run
from edgeperf_gui.store.run_file import read_run

CLIP = str(places.shipped("resources/clips/street.mp4"))


def spec(**fields) -> SessionSpec:
    return SessionSpec(**({"session_id": "trial", "source": CLIP, "model": "nanodet-g", "seconds": 1.5} | fields))


def states(outbox: ListOutbox) -> list[RunState]:
    found: list[RunState] = []
    for status in outbox.of(SessionStatus):
        if not found or found[-1] != status.state:
            found.append(status.state)
    return found


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory):
    outbox = ListOutbox(view=(320, 320))
    path = tmp_path_factory.mktemp("runs") / "trial.edgeperf"
    result = run(spec(seconds=2.5, record_path=str(path)), outbox, threading.Event())
    return outbox, result, path


def test_the_states_come_in_order_and_the_end_has_its_reason(paced) -> None:
    outbox, _, _ = paced
    assert states(outbox) == [RunState.STARTING, RunState.WARMING, RunState.RUNNING, RunState.STOPPING, RunState.FINISHED]
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_the_truth_is_told_before_the_first_frame(paced) -> None:
    outbox, result, _ = paced
    kinds = [type(message) for message in outbox.messages]
    assert kinds.index(Opened) < kinds.index(RecordBatch)
    opened = outbox.of(Opened)[0]
    assert opened.effective == result.effective
    assert opened.effective.stored_precision == "FP16"
    assert sum(opened.effective.executed_precision.values()) == 34
    assert opened.effective.execution_devices == ("CPU",)
    assert (opened.source.width, opened.source.height, opened.source.fps) == (640, 272, 25)
    assert len(opened.labels) == 80
    assert opened.model.size_bytes > 7_500_000


def test_every_completed_frame_is_shipped_once_and_in_order(paced) -> None:
    outbox, result, _ = paced
    records = outbox.records()
    assert records["frame"].tolist() == list(range(result.throughput.completed))
    stamps = [records[name] for name in FRAME.names if name.endswith("_ns") and name not in ("shown_ns", "openvino_latency_ns")]
    for earlier, later in itertools.pairwise(stamps):
        assert (later >= earlier).all()


def test_previews_fit_the_view_and_carry_their_objects_in_source_pixels(paced) -> None:
    outbox, _, _ = paced
    assert outbox.pictures
    for picture in outbox.pictures:
        assert picture.source_size == (640, 272)
        assert picture.pixels.shape == (136, 320, 4)
        found = picture.findings.boxes
        assert (found["x2"] <= 640).all() and (found["y2"] <= 272).all()
    assert any(len(picture.findings.boxes) for picture in outbox.pictures), "there are people and cars in the clip"
    assert max(picture.pixels.mean() for picture in outbox.pictures) > 30


def test_painted_stamps_close_the_age(paced) -> None:
    _, result, _ = paced
    assert result.stages["present"].median_ms == pytest.approx(3.0, abs=0.01)
    assert result.age is not None and result.age.median_ms > result.stages["inference"].median_ms


def test_the_run_file_holds_the_run(paced) -> None:
    outbox, result, path = paced
    kept = read_run(path)
    assert kept.end is not None and kept.end.reason is FinishReason.COMPLETED
    assert kept.header.opened == outbox.of(Opened)[0]
    assert kept.records["frame"].tolist() == list(range(result.throughput.completed))
    assert (kept.records["shown_ns"] > 0).any()


def test_the_result_is_one_json_with_nulls_for_the_unknown(paced) -> None:
    import msgspec

    _, result, _ = paced
    told = msgspec.json.decode(msgspec.json.encode(result))
    assert told["schema"] == "edgeperf.run/1"
    assert told["stages"]["inference"]["p99_ms"] is None  # far fewer than 299 frames
    assert told["throughput"]["saturated"] is False
    assert told["openvino_command"].startswith("benchmark_app -m ")


def test_fp32_really_runs_f32() -> None:
    result = run(spec(precision="FP32", paced=False), ListOutbox(), threading.Event())
    assert result.effective.executed_precision == {"f32": 34}
    assert result.effective.inference_precision == "f32"
    assert result.throughput.saturated and result.age is None


def test_inference_only_has_one_stage_and_no_source() -> None:
    outbox = ListOutbox()
    result = run(spec(inference_only=True, hint="throughput", source="nowhere.mp4"), outbox, threading.Event())
    assert set(result.stages) == {"inference"}
    assert result.source is None and result.throughput.source_fps is None
    assert result.throughput.saturated
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_more_requests_than_streams_wait_in_the_queue_and_not_in_inference() -> None:
    result = run(spec(inference_only=True, hint="none", streams=1, requests=4), ListOutbox(), threading.Event())
    assert result.openvino_latency is not None
    assert result.effective.requests == 4
    # what the runtime calls latency holds the three requests ahead of each one
    assert result.stages["inference"].median_ms < 0.5 * result.openvino_latency.median_ms


def test_stopped_by_the_user() -> None:
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, RecordBatch) and stop.set())
    result = run(spec(seconds=None), outbox, stop)
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED
    assert result.throughput.completed > 0


def test_a_source_that_ends_without_looping() -> None:
    outbox = ListOutbox()
    result = run(spec(seconds=60, loop=False, paced=False), outbox, threading.Event())
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.SOURCE_ENDED
    assert result.throughput.completed == 250


def test_a_full_disk_is_told_once_and_the_run_goes_on() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    outbox = ListOutbox()
    result = run(spec(record_path="/dev/full"), outbox, threading.Event())
    assert result.throughput.completed > 0
    told = list(outbox.of(Notice)) + [s for s in outbox.of(SessionStatus) if "/dev/full" in s.activity]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [
        ({"model": "nanodet-gg"}, ModelError, "nanodet-g"),
        ({"device": "NPU"}, DeviceError, "NPU is not on this machine"),
        ({"device": "MULTI"}, DeviceError, "MULTI"),
        ({"source": "missing.mp4"}, SourceError, "missing.mp4"),
        ({"source": "scene:nowhere"}, SourceError, "nowhere"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_a_remedy(fields, error: type[BadInput], words: str) -> None:
    outbox = ListOutbox()
    with pytest.raises(error) as caught:
        run(spec(**fields), outbox, threading.Event())
    assert isinstance(caught.value, EdgeperfError)
    assert words in str(caught.value) and caught.value.remedy
    last = outbox.of(SessionStatus)[-1]
    assert (last.state, last.reason, last.sentence) == (RunState.FINISHED, FinishReason.FAILED, caught.value.sentence)


def test_a_variant_that_the_model_lacks(home: Path, root: Path) -> None:
    folder = home / "data" / "models" / "plain"
    shutil.copytree(root / "models" / "nanodet-g", folder)
    card = (folder / "card.toml").read_text("utf-8")
    (folder / "card.toml").write_text(card.replace('"nanodet-g"', '"plain"').split("[variants.INT8]")[0], "utf-8")
    with pytest.raises(ModelError, match="has no INT8 variant"):
        run(spec(model="plain", precision="INT8"), ListOutbox(), threading.Event())


def test_telemetry_comes_every_two_seconds(paced) -> None:
    outbox, _, _ = paced
    windows = outbox.of(Telemetry)
    assert len(windows) == 1
    assert windows[0].own_cpu_percent > 0
    assert windows[0].foreign_cpu_percent is not None and not windows[0].steady.is_steady
