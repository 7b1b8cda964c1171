"""The measurement of accuracy beside the live session."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from edgeperf_gui.domain.accuracy import AccuracyResult
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.jobs import AccuracySpec
from edgeperf_gui.live.result_job import ResultJob


class AccuracyMeasurement(ResultJob[AccuracyResult]):
    """Start, cancel, and what came of it."""

    name = "A measurement of accuracy"
    function = "edgeperf_gui.engine.jobs.accuracy:run"
    answers = AccuracyResult

    @property
    def present(self) -> tuple[str, str, str | None]:
        """Model and device of the settings, and their labelled folder."""
        settings = self._controller.settings
        return settings.model, settings.device, settings.labels

    def start(self, model: str, precisions: Sequence[Precision], data: str, **fields: Any) -> bool:
        """Measure these variants, `fields` being others of AccuracySpec; False while one runs, and when it is another's turn."""
        first, *also = precisions
        return self._launch(AccuracySpec(uuid.uuid4().hex, model, first, data, also=tuple(also), **fields))
