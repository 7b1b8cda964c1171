"""The user's own scenario files: written as they are read, copied under free names, deleted; what ships stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.own_scenarios import as_toml, delete, free_name, is_own, name_for, save
from edgeperf_gui.store.scenarios import find, names, parsed, read

START = 'title = "Trial"\nwhy = "It tries. Nothing else."\n'


def test_every_shipped_scenario_survives_being_written(home: Path) -> None:
    for name in names():
        _, scenario = find(name)
        assert parsed(as_toml(scenario), name) == scenario and not is_own(name)


def test_saved_read_and_deleted(home: Path) -> None:
    path = save("trial", START + "rate_fps = 3\n")
    assert path.parent == places.scenarios() and read(path).rate_fps == 3 and is_own("trial")
    save("trial", START + "rate_fps = 4\n")
    assert find("trial")[1].rate_fps == 4 and [one.name for one in places.scenarios().iterdir()] == ["trial.toml"]
    delete("trial")
    assert "trial" not in names()


def test_names_come_from_titles_and_are_free(home: Path) -> None:
    assert name_for("City crossing, wet!") == "city-crossing-wet" and free_name("City crossing") == "city-crossing-2"
    save("city-crossing-2", START)
    assert free_name("City crossing") == "city-crossing-3"
    with pytest.raises(BadInput, match="gives no name"):
        name_for("???")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("city-crossing", START, "comes with the program"),
        ("../evil", START, "no name for a file"),
        ("trial", START + "speed = 3\n", "trial.toml, line 3: “speed” is no key"),
        ("trial", 'title = " "\nwhy = "Because. So."\n', "title is empty"),
        ("trial", START + "rate_fps = nan\n", "line 3"),
        ("trial", START + "speed_km_h = inf\nvisible_m = 3\n", "line 3"),
    ],
)
def test_what_cannot_be_kept_is_a_sentence(name: str, text: str, said: str, home: Path) -> None:
    with pytest.raises(BadInput) as caught:
        save(name, text)
    assert said in str(caught.value) and not list(places.scenarios().glob("*"))


def test_what_ships_is_not_deleted_and_a_folder_that_cannot_be_is_told(home: Path) -> None:
    with pytest.raises(BadInput, match="comes with the program"):
        delete("city-crossing")
    places.scenarios().parent.mkdir(parents=True, exist_ok=True)
    places.scenarios().write_text("in the way")
    with pytest.raises(BadInput, match="could not be saved"):
        save("trial", START)


def test_contradictions_name_both_keys_and_the_line_of_the_later() -> None:
    with pytest.raises(BadInput, match=r"t.toml, line 4: looks 9 is more than camera_fps 2 delivers"):
        parsed(START + "camera_fps = 2\nlooks = 9\ndwell_s = 1\n", "t.toml")
    with pytest.raises(BadInput, match=r"t.toml, line 4: dwell_s and speed_km_h both say"):
        parsed(START + "dwell_s = 2\nspeed_km_h = 9\nvisible_m = 1\n", "t.toml")
