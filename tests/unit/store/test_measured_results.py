"""The file of measured results: kept whole, bounded, and harmless when it is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.store.measured_results import (
    MAX_BYTES,
    MOST_RESULTS,
    MeasuredResult,
    MeasuredVariant,
    load_measured,
    save_measured,
    with_result,
)


def result(model: str = "m", kind: str = "accuracy", *names: str, value: float = 0.3) -> MeasuredResult:
    variants = {name: MeasuredVariant(figure="ap", value=value, images=4) for name in names or ("FP32",)}
    return MeasuredResult(model, kind, "2026-01-01T00:00:00+00:00", "here", "CPU", "set", variants)


def test_what_was_saved_is_loaded() -> None:
    assert load_measured() == ((), "")
    kept = (result("größe"), result("m", "comparison"))
    save_measured(kept)
    assert load_measured() == (kept, "")
    assert json.loads(places.measured_results().read_text())["schema"] == "edgeperf.measured/1"
    assert [entry.name for entry in places.measured_results().parent.iterdir()] == ["measured.json"]


def test_newer_variants_take_the_place_of_older_ones() -> None:
    old, other = result("m", "accuracy", "FP32", "INT8"), result("other")
    new = result("m", "accuracy", "INT8", value=0.4)
    found = with_result((old, other, result("m", "comparison")), new)
    assert [(one.model, one.kind, set(one.variants)) for one in found] == [
        ("m", "accuracy", {"INT8"}),
        ("m", "accuracy", {"FP32"}),
        ("other", "accuracy", {"FP32"}),
        ("m", "comparison", {"FP32"}),
    ]
    assert len(with_result(found, old)) == 3


def test_it_stays_small() -> None:
    known: tuple[MeasuredResult, ...] = ()
    for number in range(MOST_RESULTS + 20):
        known = with_result(known, result(f"m{number}"))
    assert len(known) == MOST_RESULTS and known[0].model == f"m{MOST_RESULTS + 19}"
    save_measured(known)
    assert places.measured_results().stat().st_size < MAX_BYTES


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"results": [], "schema": "edgeperf.measured/9"}', b'{"results": [{"model": 3}]}',
     b"[" * 200_000, b" " * (MAX_BYTES + 1)],
)  # fmt: skip
def test_a_damaged_file_is_a_sentence_and_is_set_aside(content: bytes) -> None:
    path = places.measured_results()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    found, trouble = load_measured()
    assert found == () and "cannot be understood" in trouble
    assert path.with_name("measured.json.bad").read_bytes() == content and not path.exists()
    save_measured([result()])
    assert len(load_measured()[0]) == 1


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    place = tmp_path / "measured.json"
    place.mkdir()
    found, trouble = load_measured(place)
    assert found == () and "cannot be read" in trouble
    with pytest.raises(StoreError, match="could not be kept"):
        save_measured([result()], place)
    assert list(tmp_path.iterdir()) == [place]
