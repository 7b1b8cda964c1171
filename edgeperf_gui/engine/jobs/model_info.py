"""The job that counts a model's graph."""

from __future__ import annotations

import threading
from pathlib import Path

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.graph import InfoSpec, ModelInfo
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, failure_told, tell_result, tell_stopped
from edgeperf_gui.zoo.catalogue import find_model, read_labels, variant_sizes
from edgeperf_gui.zoo.formats import read, recognise
from edgeperf_gui.zoo.graph_facts import graph_facts


def run(spec: InfoSpec, outbox: JobOutbox, stop: threading.Event) -> ModelInfo | None:
    """Count `spec.model`; None when it was stopped. Raises EdgeperfError, after having told the outbox."""
    with failure_told(spec.session_id, outbox):
        card = find_model(spec.model)
        precision = _variant(card, spec.precision)
        outbox.send(Progress(spec.session_id, 0, 1, f"reading {card.title} {precision}"))
        if stop.is_set():
            tell_stopped(spec.session_id, outbox)
            return None
        result = describe(card, precision)
    tell_result(spec.session_id, outbox, result)
    return result


def describe(card: ModelCard, precision: Precision) -> ModelInfo:
    """The card's words and the variant's numbers."""
    facts = graph_facts(read(recognise(card.path(card.variants[precision].xml))))
    return ModelInfo(
        name=card.name,
        title=card.title,
        task=card.task,
        decoder=card.decoder,
        licence=card.licence,
        origin=card.origin,
        folder=str(Path(card.folder)),
        size_bytes=variant_sizes(card),
        stored={name: variant.stored for name, variant in card.variants.items()},
        precision=precision,
        labels=len(read_labels(card)),
        **{name: getattr(facts, name) for name in facts.__struct_fields__},
    )


def _variant(card: ModelCard, wanted: Precision | None) -> Precision:
    if wanted is not None and wanted not in card.variants:
        raise ModelError(f"{card.title} has no {wanted} variant.", f"It has {', '.join(card.variants)}.")
    if wanted is not None:
        return wanted
    return "FP32" if "FP32" in card.variants else next(iter(card.variants))
