"""The page of simulations with the real child: a drawn scene, one situation, predicted and run."""

from __future__ import annotations

import msgspec
import pytest
from real_page import PATIENCE_MS, opened

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import what_if_form
from edgeperf_gui.ui.what_if_page import WhatIfPage

pytestmark = pytest.mark.alone

SCENE = "scene:highway?size=320x180"


def page_of_the_scene(controller: Controller) -> WhatIfPage:
    controller.change(source=SCENE)
    return WhatIfPage(SimulationRun(controller))


@pytest.fixture
def page(qapp, qtbot, home, monkeypatch):
    whole = what_if_form.spec_for
    monkeypatch.setattr(
        what_if_form, "spec_for", lambda *args, **kwargs: msgspec.structs.replace(whole(*args, **kwargs), calibration_s=1.0)
    )
    with opened(qapp, qtbot, page_of_the_scene) as made:
        yield made


def test_a_scene_is_predicted_and_run_with_its_looks(page: WhatIfPage, qtbot) -> None:
    run = page._run
    assert page.form.rates.text() == "30", "a scene's own rate, at which looks are counted"
    page.form.seconds.edit.setText("1")
    page.form.looks.edit.setText("1")
    page.run_button.click()
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    assert run.failure is None and run.result.complete
    (one,) = run.result.predictions
    assert one.predicted.completed > 10 and one.measured.completed > 5
    assert one.looks.k == one.measured_looks.k == 1
    assert "the run gave" in page.results.sentence.text() and "FPS error" in page.results.table.accessibleDescription()
