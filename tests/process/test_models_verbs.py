"""`edgeperf models …` with its child process: every end of the child is a sentence and an exit code here."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset13 as ops
import pytest
from trial_jobs import SPEC

from edgeperf_gui import cli
from edgeperf_gui.console import ConsoleOutbox
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.graph import ImportResult, InfoSpec
from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runner
from edgeperf_gui.verbs import in_child
from edgeperf_gui.verbs.job_answer import answered
from edgeperf_gui.zoo import staging
from edgeperf_gui.zoo.catalogue import list_models


def write_model(folder: Path, name: str = "toy") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    image = ops.parameter([1, 3, 32, 32], ov.Type.f32, name="image")
    weights = ops.constant(np.random.default_rng(1).normal(size=(400, 3, 5, 5)).astype(np.float32))
    scores = ops.reduce_mean(ops.convolution(image, weights, [1, 1], [0, 0], [0, 0], [1, 1]), [2, 3])
    scores.output(0).set_names({"scores"})
    path = folder / f"{name}.xml"
    ov.save_model(ov.Model([scores], [image], "toy"), path, compress_to_fp16=False)
    return path


def run(name: str, spec=SPEC, kind=InfoSpec):
    shown: list = []
    return in_child.run_in_child(f"trial_jobs:{name}", spec, kind, shown.append, threading.Event()), shown


def run_until_it_speaks(name: str) -> InfoSpec | None:
    """Stopped by its first progress."""
    stop = threading.Event()
    return in_child.run_in_child(f"trial_jobs:{name}", SPEC, InfoSpec, lambda message: stop.set(), stop)


def left() -> list[str]:
    folder = places.model_folders()[0]
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def edgeperf_models(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and error output of one call."""
    code = cli.main(["models", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_final_answer_and_everything_worth_showing():
    result, shown = run("good")
    assert result == InfoSpec("a", "counted")
    assert [message.activity for message in shown if not isinstance(message, Notice)] == ["counting 1/2"]
    assert [message.sentence for message in shown if isinstance(message, Notice)] == ["By the way."]


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("bad_input", BadInput, "It is no model. Take another."),
        ("failing", RunError, "It broke."),
        ("surprised", RunError, "ZeroDivisionError: by accident"),
        ("silent", RunError, "ended without an answer"),
        ("leaving", RunError, "exit code 7"),
        ("absent", RunError, "AttributeError"),
    ],
)
def test_every_end_is_a_sentence(name, kind, told):
    with pytest.raises(kind) as caught:
        run(name)
    assert told in str(caught.value)


def test_what_was_said_before_the_job_broke_goes_with_the_error(tmp_path, capsys):
    path = tmp_path / "result.json"
    with pytest.raises(in_child.Broke, match=r"It broke at 40 of 64\. Again\.") as caught:
        answered(lambda: run("failing_after_an_answer")[0], InfoSpec, lambda result: result.model, str(path), "Stopped.")
    assert not isinstance(caught.value, in_child.Died)
    assert capsys.readouterr().out == "early\n" and json.loads(path.read_text())["model"] == "early"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_crash_is_a_sentence_with_the_logs_word():
    with pytest.raises(RunError) as caught:
        run("crashing")
    assert "died while reading toy.onnx (SIGSEGV)" in caught.value.sentence
    assert "Segmentation fault" in caught.value.remedy


@pytest.mark.parametrize("name", ["patient", "deaf"])
def test_stopping(name, monkeypatch):
    monkeypatch.setattr(in_child, "_STOP_S", 0.5)
    start = time.monotonic()
    assert run_until_it_speaks(name) is None
    assert time.monotonic() - start < 50, "it would have waited for a minute"


def test_what_was_said_before_it_had_to_be_killed_is_kept(monkeypatch):
    monkeypatch.setattr(in_child, "_STOP_S", 0.5)
    result = run_until_it_speaks("deaf_after_an_answer")
    assert result is not None and result.model == "early"


@pytest.mark.skipif(os.name != "posix", reason="a limit on file sizes stands in for a full disk")
def test_the_disk_fills_while_a_variant_is_written(tmp_path):
    spec = ImportSpec("full", str(write_model(tmp_path)))
    with pytest.raises(RunError, match="there is no room left"):
        run("import_on_a_full_disk", spec=spec, kind=ImportResult)
    assert left() == []


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_killed_while_a_variant_is_written(tmp_path):
    spec = ImportSpec("killed", str(write_model(tmp_path)))
    with pytest.raises(RunError, match=r"while writing FP16 \(SIGKILL\)"):
        run("import_killed_while_writing", spec=spec, kind=ImportResult)
    (abandoned,) = left()
    assert "toy" not in [card.name for card in list_models()[0]]
    staging.sweep(places.model_folders()[0])
    assert left() == []
    assert abandoned.startswith(".")


def test_two_at_once_take_two_names(tmp_path):
    path = write_model(tmp_path)
    results: list[ImportResult | None] = []

    def bring(number: int) -> None:
        spec = ImportSpec(f"at-once-{number}", str(path))
        function = "edgeperf_gui.engine.jobs.import_model:run"
        results.append(in_child.run_in_child(function, spec, ImportResult, lambda message: None, threading.Event()))

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.name for result in results if result) == ["toy", "toy-2"]
    assert left() == ["toy", "toy-2"]


