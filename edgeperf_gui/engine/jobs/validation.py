"""How accurate a compiled model is on labelled images, as one number that a quantisation must not lose."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import BadInput, DatasetError
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.scoring import LOW_THRESHOLD, Score, Size, score_for
from edgeperf_gui.zoo.calibration import fit_frame, model_input
from edgeperf_gui.zoo.catalogue import read_labels
from edgeperf_gui.zoo.dataset import Dataset, LabelledImage
from edgeperf_gui.zoo.datasets import read_dataset
from edgeperf_gui.zoo.picture_file import Pixels, decode_picture
from edgeperf_gui.zoo.quantize import AccuracyControl, Cancelled

USUAL_DROP: Final = 0.01
_MOST_IMAGES: Final = 300
"""The model runs on all of them again for every layer that is tried."""
_REMEDY: Final = "Give a folder of labelled images as --labels."


@dataclass(frozen=True, slots=True, eq=False)
class _Example:
    """A labelled picture, fitted to the model's input."""

    image: LabelledImage
    size: Size
    pixels: Pixels


def accuracy_control(card: ModelCard, spec: QuantizeSpec, stop: threading.Event) -> AccuracyControl | None:
    """What the spec's labels and largest drop ask for; None when it gives no labels."""
    if spec.labels is None:
        if spec.max_drop is not None:
            raise BadInput("A largest drop of accuracy needs labels to measure it by.", _REMEDY)
        return None
    dataset = read_dataset(spec.labels).choose(_MOST_IMAGES)
    _score(card, dataset)
    names, decode = DECODERS[card.decoder](card, score_threshold=LOW_THRESHOLD)
    target = (card.input.width, card.input.height)

    def validate(compiled: Any, items: Iterable[_Example]) -> float:
        request = compiled.create_infer_request()
        dtype = request.get_input_tensor().data.dtype
        score = _score(card, dataset)
        for example in items:
            request.infer([model_input(example.pixels, card.input, dtype)])
            tensors = [request.get_tensor(name) for name in names] if names else request.output_tensors
            letterbox = Letterbox.fit(example.size, target, keep_aspect=card.input.keep_aspect)
            score.add(example.image, example.size, decode([tensor.data for tensor in tensors], letterbox))
        return score.value() or 0.0

    examples = _examples(card, dataset, stop)
    return AccuracyControl(examples, validate, USUAL_DROP if spec.max_drop is None else spec.max_drop)


def _score(card: ModelCard, dataset: Dataset) -> Score:
    score = score_for(card, dataset, read_labels(card))
    if score is None:
        raise DatasetError(f"{dataset.title}: these images have no labels.", _REMEDY)
    return score


def _examples(card: ModelCard, dataset: Dataset, stop: threading.Event) -> list[_Example]:
    examples = []
    for image in dataset.images:
        if stop.is_set():
            raise Cancelled
        if (pixels := decode_picture(image.path)) is not None:
            examples.append(_Example(image, (pixels.shape[1], pixels.shape[0]), fit_frame(pixels, card.input)))
    if not examples:
        raise DatasetError(f"{dataset.title}: none of its images can be decoded.", _REMEDY)
    return examples
