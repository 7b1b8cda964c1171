"""Tables that somebody else may have written: a sentence with file, line and remedy for each mistake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.energy_tables import energy_table, energy_tables
from edgeperf_gui.store.processors import power_range

TABLE = places.shipped("resources/energy/45nm.toml").read_text("utf-8")


def own(name: str, text: str | bytes) -> Path:
    path = places.energy_tables() / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_45_nm_table_ships_and_others_can_be_added() -> None:
    assert list(energy_tables()) == ["45nm"]
    assert energy_table().dram_pj_per_64_bit == 1280
    own("7nm", TABLE.replace("f32 = 3.7", "f32 = 1.31"))
    assert energy_table("7nm").multiply_pj["f32"] == 1.31


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TABLE.replace("f32 = 3.7", "f32 = -1"), r"x.toml, line 8: each value of multiply_pj must be at least 0\."),
        (TABLE.replace("title =", "titel ="), r"line 4: “titel” is no key of an energy table. Did you mean title"),
        (
            TABLE.replace("dram_pj_per_64_bit = 1280.0", 'dram_pj_per_64_bit = "much"'),
            r"line 6: dram_pj_per_64_bit must be a number, without",
        ),
        (
            TABLE.replace("8192 = 10.0", "small = 10.0"),
            r"x.toml, line \d+: each key of sram_pj_per_64_bit must be a whole number",
        ),
        (TABLE.split("[multiply_pj]")[0], r"x.toml: multiply_pj is missing. Add a table: \[multiply_pj\]"),
        (TABLE.replace("i8 = 0.2\n", ""), r"i8 is in only one"),
        (TABLE.replace("8192 = 10.0\n32768 = 20.0\n1048576 = 100.0\n", ""), r"names no memory"),
        ("title = ", r"x.toml: Invalid value"),
        (b"\xff\xfe", r"UTF-8"),
        ("x = " + "[" * 5000, r"x.toml"),
        ("#" * 200_000, r"too large"),
    ],
)
def test_mistakes_in_a_table(text: str | bytes, words: str) -> None:
    own("x", text)
    with pytest.raises(BadInput, match=words) as caught:
        energy_table("x")
    assert caught.value.remedy


def test_a_table_that_is_no_file_or_not_there() -> None:
    path = places.energy_tables() / "pipe.toml"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    with pytest.raises(BadInput, match="is not a file"):
        energy_table("pipe")
    with pytest.raises(BadInput, match=r"no energy table called “46nm”. Did you mean 45nm"):
        energy_table("46nm")


def test_a_processor_is_known_by_a_whole_word_of_its_name() -> None:
    assert power_range("13th Gen Intel(R) Core(TM) i7-13700K") == (125, 253)
    assert power_range("AMD Ryzen 5 5600X 6-Core Processor") == (65, 76)
    assert power_range("Intel(R) N1000") is None
    assert power_range("Intel(R) Core(TM) i7-13700KF") is None
    assert power_range("") is None


def test_the_users_table_wins() -> None:
    path = places.processors_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[processors]\nN100 = [4, 9.5]\n"Cortex-A76" = [3, 7]\n')
    assert power_range("Intel(R) N100") == (4, 9.5)
    assert power_range("Cortex-A76") == (3, 7)
    assert str(power_range("Cortex-A76")) == "3 … 7 W"
    for value, words in (
        ("[9, 4]", "range from 9 to 4 W"),
        ("[9]", "line 2: each value of processors must have 2 values, not 1"),
        ("9", "line 2: each value of processors must be a list in brackets"),
    ):
        path.write_text(f"[processors]\nN100 = {value}\n")
        with pytest.raises(BadInput, match=words):
            power_range("Intel(R) N100")
