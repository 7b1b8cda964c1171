"""What a card and the inside of a model say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.graph import ImportResult, PortFacts, RemoveResult
from edgeperf_gui.domain.jobs import ImportSpec, QuantizeSpec
from edgeperf_gui.domain.model_files import DECODERS, SUFFIXES
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.live.model_shelf import ModelShelf, WorkResult, WorkSpec, is_own
from edgeperf_gui.ui import figures

TASKS: Final = {
    "detection": "Finds objects",
    "classification": "Names the picture",
    "segmentation": "Labels every pixel",
    "raw": "Outputs as they are",
}
FILE_FILTER: Final = f"Models ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
NOT_STATED: Final = "not stated"
"""What an import writes where a file does not name its licence."""
_TEXT_DECODERS: Final = ("db_text",)
_MOST_PORTS: Final = 6


def task(card: ModelCard) -> str:
    """What it does."""
    return "Finds lines of text" if card.decoder in _TEXT_DECODERS else TASKS[card.task]


def pictogram(card: ModelCard) -> str:
    """Which sign stands for it."""
    return "text" if card.decoder in _TEXT_DECODERS else card.task


def whose(card: ModelCard) -> str:
    """Where it came from, in one word."""
    return "yours" if is_own(card) else "ships"


def licence(card: ModelCard) -> str:
    """As it stands beside other words."""
    return f"licence {card.licence}" if card.licence == NOT_STATED else card.licence


def gmac(card: ModelCard) -> str:
    """Arithmetic of one picture."""
    return figures.UNKNOWN if card.gmac is None else f"{card.gmac:.2f}"


def size(card: ModelCard) -> str:
    """Of the picture it takes."""
    return f"{card.input.width}×{card.input.height}"


def searchable(card: ModelCard) -> str:
    """Everything one may look for, in small letters."""
    parts = (card.name, card.title, card.task, task(card), card.decoder, card.licence, card.origin, whose(card), size(card))
    return " ".join((*parts, *card.variants)).casefold()


def spoken(card: ModelCard, in_use: bool) -> str:
    """For a screen reader."""
    used = ", in use" if in_use else ""
    variants = ", ".join(card.variants)
    return f"{card.title}{used}: {task(card)}, {size(card)}, {gmac(card)} GMAC, {variants}, licence {card.licence}, {whose(card)}"


def pixels(given: InputCard) -> str:
    """How a frame becomes its input."""
    fit = "letterboxed" if given.keep_aspect else "stretched"
    words = f"{given.width}×{given.height} {given.channels} {given.layout}, {fit}"
    if given.mean != (0.0, 0.0, 0.0):
        words += f", minus {triple(given.mean)}"
    return words + (f", over {triple(given.scale)}" if given.scale != (1.0, 1.0, 1.0) else "")


def triple(values: Sequence[float]) -> str:
    """One number where all are alike."""
    return f"{values[0]:g}" if len(set(values)) == 1 else ", ".join(f"{value:g}" for value in values)


def ports(given: Sequence[PortFacts]) -> list[str]:
    """A line each, the first few."""
    lines = [f"{port.name}  {_shape(port.shape)}  {port.type}" for port in given[:_MOST_PORTS]]
    return [*lines, f"and {len(given) - _MOST_PORTS} more"] if len(given) > _MOST_PORTS else lines


def decoder(name: str) -> str:
    """A decoder for a person."""
    return DECODERS.get(name, name)


def running(shelf: ModelShelf) -> str:
    """What is being done, and how far it is."""
    work, progress = shelf.work, shelf.progress
    if work is None:
        return ""
    title = f"{_doing(shelf, work)}{' is being cancelled' if shelf.is_stopping else ''}"
    if progress is None or shelf.is_stopping:
        return title
    counted = f" · {progress.done} of {progress.total}" if progress.total else ""
    unit = " samples" if counted and isinstance(work, QuantizeSpec) else ""
    return f"{title} · {progress.activity}{counted}{unit}"


def done(shelf: ModelShelf, result: WorkResult) -> str:
    """One sentence on what came of it."""
    if isinstance(result, ImportResult):
        return f"{result.name} was imported from {result.format} as {', '.join(result.size_bytes)}."
    if isinstance(result, RemoveResult):
        return f"{result.name} was removed."
    card = shelf.card(result.spec.model)
    layers = f"{result.layers_quantized} of {result.layers_multiplying} layers in 8 bits"
    megabytes = f"{figures.megabytes(result.size_bytes)} MB instead of {figures.megabytes(result.original_bytes)} MB"
    samples = figures.count(result.samples, "sample")
    accuracy = ""
    if result.accuracy is not None and result.original_accuracy is not None:
        accuracy = f" Accuracy {result.accuracy:.3f}, before {result.original_accuracy:.3f}."
    return (
        f"INT8 of {card.title if card else result.spec.model} is made: {layers}, {megabytes}, calibrated on {samples}.{accuracy}"
    )


def ended(status: SessionStatus) -> str:
    """One sentence on an end without a result."""
    return "Cancelled; nothing was changed." if status.reason is FinishReason.STOPPED else ""


def _doing(shelf: ModelShelf, work: WorkSpec) -> str:
    if isinstance(work, ImportSpec):
        return "Import of " + work.path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    card = shelf.card(work.model)
    title = card.title if card else work.model
    return f"INT8 of {title}" if isinstance(work, QuantizeSpec) else f"Removal of {title}"


def _shape(shape: tuple[int | None, ...] | None) -> str:
    if shape is None:
        return figures.UNKNOWN
    return "×".join(figures.UNKNOWN if length is None else str(length) for length in shape)
