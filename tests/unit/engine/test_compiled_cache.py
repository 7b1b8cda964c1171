"""The cache of compiled models stays below its size, and a place that cannot be used is no error."""

from __future__ import annotations

import os
from pathlib import Path

from edgeperf_gui.engine.compiled_cache import make_room


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    assert make_room(tmp_path, max_bytes=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle", "new"]


def test_a_place_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not make_room(tmp_path / "file" / "cache")


def test_the_folder_is_made(tmp_path: Path) -> None:
    assert make_room(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
