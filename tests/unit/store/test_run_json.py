"""Stored runs of every form: what `bench` writes, run files, other versions, and garbage."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import msgspec
import numpy as np
import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.console import ConsoleOutbox
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.runner import run
from edgeperf_gui.store.run_file import RunWriter, read_run
from edgeperf_gui.store.run_json import open_result, read_result


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, street_clip: Path) -> tuple[bytes, bytes]:
    """One real paced run, as the JSON of `bench` and as the run file that the window's sessions leave."""
    record = tmp_path_factory.mktemp("run") / "run.edgeperf"
    spec = SessionSpec("run", str(street_clip), "nanodet-g", seconds=1.5, record_path=str(record))
    result = run(spec, ConsoleOutbox(io.StringIO()), threading.Event())
    return msgspec.json.encode(result), record.read_bytes()


def test_bench_writes_the_ages_and_the_intervals_in_bounded_size(written, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(written[0])
    found = read_result(path)
    assert found.ages is not None and found.ages.n == found.age.n
    assert found.ages.values_ms[-1] == pytest.approx(found.age.max_ms)
    assert found.intervals is not None and found.intervals.n >= found.age.n - 1
    periods = np.array(found.intervals.values_ms) / 40  # 25 fps; more than one where a frame was dropped
    assert np.round(periods).min() >= 1
    assert periods == pytest.approx(np.round(periods), abs=0.01)


def test_a_run_file_is_summed_up_as_bench_does(written, tmp_path: Path) -> None:
    path = tmp_path / "run.edgeperf"
    path.write_bytes(written[1])
    bench = msgspec.json.decode(written[0], type=RunResult)
    whole, rate = read_run(path), bench.throughput
    assert whole.end is not None
    assert read_result(path).ages is not None
    # bench does not count what was completed after its end, which a file is not told
    counted = whole.records[: rate.warmup_discarded + bench.stages["inference"].n]
    assert whole.records.size / 2 < counted.size <= whole.records.size
    path.unlink()
    writer = RunWriter(path)
    writer.header(whole.header)
    writer.records(counted)
    writer.close()
    found = read_result(path)
    assert (found.spec, found.stages, found.age, found.ages) == (bench.spec, bench.stages, bench.age, bench.ages)
    assert found.throughput.warmup_discarded == rate.warmup_discarded
    # a silence at the end that is longer than any before counts for bench
    assert found.throughput.fps * found.throughput.wall_s == pytest.approx(rate.fps * rate.wall_s)
    path.write_bytes(written[1][: len(written[1]) // 2])  # cut off: what is whole is read, or it is said why not
    try:
        assert read_result(path).throughput.completed > 0
    except BadInput as error:
        assert error.sentence and error.remedy


def test_what_a_run_file_lacks_is_said_where_it_is_opened(written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.edgeperf"
    path.write_bytes(written[1])
    assert open_result(path).lacks == ""
    path.write_bytes(written[1][:-200])
    opened = open_result(path)
    assert opened.result.throughput.completed > 0
    assert opened.lacks.startswith("run.edgeperf: The file ")
    main(["scenario", "evaluate", "city-crossing", "--run", str(path)])
    assert opened.lacks in capsys.readouterr().err
    assert main(["energy", "costs", "--run", str(path)]) == 2, "no meter was read"
    assert opened.lacks in capsys.readouterr().err


def test_a_run_of_an_older_version_is_readable(written, tmp_path: Path) -> None:
    old = json.loads(written[0])
    for field in ("ages", "intervals", "queries", "energy"):
        old.pop(field, None)
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old))
    assert read_result(path).ages is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ages", {"n": 3, "at": [0, 2], "values_ms": [5.0]}),
        ("ages", {"n": 3, "at": [0, 1], "values_ms": [1.0, 2.0]}),
        ("ages", {"n": 3, "at": [0, 2], "values_ms": [5.0, 1.0]}),
        ("ages", {"n": 0, "at": [], "values_ms": []}),
        ("intervals", {"n": 3, "at": [2, 0, 2], "values_ms": [1.0, 1.0, 1.0]}),
        ("intervals", {"n": -2, "at": "x", "values_ms": 4}),
    ],
)
def test_distributions_that_cannot_be_are_refused(field: str, value: object, written, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**json.loads(written[0]), field: value}))
    with pytest.raises(BadInput, match="is not a run"):
        read_result(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b"\xff\x00garbage"),
        ("run.json", b'{"schema": "edgeperf.run/9"}'),
        ("run.json", b"[]"),
        ("run.edgeperf", b"garbage"),
        ("run.edgeperf", b"edgeperf-run x\n"),
        ("run.edgeperf", b"edgeperf-run 1\nH\xff\xff\xff\xff"),
    ],
)
def test_garbage_is_a_sentence_with_a_remedy(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_result(path)
    assert name in caught.value.sentence and caught.value.remedy


@pytest.mark.parametrize(
    ("name", "content", "schema"),
    [("run.json", b'{"schema": "edgeperf.run/9"}', " (edgeperf.run/9)"), ("run.edgeperf", b"edgeperf-run 2\nH\x00\x00", "")],
)
def test_a_run_of_another_version_is_told_as_such(name: str, content: bytes, schema: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_result(path)
    where = name if name.endswith(".edgeperf") else str(path)
    assert caught.value.sentence == f"{where} was written by another version of edgeperf-gui{schema}."
    assert caught.value.remedy == "Update edgeperf-gui, or record it again."


def test_two_runs_are_held_against_a_scenario_together(written, tmp_path: Path, capsys) -> None:
    paced, flat = tmp_path / "paced.json", tmp_path / "flat.json"
    paced.write_bytes(written[0])
    other = json.loads(written[0])
    other["throughput"] |= {"fps": 300.0, "saturated": True, "dropped": 0}
    other |= {"age": None, "ages": None, "intervals": {"n": 100, "at": [0, 99], "values_ms": [3.3, 3.4]}}
    flat.write_text(json.dumps(other))
    (tmp_path / "lanes.toml").write_text(
        'title = "Lanes"\nwhy = "Many lanes. Soon."\ncameras = 2\nrate_fps = 10\ndwell_s = 1\nlooks = 2\ndeadline_ms = 5000\n'
        'percentile = "p50"\n'
    )
    words = ["scenario", "evaluate", str(tmp_path / "lanes.toml")]
    assert main([*words, "--run", str(paced)]) == 2 and main([*words, "--run", str(flat)]) == 2
    assert main([*words, "--run", str(paced), "--run", str(flat)]) == 0
    assert "Lanes: PASS" in capsys.readouterr().out
