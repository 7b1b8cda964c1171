from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeperf_gui.domain.energy import Banded, EnergyReading
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.domain.messages import Notice, Opened, Telemetry
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Steady
from edgeperf_gui.domain.session import FinishReason, SessionSpec
from edgeperf_gui.store import run_file
from edgeperf_gui.store.run_file import SUFFIX, RunEnd, RunHeader, RunWriter, new_run_path, prune_runs, read_run
from edgeperf_gui.store.run_format import MAGIC, PREFIX, checksum

BATCH = 5
BATCHES = 4


def header():
    machine = Machine("host", "os", "3.11", "2026.4", "5.0", "cpu", 2, 1.5, None)
    effective = Effective("FP16", {"f32": 3}, ("CPU",), None, 1, 2, "latency", "f32")
    opened = Opened("s1", machine, effective, ModelTimes(1.0, 2.0, None, 4, "off"), None, ("cat",))
    return RunHeader(SessionSpec("s1", "scene:x", "nanodet-g"), opened, "2026-01-01T00:00:00Z", 123)


def telemetry(number):
    return Telemetry("s1", number, number + 1, None, 12.5, 3, None, Steady(False, "too early"))


def reading(number):
    joules = Banded(10.0 * number, 9.5 * number, 10.5 * number)
    return EnergyReading("s1", "rapl", "measured", "package", number, joules, None, parts={"psys": 1.5})


def rows(first, count=BATCH):
    records = np.zeros(count, FRAME)
    records["frame"] = np.arange(first, first + count)
    records["complete_ns"] = records["frame"] * 1000 + 1
    return records


def write(path, **options):
    with_end = options.pop("with_end", True)
    writer = RunWriter(path, **options)
    writer.header(header())
    for number in range(BATCHES):
        writer.records(rows(number * BATCH))
        writer.shown([(number * BATCH + 1, 77 + number)])
        writer.telemetry(telemetry(number))
        writer.energy(reading(number))
    writer.notice(Notice("s1", "The stream reconnects."))
    if with_end:
        writer.end(RunEnd(FinishReason.STOPPED))
    writer.close()
    return writer


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / f"whole{SUFFIX}"
    write(path)
    return path.read_bytes()


def test_a_whole_run_comes_back(tmp_path):
    path = tmp_path / "new" / "folder" / f"run{SUFFIX}"
    write(path)
    run = read_run(path)
    assert run.header == header()
    assert run.records["frame"].tolist() == list(range(BATCH * BATCHES))
    assert run.records["shown_ns"][[1, 6, 11, 16]].tolist() == [77, 78, 79, 80]
    assert np.count_nonzero(run.records["shown_ns"]) == BATCHES
    assert run.telemetry == tuple(telemetry(number) for number in range(BATCHES))
    assert run.energy == tuple(reading(number) for number in range(BATCHES))
    assert run.notices[0].sentence == "The stream reconnects."
    assert run.end == RunEnd(FinishReason.STOPPED)
    assert run.damage == ""


def test_a_run_that_was_cut_off_is_whole_up_to_then(tmp_path):
    path = tmp_path / f"run{SUFFIX}"
    write(path, with_end=False)
    run = read_run(path)
    assert len(run.records) == BATCH * BATCHES
    assert run.end is None
    assert "no end" in run.damage


@settings(deadline=None)
@given(data=st.data())
def test_any_truncation_gives_a_prefix(whole, tmp_path_factory, data):
    cut = data.draw(st.integers(0, len(whole) - 1))
    path = tmp_path_factory.mktemp("cut") / f"run{SUFFIX}"
    path.write_bytes(whole[:cut])
    try:
        run = read_run(path)
    except StoreError:
        assert cut < 2000
        return
    assert run.records["frame"].tolist() == list(range(len(run.records)))
    assert len(run.records) % BATCH == 0
    assert len(run.telemetry) <= len(run.records) // BATCH <= len(run.telemetry) + 1
    assert run.end is None
    assert run.damage


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_damage_never_gives_anything_but_a_prefix_or_the_typed_error(whole, tmp_path_factory, data):
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(whole)))
    damaged[start:start] = data.draw(st.binary(max_size=20))
    path = tmp_path_factory.mktemp("bad") / f"run{SUFFIX}"
    path.write_bytes(bytes(damaged))
    try:
        run = read_run(path)
    except StoreError as error:
        assert error.sentence
        return
    assert run.records["frame"].tolist() == list(range(len(run.records)))


@settings(deadline=None)
@given(payloads=st.lists(st.tuples(st.sampled_from(b"HRSTJNEX"), st.binary(max_size=60)), max_size=5), header_first=st.booleans())
def test_nonsense_in_valid_blocks_is_refused_in_words(tmp_path_factory, payloads, header_first):
    path = tmp_path_factory.mktemp("odd") / f"run{SUFFIX}"
    writer = RunWriter(path)
    if header_first:
        writer.header(header())
    for kind, payload in payloads:
        writer._append(bytes([kind]), payload)
    writer.close()
    try:
        read_run(path)
    except StoreError as error:
        assert error.sentence


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"PK\x03\x04", MAGIC[:-2], MAGIC.replace(b"1", b"one")])
def test_something_else_is_not_a_run_file(tmp_path, content):
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a run file"):
        read_run(path)


