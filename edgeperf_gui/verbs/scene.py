"""`edgeperf scene`: the drawn worlds, and clips of them with labels; and what `bench` asks about them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.scene import DEFAULTS, KEYS, SCHEME, SceneSpec, parse
from edgeperf_gui.domain.session import LARGEST_COUNT
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.bounds import between

_LONGEST_S: Final = 3600.0
_MOST_FRAMES: Final = 100_000
_MEANINGS: Final = {
    "highway": "three lanes each way, seen from a bridge: a vehicle is in view for a second or two",
    "parking-lot": "cars drive in, park and leave: each is in view for minutes",
}


@click.group("scene", no_args_is_help=True)
def command() -> None:
    """Drawn worlds that know every vehicle's place: list them, or render a labelled clip."""


@command.command("list")
@options.json_file("Write the list there as well; - prints it instead.")
def list_scenes(json_name: str | None) -> int:
    """The worlds and their parameters."""
    from edgeperf_gui import console
    from edgeperf_gui.run_report import pairs

    with console.json_target(json_name) as target:
        if json_name != console.STANDARD_OUTPUT:
            worlds = [(f"{SCHEME}{world}", _MEANINGS[world]) for world in DEFAULTS]
            keys = [(key.name, f"{key.meaning}: {key.bounds}{_usual(key.name)}") for key in KEYS]
            example = f"{SCHEME}highway?speed=130&density=12&fps=60&light=night&seed=7"
            click.echo(f"{pairs('Worlds', worlds)}\n\n{pairs('Parameters', keys)}\n\nfor instance {example}")
        if target is not None:
            worlds_json = {world: {"meaning": _MEANINGS[world], "usual": spec} for world, spec in DEFAULTS.items()}
            keys_json = [{"name": key.name, "meaning": key.meaning, "bounds": key.bounds, "worlds": key.worlds} for key in KEYS]
            target.write({"schema": "edgeperf.scenes/1", "worlds": worlds_json, "parameters": keys_json})
    return 0


def _usual(name: str) -> str:
    """What a parameter is when it is not given."""
    key = next(key for key in KEYS if key.name == name)
    words = {world: key.word(DEFAULTS[world]) for world in key.worlds}
    if len(set(words.values())) == 1:
        return f" (usually {next(iter(words.values()))})"
    return f" (usually {', '.join(f'{word} in {world}' for world, word in words.items())})"


def _parameters(function: Callable[..., int]) -> Callable[..., int]:
    """Every parameter of an address as an option of its own."""
    for key in reversed(KEYS):
        function = click.option(f"--{key.name}", f"scene_{key.name}", metavar="VALUE", help=f"{key.meaning}: {key.bounds}")(
            function
        )
    return function