# The verbs ----------------------------------------------------------------------------------------------------------------------


def test_import_list_info_remove(tmp_path, capsys):
    path = write_model(tmp_path / "with space", "größe")
    code, out, err = edgeperf_models(capsys, "import", str(path))
    assert (code, err) == (0, "")
    assert "Imported größe" in out
    assert "classification: scores is one row of 400 scores." in out
    code, out, _ = edgeperf_models(capsys, "list")
    assert code == 0
    assert any("größe" in line and "yours" in line for line in out.splitlines())
    assert any("nanodet-g" in line and "ships" in line for line in out.splitlines())
    code, out, _ = edgeperf_models(capsys, "info", "größe")
    assert code == 0
    assert "30 000" in out
    assert "Convolution" in out
    code, out, _ = edgeperf_models(capsys, "remove", "größe")
    assert code == 0
    assert out.startswith("Removed ")
    assert left() == []


def test_json_of_each(tmp_path, capsys):
    path = write_model(tmp_path)
    code, out, _ = edgeperf_models(capsys, "import", str(path), "--json")
    assert code == 0
    imported = json.loads(out)
    assert (imported["schema"], imported["name"], imported["params"]) == ("edgeperf.import/1", "toy", 30_000)
    file = tmp_path / "list.json"
    assert edgeperf_models(capsys, "list", "--json", str(file))[0] == 0
    listed = json.loads(file.read_text("utf-8"))
    assert listed["schema"] == "edgeperf.models/1"
    (toy,) = (model for model in listed["models"] if model["is_own"])
    assert toy["name"] == "toy"
    assert toy["size_bytes"]["FP32"] > toy["size_bytes"]["FP16"] > 60_000
    code, out, _ = edgeperf_models(capsys, "info", "toy", "--precision", "FP16", "--json", "-")
    info = json.loads(out)
    assert (info["params"], info["macs"], info["flops"]) == (30_000, 28 * 28 * 30_000, 2 * 28 * 28 * 30_000)
    assert info["decoder"] == "classification"
    assert info["inputs"] == [{"name": "image", "shape": [1, 3, 32, 32], "type": "f32"}]
    assert [layer["type"] for layer in info["layers"]] == ["Convolution", "ReduceMean"]
    assert info["histogram"] == {"Convolution": 1, "ReduceMean": 1}
    assert set(info["size_bytes"]) == {"FP32", "FP16"}
    removed = json.loads(edgeperf_models(capsys, "remove", "toy", "--json")[1])
    assert removed["schema"] == "edgeperf.models.remove/1"


def test_from_a_shell(tmp_path, root):
    command = (sys.executable, "-m", "edgeperf_gui.cli", "models")
    path = write_model(tmp_path)
    done = subprocess.run([*command, "import", str(path)], capture_output=True, text=True, timeout=150, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Imported toy")
    os.truncate(path.with_suffix(".bin"), 100)
    done = subprocess.run([*command, "import", str(path)], capture_output=True, text=True, timeout=150, cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "truncated" in line


def test_every_option_of_import_reaches_the_card(tmp_path, capsys):
    (tmp_path / "words.txt").write_text("one\ntwo\n", encoding="utf-8")
    options = ["--name", "mine", "--width", "64", "--height", "48", "--channels", "bgr", "--decoder", "raw"]
    options += ["--mean", "1", "2", "3", "--scale", "4", "5", "6", "--labels", str(tmp_path / "words.txt"), "--json"]
    code, out, err = edgeperf_models(capsys, "import", str(write_model(tmp_path)), *options)
    assert (code, err) == (0, "")
    card = json.loads(out)["card"]
    assert (card["name"], card["decoder"], card["labels"]) == ("mine", "raw", "labels.txt")
    assert card["input"] == {
        "width": 64,
        "height": 48,
        "layout": "NCHW",
        "channels": "BGR",
        "mean": [1, 2, 3],
        "scale": [4, 5, 6],
        "keep_aspect": True,
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "absent.onnx"), "There is no"),
        (("info", "absent"), "no model called 'absent'"),
        (("remove", "nanodet-g"), "ships with the program"),
        (("remove", "../models"), "../models"),
        (("import",), "PATH"),
        (("import", "toy.xml", "--width", "0"), "width"),
        (("import", "toy.xml", "--mean", "1", "2"), "mean"),
        (("dance",), "dance"),
    ],
)
def test_bad_use_is_a_sentence(capsys, arguments, told):
    code, out, err = edgeperf_models(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_an_imported_model_runs(tmp_path, capsys):
    assert edgeperf_models(capsys, "import", str(write_model(tmp_path)))[0] == 0

    spec = SessionSpec("run", "scene:road", "toy", precision="FP32", seconds=0.5, paced=False)
    result = runner.run(spec, ConsoleOutbox(io.StringIO()), threading.Event())
    assert result.throughput.completed > 0
    assert set(result.effective.executed_precision) == {"f32"}
