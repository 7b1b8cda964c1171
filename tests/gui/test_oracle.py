"""Whose boxes a drawn scene shows: chosen beside its source, and told wherever the boxes are."""

from __future__ import annotations

import msgspec
import pytest
from replay import opened

from edgeperf_gui.live.settings import Settings, session_spec
from edgeperf_gui.ui import figures, oracle_words
from edgeperf_gui.ui.footer import Footer
from edgeperf_gui.ui.session_bar import SCENES, SessionBar
from edgeperf_gui.ui.standing import Standing


def test_only_a_scene_offers_an_oracle(qtbot) -> None:
    bar = SessionBar()
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.boxes.isVisibleTo(bar)
    bar.show_settings(Settings(source=SCENES[0], oracle=10.0))
    assert bar.boxes.isVisibleTo(bar)
    assert bar.boxes.currentText() == "Oracle, misses 10 %"
    texts = [bar.boxes.itemText(row) for row in range(bar.boxes.count())]
    assert texts[0] == "The model's own"
    with qtbot.waitSignal(bar.changed) as caught:
        bar.boxes.setCurrentIndex(0)
        bar.boxes.activated.emit(0)
    assert caught.args == [{"oracle": None}]
    bar.show_settings(Settings(source="a.mp4", oracle=10.0))
    assert not bar.boxes.isVisibleTo(bar)


def test_a_percentage_of_ones_own_is_offered_too() -> None:
    assert [percent for _, percent, _ in oracle_words.rows(33.0)] == [None, 0.0, 10.0, 25.0, 33.0, 50.0]
    assert [percent for _, percent, _ in oracle_words.rows(None)] == [None, 0.0, 10.0, 25.0, 50.0]


@pytest.mark.parametrize(("source", "expected"), [(SCENES[1], 25.0), ("street.mp4", None), ("camera:0", None)])
def test_an_oracle_is_asked_of_scenes_only(source: str, expected: float | None) -> None:
    assert session_spec(Settings(source=source, oracle=25.0), "s", None).oracle == expected


def test_the_bottom_line_says_that_the_boxes_are_an_oracles(qtbot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    own = opened("s")
    footer.show_truth(own, Standing("", "", ""))
    assert "oracle" not in footer.text()
    effective = msgspec.structs.replace(own.effective, oracle_miss_percent=12.5)
    footer.show_truth(msgspec.structs.replace(own, effective=effective), Standing("", "", ""))
    assert "boxes oracle, 12.5 % missed" in footer.text()
    assert figures.oracle(None) == ""
