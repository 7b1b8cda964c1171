"""Meters beside the real engine: a counter of known power, a file that grows, an estimate; and the shipped model by layers."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from list_outbox import ListOutbox

from edgeperf_gui import cli
from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import BaselineSpec, EnergyReading, MeterChoice
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import FinishReason, SessionSpec
from edgeperf_gui.engine.jobs import idle_baseline
from edgeperf_gui.engine.runner import run
from edgeperf_gui.store.run_file import read_run
from edgeperf_gui.store.run_json import read_result

CLIP = str(places.shipped("resources/clips/street.mp4"))
WATTS = 40.0
RANGE_UJ = 65_536_000  # wraps every 1.6 s
PJ_PER_MAC = {"f32": 4.6, "f16": 1.5, "bf16": 1.5, "i8": 0.30}
"""45 nm, multiply and accumulate, by the type that executed."""
ARITHMETIC_MJ = {"f32": 9.61, "f16": 3.14, "bf16": 3.14}


@dataclass
class Planted:
    """A counter of known power, as true as it could be kept."""

    counter: Path
    longest_pause_s: float = 0.0

    def watts(self, seconds: float):
        """What a meter must find in so long: a counter that stood still for a moment is behind by that."""
        return pytest.approx(WATTS, rel=0.05 + self.longest_pause_s / seconds)


@contextlib.contextmanager
def package(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    """A package counter that a thread keeps at `WATTS`; ends when the file is taken away."""
    home = root / "class/powercap/intel-rapl:0"
    home.mkdir(parents=True)
    (home / "name").write_text("package-0\n")
    (home / "max_energy_range_uj").write_text(f"{RANGE_UJ}\n")
    counter = home / "energy_uj"
    counter.write_text(f"{0:020d}\n")
    monkeypatch.setenv("EDGEPERF_SYSFS", str(root))
    end, planted = threading.Event(), Planted(counter)

    def count() -> None:
        descriptor = os.open(counter, os.O_WRONLY)
        began = last = time.perf_counter()
        while not end.wait(0.004):
            now = time.perf_counter()
            os.pwrite(descriptor, b"%020d" % (round((now - began) * WATTS * 1e6) % RANGE_UJ), 0)
            planted.longest_pause_s, last = max(planted.longest_pause_s, now - last), now
        os.close(descriptor)

    thread = threading.Thread(target=count)
    thread.start()
    try:
        yield planted
    finally:
        end.set()
        thread.join()


def test_a_counter_of_known_power_through_the_whole_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, file = ListOutbox(), tmp_path / "run.edgeperf"
    choice = MeterChoice("auto", idle_watts=10.0)
    with package(tmp_path / "sys", monkeypatch) as planted:
        result = run(
            SessionSpec("s", CLIP, "nanodet-g", seconds=3.0, record_path=str(file), meter=choice), outbox, threading.Event()
        )
    spent = result.energy
    assert spent is not None and (spent.meter, spent.kind, spent.covers) == ("rapl", "measured", "package")
    assert spent.watts.value == planted.watts(3.0)
    assert spent.joules_per_frame is not None and spent.seconds > 1.0 and 0 < spent.frames <= result.throughput.completed
    # 25 frames a second at most, and as many as the machine had time for
    assert spent.frames <= 25 * spent.seconds + 1
    assert spent.joules_per_frame.value == pytest.approx(spent.watts.value * spent.seconds / spent.frames)
    assert spent.joules_per_frame.low < spent.joules_per_frame.value < spent.joules_per_frame.high
    assert spent.dynamic_joules_per_frame is not None
    assert spent.dynamic_joules_per_frame.value == pytest.approx(0.75 * spent.joules_per_frame.value, rel=0.02)
    assert sum(spent.stage_joules_per_frame.values()) == pytest.approx(spent.joules_per_frame.value)
    assert max(spent.stage_joules_per_frame, key=spent.stage_joules_per_frame.__getitem__) == "inference"
    readings = outbox.of(EnergyReading)
    assert len(readings) >= 4 and not any(reading.is_after_gap for reading in readings)
    assert read_run(file).energy == tuple(readings)
    again = read_result(file).energy
    assert again is not None and again.watts.value == planted.watts(3.0)


def test_a_counter_that_vanishes_is_told_once_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with package(tmp_path, monkeypatch) as planted:

        def unplug(message) -> None:
            """Once a power was told."""
            if isinstance(message, EnergyReading) and message.watts is not None:
                planted.counter.unlink(missing_ok=True)

        outbox = ListOutbox(hears=unplug)
        spec = SessionSpec("s", CLIP, "nanodet-g", seconds=2.5, meter=MeterChoice("rapl"))
        result = run(spec, outbox, threading.Event())
    assert result.ended is FinishReason.COMPLETED
    (told,) = outbox.of(Notice)
    assert str(planted.counter) in told.sentence and told.remedy
    assert result.energy is not None and told.sentence in result.energy.note
    assert result.energy.readings == 2


def test_an_external_meters_file_and_what_it_means_for_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, end = tmp_path / "plug.csv", threading.Event()
    file.write_text("seconds,watts\n")

    def meter() -> None:
        second = 0.0
        while not end.wait(0.2):
            second += 0.2
            with file.open("a") as lines:
                lines.write(f"{second:.1f}, 6\n")

    thread = threading.Thread(target=meter)
    thread.start()
    try:
        asked = ("bench", "--paced", "--seconds", "2.2", "--meter-file", str(file), "--idle-watts", "5", "--json", "run.json")
        with contextlib.chdir(tmp_path):
            assert cli.main(asked) == cli.DONE
    finally:
        end.set()
        thread.join()
    out = capsys.readouterr().out
    assert "External meter (plug.csv) (measured), covers machine" in out
    energy = json.loads((tmp_path / "run.json").read_text())["energy"]
    assert energy["watts"] == pytest.approx({"value": 6, "low": 5.88, "high": 6.12})
    scenario = tmp_path / "hut.toml"
    scenario.write_text('title = "Hut"\nwhy = "A hut."\nrate_fps = 5\npower_w = 6\nbattery_wh = 60\nbattery_hours = 20\n')
    code = cli.main(("scenario", "evaluate", str(scenario), "--run", str(tmp_path / "run.json"), "--json", "-"))
    result = json.loads(capsys.readouterr().out)
    verdicts = {one["name"]: one["verdict"] for one in result["requirements"]}
    assert (verdicts["power"], verdicts["battery life"], code) == ("PASS", "FAIL", 1)
    assert result["energy"]["kind"] == "measured" and 9 < result["energy"]["battery_hours"] < 12


def test_an_estimate_of_an_inference_only_run_is_all_inference() -> None:
    choice = MeterChoice("tdp", tdp_low_watts=10.0, tdp_high_watts=20.0)
    spec = SessionSpec("s", CLIP, "nanodet-g", inference_only=True, seconds=1.5, meter=choice)
    spent = run(spec, ListOutbox(), threading.Event()).energy
    assert spent is not None and spent.kind == "estimated" and spent.joules_per_frame is not None
    assert spent.joules_per_inference == spent.joules_per_frame
    assert spent.joules_per_frame.high == pytest.approx(8 * spent.joules_per_frame.low)


def test_a_file_to_which_nobody_adds_leaves_the_energy_unknown(tmp_path: Path) -> None:
    file, outbox = tmp_path / "plug.csv", ListOutbox()
    file.write_text("watts\n10\n11\n")  # of an earlier run
    spec = SessionSpec("s", CLIP, "nanodet-g", seconds=0.5, meter=MeterChoice("file", str(file)))
    assert run(spec, outbox, threading.Event()).energy is None
    (told,) = outbox.of(Notice)
    assert told.sentence == "External meter (plug.csv) gave 0 readings in this run, so its energy is not known."


def test_no_meter_means_no_energy_and_an_unknown_one_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    assert cli.main(("bench", "--seconds", "0.3", "--json", str(tmp_path / "run.json"))) == cli.DONE
    assert json.loads((tmp_path / "run.json").read_text())["energy"] is None
    capsys.readouterr()
    assert cli.main(("bench", "--meter", "rapl")) == cli.BAD_USAGE
    assert "modprobe" in capsys.readouterr().err
    assert cli.main(("energy", "costs", "--run", str(tmp_path / "run.json"))) == cli.BAD_USAGE
    assert "no meter was read" in capsys.readouterr().err


def test_the_idle_baseline_of_a_known_power(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with package(tmp_path, monkeypatch) as planted:
        found = idle_baseline.run(BaselineSpec("s", seconds=1.3), ListOutbox(), threading.Event())
    assert found is not None and found.meter == "rapl"
    assert found.watts.value == planted.watts(1.3)
    stopped = threading.Event()
    stopped.set()
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path / "none"))
    with pytest.raises(BadInput, match="No meter can be read"):
        idle_baseline.run(BaselineSpec("s", seconds=1.3), ListOutbox(), stopped)
    estimate = BaselineSpec("s", MeterChoice("tdp", tdp_low_watts=5.0))
    with pytest.raises(BadInput, match="no idle power"):
        idle_baseline.run(estimate, ListOutbox(), stopped)


# FP16 runs as f32 where a processor has no 16-bit arithmetic; INT8 keeps a layer or two in more than eight bits
@pytest.mark.parametrize(("precision", "types"), [("FP32", {"f32"}), ("FP16", {"f32", "f16", "bf16"}), ("INT8", {"i8"})])
def test_the_shipped_model_layer_by_layer(precision: str, types: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(("energy", "layers", "--precision", precision, "--json", "-")) == cli.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["kind"], found["undecided_layers"]) == ("edgeperf.energy.layers/1", "theoretical", 0)
    macs: Counter[str] = Counter()
    for layer in found["layers"]:
        macs[layer["precision"]] += layer["macs"]
    ((most, most_macs),) = macs.most_common(1)
    assert most in types and most_macs > 0.9 * macs.total()
    if precision != "INT8":
        assert found["arithmetic_mj"] == pytest.approx(ARITHMETIC_MJ[most], rel=0.01)
    spent_mj = sum(PJ_PER_MAC[executed] * number / 1e9 for executed, number in macs.items())
    assert found["arithmetic_mj"] == pytest.approx(spent_mj, rel=1e-3)
    assert sum(layer["macs"] for layer in found["layers"]) == pytest.approx(2.0901e9, rel=1e-4)
    parts = ("arithmetic_mj", "weights_mj", "activations_mj")
    for part in parts:
        assert sum(layer["energy"][part] for layer in found["layers"]) == pytest.approx(found[part])
    assert found["total_mj"] == pytest.approx(sum(found[part] for part in parts))


def test_the_list_of_meters(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    assert cli.main(("energy", "--tdp", "12-28")) == cli.DONE
    out = capsys.readouterr().out
    assert "--meter auto takes tdp." in out and "modprobe" in out and "Estimate from 12 … 28 W" in out
    assert cli.main(("energy", "--json", "-")) == cli.DONE
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "edgeperf.meters/1"
    for meter in listed["meters"]:
        assert meter["available"] or (meter["reason"] and meter["remedy"]), meter["name"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bench", "--tdp", "9-3"), "put the lower one first"),
        (("bench", "--tdp", "lots"), "no range of watts"),
        (("bench", "--tdp", "0-5"), "no range of watts"),
        (("bench", "--idle-watts", "-1"), "is not from above 0"),
        (("bench", "--idle-watts", "nan"), "is not from above 0"),
        (("bench", "--meter", "rappl"), "Did you mean rapl?"),
        (("bench", "--meter-file", "none.csv"), "Create it"),
        (("energy", "layers", "--node", "44nm"), "Did you mean 45nm?"),
        (("energy", "baseline", "--seconds", "0"), "seconds"),
        (("energy", "costs", "--run", "none.json"), "none.json"),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    assert cli.main(arguments) == cli.BAD_USAGE
    out, err = capsys.readouterr()
    assert out == "" and words in err and "Traceback" not in err
