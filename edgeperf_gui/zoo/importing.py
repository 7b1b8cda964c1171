"""Bringing a model file into the user's model folder: read, sized, looked at, written as FP32 and FP16, with its card.

Call it in a process of its own: the file is untrusted, and what parses it is native code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import openvino as ov
from msgspec.structs import replace

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard, Precision, VariantCard
from edgeperf_gui.domain.errors import ModelError, RunError
from edgeperf_gui.domain.graph import GraphFacts, ImportResult
from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.zoo import openvino_core, staging
from edgeperf_gui.zoo.cards import check_name, is_taken, safe_name, write_card
from edgeperf_gui.zoo.catalogue import variant_sizes
from edgeperf_gui.zoo.file_words import (
    labels_beside,
    labels_of_file,
    model_info,
    own_labels,
    own_licence,
    own_size,
    rt_texts,
)
from edgeperf_gui.zoo.formats import ModelFile, read, recognise, telling_line
from edgeperf_gui.zoo.graph_facts import graph_facts, shape_of
from edgeperf_gui.zoo.image_input import fix_input, input_card
from edgeperf_gui.zoo.real_outputs import decode_quantized_outputs

STEPS: Final = 6
"""How often `activity` is called."""
LABELS: Final = "labels.txt"
Task = Literal["detection", "classification", "segmentation", "raw"]
_EIGHT_BIT: Final = ("i8", "u8", "i4", "u4")
_MOST_NAMES: Final = 1000

Port = tuple[Sequence[str], Sequence[int | None] | None, str]
"""Names, shape (None where a run decides) and element type of an input or output."""


class Guessed(Protocol):
    """What the shapes of a model's outputs, and its own words, tell of it."""

    @property
    def decoder(self) -> str:
        """Which decoder understands its outputs."""

    @property
    def options(self) -> Mapping[str, Any]:
        """The card's `decoder_options`."""

    @property
    def reason(self) -> str:
        """Why this one, as a sentence."""

    @property
    def task(self) -> Task:
        """For the card."""

    @property
    def input(self) -> Mapping[str, Any]:
        """Fields of the card's input: the file's own word, or the custom of its family."""


class Guess(Protocol):
    """From outputs, inputs and the entries of `model_info`; with `decoder` it is that one, and only the rest is guessed."""

    def __call__(
        self, outputs: Sequence[Port], inputs: Sequence[Port], rt_info: Mapping[str, str], /, *, decoder: str | None = None
    ) -> Guessed:
        """Never raises."""


