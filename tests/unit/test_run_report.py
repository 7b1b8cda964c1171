"""A run as text."""

from __future__ import annotations

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Queries, RunResult, StageStats, Steady, Throughput
from edgeperf_gui.domain.session import FinishReason, SessionSpec, SourceInfo
from edgeperf_gui.domain.truth import Found, SceneTruth, TrueLooks
from edgeperf_gui.run_report import report, table

STATS = StageStats(100, 2.0, 1.5, 3.0, 4.0, None, 1.0, 9.25)


def result(**changes: object) -> RunResult:
    fields = {
        "spec": SessionSpec("1", "clip.mp4", "nanodet-g", paced=False),
        "machine": Machine("host", "Linux", "3.11.7", "2026.4.1", "5.0.0", "Some CPU", 8, 2.5, None),
        "effective": Effective("FP16", {"bf16": 210, "f32": 12}, ("CPU",), None, 2, 4, "latency", "bf16"),
        "model": ModelTimes(12.0, 300.0, None, 7_570_000, "off"),
        "source": SourceInfo("clip.mp4", 640, 272, 25.0, False),
        "stages": {"inference": STATS, "decode": STATS},
        "age": None,
        "throughput": Throughput(None, 25.0, 100, 3, 10, 4.0, True),
        "steady": Steady(False, "too short to tell"),
        "foreign_cpu_percent": None,
        "own_cpu_percent": 41.5,
        "openvino_command": "benchmark_app -m x.xml",
    }
    return RunResult(**{**fields, **changes})  # type: ignore[arg-type]


def test_the_report_says_what_ran_and_what_is_unknown() -> None:
    text = report(result())
    assert text.splitlines()[0] == "nanodet-g FP16 on CPU · clip.mp4, 640×272 · flat out"
    assert "bf16 (210 layers), f32 (12 layers)" in text
    assert "– / 2 / 4" in text  # streams unknown
    assert "2.5 cores allowed" in text
    assert "12.0 ms / 300.0 ms / –" in text
    assert "– / 41.5 %" in text
    assert "no, too short to tell" in text
    assert "capacity (saturated)  –" in text
    assert "100 / 3 frames in 4.00 s" in text
    assert "benchmark_app -m x.xml" in text
    assert " 0.0" not in text.replace("300.0", "")


def test_stages_stand_in_their_order_and_in_columns() -> None:
    rows = [line for line in report(result(age=STATS)).splitlines() if line.startswith(("Stage", "decode", "inference", "age"))]
    assert [row.split()[0] for row in rows] == ["Stage", "decode", "inference", "age"]
    assert len({len(row) for row in rows}) == 1
    assert rows[1].split()[1:] == ["1.50", "3.00", "4.00", "–", "1.00", "9.25", "2.00", "100"]


def test_a_run_without_stages_or_source_has_a_report() -> None:
    text = report(result(stages={}, source=None, openvino_command=""))
    assert "Stage" not in text
    assert "own tool" not in text


def test_an_empty_table_is_nothing() -> None:
    assert table([]) == ""


def test_what_was_asked_stands_beside_what_came_of_it() -> None:
    asked = SessionSpec("1", "clip.mp4", "nanodet-g", streams=64, requests=4, threads=8)
    effective = Effective("FP16", {}, ("CPU",), 2, 4, 2, "latency", "bf16")
    assert "2 (asked 64) / 4 / 2 (asked 8)" in report(result(spec=asked, effective=effective))
    assert "asked" not in report(result())


def test_the_sources_remark_is_told() -> None:
    noted = SourceInfo("clip.mp4", 640, 272, 25.0, False, note="Its rate had to be assumed.")
    assert "Its rate had to be assumed." in report(result(source=noted))


def test_a_rate_of_few_frames_is_marked() -> None:
    rate = Throughput(50.0, None, 90, 0, 0, 0.3, True)
    few = StageStats(29, 2.0, 1.5, 3.0, 4.0, None, 1.0, 9.25)
    assert "50.00 FPS (n too small: 29 frames)" in report(result(throughput=rate, stages={"inference": few}))
    assert "too small" not in report(result(throughput=rate))


def test_a_run_of_one_answer_has_a_report_without_a_time() -> None:
    text = report(result(throughput=Throughput(None, 25.0, 1, 0, 0, None, False)))
    assert "1 / 0 frames\n" in text and "None" not in text


def test_a_run_that_was_stopped_says_so() -> None:
    spec = SessionSpec("1", "clip.mp4", "nanodet-g", seconds=30)
    assert "stopped, before its 30 s were over" in report(result(spec=spec, ended=FinishReason.STOPPED))
    assert "before its" not in report(result(spec=spec, ended=FinishReason.COMPLETED))


def test_how_frames_came_and_what_may_be_said_of_it() -> None:
    queries = Queries("multi", 8, 663, STATS, 99, 12.5, 0, 662, 0, None, "p99 ≤ 12.50 ms")
    lines = report(result(queries=queries)).splitlines()
    at = lines.index("Arrivals")
    assert lines[at + 1].split(None, 1)[1].startswith("multi: the next frames come, all at once")
    assert [line.split(None, 1)[1] for line in lines[at + 2 : at + 5]] == [
        "663 of 8 frames",
        "median 1.5 ms, p90 3.0 ms, p99 –",
        "p99 ≤ 12.50 ms",
    ]
    assert "Arrivals" not in report(result())


def test_frames_that_a_camera_gave_up_are_told() -> None:
    queries = Queries("paced", 1, 70, STATS, 99, None, None, 662, 4, None, "n too small for p99: needs 662, has 70")
    assert "70, 4 of them dropped" in report(result(queries=queries))


def test_precision_and_recall_over_time_stand_in_columns() -> None:
    def found(start_s: float, right: int, seen: int) -> Found:
        return Found(start_s, start_s + 5.0, 20, proportion(right, right), proportion(right, seen))

    looks = TrueLooks(3, 9, 10, 0.9, 0.6, 0.98, 4.0)
    stretches = (found(2.0, 8, 10), found(7.0, 0, 4), found(12.0, 10, 10))
    scene = SceneTruth(60, 15.0, whole=found(2.0, 18, 24), over_time=stretches)
    lines = {
        row[:20].strip(): row[20:].split() for row in report(result(looks=looks, scene=scene)).splitlines() if "…" in row[:6]
    }
    assert lines == {
        "… until second": ["5", "10", "15"],
        "… precision, %": ["100", "–", "100"],
        "… recall, %": ["80", "0", "100"],
    }
    short = SceneTruth(60, 15.0, whole=found(2.0, 18, 24), over_time=stretches[:1])
    assert "until second" not in report(result(looks=looks, scene=short))
