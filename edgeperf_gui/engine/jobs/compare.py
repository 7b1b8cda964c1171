"""The comparison: interleaved rounds A B C A B C on the same frames, until the ratios are certain or the budget is spent."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.analysis.agreement import AgreementSoFar
from edgeperf_gui.analysis.operator_energy import energy_mj
from edgeperf_gui.analysis.reasons import Case, verdict, why_not_faster
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.accuracy import Accuracy, Agreement
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.compare import CompareResult, VariantResult
from edgeperf_gui.domain.errors import BadInput, DatasetError, ModelError, SourceError
from edgeperf_gui.domain.graph import GraphFacts
from edgeperf_gui.domain.jobs import Answer, CompareSpec
from edgeperf_gui.domain.session import CameraMode, FinishReason, RunState, SessionStatus
from edgeperf_gui.engine.jobs.contestant import Block, Contestant, prepare
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told
from edgeperf_gui.engine.jobs.rounds import Rounds
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.power.block_meter import BlockEnergy, BlockMeter, variant_energy
from edgeperf_gui.engine.scoring import score_for
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.store.energy_tables import energy_table
from edgeperf_gui.zoo.catalogue import find_model, read_labels
from edgeperf_gui.zoo.dataset import Dataset
from edgeperf_gui.zoo.datasets import read_dataset
from edgeperf_gui.zoo.formats import read, recognise
from edgeperf_gui.zoo.graph_facts import graph_facts
from edgeperf_gui.zoo.openvino_core import core
from edgeperf_gui.zoo.picture_file import decode_picture

FRAMES: Final = 48
"""Different frames that every block goes through."""
_AGREEMENT_FRAMES: Final = 24
_AGREEMENT_SCORE: Final = 0.4
_SCORED_IMAGES: Final = 500


def run(spec: CompareSpec, outbox: JobOutbox, stop: threading.Event) -> CompareResult | None:
    """Compare the variants of a model. Stopped early it returns what is known, None before anything is.

    Raises EdgeperfError, after telling the outbox.
    """
    with failure_told(spec.session_id, outbox):
        result = Comparison(spec, Teller(spec.session_id, outbox), stop).run()
    if result is not None:
        outbox.send(Answer(spec.session_id, msgspec.json.encode(result)))
    reason = FinishReason.STOPPED if stop.is_set() else FinishReason.COMPLETED
    outbox.send(SessionStatus(spec.session_id, RunState.FINISHED, reason))
    return result


class _Stopped(Exception):
    """Told to stop before there was anything to tell."""


class Comparison:
    """Holds the contestants and the rounds measured so far."""

    def __init__(self, spec: CompareSpec, teller: Teller, stop: threading.Event) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._dataset: Dataset | None = None  # labelled images, where accuracy is asked for
        self._agreements: dict[Precision, Agreement] = {}
        self._accuracies: dict[Precision, Accuracy] = {}
        self._machine = describe_machine()
        self._energy: BlockMeter | None = None  # from the first round on

    def run(self) -> CompareResult | None:
        """Everything, from the model's name to the result; None when stopped before the variants were ready."""
        try:
            return self.race(*self._prepared())
        except _Stopped:
            return None

    def _prepared(self) -> tuple[list[Contestant], list[Pixels]]:
        """The variants, and the frames they run on. Raises _Stopped within a step of being told to stop."""
        spec = self._spec
        card = find_model(spec.model)
        names = [name for name in spec.precisions if name in card.variants]
        if len(names) < 2:
            raise ModelError(
                f"{card.title} has only {', '.join(names) or 'other variants'}; there is nothing to compare.",
                f"Make another variant, such as: edgeperf models quantize {card.name}.",
            )
        self._step("reading the labels" if spec.labels else "reading frames")
        self._dataset = _labelled(card, spec.labels) if spec.labels else None
        self._step("reading frames")
        frames = read_frames(spec.source, self._stop)
        self._step("counting the layers")
        self._facts = {name: _facts(card, name) for name in names}
        # whoever compiles first would also pay for loading the device's plugin
        prepare(card, names[0], spec, lambda text: self._step("warming up the device"))
        contestants = [prepare(card, name, spec, self._step) for name in names]
        return contestants, frames

    def _step(self, activity: str) -> None:
        """Between two steps of the preparation: tell, or end it."""
        if self._stop.is_set():
            raise _Stopped
        self._teller.progress(0, None, activity)

    def race(self, contestants: list[Contestant], frames: list[Pixels]) -> CompareResult:
        """Let contestants run against each other; the first is the baseline."""
        self._contestants, self._frames = contestants, frames
        at_once = any(one.requests > 1 for one in contestants)
        self._rounds = Rounds([one.precision for one in contestants], "fps" if at_once else "latency")
        for one in contestants:
            one.run_block(frames, 0, 0.2)  # first use of memory and caches
        self._teller.so_far(self.result(complete=False))
        self._agree()
        self._teller.so_far(self.result(complete=False))
        if self._dataset is not None:
            self._score(self._dataset)
        self._measure()
        return self.result(complete=self._rounds.is_certain() or not self._stop.is_set())

    def _agree(self) -> None:
        """Every variant's answers against the baseline's, on the same frames."""
        baseline, *others = self._contestants
        gathered = {one.precision: AgreementSoFar(baseline.output_names, _AGREEMENT_SCORE) for one in self._contestants}
        chosen = self._frames[:: max(1, len(self._frames) // _AGREEMENT_FRAMES)]
        for number, pixels in enumerate(chosen):
            if self._stop.is_set():
                return
            self._teller.progress(number, len(chosen), "comparing answers")
            reference, found = baseline.look(pixels)
            gathered[baseline.precision].add((reference, reference), (found, found))
            for one in others:
                tensors, findings = one.look(pixels)
                gathered[one.precision].add((reference, tensors), (found, findings))
        self._agreements = {name: so_far.result() for name, so_far in gathered.items()}

    def _score(self, dataset: Dataset) -> None:
        """Every variant against the labels, on the same pictures."""
        card = self._contestants[0].card
        labels = read_labels(card)
        scores = {one.precision: score for one in self._contestants if (score := score_for(card, dataset, labels)) is not None}
        for number, image in enumerate(dataset.images):
            if self._stop.is_set():
                return
            self._teller.progress(number, len(dataset.images), "measuring accuracy")
            pixels = decode_picture(image.path)
            if pixels is None:
                continue
            size = (pixels.shape[1], pixels.shape[0])
            try:
                image.scale(*size)
            except DatasetError:
                continue  # its labels were drawn on a picture of another shape
            for one in self._contestants:
                scores[one.precision].add(image, size, one.look(pixels)[1])
        self._accuracies = {name: score.accuracy(_AGREEMENT_SCORE) for name, score in scores.items()}

    def _measure(self) -> None:
        meter = LoadMeter(self._spec.companion_pids)
        self._energy = BlockMeter(self._spec.meter)
        start = time.perf_counter()
        number = 0
        while not self._stop.is_set() and not self._rounds.is_certain():
            spent = time.perf_counter() - start
            if spent >= self._spec.seconds:
                return
            # the order turns with every round, so that no variant always follows the same one
            turn = number % len(self._contestants)
            blocks: dict[Precision, Block] = {}
            worst = 0.0
            for one in (*self._contestants[turn:], *self._contestants[:turn]):
                meter.lap()
                blocks[one.precision] = self._metered(one, number * 7)
                worst = max(worst, meter.lap().foreign_percent or 0.0)
            self._rounds.add(blocks, worst)
            number += 1
            self._teller.progress(round(spent), round(self._spec.seconds), self._words())
            self._teller.so_far(self.result(complete=False))

    def _metered(self, one: Contestant, first: int) -> Block:
        """A block, and what it took where that can be told."""
        assert self._energy is not None
        self._energy.lap()
        cpu_s = time.process_time()
        block = one.run_block(self._frames, first, self._spec.block_seconds)
        cpu_ms, joules = 1e3 * (time.process_time() - cpu_s), self._energy.lap()
        if joules is None:
            return block
        return replace(block, energy=BlockEnergy(joules, block.frames, cpu_ms, block.other_ms))

    def _words(self) -> str:
        blocks = self._rounds.counted()
        return f"round {blocks.clean + blocks.dirty}, {blocks.dirty} repeated because others used the machine"

    def result(self, *, complete: bool) -> CompareResult:
        """What is known so far."""
        used, ratios, blocks = self._rounds.used(), self._rounds.ratios(), self._rounds.counted()
        variants = {one.precision: self._variant(one, [b[one.precision] for b in used]) for one in self._contestants}
        capabilities = _capabilities(self._spec.device)
        shares = {one.precision: one.conversion_share for one in self._contestants}
        cases = [
            Case(name, other, variants[name], variants[other], ratio, blocks, capabilities, shares[name])
            for name, other in self._rounds.pairs()
            if (ratio := ratios.get(f"{name}/{other}")) is not None
        ]
        base = self._contestants[0].precision
        return CompareResult(
            spec=self._spec,
            machine=self._machine,
            baseline=base,
            variants=variants,
            ratios=ratios,
            reasons=tuple(reason for case in cases for reason in why_not_faster(case)),
            verdicts={case.name: verdict(case) for case in cases if case.baseline_name == base},
            blocks=blocks,
            frames=len(self._frames),
            complete=complete,
            energy_note=self._energy.note if self._energy else "",
        )

    def _variant(self, one: Contestant, blocks: list[Block]) -> VariantResult:
        effective, times, facts = one.loaded.effective, one.loaded.times, self._facts[one.precision]
        executed = effective.executed_precision
        return VariantResult(
            size_bytes=times.size_bytes,
            params=facts.params,
            macs=facts.macs,
            flops=facts.flops,
            stored_precision=effective.stored_precision,
            executed_precision=executed,
            read_ms=times.read_ms,
            compile_cold_ms=times.compile_ms,
            compile_cached_ms=one.compile_cached_ms,
            first_inference_ms=times.first_inference_ms,
            inference=stage_stats(np.concatenate([b.inference_ms for b in blocks])) if blocks else None,
            whole_frame=stage_stats(np.concatenate([b.frame_ms for b in blocks])) if blocks else None,
            fps=float(np.median([b.fps for b in blocks])) if blocks else None,
            energy_theoretical_mj=energy_mj(facts.layers, executed, energy_table()),
            agreement=self._agreements.get(one.precision),
            accuracy=self._accuracies.get(one.precision),
            energy=variant_energy(self._energy.info, [b.energy for b in blocks if b.energy]) if self._energy else None,
            requests=one.requests,
        )


def read_frames(address: str, stop: threading.Event) -> list[Pixels]:
    """The first frames of the source, copied; a moving picture is thinned out, so that they differ."""
    source = open_source(address, CameraMode(), lambda text: None)
    frames: list[Pixels] = []
    try:
        step = max(1, (source.info.frames or 3 * FRAMES) // FRAMES)
        number = 0
        while len(frames) < FRAMES and not stop.is_set() and (frame := source.read(None)) is not None:
            if number % step == 0:
                frames.append(frame.pixels.copy())
            number += 1
    finally:
        source.close()
    if not frames and not stop.is_set():
        raise SourceError("The source gave no frame to compare on.", "Choose another source.")
    return frames


def _labelled(card: ModelCard, folder: str) -> Dataset:
    """Labelled images that fit the model; known before minutes go into measuring."""
    dataset = read_dataset(folder, None).choose(_SCORED_IMAGES)
    if score_for(card, dataset, read_labels(card)) is None:
        raise BadInput(f"There are no labels in “{folder}”.", "Give a folder with COCO, YOLO or Pascal VOC labels.")
    return dataset


def _facts(card: ModelCard, name: Precision) -> GraphFacts:
    return graph_facts(read(recognise(card.path(card.variants[name].xml))))


def _capabilities(device: str) -> tuple[str, ...]:
    try:
        return tuple(core().get_property(device.partition(":")[0].partition(".")[0], "OPTIMIZATION_CAPABILITIES"))
    except RuntimeError:
        return ()
