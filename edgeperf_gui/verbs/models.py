"""`edgeperf models …`: what is there, bringing in, looking inside, removing."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from edgeperf_gui import console
from edgeperf_gui.domain import places
from edgeperf_gui.domain.graph import ImportResult, InfoSpec, LayerFacts, ModelInfo, PortFacts
from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.run_report import UNKNOWN, pairs, table
from edgeperf_gui.verbs import quantize
from edgeperf_gui.verbs.job_answer import follow, tell
from edgeperf_gui.verbs.options import PRECISIONS, json_option
from edgeperf_gui.zoo import cards, staging
from edgeperf_gui.zoo.catalogue import list_models, variant_sizes

_IMPORT: Final = "edgeperf_gui.engine.jobs.import_model:run"
_INFO: Final = "edgeperf_gui.engine.jobs.model_info:run"
_LARGEST_SHOWN: Final = 8


@click.group(name="models", no_args_is_help=True)
def command() -> None:
    """Models: list, import, look inside, remove."""


@click.command(name="list")
@json_option
def list_(json_name: str | None) -> int:
    """List your models and those that ship."""
    found, problems = list_models()
    rows: list[tuple[str, ...]] = [("Name", "task", "decoder", "input", "variants", "GMAC", "whose")]
    listed: list[dict[str, Any]] = []
    for card in found:
        is_own = Path(card.folder).parent == places.model_folders()[0].absolute()
        size = f"{card.input.width}×{card.input.height}"
        gmac = UNKNOWN if card.gmac is None else f"{card.gmac:.3f}"
        rows.append((card.name, card.task, card.decoder, size, " ".join(card.variants), gmac, "yours" if is_own else "ships"))
        listed.append({**msgspec.to_builtins(card), "is_own": is_own, "size_bytes": variant_sizes(card)})
    with console.json_target(json_name) as target:
        if json_name != console.STANDARD_OUTPUT:
            click.echo("\n".join([table(rows), *(["", *problems] if problems else [])]))
        if target is not None:
            target.write({"schema": "edgeperf.models/1", "models": listed, "problems": problems})
    return 0


@click.command(name="import")
@click.argument("path")
@click.option("--name", help="What to call it.  [default: the file's stem]")
@click.option("--width", type=click.IntRange(1, 8192), help="Input width.  [default: the file's own]")
@click.option("--height", type=click.IntRange(1, 8192), help="Input height.  [default: the file's own]")
@click.option("--channels", type=click.Choice(["BGR", "RGB"], case_sensitive=False), help="Order of the colours.")
@click.option("--mean", type=float, nargs=3, help="Subtracted from each channel.")
@click.option("--scale", type=float, nargs=3, help="Each channel is divided by it.")
@click.option("--decoder", help="How to read its outputs; raw only looks at them.  [default: guessed]")
@click.option("--labels", help="A text file, one label a line.")
@json_option
def import_(json_name: str | None, **asked: Any) -> int:
    """Bring the model file at PATH into your models, as FP32 and FP16."""
    spec = ImportSpec(session_id=uuid.uuid4().hex, **{**asked, "path": str(Path(asked["path"]).expanduser().absolute())})
    with console.json_target(json_name) as target:
        try:
            result = follow(_IMPORT, spec, ImportResult)
        finally:
            staging.sweep(places.model_folders()[0])  # what a process left that died
        if result is None:
            raise click.Abort
        return tell(result, _import_text, json_name, target)


@click.command()
@click.argument("name")
@click.option("--precision", type=PRECISIONS, help="Which variant to count.")
@json_option
def info(name: str, precision: Any, json_name: str | None) -> int:
    """Parameters, arithmetic, sizes and layers of the model NAME."""
    with console.json_target(json_name) as target:
        result = follow(_INFO, InfoSpec(uuid.uuid4().hex, name, precision), ModelInfo)
        if result is None:
            raise click.Abort
        return tell(result, _info_text, json_name, target)


@click.command()
@click.argument("name")
@json_option
def remove(name: str, json_name: str | None) -> int:
    """Remove the model NAME of your own, with all its variants."""
    with console.json_target(json_name) as target:
        folder = cards.remove_model(name)
        if json_name != console.STANDARD_OUTPUT:
            click.echo(f"Removed {folder}.")
        if target is not None:
            target.write({"schema": "edgeperf.models.remove/1", "name": name, "folder": str(folder)})
    return 0


VERBS: Final[tuple[click.Command, ...]] = (
    list_,
    import_,
    info,
    quantize.command,
    remove,
)
for _verb in VERBS:
    command.add_command(_verb)


def _import_text(result: ImportResult) -> str:
    pixels = result.card.input
    rows = [
        ("folder", result.folder),
        ("format", result.format),
        ("input", f"{pixels.width}×{pixels.height} {pixels.channels} {pixels.layout}"),
        ("decoder", f"{result.decoder}: {result.reason}"),
        ("parameters", f"{result.params / 1e6:.3f} M"),
        ("MACs / FLOPs", f"{result.macs / 1e9:.4f} G / {result.flops / 1e9:.4f} G"),
        *((f"{precision} file", _megabytes(size)) for precision, size in result.size_bytes.items()),
    ]
    notes = "\n".join(("", *result.notes)) if result.notes else ""
    return pairs(f"Imported {result.name}", rows) + notes


def _info_text(model: ModelInfo) -> str:
    rows = [
        ("title", model.title),
        ("task / decoder", f"{model.task} / {model.decoder}"),
        ("licence", model.licence),
        ("origin", model.origin),
        ("folder", model.folder),
        ("parameters", f"{model.params:,}".replace(",", " ")),
        ("MACs / FLOPs", f"{model.macs / 1e9:.4f} G / {model.flops / 1e9:.4f} G"),
        ("weights / activations", f"{_megabytes(model.weight_bytes)} / {_megabytes(model.activation_bytes)} ({model.precision})"),
        *((f"{name} file", f"{_megabytes(size)}, stored {model.stored[name]}") for name, size in model.size_bytes.items()),
        *(("input", _port(port)) for port in model.inputs),
        *(("output", _port(port)) for port in model.outputs),
        ("layers", ", ".join(f"{kind} {count}" for kind, count in model.histogram.items())),
    ]
    heaviest = sorted(model.layers, key=lambda layer: layer.macs or 0, reverse=True)[:_LARGEST_SHOWN]
    shown = [("Heaviest layers", "type", "output", "MMAC", "params"), *map(_layer_row, heaviest)]
    return "\n\n".join((pairs(model.name, rows), table(shown)))


def _layer_row(layer: LayerFacts) -> tuple[str, ...]:
    macs = UNKNOWN if layer.macs is None else f"{layer.macs / 1e6:.2f}"
    return (layer.name[-40:], layer.type, _shape(layer.shape), macs, str(layer.params))


def _port(port: PortFacts) -> str:
    return f"{port.name} {_shape(port.shape)} {port.type}"


def _shape(shape: tuple[int | None, ...] | None) -> str:
    return UNKNOWN if shape is None else "×".join(UNKNOWN if size is None else str(size) for size in shape)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
