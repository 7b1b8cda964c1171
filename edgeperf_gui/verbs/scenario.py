"""`edgeperf scenario`: what a run's numbers mean for an application."""

from __future__ import annotations

import stat
import uuid
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from edgeperf_gui.domain.errors import BadInput, EdgeperfError
from edgeperf_gui.domain.graph import InfoSpec, ModelInfo
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Energy, Scenario, ScenarioResult

_INFO: Final = "edgeperf_gui.engine.jobs.model_info:run"
_EXIT: Final = {"PASS": 0, "FAIL": 1, "UNDECIDED": 2}
_LARGEST_FILE: Final = 16_000_000
_MOST_FRAMES: Final = 1_000_000_000
_SCHEMA: Final = "edgeperf.run/1"


@click.group("scenario")
def command() -> None:
    """Hold runs against what an application needs."""


@command.command("list")
@click.option("--json", "json_name", metavar="FILE", help="Write the list there as well; - prints it instead.")
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
@click.option("--json", "json_name", metavar="FILE", help="Write it there as well; - prints it instead.")
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


@command.command("evaluate")
@click.argument("name")
@click.option("--run", "run_name", metavar="RUN.json", required=True, help="What `edgeperf bench --json` wrote.")
@click.option("--json", "json_name", metavar="FILE", is_flag=False, flag_value="-", help="Write the result there as well.")
def evaluate(name: str, run_name: str, json_name: str | None) -> int:
    """Hold a run against a scenario. Exit code 0 PASS, 1 FAIL, 2 UNDECIDED."""
    from edgeperf_gui import console
    from edgeperf_gui.analysis import scenario_verdict
    from edgeperf_gui.store.scenarios import find

    with console.json_target(json_name) as target, console.stop_on_signals() as stop:
        stem, scenario = find(name)
        run = _read_run(Path(run_name))
        result = scenario_verdict.evaluate(stem, scenario, run, _theoretical(run, stop))
        if json_name != console.STANDARD_OUTPUT:
            click.echo(_report(result))
        if target is not None:
            target.write(result)
    return _EXIT[result.verdict]


def _read_run(path: Path) -> RunResult:
    """The run in a file. Raises BadInput."""
    remedy = "Give the file that `edgeperf bench --json FILE` wrote."
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise BadInput(f"{path} is not a file.", remedy)
        if status.st_size > _LARGEST_FILE:
            raise BadInput(f"{path} is too large for a run.", remedy)
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.", remedy) from error
    try:
        schema = msgspec.json.decode(data, type=dict[str, Any]).get("schema")
        if schema != _SCHEMA:
            raise BadInput(f"{path} is of the kind {schema!r}, not {_SCHEMA!r}.", remedy)
        run = msgspec.json.decode(data, type=RunResult)
    except msgspec.MsgspecError as error:
        raise BadInput(f"{path} is not a run: {error}.", remedy) from error
    except RecursionError as error:
        raise BadInput(f"{path} is not a run: it is nested too deeply.", remedy) from error
    wrong = _impossible(run)
    if wrong is not None:
        raise BadInput(f"{path} is not a run: {wrong} cannot be.", remedy)
    return run


def _impossible(run: RunResult) -> str | None:
    """The first number that no run can have measured."""
    rate = run.throughput
    counts = {"completed": rate.completed, "dropped": rate.dropped, "warmup_discarded": rate.warmup_discarded}
    for name, count in counts.items():
        if not 0 <= count <= _MOST_FRAMES:
            return f"{name} {count}"
    if rate.fps is not None and rate.fps <= 0.0:
        return f"fps {rate.fps:g}"
    named = {**run.stages, **({} if run.age is None else {"age": run.age})}
    for name, stats in named.items():
        if not 1 <= stats.n <= _MOST_FRAMES:
            return f"n {stats.n} of {name}"
    return None


def _theoretical(run: RunResult, stop: Any) -> Energy | None:
    """From the model's graph, read in a child; None where the model is not on this machine."""
    from edgeperf_gui.analysis.operator_energy import elements_of, energy_mj
    from edgeperf_gui.verbs.in_child import run_in_child

    asked = InfoSpec(session_id=uuid.uuid4().hex, model=run.spec.model, precision=run.spec.precision)
    try:
        info = run_in_child(_INFO, asked, ModelInfo, lambda message: None, stop)
    except EdgeperfError as error:
        click.echo(f"No theoretical energy: {error.sentence}", err=True)
        return None
    if info is None:
        return None
    millijoules = energy_mj(info.macs, info.params, elements_of(info.layers), run.effective.executed_precision)
    return None if millijoules is None else Energy("theoretical", millijoules / 1e3, millijoules / 1e3, None, None)


def _given(scenario: Scenario) -> dict[str, object]:
    values = {name: getattr(scenario, name) for name in scenario.__struct_fields__ if name not in ("title", "why")}
    return {name: value for name, value in values.items() if value is not None}


def _asks(scenario: Scenario) -> str:
    """What it comes to, in a line."""
    from edgeperf_gui.analysis.looks import in_view_s, needed_fps

    rate, seconds = needed_fps(scenario), in_view_s(scenario)
    parts = [
        f"{rate:.3g} FPS" + (f" × {scenario.cameras} cameras" if scenario.cameras > 1 else "") if rate else "",
        f"{scenario.percentile} of the age within {scenario.deadline_ms:g} ms" if scenario.deadline_ms else "",
        f"{scenario.looks} looks in {seconds:.2f} s" if seconds else "",
        f"{scenario.power_w:g} W" if scenario.power_w else "",
        f"{scenario.battery_hours:g} h on {scenario.battery_wh:g} Wh" if scenario.battery_hours and scenario.battery_wh else "",
    ]
    return ", ".join(filter(None, parts)) or "nothing that can be measured"


def _report(result: ScenarioResult) -> str:
    from edgeperf_gui.run_report import UNKNOWN, table

    rows = [
        (one.name, one.required, one.measured or UNKNOWN, f"{one.headroom:.2f}×" if one.headroom else UNKNOWN, one.verdict)
        for one in result.requirements
    ]
    evidence = [f"  {one.name}: {one.evidence}" for one in result.requirements]
    energy = result.energy
    spent = f"Energy, theoretical (45 nm, datapath only): {1e3 * energy.joules_per_frame:.2f} mJ a frame" if energy else ""
    head = ("requirement", "required", "measured", "headroom", "verdict")
    blocks = [
        f"{result.scenario.title}: {result.verdict}",
        table([head, *rows]),
        "\n".join(["Evidence", *evidence]),
        f"Optimise? {result.optimise.answer.capitalize()}. {result.optimise.evidence}",
        spent,
    ]
    return "\n\n".join(block for block in blocks if block)
