"""`edgeperf energy`: which meters there are, what idles, what arithmetic and memory cost, what a power comes to."""

from __future__ import annotations

import uuid
from typing import Any, Final

import click

from edgeperf_gui import console
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.energy import Baseline, BaselineSpec, EnergyLayersSpec, MeterList, ModelEnergy
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.run_report import banded, pairs, percent, table
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.job_answer import follow, tell
from edgeperf_gui.verbs.meter_options import meter_choice, meter_options
from edgeperf_gui.verbs.options import json_option
from edgeperf_gui.verbs.stored_run import opened_run

_LAYERS: Final = "edgeperf_gui.engine.jobs.model_energy:run"
_BASELINE: Final = "edgeperf_gui.engine.jobs.idle_baseline:run"
_MOST_SHOWN: Final = 20
_IDLE: Final = "Run bench with --idle-watts."


@click.group(name="energy", invoke_without_command=True)
@meter_options
@json_option
@click.pass_context
def command(context: click.Context, /, json_name: str | None, **asked: Any) -> int | None:
    """Energy: the meters of this machine, and what of each. Without a further verb it lists them."""
    if context.invoked_subcommand is not None:
        return None
    from edgeperf_gui.engine.power.meter import here
    from edgeperf_gui.engine.power.table import list_meters

    with console.json_target(json_name) as target:
        return tell(list_meters(here(meter_choice(asked))), meters_text, json_name, target)


def meters_text(found: MeterList) -> str:
    """A block a meter: what it is, and why it cannot be read."""
    blocks = []
    for info in found.meters:
        state = "available" if info.available else "not available"
        lines = [f"{info.name.ljust(8)} {info.kind}, covers {info.covers}, every {info.period_s:g} s: {state}. {info.title}."]
        lines += [f"{'':8} {text}" for text in (info.reason, info.remedy, info.note if info.available else "") if text]
        if info.parts:
            lines.append(f"{'':8} Shown apart, never added: {', '.join(info.parts)}.")
        blocks.append("\n".join(lines))
    chosen = found.chosen or "nothing: no meter can be read here"
    return "\n".join([*blocks, "", f"--meter auto takes {chosen}."])


@command.command()
@options.model
@options.precision
@options.device("Whose executed types are counted.")
@click.option("--node", default="45nm", show_default=True, help="Table of energy per operation: a file of the folder energy.")
@json_option
def layers(model: str, precision: Precision, device: str, node: str, json_name: str | None) -> int:
    """Theoretical energy of one inference, layer by layer: arithmetic, weights and activations."""
    from edgeperf_gui.store.energy_tables import energy_table

    energy_table(node)  # a mistake in it is told before a model is compiled
    spec = EnergyLayersSpec(uuid.uuid4().hex, model, precision, device, node)
    with console.json_target(json_name) as target:
        result = follow(_LAYERS, spec, ModelEnergy)
        if result is None:
            raise click.Abort
        return tell(result, layers_text, json_name, target)


def layers_text(result: ModelEnergy) -> str:
    """The sums, and the layers that take most."""
    dearest = sorted(result.layers, key=lambda layer: layer.energy.total_mj, reverse=True)[:_MOST_SHOWN]
    head = ("Layer (µJ)", "type", "as", "arithmetic", "weights", "activations", "all")
    rows = [
        (
            layer.name[-40:],
            layer.type,
            layer.precision,
            *(f"{1e3 * mj:.2f}" for mj in (layer.energy.arithmetic_mj, layer.energy.weights_mj, layer.energy.activations_mj)),
            f"{1e3 * layer.energy.total_mj:.2f}",
        )
        for layer in dearest
    ]
    sums = [
        ("arithmetic", f"{result.arithmetic_mj:.3f} mJ"),
        ("weights from DRAM", f"{result.weights_mj:.3f} mJ"),
        ("activations in SRAM", f"{result.activations_mj:.3f} mJ"),
        ("all", f"{result.total_mj:.3f} mJ an inference"),
        ("table", f"{result.node}: {result.source}"),
    ]
    if result.undecided_layers:
        sums.append(("left out", f"{result.undecided_layers} layers whose size or type is not known"))
    title = f"Theoretical operator energy of {result.model} {result.precision}"
    limit = "A lower bound of arithmetic and memory, for ratios between variants; a processor takes 20 to 100 times as much."
    return "\n\n".join([pairs(title, sums), table([head, *rows]), limit])


