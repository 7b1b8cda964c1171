"""The job that counts a variant's theoretical energy, layer by layer, in the types that the device executes."""

from __future__ import annotations

import threading

from edgeperf_gui.analysis.operator_energy import layer_energies, model_energy
from edgeperf_gui.domain.energy import EnergyLayersSpec, ModelEnergy
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, failure_told, tell_result, tell_stopped
from edgeperf_gui.engine.precision import executed_by_layer
from edgeperf_gui.store.energy_tables import energy_table
from edgeperf_gui.zoo.catalogue import find_model
from edgeperf_gui.zoo.formats import read, recognise
from edgeperf_gui.zoo.graph_facts import graph_facts


def run(spec: EnergyLayersSpec, outbox: JobOutbox, stop: threading.Event) -> ModelEnergy | None:
    """Count it; None when it was stopped. Raises EdgeperfError, after having told the outbox."""
    with failure_told(spec.session_id, outbox):
        table = energy_table(spec.node)
        card = find_model(spec.model)
        asked = SessionSpec(spec.session_id, source="", model=spec.model, precision=spec.precision, device=spec.device)
        loaded = runtime.load(card, asked, lambda text: outbox.send(Progress(spec.session_id, 0, 1, text)))
        if stop.is_set():
            tell_stopped(spec.session_id, outbox)
            return None
        executed = loaded.effective.executed_precision
        # a layer that the device fused away runs with its neighbours, in the type that most of them have
        otherwise = next(iter(executed), runtime.UNKNOWN)
        facts = graph_facts(read(recognise(card.path(card.variants[spec.precision].xml))))
        layers, undecided = layer_energies(facts.layers, executed_by_layer(loaded.compiled), otherwise, table)
        result = model_energy(card.name, spec.precision, spec.node, table, layers, undecided)
    tell_result(spec.session_id, outbox, result)
    return result
