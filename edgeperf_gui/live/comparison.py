"""The comparison of variants beside the live session."""

from __future__ import annotations

import os
import uuid
from typing import Final

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.live.result_job import ResultJob
from edgeperf_gui.live.settings import Settings

SECONDS: Final = 60.0
"""Budget of the measured rounds; preparing comes before them."""
_ASKED: Final = ("source", "model", "device", "hint")
"""What a result is about; a change of one of them makes it old."""


class Comparison(ResultJob[CompareResult]):
    """Start, cancel, and what is known so far."""

    name = "A comparison"
    function = "edgeperf_gui.engine.jobs.compare:run"
    answers = CompareResult

    @property
    def is_old(self) -> bool:
        """The result is about another source, model, device or hint than is chosen now."""
        return self.result is not None and _asked(self.result.spec) != _asked(spec_for(self._controller.settings))

    @property
    def labels(self) -> str | None:
        """The labelled folder that the next one measures accuracy on; None: agreement alone."""
        return self._controller.settings.labels

    @property
    def model(self) -> ModelCard | None:
        """The model that the next one is about; None while it is not known what models there are."""
        return next((card for card in self.models if card.name == self._controller.settings.model), None)

    def start(self, spec: CompareSpec | None = None) -> bool:
        """Compare with the present settings, or as `spec` says; False while one runs, and while it is another job's turn."""
        return self._launch(spec or spec_for(self._controller.settings))


def spec_for(settings: Settings) -> CompareSpec:
    """What a comparison is asked to do for these settings."""
    return CompareSpec(
        session_id=uuid.uuid4().hex,
        source=settings.source_address(),
        model=settings.model,
        device=settings.device,
        hint=settings.hint,
        seconds=SECONDS,
        labels=settings.labels,
        meter=settings.meter,
        companion_pids=(os.getpid(),),
    )


def _asked(spec: CompareSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, name) for name in _ASKED)
