"""Where a result is saved, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from edgeperf_gui.ui.take_along import ask_path, saved

KINDS = "JSON (*.json);;CSV (*.csv);;Picture of the plot (*.png)"


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [
        ("/runs/a.csv", "JSON (*.json)", "/runs/a.csv"),
        ("/runs/a.CSV", "JSON (*.json)", "/runs/a.CSV"),
        ("/runs/a", "CSV (*.csv)", "/runs/a.csv"),
        ("/runs/yolo-v8.1", "Picture of the plot (*.png)", "/runs/yolo-v8.1.png"),
        ("", "", None),
    ],
)
def test_a_name_without_a_known_ending_gets_that_of_the_chosen_kind(qapp, monkeypatch, name, kind, wanted) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, kind))
    assert ask_path(None, "Export the sweep", "sweep.json", KINDS) == (Path(wanted) if wanted else None)


def test_what_cannot_be_saved_is_a_sentence(tmp_path) -> None:
    assert saved(tmp_path / "a.txt", lambda path: path.write_text("a")) == "Saved as a.txt."
    told = saved(tmp_path / "no folder" / "a.txt", lambda path: path.write_text("a"))
    assert told.startswith("It could not be saved to ") and told.endswith("(No such file or directory). Choose another place.")