@command.command("render")
@click.option("--scenario", "world", required=True, metavar="WORLD", help="highway or parking-lot, or a whole address.")
@click.option("--seconds", type=float, default=20.0, show_default=True, callback=between("number of seconds", 0.05, _LONGEST_S))
@click.option("--out", "out_name", required=True, metavar="CLIP.mp4", help="Where the clip goes.")
@click.option("--labels", "labels_name", metavar="LABELS.json", help="Where the truth goes, in COCO's form.")
@click.option(
    "--pictures", "pictures_name", metavar="FOLDER", help="The labelled frames as JPEG there, too, as COCO's readers want."
)
@click.option("--every", type=click.IntRange(1, 10_000), default=1, show_default=True, help="Label every so many-th frame.")
@click.option("--force", is_flag=True, help="Write over what is there without asking.")
@_parameters
def render(
    world: str,
    seconds: float,
    out_name: str,
    labels_name: str | None,
    pictures_name: str | None,
    every: int,
    force: bool,
    **given: Any,
) -> int:
    """Write a clip of a world, with every vehicle's box in every frame. Ctrl+C leaves no half a clip."""
    spec = _spec(world, given)
    frames = max(1, round(seconds * spec.fps))
    if frames > _MOST_FRAMES:
        raise BadInput(
            f"{seconds:g} s at {spec.fps:g} fps are {frames} frames.", f"Lower --seconds or --fps: at most {_MOST_FRAMES}."
        )
    if spec.width % 2 or spec.height % 2:
        raise BadInput(f"A clip of {spec.width}×{spec.height} cannot be encoded.", "Give --size an even width and height.")
    out, labels = Path(out_name), Path(labels_name) if labels_name else None
    pictures = Path(pictures_name) if pictures_name else None
    _check_places(out, labels, pictures, force)

    from edgeperf_gui import console
    from edgeperf_gui.engine.scene_clip import Clip, render

    clip = Clip(spec, frames, out, labels, pictures, every)
    outbox = console.ConsoleOutbox(sys.stderr)
    with console.stop_on_signals() as stop:
        try:
            whole = render(clip, stop, lambda done: outbox.show(f"{100 * done // frames:3d} %  frame {done} of {frames}"))
        finally:
            outbox.clear()
    if not whole:
        raise RunError("Stopped: no clip was written.", "Run it again to have one.")
    labelled = (frames + every - 1) // every
    click.echo(f"{out}: {frames} frames of {spec.address}" + (f"; {labels}: truth of {labelled} of them" if labels else ""))
    return 0


def _spec(world: str, given: dict[str, Any]) -> SceneSpec:
    """An address with the options added, read by the one parser there is."""
    words = "&".join(f"{name.removeprefix('scene_')}={text}" for name, text in given.items() if text is not None)
    address = world if world.lower().startswith(SCHEME) else f"{SCHEME}{world}"
    return parse(address + (("&" if "?" in address else "?") + words if words else ""))


def _check_places(out: Path, labels: Path | None, pictures: Path | None, force: bool) -> None:
    """Everything that could end the work after it was done is looked at before it begins."""
    if out.suffix.lower() != ".mp4":
        raise BadInput(f"{out} is no name of a clip.", "Give --out a name that ends in .mp4.")
    if labels is not None and labels.resolve() == out.resolve():
        raise BadInput("--out and --labels are the same file.", "Give --labels a name that ends in .json.")
    for place in filter(None, (out, labels)):
        if place.is_dir():
            raise BadInput(f"{place} is a folder.", "Give the name of a file.")
        if not place.parent.is_dir():
            raise BadInput(f"There is no folder {place.parent}.", "Make it first.")
        if place.exists() and not force:
            if not sys.stdin.isatty():
                raise BadInput(f"{place} is there already.", "Add --force to write over it.")
            click.confirm(f"{place} is there already. Write over it?", abort=True, err=True)
    if pictures is not None:
        try:
            pictures.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"{pictures} cannot be a folder: {error.strerror or error}.", "Choose another.") from error


def bench_options(function: Callable[..., int]) -> Callable[..., int]:
    """What `bench` asks about a drawn scene."""
    for option in (
        click.option(
            "--oracle",
            type=float,
            metavar="MISS_PERCENT",
            callback=between("percentage", 0.0, 100.0),
            help="Of a scene: its truth, less so many percent, in place of what the model finds; the model runs all the same.",
        ),
        click.option(
            "--looks",
            type=click.IntRange(1, LARGEST_COUNT),
            metavar="K",
            help="Of a scene: the true share of vehicles with K inferences while in view, and of what was found. Runs paced.",
        ),
    ):
        function = option(function)
    return function


def keeps_pace(asked: dict[str, Any]) -> bool:
    """Whether a run is paced: as asked, and where looks are counted. Raises UsageError where that cannot be."""
    wanted = "--looks" if asked["looks"] is not None else "--oracle" if asked["oracle"] is not None else ""
    if wanted and (asked["inference_only"] or asked["arrivals"]):
        raise click.UsageError(f"{wanted} needs a scene at its own pace: leave --inference-only and --arrivals out.")
    return asked["paced"] or asked["looks"] is not None
