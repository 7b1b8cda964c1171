from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.domain.session import CameraMode
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.live.setting_changes import DEPTH, SettingHistory, describe_change
from edgeperf_gui.live.settings import (
    DEFAULT_SOURCE,
    RECENT_SOURCES,
    Settings,
    existing_path,
    good_values,
    load_settings,
    needs_restart,
    save_settings,
    session_spec,
    validated,
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    return tmp_path


def put(text):
    path = places.settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_the_defaults_stand():
    assert load_settings() == (Settings(), ())


def test_what_is_saved_comes_back():
    wanted = Settings(
        source="rtsp://host/x",
        precision="FP32",
        streams=3,
        batch=4,
        paced=False,
        camera=CameraMode(640, 480, 30.0),
        recent_sources=("a", "b"),
        theme="dark",
    )
    save_settings(wanted)
    assert load_settings() == (wanted, ())
    assert [path.name for path in places.settings_file().parent.iterdir()] == ["settings.toml"]


def test_a_bad_value_costs_only_itself():
    put('precision = "FP8"\ndevice = "GPU"\nstreams = 0\ntheme = "dark"\nfuture = 1\n[camera]\nwidth = "wide"\n')
    found, warnings = load_settings()
    assert found == Settings(device="GPU", theme="dark")
    assert warnings == (
        "Some settings cannot be used, so their defaults are: "
        "precision: “FP8” is not one of FP32, FP16, INT8; streams: 0 is not a whole number from 1 to 1024; "
        "camera: this value is not a table of width, height and fps in whole pixels and frames a second.",
    )


def test_every_setting_has_words_for_a_bad_value():
    for field in msgspec.structs.fields(Settings):
        _, (sentence,) = good(field.name)
        assert "usable" not in sentence and "`" not in sentence and "$" not in sentence
        assert sentence.startswith(f"{field.name}: this value is not ")


def good(name):
    return good_values({name: {"no": "such thing"}}) if name != "camera" else good_values({name: [1]})


@pytest.mark.parametrize("text", ["device = ", b"\xff\xfe\x00", "a = 1\na = 2", b"\x00" * 100, "x = " + "[" * 5000])
def test_a_damaged_file_is_kept_aside_and_the_defaults_stand(text):
    path = put(text)
    found, warnings = load_settings()
    assert found == Settings()
    assert len(warnings) == 1 and "it was kept as settings.toml.bad and defaults are used" in warnings[0]
    assert path.with_name("settings.toml.bad").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff\xfe\x00", "settings.toml is not text;"),
        (b"\x00\x01 not toml", "settings.toml is not text;"),
        ("theme = \n", "settings.toml cannot be understood at line 1, column 9;"),
        ("x = " + "[" * 5000, "settings.toml is nested too deeply;"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_in_plain_words(text, words):
    put(text)
    assert load_settings()[1][0].startswith(words)


def test_a_folder_in_the_files_place_is_told(home):
    places.settings_file().mkdir(parents=True)
    found, warnings = load_settings()
    assert found == Settings() and "cannot be read" in warnings[0]
    with pytest.raises(SettingsError, match="could not be saved"):
        save_settings(Settings())
    assert [path.name for path in places.settings_file().parent.iterdir()] == ["settings.toml"]


@settings(deadline=None)
@given(text=st.binary(max_size=200))
def test_no_file_ever_blocks_the_start(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(text)
    found, _ = load_settings(path)
    assert isinstance(found, Settings)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([field.name for field in msgspec.structs.fields(Settings)]),
        st.one_of(
            st.integers(-5, 2000), st.booleans(), st.text(st.characters(codec="utf-8"), max_size=5), st.lists(st.text(max_size=2))
        ),
    )
)
def test_what_is_loaded_is_always_valid(tmp_path_factory, table):
    import tomli_w

    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(tomli_w.dumps(table).encode("utf-8", "replace"))
    found, _ = load_settings(path)
    assert validated(found) == found


def test_recent_sources_are_the_newest_once_each_without_the_default():
    chosen = Settings()
    for number in range(12):
        chosen = chosen.with_recent(f"clip{number % 10}.mp4")
    chosen = chosen.with_recent(DEFAULT_SOURCE)
    assert chosen.source == DEFAULT_SOURCE
    assert "clip9.mp4" not in chosen.without_recent("clip9.mp4").recent_sources
    assert len(chosen.recent_sources) == RECENT_SOURCES
    assert chosen.recent_sources[:3] == ("clip1.mp4", "clip0.mp4", "clip9.mp4")
    assert validated(chosen) == chosen


def test_values_are_checked():
    with pytest.raises(SettingsError, match="streams"):
        validated(Settings(streams=-1))
    for odd in ("nul\0byte", "bad\udcff.mp4", ""):
        with pytest.raises(SettingsError, match="source"):
            validated(Settings(source=odd))


@pytest.mark.parametrize("text", ["", "~nosuchuser/x", "x" * 300, "x" * 5000, "nul\0byte", "bad\udcff.mp4", "\n"])
def test_no_text_breaks_the_look_for_a_path(text):
    assert existing_path(text) is None


def test_a_path_is_found_with_its_home_folder(home, monkeypatch):
    (home / "a clip.mp4").touch()
    monkeypatch.setenv("HOME", str(home))
    assert existing_path("~/a clip.mp4") == home / "a clip.mp4"


@pytest.mark.parametrize("address", ["camera:0", "scene:street", "rtsp://host/x", "x" * 3000, "nul\0byte"])
def test_addresses_pass_unchanged(address):
    assert Settings(source=address).source_address() == address


def test_the_shipped_clip_is_found_from_anywhere(home, monkeypatch):
    shipped = home / "shipped" / DEFAULT_SOURCE
    shipped.parent.mkdir(parents=True)
    shipped.touch()
    monkeypatch.setattr(places, "shipped", lambda name: home / "shipped" / name)
    monkeypatch.chdir(home)
    assert Settings().source_address() == str(shipped)


def test_the_spec_says_what_was_chosen(home):
    chosen = Settings(source="camera:1", device="GPU", requests=4, paced=False)
    spec = session_spec(chosen, "id", home / "run")
    assert (spec.session_id, spec.source, spec.device, spec.requests, spec.paced) == ("id", "camera:1", "GPU", 4, False)
    assert spec.record_path == str(home / "run")
    assert spec.cache_dir == str(places.compiled_cache())
    assert len(spec.companion_pids) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"precision": "FP32"}, "FP16 → FP32"),
        ({"streams": 2, "hint": "throughput"}, "latency → throughput, streams auto → 2"),
        ({"paced": False}, "paced → flat out"),
        ({"source": "/videos/a.mp4"}, "street.mp4 → a.mp4"),
        ({"source": "rtsp://host/x"}, "street.mp4 → rtsp://host/x"),
        ({"camera": CameraMode(640, 480, 30.0)}, "camera default → 640×480 30 fps"),
        ({"theme": "dark"}, ""),
    ],
)
def test_a_change_in_words(fields, words):
    assert describe_change(Settings(), msgspec.structs.replace(Settings(), **fields)) == words


