"""The models page with real children: an import, its correction, the counting and the removal of a small graph."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeperf_gui.domain import places
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import models_page, theme
from edgeperf_gui.ui.models_page import ModelsPage

PATIENCE_MS = 90_000


def write_onnx(path) -> None:
    """One convolution over 3×32×32, its mean as ten scores."""
    weights = np.random.default_rng(1).normal(size=(10, 3, 3, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "weights"], ["maps"], kernel_shape=[3, 3]),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"]),
        helper.make_node("Flatten", ["means"], ["scores"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "height", "width"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 10])
    graph = helper.make_graph(nodes, "toy", [image], [scores], [numpy_helper.from_array(weights, "weights")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


@pytest.fixture
def page(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(models_page, "ask", lambda *_: "cancel")  # nobody is there to answer
    theme.apply(qapp, "dark")
    controller = Controller()
    shelf = ModelShelf(controller)
    made = ModelsPage(shelf)
    qtbot.addWidget(made)
    made.open()
    yield made
    shelf.shutdown()
    made.close()
    controller.shutdown()


def finish(page, qtbot) -> None:
    qtbot.waitUntil(lambda: page._shelf.work is None, timeout=PATIENCE_MS)


def test_import_correct_count_and_remove(page, qtbot, tmp_path, monkeypatch) -> None:
    path = tmp_path / "toy größe.onnx"
    write_onnx(path)
    page.bring_in(str(path))
    finish(page, qtbot)
    name = page.list.name()
    assert page._shelf.failure is None and name == "toy-größe"
    assert page.form.reason.text().startswith("Decoder Classification")
    page.form.width_box.setValue(48)
    page.form.height_box.setValue(40)
    page.form.scale.setText("255")
    page.form.apply_button.click()
    finish(page, qtbot)
    card = page._shelf.card(name)
    assert page._shelf.failure is None and card is not None
    assert (card.input.width, card.input.height, card.input.scale) == (48, 40, (255.0, 255.0, 255.0))
    assert [entry.name for entry in places.model_folders()[0].iterdir() if not entry.name.startswith(".")] == [name]
    qtbot.waitUntil(lambda: page._shelf.info(name) is not None, timeout=PATIENCE_MS)
    info = page._shelf.info(name)
    assert (info.params, info.macs) == (270, 270 * 46 * 38)
    assert info.inputs[0].shape == (1, 3, 40, 48)
    qtbot.waitUntil(lambda: "nanodet-g" in page.list.names(), timeout=PATIENCE_MS)
    monkeypatch.setattr(models_page, "ask", lambda *_: "remove")
    page.form.accept_button.click()
    page.details.buttons["remove"].click()
    finish(page, qtbot)
    assert page._shelf.failure is None and name not in page.list.names()
    assert not (places.model_folders()[0] / name).exists()


def test_a_correction_that_fails_leaves_the_first_import(page, qtbot, tmp_path) -> None:
    path = tmp_path / "toy.onnx"
    write_onnx(path)
    page.bring_in(str(path))
    finish(page, qtbot)
    page.form.labels.setText(str(tmp_path / "absent.txt"))
    page.form.apply_button.click()
    finish(page, qtbot)
    assert "absent.txt" in page.strip.text()
    assert (places.model_folders()[0] / "toy" / "card.toml").is_file()
    assert page._right.currentWidget() is page.form


def test_a_crash_of_the_child_is_a_sentence(page, qtbot, tmp_path) -> None:
    page._shelf._worker._make_host = lambda _function: EngineHost("trial_jobs:crashing")
    page.bring_in(str(tmp_path / "toy.onnx"))
    finish(page, qtbot)
    assert page._shelf.failure.reason is FinishReason.CRASHED
    assert "SIGSEGV" in page.strip.text() or "killed" in page.strip.text()


def test_a_job_is_cancelled_and_another_can_start(qapp, qtbot) -> None:
    from trial_jobs import SPEC

    runner = JobRunner()
    ends: list = []
    runner.ended.connect(ends.append)
    runner.start("trial_jobs:patient", SPEC)
    with pytest.raises(RuntimeError):
        runner.start("trial_jobs:patient", SPEC)
    with qtbot.waitSignal(runner.progressed, timeout=PATIENCE_MS):
        pass
    runner.cancel()
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    assert ends[0].reason is FinishReason.STOPPED and not runner.is_running
    runner.start("trial_jobs:patient", SPEC)
    runner.shutdown()
    assert not runner.is_running and len(ends) == 1
