"""One scenario on its card: picture, verdict and answer, requirements, sliders, looks, ceilings, and what it comes to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.live.scenario_draft import trouble_with
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.bars import Bar, Bars
from edgeperf_gui.ui.brief import Brief
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import heading
from edgeperf_gui.ui.scenario_facts import FactGrid
from edgeperf_gui.ui.scenario_looks import LooksChart
from edgeperf_gui.ui.scenario_picture import ScenarioPicture
from edgeperf_gui.ui.scenario_rows import RequirementRows
from edgeperf_gui.ui.scenario_sliders import ScenarioSliders
from edgeperf_gui.ui.scenario_words import NOTHING, VERDICT_TEXT, answer, because, facts
from edgeperf_gui.ui.words import Rule, Run, Words

_VERDICT_WIDTH: Final = 142
_CEILING_LINE: Final = 19
_CEILING_TIP: Final = (
    "Amdahl: the rate if this stage of a frame's work cost nothing, so the most that making it faster can bring. "
)


class ScenarioCard(Panel):
    """One side of the page. `listAsked`, `editAsked` and `simulationAsked` are its buttons."""

    listAsked = Signal()
    editAsked = Signal()
    simulationAsked = Signal()

    def __init__(self, view: ScenarioView, at: int) -> None:
        super().__init__()
        self._view, self._at = view, at
        self._refused: tuple[str, Scenario] | None = None  # about a typed text, and what the scenario was then
        self.title = Words((), self, size=theme.READOUT, fills=True)
        self.why = Brief(theme.TINY)
        self.change_button, self.edit_button = QPushButton("Change…"), QPushButton("Edit…")
        self.simulation_button = QPushButton("What if…")
        self.picture = ScenarioPicture(self)
        self.verdict = Words((), self, size=theme.VERDICT)
        self.answer = Words((), self, size=theme.NUMBER, fills=True)
        self.because = Brief(theme.QUIET)
        self.rows = RequirementRows(self)
        self.sliders = ScenarioSliders(self)
        self.looks = LooksChart(self)
        self.ceilings = Bars("Rate if a stage were free", 96, self, line=_CEILING_LINE)
        self.ceilings_title = heading("fps if a stage were free")
        self.trouble = Brief(theme.TINY, role="failed_text")
        self.facts = FactGrid(self)
        self._prepare()
        self._build()
        self._connect()

    def _prepare(self) -> None:
        self.change_button.setToolTip("Another scenario on this side")
        self.edit_button.setToolTip("Change all its numbers, copy it, or make one of your own")
        self.simulation_button.setToolTip("Predict its rates and cameras on the page “What if…”, and run them")
        for button in (self.change_button, self.edit_button, self.simulation_button):
            button.setAutoDefault(False)
        self.verdict.setFixedWidth(_VERDICT_WIDTH)

        self.ceilings.setMinimumHeight(_CEILING_LINE * 4)

    def _build(self) -> None:
        self.column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        head.addWidget(self.change_button)
        head.addWidget(self.edit_button)
        head.addWidget(self.simulation_button)
        told, side = QHBoxLayout(), QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.answer)
        side.addWidget(self.because)
        told.setSpacing(theme.BETWEEN)
        told.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        told.addLayout(side, 1)
        self.column.addLayout(head)
        self.column.addWidget(self.why)
        self.column.addWidget(self.picture, 3)
        self.column.addLayout(told)
        self.column.addWidget(self.rows, 4)
        self.column.addWidget(Rule())
        self.column.addLayout(self._lower(), 1)
        self.column.addWidget(Rule())
        self.column.addWidget(self.facts)

    def _lower(self) -> QHBoxLayout:
        across, left, right = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        across.setSpacing(22)
        for column in (left, right):
            column.setSpacing(2)
        left.addWidget(heading("what if"))
        left.addWidget(self.sliders)
        left.addWidget(self.trouble)
        left.addStretch(1)
        right.addWidget(heading("looks per object"))
        right.addWidget(self.looks, 1)
        right.addSpacing(4)
        right.addWidget(self.ceilings_title)
        right.addWidget(self.ceilings)
        across.addLayout(left, 11)
        across.addLayout(right, 10)
        return across

    def _connect(self) -> None:
        view, at, sliders = self._view, self._at, self.sliders
        sliders.moved.connect(lambda fields: view.change(at, is_dragged=True, **fields))
        sliders.typed.connect(lambda fields: view.change(at, **fields))
        sliders.settled.connect(view.settle)
        sliders.resetAsked.connect(lambda key: view.reset(at, key))
        sliders.refused.connect(self._on_refused)
        self.change_button.clicked.connect(self.listAsked)
        self.edit_button.clicked.connect(self.editAsked)
        self.simulation_button.clicked.connect(self.simulationAsked)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what this side comes to now."""
        side, outlook = self._view.sides[self._at], self._view.outlook(self._at)
        scenario = side.scenario
        name = [Run(scenario.title, weight=700)]
        self.title.say([*name, Run("  changed", "undecided_text", size=theme.TINY)] if side.is_changed else name)
        self.why.say(scenario.why)
        self.picture.show_scenario(scenario, outlook)
        self.sliders.show_scenario(scenario, side.kept)
        if self._refused is not None and self._refused[1] != scenario:
            self._refused = None
        self.trouble.say(self._refused[0] if self._refused is not None else trouble_with(scenario))
        self._show_outlook(outlook)

    def _show_outlook(self, outlook: Outlook | None) -> None:
        scenario = self._view.sides[self._at].scenario
        if outlook is None:
            self.verdict.say([Run("NO RUN", "faint_text", 700)])
            self.answer.say([Run(NOTHING[0], weight=600)])
            self.because.say(NOTHING[1])
            self.rows.show_rows((), "Each requirement gets its verdict here, with the frames it is about.")
            self.looks.show_looks({}, scenario.looks, "How often objects are seen, once there is a run.")
            self.ceilings.show_bars(())
            self.facts.show_facts(())
            return
        result = outlook.result
        self.verdict.say([Run(result.verdict, VERDICT_TEXT[result.verdict], 700)])
        words, role = answer(outlook)
        self.answer.say([Run(words, role, 700)])
        self.because.say(because(outlook))
        self.rows.show_rows(result.requirements, "This scenario asks for nothing that can be measured.")
        is_seen = result.looks is not None
        self.looks.show_looks(
            outlook.looks, scenario.looks, _NO_LOOKS if is_seen else "Nothing passes here, so nothing is counted."
        )
        self._show_ceilings(outlook)
        self.facts.show_facts(facts(outlook, scenario))

    def _show_ceilings(self, outlook: Outlook) -> None:
        unlimited = max((one.fps or 0.0 for one in outlook.ceilings), default=0.0)
        self.ceilings.show_bars(
            [
                Bar(
                    one.stage,
                    unlimited if one.fps is None else one.fps,
                    "no limit" if one.fps is None else figures.figure(one.fps),
                    "fps",
                    colour=theme.STAGES[one.stage],
                )
                for one in outlook.ceilings
            ]
        )
        basis = "Measured flat out." if outlook.is_capacity else "From the stages' times, one frame after another."
        shares = ", ".join(f"{one.stage} {100 * one.share:.0f} %" for one in outlook.ceilings)
        for widget in (self.ceilings, self.ceilings_title):
            widget.setToolTip(f"{_CEILING_TIP}{basis} Shares of the work: {shares}.")

    def _on_refused(self, sentence: str) -> None:
        self._refused = (sentence, self._view.sides[self._at].scenario) if sentence else None
        self.trouble.say(sentence)


_NO_LOOKS: Final = "Not known: a paced run of one camera does not say what more or faster cameras would get. Run it flat out."
