"""`edgeperf scenario`: what a run's numbers mean for an application."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.graph import InfoSpec, ModelInfo
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import USUAL_CURRENCY, Energy, Scenario, ScenarioResult
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.stored_run import opened_run

_INFO: Final = "edgeperf_gui.engine.jobs.model_info:run"
_EXIT: Final = {"PASS": 0, "FAIL": 1, "UNDECIDED": 2}
_MEASURED: Final = "What `edgeperf accuracy --json` or `edgeperf compare --json` wrote of what ran, for {key}."


class NoVerdict(Exception):
    """Nothing was evaluated, because of its cause: an exit code of its own, for a gate takes the usual ones for verdicts."""

    code = 3


class _Gate(click.Command):
    """Raises NoVerdict for every error, its usage included."""

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        with _no_verdict():
            return super().make_context(*given, **more)

    def invoke(self, context: click.Context) -> Any:
        with _no_verdict():
            return super().invoke(context)


@contextlib.contextmanager
def _no_verdict() -> Iterator[None]:
    try:
        yield
    except (click.exceptions.Exit, BrokenPipeError):  # --help; and whoever read us has gone
        raise
    except (Exception, KeyboardInterrupt) as error:
        raise NoVerdict from error


@click.group("scenario")
def command() -> None:
    """Hold runs against what an application needs."""


@command.command("list")
@options.json_file("Write the list there as well; - prints it instead.")
def list_scenarios(json_name: str | None) -> int:
    """The scenarios that ship, and your own."""
    from edgeperf_gui import console
    from edgeperf_gui.run_report import table
    from edgeperf_gui.store.scenarios import names, read

    with console.json_target(json_name) as target:
        found: dict[str, Scenario] = {}
        for name, path in names().items():
            try:
                found[name] = read(path)
            except EdgeperfError as error:
                click.echo(f"{error.sentence} {error.remedy}", err=True)
        if json_name != console.STANDARD_OUTPUT:
            click.echo(table([(name, _asks(scenario)) for name, scenario in found.items()]))
        if target is not None:
            target.write({"schema": "edgeperf.scenarios/1", "scenarios": found})
    return 0


@command.command("show")
@click.argument("name")
@options.json_file("Write it there as well; - prints it instead.")
def show(name: str, json_name: str | None) -> int:
    """One scenario, and why its numbers are what they are."""
    from edgeperf_gui import console
    from edgeperf_gui.run_report import pairs
    from edgeperf_gui.store.scenarios import find

    with console.json_target(json_name) as target:
        stem, scenario = find(name)
        if json_name != console.STANDARD_OUTPUT:
            rows = [(key, f"{value:g}" if isinstance(value, float) else str(value)) for key, value in _given(scenario).items()]
            click.echo(f"{scenario.why}\n\n{pairs(scenario.title, rows)}\n\nasks for {_asks(scenario)}")
        if target is not None:
            target.write({"schema": "edgeperf.scenarios/1", "scenarios": {stem: scenario}})
    return 0


@command.command("evaluate", cls=_Gate)
@click.argument("name")
@click.option(
    "--run",
    "run_names",
    metavar="RUN.json",
    required=True,
    multiple=True,
    help="What `edgeperf bench --json` wrote, or a run file; one flat out and one paced together know more.",
)
@click.option("--sheet", "sheet_name", metavar="NAME", help="A device sheet, or its file: it knows the price and the size.")
@click.option("--accuracy", "accuracy_name", metavar="FILE", help=_MEASURED.format(key="min_accuracy"))
@click.option("--agreement", "agreement_name", metavar="FILE", help=_MEASURED.format(key="min_agreement"))
@click.option("--json", "json_name", metavar="FILE", is_flag=False, flag_value="-", help="Write the result there as well.")
def evaluate(
    name: str,
    run_names: tuple[str, ...],
    sheet_name: str | None,
    accuracy_name: str | None,
    agreement_name: str | None,
    json_name: str | None,
) -> int:
    """Hold a run against a scenario. Exit code 0 PASS, 1 FAIL, 2 UNDECIDED, 3 nothing was evaluated."""
    from edgeperf_gui import console
    from edgeperf_gui.analysis.scenario_quality import Quality
    from edgeperf_gui.analysis.scenario_runs import evaluate_runs
    from edgeperf_gui.store import devices
    from edgeperf_gui.store.quality_json import read_accuracy, read_agreement
    from edgeperf_gui.store.scenarios import find

    with console.json_target(json_name) as target, console.stop_on_signals() as stop:
        stem, scenario = find(name)
        runs = [opened_run(run_name) for run_name in run_names]
        sheet = None if sheet_name is None else devices.find(sheet_name)
        quality = Quality(
            None if accuracy_name is None else read_accuracy(Path(accuracy_name), runs[0].spec),
            None if agreement_name is None else read_agreement(Path(agreement_name), runs[0].spec),
        )
        energy = None if any(run.energy for run in runs) else _theoretical(runs[0], stop)
        result = evaluate_runs(stem, scenario, runs, energy, sheet, quality)
        if json_name != console.STANDARD_OUTPUT:
            click.echo(report(result))
        if target is not None:
            target.write(result)
    return _EXIT[result.verdict]


def _theoretical(run: RunResult, stop: Any) -> Energy | None:
    """From the model's graph, read in a child; None where the model is not on this machine."""
    from edgeperf_gui.analysis.operator_energy import energy_mj
    from edgeperf_gui.store.energy_tables import energy_table
    from edgeperf_gui.verbs.in_child import run_in_child

    asked = InfoSpec(session_id=uuid.uuid4().hex, model=run.spec.model, precision=run.spec.precision)
    try:
        info = run_in_child(_INFO, asked, ModelInfo, lambda message: None, stop)
    except EdgeperfError as error:
        click.echo(f"No theoretical energy: {error.sentence}", err=True)
        return None
    if info is None:
        return None
    millijoules = energy_mj(info.layers, run.effective.executed_precision, energy_table(), run.effective.batch)
    return None if millijoules is None else Energy("theoretical", millijoules / 1e3, millijoules / 1e3, None, None)


