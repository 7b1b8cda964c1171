"""What `make bench` itself can get wrong: a success that was none, a layout that did not come back, a move left out."""

from __future__ import annotations

import subprocess
import sys

import dock_rows
import pytest
import run
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from rows import Row
from slider import PATIENCE_S, Painted


@pytest.mark.parametrize(("value", "code", "verdict"), [(1.0, 0, "ok"), (0.9, 1, "MISSED"), (None, 1, "not measured")])
def test_only_rows_that_were_measured_and_kept_their_bound_are_a_success(
    value: float | None, code: int, verdict: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [Row("one", 1.0, "≥ 1", "", "said"), Row("other", value, "≥ 1", "", "said")]
    monkeypatch.setattr(run, "GROUPS", {"trial": lambda settings: rows})
    monkeypatch.setattr(sys, "argv", ["run.py", "--quick"])
    assert run.main() == code
    assert verdict in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize("raised", ["window.energy.raise_()\n", ""])
def test_a_dock_in_front_is_in_front_in_the_next_window(raised: str) -> None:
    assert "window.energy.raise_()\n" in dock_rows._LAY_OUT
    script = dock_rows._LAY_OUT.replace("window.energy.raise_()\n", raised)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100, cwd=dock_rows.ROOT)
    failed = (done.returncode != 0, "the layout did not come back" in done.stderr)
    assert failed == (not raised, not raised), done.stderr


def test_a_verdict_that_is_painted_late_is_timed_and_one_that_never_is_counts_as_long_as_it_was_waited_for(
    qapp: QCoreApplication, qtbot: QtBot
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    qapp.processEvents()
    painted = Painted((widget,))
    assert painted.after_ms(lambda: QTimer.singleShot(50, widget.update)) >= 40  # a timer may come a little early
    assert painted.count == 1
    assert painted.after_ms(lambda: None) >= 1e3 * PATIENCE_S
    assert painted.count == 1