def import_model(
    spec: ImportSpec,
    guess: Guess,
    activity: Callable[[str], None],
    check: Callable[[ModelCard], object] = lambda card: None,
) -> ImportResult:
    """Import the file that `spec` names; nothing is left in the model folder unless this returns.

    `activity` is called before each of `STEPS` steps and may raise, which cancels. `check` sees the finished card and may refuse.
    Raises ModelError for a file that cannot be used, a folder that cannot be written to, or a name that is taken; RunError for
    a full disk.
    """
    if spec.name is not None and is_taken(check_name(spec.name)):
        raise ModelError(f"There is a model called {spec.name} already.", "Choose another name, or remove that model first.")
    found = _look(spec, guess, activity)
    card = found.card
    with staging.staged_folder(places.model_folders()[0]) as folder:
        if found.labels:
            lines = [" ".join(label.split()) for label in found.labels]
            (folder / LABELS).write_text("\n".join(lines) + "\n", encoding="utf-8")
        variants = _write_variants(found.model, found.facts, folder, card.name, activity)
        activity("writing its card")
        card = write_card(folder, replace(card, variants=variants))
        check(card)
        sizes = variant_sizes(card)
        card = _publish(folder, card, spec.name is not None)
    return ImportResult(
        name=card.name,
        folder=card.folder,
        format=found.format,
        decoder=card.decoder,
        reason=found.reason,
        notes=found.notes,
        size_bytes=sizes,
        params=found.facts.params,
        macs=found.facts.macs,
        flops=found.facts.flops,
        card=card,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the file holds, and what is going to be said of it."""

    model: Any
    format: str
    facts: GraphFacts
    card: ModelCard
    """Whole but for its variants, which are not written yet."""
    labels: tuple[str, ...]
    reason: str
    notes: tuple[str, ...]


def _look(spec: ImportSpec, guess: Guess, activity: Callable[[str], None]) -> _Found:
    """Read the file, fix its input's size, and decide everything that the card says."""
    path = Path(spec.path).expanduser()
    activity(f"looking at {path.name}")
    file = recognise(path)
    activity(f"reading {path.name} ({file.format})")
    model = read(file)
    activity("looking at its inputs and outputs")
    texts = rt_texts(model)
    info = model_info(texts)
    image = fix_input(model, spec, file.stem, own_size(texts))
    code_notes = decode_quantized_outputs(model)
    facts = graph_facts(model)
    guessed, reason = _guess(guess, model, spec.decoder, info)
    labels, label_note = _labels(spec, file, texts)
    card = ModelCard(
        name=spec.name or _free_name(safe_name(file.stem)),
        title=file.stem,
        task=guessed.task,
        licence=own_licence(texts),
        origin=f"imported from {file.path.name} ({file.format})",
        decoder=guessed.decoder,
        input=input_card(image, spec, guessed.input, info, guessed.task, file.format),
        variants={},
        labels=LABELS if labels else None,
        gmac=round(facts.macs / 1e9, 4),
        decoder_options=dict(guessed.options),
    )
    notes = (*image.notes, *code_notes, *label_note, *_pixel_note(spec, card, info))
    return _Found(model, file.format, facts, card, labels, reason, notes)


def stored_precision(facts: GraphFacts) -> Precision:
    """What most of a graph's weights are stored as."""
    kind = next(iter(facts.weight_types), "f32")
    if kind in _EIGHT_BIT or "FakeQuantize" in facts.histogram:
        return "INT8"
    return "FP16" if kind in ("f16", "bf16") else "FP32"


def _write_variants(
    model: Any, facts: GraphFacts, folder: Path, name: str, activity: Callable[[str], None]
) -> dict[Precision, VariantCard]:
    """The files, and what the card says of them. Weights never grow: f16 ones serve FP32 as they are, quantised ones stay so."""
    stored = stored_precision(facts)
    fp16 = VariantCard(f"{name}-fp16.xml", "FP16")
    if stored == "INT8":
        activity("writing INT8")
        _write_ir(model, folder / f"{name}-int8.xml", half=False)
        return {"INT8": VariantCard(f"{name}-int8.xml", "INT8")}
    activity("writing FP32")
    if stored == "FP16":
        _write_ir(model, folder / fp16.xml, half=False)
        return {"FP16": fp16, "FP32": VariantCard(fp16.xml, "FP16")}
    fp32 = VariantCard(f"{name}-fp32.xml", "FP32")
    _write_ir(model, folder / fp32.xml, half=False)
    activity("writing FP16")
    _write_ir(model, folder / fp16.xml, half=True)
    return {"FP16": fp16, "FP32": fp32}


def _write_ir(model: Any, xml: Path, *, half: bool) -> None:
    try:
        ov.save_model(model, xml, compress_to_fp16=half)
    except RuntimeError as error:
        said = telling_line(error)
        reason = "there is no room left" if "iostream" in said else said
        raise RunError(f"{xml.name} could not be written: {reason}.", f"Check the room in {xml.parent.parent}.") from error
    try:
        # the writer does not notice a full disk; the reader does
        openvino_core.core().read_model(xml)
    except RuntimeError as error:
        remedy = "The disk is probably full; nothing half-written was left."
        raise RunError(f"{xml.name} was not written whole: {telling_line(error)}.", remedy) from error


def _guess(guess: Guess, model: Any, asked: str | None, info: Mapping[str, str]) -> tuple[Guessed, str]:
    """The guess, and the reason for the decoder that is taken; of one that was asked for, its options and pixels are guessed."""
    outputs, inputs = ([_port(port) for port in ports] for ports in (model.outputs, model.inputs))
    guessed = guess(outputs, inputs, info)
    if asked is None or asked == guessed.decoder:
        return guessed, guessed.reason
    unlike = guessed.decoder != "raw" and asked != "raw"
    doubt = f"As asked; the outputs look more like {guessed.decoder}: {guessed.reason}"
    return guess(outputs, inputs, info, decoder=asked), doubt if unlike else "As asked."


def _port(port: Any) -> Port:
    return sorted(port.get_names()), shape_of(port.get_partial_shape()), port.get_element_type().get_type_name()


def _labels(spec: ImportSpec, file: ModelFile, texts: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels and where they came from: the user, the file itself, or a file of the model's name beside it."""
    if spec.labels is not None:
        return labels_of_file(Path(spec.labels).expanduser()), ()
    if own := own_labels(texts):
        return own, (f"Its {len(own)} labels come from the file itself.",)
    if beside := labels_beside(file.path):
        try:
            labels = labels_of_file(beside)
        except ModelError as error:  # nobody asked for this file
            return (), (f"{beside.name} beside it was left out: {error.sentence}",)
        return labels, (f"Its {len(labels)} labels come from {beside.name} beside it.",)
    return (), ()


def _pixel_note(spec: ImportSpec, card: ModelCard, info: Mapping[str, str]) -> tuple[str, ...]:
    """Channel order and scaling cannot be seen in a graph; whoever gave none should look."""
    if spec.mean or spec.scale or spec.channels or any(key in info for key in ("mean_values", "scale_values")):
        return ()
    mean, scale = (", ".join(f"{value:g}" for value in triple) for triple in (card.input.mean, card.input.scale))
    why = "" if card.task == "raw" else ", as usual for such models"
    return (f"It is given {card.input.channels}, minus {mean}, over {scale}{why}; the file does not say.",)


def _free_name(stem: str) -> str:
    names = (stem, *(f"{stem}-{number}" for number in range(2, _MOST_NAMES)))
    free = next((name for name in names if not is_taken(name)), None)
    if free is None:
        raise ModelError(f"There are {_MOST_NAMES} models called {stem} already.", "Give the model another name.")
    return free


def _publish(folder: Path, card: ModelCard, is_name_given: bool) -> ModelCard:
    """Give the folder its place; when another process took the name meanwhile, the next one."""
    own = places.model_folders()[0]
    while not staging.publish(folder, own / card.name):
        if is_name_given:
            raise ModelError(f"There is a model called {card.name} already.", "Choose another name.")
        card = write_card(folder, replace(card, name=_free_name(card.name)))
    return replace(card, folder=str(own / card.name))