def _given(scenario: Scenario) -> dict[str, object]:
    values = {name: getattr(scenario, name) for name in scenario.__struct_fields__ if name not in ("title", "why")}
    return {name: value for name, value in values.items() if value is not None}


def _asks(scenario: Scenario) -> str:
    """What it comes to, in a line."""
    from edgeperf_gui.analysis.looks import in_view_s, needed_fps

    rate, seconds, currency = needed_fps(scenario), in_view_s(scenario), scenario.currency or USUAL_CURRENCY
    parts = [
        f"{rate:.3g} FPS" + (f" × {scenario.cameras} cameras" if scenario.cameras > 1 else "") if rate else "",
        f"{scenario.percentile} of the age within {scenario.deadline_ms:g} ms" if scenario.deadline_ms else "",
        f"{scenario.looks} looks in {seconds:.2f} s" if seconds else "",
        f"{scenario.power_w:g} W" if scenario.power_w else "",
        f"{scenario.price:g} {currency}" if scenario.price else "",
        f"{scenario.cost_a_year:g} {currency} of electricity a year" if scenario.cost_a_year else "",
        f"{scenario.volume_l:g} l" if scenario.volume_l else "",
        f"{scenario.battery_hours:g} h on {scenario.battery_wh:g} Wh" if scenario.battery_hours and scenario.battery_wh else "",
    ]
    return ", ".join(filter(None, parts)) or "nothing that can be measured"


def report(result: ScenarioResult) -> str:
    """What `evaluate` prints."""
    from edgeperf_gui.run_report import UNKNOWN, table

    rows = [
        (one.name, one.required, one.measured or UNKNOWN, f"{one.headroom:.2f}×" if one.headroom else UNKNOWN, one.verdict)
        for one in result.requirements
    ]
    evidence = [f"  {one.name}: {one.evidence}" for one in result.requirements]
    head = ("requirement", "required", "measured", "headroom", "verdict")
    blocks = [
        f"{result.scenario.title}: {result.verdict}",
        table([head, *rows]),
        "\n".join(["Evidence", *evidence]),
        f"Optimise? {result.optimise.answer.capitalize()}. {result.optimise.evidence}",
        _spent(result.energy),
    ]
    return "\n\n".join(block for block in blocks if block)


def _spent(energy: Energy | None) -> str:
    """A frame's energy and the kind it is of; a meter's with its band."""
    from edgeperf_gui.run_report import banded

    if energy is None:
        return ""
    if energy.kind == "theoretical":
        return f"Energy, theoretical (45 nm, datapath only): {1e3 * energy.joules_per_frame:.2f} mJ a frame"
    high = energy.joules_per_frame if energy.high is None else energy.high
    frame = Banded(energy.joules_per_frame, energy.low, high)
    unit, factor = ("J", 1.0) if frame.value >= 1 else ("mJ", 1e3)
    return f"Energy, {energy.kind}, a frame: {banded(frame, unit, factor)}"
