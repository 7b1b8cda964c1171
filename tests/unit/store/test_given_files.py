"""Files that somebody gave, read bounded; and those of ours, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.given_file import read_given
from edgeperf_gui.store.named_files import find_named, name_of, named_files
from edgeperf_gui.store.whole_file import write_whole


def test_what_is_no_file_or_too_large_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"12345")
    assert read_given(path, "a list", 5, "Cut it.") == b"12345"
    refusals = (("list.csv", 4, r"too large for a list\. Cut it\."), ("none.csv", 9, "cannot be read: No such file"))
    for name, largest, said in refusals:
        with pytest.raises(BadInput, match=said):
            read_given(tmp_path / name, "a list", largest, "Cut it.")
    with pytest.raises(BadInput, match="is not a file"):
        read_given(tmp_path, "a list", 9, "Cut it.")
    with pytest.raises(BadInput, match="cannot be read: embedded null byte"):
        read_given(Path("a\0b"), "a list", 9, "Cut it.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="is not a file"):
        read_given(tmp_path / "pipe", "a list", 9, "Cut it.")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "kept.toml"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second" and [one.name for one in path.parent.iterdir()] == ["kept.toml"]

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"third")
    assert path.read_bytes() == b"second" and [one.name for one in path.parent.iterdir()] == ["kept.toml"]


def test_a_later_folder_wins_and_a_slip_is_told_what_was_meant(tmp_path: Path) -> None:
    ours, own = tmp_path / "ours", tmp_path / "own"
    for folder, name in ((ours, "one"), (ours, "two"), (own, "two")):
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text("")
    known = named_files(ours, own, tmp_path / "none")
    assert known == {"one": ours / "one.toml", "two": own / "two.toml"}
    assert find_named(known, "two", "sheet") == own / "two.toml"
    assert find_named(known, "else/mine.toml", "sheet") == Path("else/mine.toml")
    with pytest.raises(BadInput, match=r"There is no sheet called “twoo”\. Did you mean two\?"):
        find_named(known, "twoo", "sheet")
    with pytest.raises(BadInput, match="There are one, two"):
        find_named(known, "x.toml", "sheet", is_path_too=False)
    assert name_of("City crossing, wet") == "city-crossing-wet" and name_of("…") == ""
