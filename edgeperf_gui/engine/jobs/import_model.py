"""The job that imports a model file: joins what knows files with what knows decoders."""

from __future__ import annotations

import difflib
import threading

from msgspec.structs import replace

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.graph import ImportResult
from edgeperf_gui.domain.jobs import ImportSpec, Progress
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.guess import guess
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, failure_told, tell_result, tell_stopped
from edgeperf_gui.zoo.importing import STEPS, import_model
from edgeperf_gui.zoo.replacing import check_replaceable, take_place


class _Stopped(Exception):
    """Nobody wants this import any more."""


def run(spec: ImportSpec, outbox: JobOutbox, stop: threading.Event) -> ImportResult | None:
    """Import `spec.path`; None when it was stopped, which leaves nothing behind.

    Raises EdgeperfError, after having told the outbox.
    """
    steps = iter(range(STEPS))

    def activity(text: str) -> None:
        if stop.is_set():
            raise _Stopped
        outbox.send(Progress(spec.session_id, next(steps, STEPS), STEPS, text))

    try:
        with failure_told(spec.session_id, outbox):
            _check_decoder(spec.decoder)
            if spec.replaces is not None:
                check_replaceable(spec.replaces)
            result = import_model(spec, guess, activity, lambda card: DECODERS[card.decoder](card))
            if spec.replaces is not None:
                card = take_place(result.card, spec.replaces)
                result = replace(result, name=card.name, folder=card.folder, card=card)
    except _Stopped:
        tell_stopped(spec.session_id, outbox)
        return None
    tell_result(spec.session_id, outbox, result)
    return result


def _check_decoder(name: str | None) -> None:
    if name is None or name in DECODERS:
        return
    close = difflib.get_close_matches(name.lower(), DECODERS, n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    raise ModelError(f"There is no decoder called {name!r}.", f"{hint}There are {', '.join(DECODERS)}.")
