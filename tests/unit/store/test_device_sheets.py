"""Device sheets: those that ship, the user's own, the runs they name, and every way of getting one wrong."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.device_sheets import DeviceSheets
from edgeperf_gui.store import devices
from edgeperf_gui.store.run_json import read_result


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    return tmp_path


def put(name: str, text: str) -> Path:
    path = places.devices() / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_what_ships_says_that_it_is_no_real_product() -> None:
    assert set(devices.names()) == {"example-small-board", "example-box-pc"}
    for path in devices.names().values():
        sheet = devices.read(path)
        assert "no real product" in sheet.source and sheet.run is None
        done = devices.performance(sheet, path.parent)
        assert done is not None and done.is_typed


def test_a_sheet_is_saved_read_and_deleted() -> None:
    sheet = DeviceSheet(title="Größe & Co", price=99.5, idle_w=2.0, busy_w=9.0)
    name = devices.save(sheet)
    assert name == "gr-e-co"
    assert devices.read(devices.names()[name]) == sheet
    assert devices.save(sheet) == "gr-e-co-2"
    assert devices.is_own(name)
    devices.delete(name)
    assert name not in devices.names()
    assert [path.name for path in places.devices().iterdir()] == ["gr-e-co-2.toml"]


def test_an_example_that_is_saved_becomes_ones_own_and_comes_back_when_it_is_deleted() -> None:
    path = devices.names()["example-box-pc"]
    changed = msgspec.structs.replace(devices.read(path), price=1.0)
    devices.save(changed, "example-box-pc")
    assert devices.read(devices.names()["example-box-pc"]).price == 1.0
    devices.delete("example-box-pc")
    assert devices.names()["example-box-pc"] == path
    with pytest.raises(BadInput, match="comes with the program"):
        devices.delete("example-box-pc")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("price = 5\n", "mine.toml: title is missing. Add a line: title = …"),
        ('title = ""\n', "line 1: title must have at least 1 character"),
        ('title = "x"\nprice = -5\n', "line 2: price must be more than 0."),
        ('title = "x"\nprice = 0\n', "line 2: price must be more than 0."),
        ('title = "x"\nprize = 5\n', "Did you mean price"),
        ('title = "x"\nprice = "much"\n', "line 2: price must be a number, without a unit or quotes."),
        ('title = "x"\nidle_w = 9\nbusy_w = 3\n', "idle_w 9 is more than busy_w 3"),
        ('title = "x"\nprice = = 5\n', "line 2"),
        ('title = " "\n', "needs a title"),
        ('title = "x"\nvolume_l = nan\n', "line 2"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said_with_file_and_line(text: str, words: str) -> None:
    path = put("mine", text)
    with pytest.raises(BadInput) as caught:
        devices.read(path)
    assert "mine.toml" in str(caught.value) and words in str(caught.value)


def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path) -> None:
    huge = put("huge", "# " + "x" * 200_000)
    binary = put("binary", "")
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (huge, binary, tmp_path):
        with pytest.raises(BadInput):
            devices.read(path)


def test_bad_sheets_cost_only_themselves() -> None:
    put("bad", 'title = "x"\nprice = -5\n')
    put("good", 'title = "Mine"\nprice = 5\nfps = 10\n')
    sheets = DeviceSheets()
    sheets.look()
    assert [one.name for one in sheets.devices] == ["example-box-pc", "example-small-board", "good"]
    assert len(sheets.troubles) == 1 and "bad.toml, line 2" in sheets.troubles[0]


def test_a_sheet_without_a_currency_keeps_none() -> None:
    name = devices.save(DeviceSheet(title="Board", price=5, currency=""))
    assert devices.read(places.devices() / f"{name}.toml").currency == ""


def test_more_sheets_than_are_looked_at_are_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MOST", 2)
    assert [devices.save(DeviceSheet(title="Mine")) for _ in range(3)] == ["mine", "mine-2", "mine-3"]


@pytest.mark.parametrize("run", ["~nobody-of-this-name/run.json", "a\\u0000b.json", "~nobody-of-this-name/run.edgeperf"])
def test_a_run_whose_name_cannot_be_costs_only_its_sheet(run: str) -> None:
    put("odd", f'title = "Odd"\nrun = "{run}"\n')
    sheets = DeviceSheets()
    sheets.look()
    odd = sheets.device("odd")
    assert odd is not None and "cannot be read" in odd.trouble
    if "u0000" not in run:
        sheets.save(odd.sheet, "odd")


def test_a_run_that_is_missing_or_of_another_version_is_said() -> None:
    put("gone", 'title = "Gone"\nrun = "nowhere.json"\n')
    put("old", 'title = "Old"\nrun = "old.json"\n')
    (places.devices() / "old.json").write_text('{"schema": "edgeperf.run/0"}', "utf-8")
    sheets = DeviceSheets()
    sheets.look()
    gone, old = sheets.device("gone"), sheets.device("old")
    assert gone is not None and "nowhere.json cannot be read" in gone.trouble and gone.performance is None
    assert old is not None and "edgeperf.run/0" in old.trouble


def test_a_run_is_read_once_and_anew_when_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    put("mine", 'title = "Mine"\nrun = "run.json"\n')
    run = places.devices() / "run.json"
    run.write_text('{"schema": "edgeperf.run/0"}', "utf-8")
    read: list[Path] = []
    monkeypatch.setattr(devices, "read_result", lambda path: (read.append(path), read_result(path))[1])
    sheets = DeviceSheets()
    sheets.look()
    sheets.look()
    assert read == [run]
    before = sheets.device("mine")
    run.write_text('{"schema": "edgeperf.run/00"}', "utf-8")
    sheets.look()
    after = sheets.device("mine")
    assert read == [run, run]
    assert before is not None and after is not None and before.trouble != after.trouble
    run.unlink()
    sheets.look()
    gone = sheets.device("mine")
    assert gone is not None and "cannot be read" in gone.trouble and len(sheets._runs) == 0


def test_a_run_file_that_would_stop_the_window_is_not_summed_up() -> None:
    put("mine", 'title = "Mine"\nrun = "long.edgeperf"\n')
    with (places.devices() / "long.edgeperf").open("wb") as file:
        file.truncate(9 << 20)
    sheets = DeviceSheets()
    sheets.look()
    mine = sheets.device("mine")
    assert mine is not None and mine.performance is None
    assert "long.edgeperf has 9 MiB" in mine.trouble and "edgeperf bench --json" in mine.trouble
