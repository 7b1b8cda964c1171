"""Classification: one score a class, as probabilities or as logits; the best few are kept."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
import numpy as np

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.decoder import Built, Floats, Outputs, read_options, take_outputs, wrong_shape

_SUM_TOLERANCE: Final = 0.01
"""How far sixteen-bit probabilities may be from adding up to one."""


class ClassificationOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card's `decoder_options`."""

    output: str | None = None
    """Its name; None takes the model's first."""
    scores: Literal["auto", "probabilities", "logits", "sigmoid"] = "auto"
    """What the model gives: `sigmoid` are logits of classes that do not exclude each other; `auto` looks at each frame."""
    top: Annotated[int, msgspec.Meta(ge=1, le=10)] = 5


def decode(outputs: Outputs, letterbox: Letterbox, options: ClassificationOptions) -> Findings:
    """The best classes with their probabilities; where the frame lies in the input plays no part."""
    (output,) = take_outputs(outputs, 1)
    if not output.size or output.size != max(output.shape, default=0):
        raise wrong_shape([output], "[1, classes]")
    probabilities = _probabilities(output.reshape(-1).astype(np.float32), options)
    count = min(options.top, len(probabilities))
    # by label among equals, also among those of which only some get in, so that they do not dance
    best = np.flatnonzero(probabilities >= np.partition(probabilities, -count)[-count])
    best = best[np.argsort(-probabilities[best], kind="stable")][:count]
    return Findings(classes=tuple((int(label), float(probabilities[label])) for label in best if probabilities[label] >= 0))


def _probabilities(scores: Floats, options: ClassificationOptions) -> Floats:
    """Probabilities 0…1; −1 for what is no number."""
    damaged = np.isnan(scores)
    scores[damaged] = -np.inf
    kind = options.scores
    if kind == "auto":
        kind = "probabilities" if _look_like_shares(scores) else "logits"
    if kind == "logits":
        scores = _softmax(scores)
    elif kind == "sigmoid":
        with np.errstate(over="ignore"):
            scores = np.float32(1) / (np.float32(1) + np.exp(-scores))
    scores = np.clip(scores, 0.0, 1.0)
    scores[damaged] = -1.0
    return scores


def _look_like_shares(scores: Floats) -> bool:
    return bool(scores.min() >= 0 and scores.max() <= 1 + _SUM_TOLERANCE and abs(float(scores.sum()) - 1) <= _SUM_TOLERANCE)


def _softmax(logits: Floats) -> Floats:
    highest = logits.max()
    if np.isfinite(highest):
        weights: Floats = np.exp(logits - highest)
    else:  # an infinite one takes all; when none is a number, nothing is known
        weights = (logits == np.inf).astype(np.float32)
    weights /= max(weights.sum(), np.float32(1))  # the highest alone weighs one
    return weights


def build_classification(card: ModelCard, *, score_threshold: float | None = None) -> Built:
    """A decoder as `DecoderBuilder` says; it has no threshold."""
    options = read_options(card, ClassificationOptions, score_threshold)
    names = (options.output,) if options.output else ()
    return names, lambda outputs, letterbox: decode(outputs, letterbox, options)