def test_changes_can_be_taken_back_and_made_again():
    history = SettingHistory()
    assert not history.can_undo
    present = Settings()
    assert history.undo(present) == present
    for streams in range(1, DEPTH + 11):
        history.remember(present)
        present = msgspec.structs.replace(present, streams=streams, recent_sources=("kept",))
    newest = present
    for _ in range(DEPTH):
        present = history.undo(present)
    assert not history.can_undo
    assert (present.streams, present.recent_sources) == (10, ("kept",))
    while history.can_redo:
        present = history.redo(present)
    assert present == newest
    history.undo(present)
    history.remember(present)
    assert not history.can_redo


def test_a_batch_restarts_the_session_is_named_beside_the_axis_and_checked():
    assert session_spec(Settings(batch=8), "id", None).batch == 8
    assert describe_change(Settings(), Settings(batch=4)) == "batch 1 → 4"
    with pytest.raises(SettingsError, match="batch: 65 is not a whole number from 1 to 64"):
        validated(Settings(batch=65))
    put("batch = 0\n")
    assert load_settings()[0] == Settings()


def test_a_meter_and_an_upkeep_come_back_and_what_is_not_given_is_not_written():
    meter = MeterChoice("tdp", tdp_low_watts=12.0, tdp_high_watts=28.0, idle_watts=4.5)
    wanted = Settings(meter=meter, upkeep=Upkeep(battery_wh=50.0, price_per_kwh=0.0))
    save_settings(wanted)
    assert load_settings() == (wanted, ())
    assert "file" not in places.settings_file().read_text()


@pytest.mark.parametrize("line", ["[meter]\ntdp_low_watts = -3\n", '[meter]\nmeter = "rapl"\n', "[upkeep]\nbattery_wh = 0\n"])
def test_a_bad_meter_or_battery_costs_only_itself(line):
    put(f'theme = "dark"\n{line}')
    found, warnings = load_settings()
    assert found == Settings(theme="dark")
    assert len(warnings) == 1 and line[1:6].rstrip("]") in warnings[0]


def test_a_meters_file_with_null_characters_is_not_written():
    with pytest.raises(SettingsError):
        validated(Settings(meter=MeterChoice("file", file="a\0b")))


def test_a_change_of_the_meter_is_named_beside_the_axis():
    after = Settings(meter=MeterChoice("tdp", tdp_low_watts=12.0, tdp_high_watts=28.0))
    assert describe_change(Settings(), after) == "meter auto → tdp 12–28 W"


def test_idle_power_needs_no_restart_and_another_meter_does():
    before = Settings(meter=MeterChoice("rapl"))
    assert not needs_restart(before, Settings(meter=MeterChoice("rapl", idle_watts=4.0)))
    assert needs_restart(before, Settings(meter=MeterChoice("tdp", idle_watts=4.0)))
    assert not needs_restart(before, Settings(meter=MeterChoice("rapl"), upkeep=Upkeep(battery_wh=5.0), theme="dark"))
    assert needs_restart(before, Settings(meter=MeterChoice("rapl"), precision="FP32"))
