"""A corrected import in place of the first one, and the removing job."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from model_files import write_ir

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.jobs import Answer, ImportSpec, RemoveSpec
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.jobs import import_model, remove_model
from edgeperf_gui.zoo.catalogue import find_model, list_models


class Messages(list):
    """An outbox."""

    send = list.append


def bring(path: Path, **asked):
    return import_model.run(ImportSpec("import", str(path), **asked), Messages(), threading.Event())


def own() -> list[str]:
    """Names in the user's model folder, hidden ones included."""
    folder = places.model_folders()[0]
    return sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return write_ir(tmp_path)


def test_the_new_one_takes_name_and_place(toy: Path) -> None:
    bring(toy)
    result = bring(toy, replaces="toy", channels="BGR", scale=(2.0, 2.0, 2.0))
    card = find_model("toy")
    assert own() == ["toy"] and result.card == card
    assert (result.name, card.input.channels, card.input.scale) == ("toy", "BGR", (2.0, 2.0, 2.0))
    assert Path(result.folder) == Path(card.folder) == places.model_folders()[0] / "toy"


def test_what_ships_is_not_replaced(toy: Path) -> None:
    with pytest.raises(ModelError, match="not among your own"):
        bring(toy, replaces="nanodet-g")
    with pytest.raises(ModelError, match="no model called"):
        bring(toy, replaces="absent")
    assert own() == []


def test_a_new_one_that_cannot_be_had_leaves_the_old(toy: Path, tmp_path: Path) -> None:
    bring(toy)
    before = find_model("toy")
    with pytest.raises(ModelError):
        bring(tmp_path / "gone.xml", replaces="toy")
    assert own() == ["toy"] and find_model("toy") == before


def test_a_model_is_removed(toy: Path) -> None:
    bring(toy)
    said = Messages()
    result = remove_model.run(RemoveSpec("remove", "toy"), said, threading.Event())
    assert result.name == "toy" and own() == []
    assert [type(message) for message in said] == [Answer, SessionStatus]


def test_what_ships_stays_and_a_stopped_removal_does_nothing(toy: Path) -> None:
    said, stop = Messages(), threading.Event()
    with pytest.raises(ModelError, match="ships"):
        remove_model.run(RemoveSpec("remove", "nanodet-g"), said, stop)
    assert said[-1].reason is FinishReason.FAILED
    bring(toy)
    stop.set()
    assert remove_model.run(RemoveSpec("remove", "toy"), said, stop) is None
    assert said[-1].reason is FinishReason.STOPPED
    assert "toy" in [card.name for card in list_models()[0]]
