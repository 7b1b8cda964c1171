"""Scenario files: those that ship, the user's own, and every way of getting one wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest

from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.cli import main
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.store.scenarios import find, names, read

START = 'title = "Trial"\nwhy = "It tries. Nothing else."\n'


def test_every_shipped_scenario_reads_explains_itself_and_asks_for_a_rate(home: Path) -> None:
    assert set(names()) == {
        "parking-ticket-kiosk",
        "parking-lot-occupancy",
        "highway-number-plates",
        "city-crossing",
        "steering-control",
        "overnight-archive",
        "battery-wildlife-camera",
    }
    for name in names():
        _, scenario = find(name)
        assert scenario.why.count(". ") == 1, f"{name}: two sentences"
        assert needed_fps(scenario), name


def test_price_and_size_are_limits_too(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(START + 'price = 800\ncurrency = "CHF"\nvolume_l = 1.5\n')
    scenario = read(path)
    assert (scenario.price, scenario.currency, scenario.volume_l) == (800, "CHF", 1.5)
    for line, said in (
        ("price = 0", "line 3: price must be more than 0"),
        ("price = -3", "line 3: price must be more than 0"),
        ('price = "cheap"', "line 3: price must be a number, without a unit or quotes"),
        ("volume_l = nan", "line 3: volume_l must be more than 0"),
        ('price = 5\ncurrency = ""', "line 4: currency must have at least 1 character"),
        ('currency = "CHF"', "line 3: currency needs price or price_per_kwh, too"),
        ("cost_a_year = 20", "line 3: cost_a_year needs price_per_kwh, too. Add price_per_kwh."),
        ("price_per_kwh = 0", "line 3: price_per_kwh must be more than 0"),
        ("volume = 2", "line 3: “volume” is no key of a scenario"),
    ):
        path.write_text(START + line + "\n")
        with pytest.raises(BadInput, match=said):
            read(path)


def test_ones_own_scenario_wins_over_the_shipped_one(home: Path) -> None:
    places.scenarios().mkdir(parents=True)
    (places.scenarios() / "city-crossing.toml").write_text(START + "rate_fps = 3\n")
    assert find("city-crossing")[1].rate_fps == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("speed = 50", "line 3: “speed” is no key of a scenario. Did you mean speed_km_h?"),
        ("deadline_sm = 50", "line 3: “deadline_sm” is no key of a scenario. Did you mean deadline_ms?"),
        ("zebra = 1", "line 3: “zebra” is no key of a scenario. There are title, why"),
        ("speed_km_h = -3", "line 3: speed_km_h must be more than 0. Correct this value."),
        ("cameras = 0", "line 3: cameras must be at least 1. Correct this value."),
        ("cameras = 2.5", "line 3: cameras must be a whole number, without a unit or quotes. Correct this value."),
        ("seen_share = 99", "line 3: seen_share must be less than 1. Correct this value."),
        ("price = 2e9", "line 3: price must be at most 1000000000. Correct this value."),
        ('rate_fps = "5 fps"', "line 3: rate_fps must be a number, without a unit or quotes. Correct this value."),
        ('percentile = "p98"', "line 3: percentile must be p50, p90, p95 or p99, not “p98”. Correct this value."),
        ("percentile = 98", "line 3: percentile must be words in quotes. Correct this value."),
        ("rate_fps = ", "(at line 3"),
        ("speed_km_h = 50", "line 3: speed_km_h needs visible_m, too"),
        ("battery_hours = 5", "line 3: battery_hours needs battery_wh, too"),
        ("battery_wh = 0", "line 3: battery_wh must be more than 0. Correct this value."),
        ("dwell_s = 3\nspeed_km_h = 5\nvisible_m = 3", "line 4: dwell_s and speed_km_h both say"),
        ("rate_fps = 1\ndwell_s = 3\nlooks = 30", "line 5: rate_fps 1 contradicts looks 30"),
        ("rate_fps = 60", "line 3: rate_fps 60 is more than camera_fps 25"),
        ("camera_fps = 30\nrate_fps = 60", "line 4: rate_fps 60 is more than camera_fps 30"),
        ("speed_km_h = 130\nvisible_m = 4.4\nlooks = 4", "line 5: looks 4 is more than camera_fps 25 delivers"),
        ("metres_per_frame = 3", "line 3: metres_per_frame needs speed_km_h, too"),
        ("dwell_s = 3\nmetres_per_frame = 3", "line 4: metres_per_frame needs speed_km_h, too"),
        (
            "speed_km_h = 130\nvisible_m = 11\nmetres_per_frame = 1",
            "line 5: camera_fps 25 contradicts metres_per_frame 1: at 130 km/h 36.11 frames a second are needed."
            " Raise camera_fps or metres_per_frame.",
        ),
        (
            "speed_km_h = 130\nvisible_m = 11\nmetres_per_frame = 3\nrate_fps = 5",
            "line 6: rate_fps 5 contradicts metres_per_frame 3: at 130 km/h 12.04 frames a second are needed."
            " Raise rate_fps or metres_per_frame.",
        ),
        ("x = " + "[" * 5000 + "]" * 5000, "is nested too deeply"),
        ("rate_fps = 50\ndwell_s = 3\nlooks = 3", "line 3: rate_fps 50 is more than camera_fps 25"),
    ],
)
def test_a_slip_is_named_with_its_line_and_a_remedy(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text(START + line + "\n")
    with pytest.raises(BadInput) as caught:
        read(path)
    assert said in str(caught.value) and "trial.toml" in str(caught.value)
    assert caught.value.remedy and ("line " in caught.value.sentence or "nested" in said)


def test_a_key_that_is_missing_is_named_with_what_to_add(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text('title = "Trial"\n')
    with pytest.raises(BadInput) as caught:
        read(path)
    assert str(caught.value) == "trial.toml: why is missing. Add a line: why = …"


def test_files_that_are_no_scenario_are_sentences(tmp_path: Path) -> None:
    for content in (b"\xff\xfe\x00", b"x" * 200_000):
        (tmp_path / "trial.toml").write_bytes(content)
        with pytest.raises(BadInput):
            read(tmp_path / "trial.toml")
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "nothing.toml")
    with pytest.raises(BadInput, match="Did you mean city-crossing"):
        find("city-crosing")


@pytest.mark.alone
def test_a_run_is_evaluated_and_the_exit_code_is_the_verdict(tmp_path: Path, capsys, home: Path) -> None:
    run, out = tmp_path / "run.json", tmp_path / "verdict.json"
    assert main(["bench", "--seconds", "1.5", "--paced", "--json", str(run)]) == 0
    (tmp_path / "easy.toml").write_text(START + "rate_fps = 0.5\n")
    (tmp_path / "hard.toml").write_text(START + 'deadline_ms = 0.001\npercentile = "p50"\n')
    (tmp_path / "more.toml").write_text(START + "rate_fps = 1000\ncamera_fps = 1000\n")
    for name, code, verdict in (("easy", 0, "PASS"), ("hard", 1, "FAIL"), ("more", 2, "UNDECIDED")):
        words = ["scenario", "evaluate", str(tmp_path / f"{name}.toml"), "--run", str(run), "--json", str(out)]
        assert main(words) == code
        written = json.loads(out.read_text())
        assert written["schema"] == "edgeperf.scenario/1" and written["verdict"] == verdict
        assert {"name", "required", "measured", "n", "verdict"} <= written["requirements"][0].keys()
        assert {"answer", "stage", "ceiling", "evidence"} <= written["optimise"].keys()
    (tmp_path / "cheap.toml").write_text(START + "rate_fps = 0.5\nprice = 500\n")
    words = ["scenario", "evaluate", str(tmp_path / "cheap.toml"), "--run", str(run), "--json", str(out)]
    for sheet, code in (([], 2), (["--sheet", "example-box-pc"], 1), (["--sheet", "example-small-board"], 0)):
        assert main([*words, *sheet]) == code
    assert main([*words, "--sheet", "example-small-bord"]) == 3
    assert "Did you mean example-small-board?" in capsys.readouterr().err
    main(words[:-2])
    energy = written["energy"]
    assert energy["kind"] == "theoretical" and 0 < energy["joules_per_frame"] < 0.1 and energy["battery_hours"] is None
    assert "Trial: UNDECIDED" in capsys.readouterr().out


def test_files_that_are_no_run_are_sentences(tmp_path: Path, capsys) -> None:
    path = tmp_path / "run.json"
    for content, said in (
        (b"{", "is not a run"),
        (b'{"schema": "edgeperf.run/9"}', "was written by another version of edgeperf-gui (edgeperf.run/9). Update edgeperf-gui"),
        (b'{"schema": "edgeperf.sweep/1"}', "is of the kind 'edgeperf.sweep/1', not 'edgeperf.run/1'"),
        (msgspec.json.encode({"schema": "edgeperf.run/1"}), "is not a run"),
    ):
        path.write_bytes(content)
        assert main(["scenario", "evaluate", "city-crossing", "--run", str(path)]) == 3
        assert said in capsys.readouterr().err
    assert main(["scenario", "evaluate", "city-crossing", "--run", str(tmp_path / "none.json")]) == 3


def test_a_gate_can_tell_a_mistake_from_a_verdict(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgeperf_gui.verbs import scenario

    run = ["--run", str(tmp_path / "none.json")]
    for words, said in (
        (["city-crosing", *run], "edgeperf: There is no scenario called “city-crosing”. Did you mean city-crossing?"),
        (["city-crossing"], "edgeperf: Missing option '--run'."),
        (["city-crossing", *run, "--hurry"], "edgeperf: No such option"),
        ([], "edgeperf: Missing argument 'NAME'."),
    ):
        assert main(["scenario", "evaluate", *words]) == 3
        assert capsys.readouterr().err.startswith(said)
    for error, said in (
        (RunError("It broke.", "Again."), "It broke. Again."),
        (ZeroDivisionError("x"), "unexpected ZeroDivisionError: x."),
    ):
        monkeypatch.setattr(scenario, "opened_run", lambda name, error=error: (_ for _ in ()).throw(error))
        assert main(["scenario", "evaluate", "city-crossing", *run]) == 3
        assert said in capsys.readouterr().err
    assert main(["scenario", "evaluate", "--help"]) == 0 and "UNDECIDED, 3" in " ".join(capsys.readouterr().out.split())


def test_list_and_show_speak_and_write(tmp_path: Path, capsys, home: Path) -> None:
    assert main(["scenario", "list"]) == 0
    assert "highway-number-plates" in capsys.readouterr().out
    target = tmp_path / "one.json"
    assert main(["scenario", "show", "highway-number-plates", "--json", str(target)]) == 0
    assert "13.1 FPS × 8 cameras" in capsys.readouterr().out
    assert json.loads(target.read_text())["scenarios"]["highway-number-plates"]["looks"] == 4
    assert main(["scenario", "show", "nothing"]) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path, capsys) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(BadInput, match="is not a file"):
            read(path)
        assert main(["scenario", "evaluate", "city-crossing", "--run", str(path)]) == 3
        assert "is not a file" in capsys.readouterr().err


def test_a_mark_of_the_byte_order_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "trial.toml").write_text(START, "utf-8-sig")
    assert read(tmp_path / "trial.toml").title == "Trial"


def test_numbers_that_no_run_measures_are_sentences(tmp_path: Path, capsys, home: Path) -> None:
    path = tmp_path / "run.json"
    assert main(["bench", "--seconds", "0.5", "--json", str(path)]) == 0
    written = json.loads(path.read_text())
    for part, key, value in (
        ("throughput", "completed", -3),
        ("throughput", "dropped", -1),
        ("throughput", "fps", -20.0),
        ("stages", "inference", {**written["stages"]["inference"], "n": -5}),
    ):
        path.write_text(json.dumps({**written, part: {**written[part], key: value}}))
        assert main(["scenario", "evaluate", "city-crossing", "--run", str(path)]) == 3
        assert "cannot be." in capsys.readouterr().err
    path.write_text("[" * 100_000)
    assert main(["scenario", "evaluate", "city-crossing", "--run", str(path)]) == 3
    assert "is not a run" in capsys.readouterr().err