def test_a_later_form_is_told_as_such(tmp_path):
    path = tmp_path / "thing"
    path.write_bytes(MAGIC.replace(b"1", b"2") + b"x")
    with pytest.raises(StoreError, match=r"thing was written by another version of edgeperf-gui\. Update edgeperf-gui"):
        read_run(path)


@pytest.mark.parametrize("name", ["missing", ".", "nul\0byte"])
def test_what_cannot_be_opened_is_told(tmp_path, name):
    with pytest.raises(StoreError, match="cannot be read"):
        read_run(tmp_path / name)


def test_fields_of_other_versions_are_matched_by_name(tmp_path):
    path = tmp_path / f"run{SUFFIX}"
    older = np.zeros(2, [("complete_ns", "<i8"), ("frame", "<i4"), ("watts", "<f4")])
    older["frame"], older["complete_ns"] = [3, 4], [30, 40]
    writer = RunWriter(path)
    writer.header(
        RunHeader(header().spec, header().opened, "", 0, tuple((name, older.dtype[name].str) for name in older.dtype.names))
    )
    writer._append(b"R", older.tobytes())
    writer.close()
    records = read_run(path).records
    assert records.dtype == FRAME
    assert records["frame"].tolist() == [3, 4]
    assert records["complete_ns"].tolist() == [30, 40]
    assert records["submit_ns"].tolist() == [0, 0]


def test_the_limit_is_told_once_and_the_end_still_written(tmp_path):
    path = tmp_path / f"run{SUFFIX}"
    writer = RunWriter(path, max_bytes=20_000)
    writer.header(header())
    told = 0
    for number in range(100):
        try:
            writer.records(rows(number * BATCH))
        except StoreError as error:
            told += 1
            assert "limit" in error.sentence
    writer.end(RunEnd(FinishReason.COMPLETED))
    run = read_run(path)
    assert told == 1
    assert 0 < len(run.records) < 100 * BATCH
    assert run.end is not None and run.damage == ""


def test_a_full_disk_is_told_once_and_what_was_written_stays_readable(tmp_path, monkeypatch):
    path = tmp_path / f"run{SUFFIX}"
    writer = RunWriter(path)
    writer.header(header())
    writer.records(rows(0))
    room = [7]
    real_write = os.write

    def write_on_full_disk(descriptor, data):
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, bytes(data)[: room.pop()])

    monkeypatch.setattr(run_file.os, "write", write_on_full_disk)
    with pytest.raises(StoreError, match="No space left"):
        writer.records(rows(BATCH))
    assert not writer.is_open
    writer.records(rows(BATCH))
    writer.end(RunEnd(FinishReason.STOPPED))
    monkeypatch.undo()
    run = read_run(path)
    assert len(run.records) == BATCH
    assert run.damage == "The file has no end: its writer was cut off."


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_device_that_is_always_full_stops_only_the_recording(tmp_path, monkeypatch):
    real_open = os.open
    monkeypatch.setattr(run_file.os, "open", lambda path, flags, mode: real_open("/dev/full", os.O_WRONLY))
    with pytest.raises(StoreError, match="free some space"):
        RunWriter(tmp_path / f"run{SUFFIX}")


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    path = tmp_path / f"run{SUFFIX}"
    path.write_text("precious")
    with pytest.raises(StoreError):
        RunWriter(path)
    assert path.read_text() == "precious"


def test_only_the_newest_runs_are_kept(tmp_path):
    for number in range(8):
        path = tmp_path / f"{number}{SUFFIX}"
        path.touch()
        os.utime(path, (number, number))
    (tmp_path / "notes.txt").touch()
    assert prune_runs(tmp_path, keep=3) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"5{SUFFIX}", f"6{SUFFIX}", f"7{SUFFIX}", "notes.txt"]
    assert prune_runs(tmp_path / "missing") == 0
    assert new_run_path(tmp_path, "0123456789").name.endswith(f"-01234567{SUFFIX}")


@pytest.mark.parametrize(("times", "words"), [(1, "1 block is of a kind"), (3, "3 blocks are of a kind")])
def test_a_block_that_only_a_later_version_knows_is_skipped_and_told_once(tmp_path, times, words):
    path = tmp_path / f"run{SUFFIX}"
    writer = RunWriter(path)
    writer.header(header())
    for number in range(times):
        writer._append(b"Q", b"something of the future")
        writer.records(rows(number * BATCH))
    writer.end(RunEnd(FinishReason.STOPPED))
    run = read_run(path)
    assert len(run.records) == times * BATCH and run.end is not None and run.damage == ""
    assert run.skipped.startswith(words) and "'Q'" in run.skipped and "update" in run.skipped


def test_a_block_of_an_unknown_kind_that_is_damaged_is_damage(tmp_path):
    path = tmp_path / f"run{SUFFIX}"
    write(path, with_end=False)
    payload = b"something of the future"
    path.write_bytes(path.read_bytes() + PREFIX.pack(b"Q", len(payload), checksum(b"Q", payload) ^ 1) + payload)
    run = read_run(path)
    assert "damaged from byte" in run.damage and run.skipped == ""