@command.command()
@click.option("--seconds", type=click.FloatRange(2.0, 3600.0), default=10.0, show_default=True)
@meter_options
@json_option
def baseline(seconds: float, json_name: str | None, **asked: Any) -> int:
    """What the meter shows while nothing runs: give it to bench as --idle-watts."""
    spec = BaselineSpec(uuid.uuid4().hex, meter_choice(asked), seconds)
    with console.json_target(json_name) as target:
        result = follow(_BASELINE, spec, Baseline)
        if result is None:
            raise click.Abort
        return tell(result, baseline_text, json_name, target)


def baseline_text(result: Baseline) -> str:
    """One meter's idle power."""
    rows = [
        ("meter", result.title),
        ("idle power", banded(result.watts, "W")),
        ("read", f"{result.readings} times in {result.seconds:.1f} s"),
        ("foreign CPU", percent(result.foreign_cpu_percent)),
        ("give it as", f"--idle-watts {result.watts.value:.3g}"),
    ]
    return pairs("Idle baseline", rows)


@command.command()
@click.option("--run", "run_name", metavar="RUN.json", required=True, help="What `edgeperf bench --json` wrote, with a meter.")
@click.option("--duty", type=float, default=1.0, show_default=True, help="Share of the time it works, 0 to 1; else it idles.")
@click.option("--battery-wh", type=float, help="How long does a battery of so many watt-hours last?")
@click.option("--hours", type=float, help="How large a battery do so many hours take?")
@click.option("--hours-a-day", type=float, default=24.0, show_default=True)
@click.option("--price", type=float, help="Of a kilowatt-hour, in any money.")
@json_option
def costs(run_name: str, duty: float, json_name: str | None, battery_wh: float | None, **asked: Any) -> int:
    """What a run's power comes to: hours on a battery, kilowatt-hours and money a year, joules of a thousand frames."""
    from edgeperf_gui.analysis.consequences import consequences, power_at_duty

    run = opened_run(run_name)
    spent = run.energy
    if spent is None:
        raise BadInput(f"{run_name} holds no energy: no meter was read.", "Run bench with --meter; `edgeperf energy` lists them.")
    watts = power_at_duty(spent.watts, duty, spent.idle_watts)
    if watts is None:
        way = "Estimates of busy time hold none: use a meter that measures." if spent.covers == "our processes" else _IDLE
        raise BadInput("At a duty below 1 the idle power counts, and this run knows none.", way)
    found = consequences(
        watts,
        battery_wh=battery_wh,
        hours=asked["hours"],
        hours_a_day=asked["hours_a_day"],
        price_per_kwh=asked["price"],
        joules_per_frame=spent.joules_per_frame,
    )
    rows = [
        (f"power ({spent.kind})", banded(found.watts, "W")),
        ("1000 frames", banded(found.joules_per_1000_frames, "J")),
        *([("battery lasts", banded(found.battery_hours, "h"))] if battery_wh is not None else []),
        *([(f"battery for {asked['hours']:g} h", banded(found.battery_needed_wh, "Wh"))] if asked["hours"] is not None else []),
        ("energy a year", banded(found.kwh_a_year, "kWh")),
        *([("cost a year", banded(found.cost_a_year, ""))] if asked["price"] is not None else []),
    ]
    with console.json_target(json_name) as target:
        if json_name != console.STANDARD_OUTPUT:
            click.echo(pairs(f"{spent.title}, covers {spent.covers}", rows))
        if target is not None:
            target.write({"schema": "edgeperf.energy.costs/1", "kind": spent.kind, "covers": spent.covers, "costs": found})
    return 0
