"""What may be said of the session now, in the same words in the badge, the truth panel, the footer and over the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from edgeperf_gui.analysis.steady import WINDOWS
from edgeperf_gui.domain.messages import Telemetry
from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.live.session_store import ALIVE, SessionStore

LULL_S: Final = 1.5
"""Without a frame for so long the newest numbers are no longer now."""
_LULL_PERIODS: Final = 3.0
"""A source slower than two frames a second is given so many of its own periods."""
ENGINE_SILENT_S: Final = 5.0
"""Its windows come every two seconds."""

Tone = Literal["passed", "undecided", "faint"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The session in words; `tone` names the colour of the dot that stands before them."""

    badge: str
    head: str
    sentence: str
    tone: Tone = "faint"
    note: str = ""
    """What to say over the picture, calmly; empty: nothing."""
    is_current: bool = True
    """False when what is known of a model that ran belongs to the session before."""
    load: Telemetry | None = None
    """The newest window, unless the engine has long been silent."""


_STAGES: Final = {
    RunState.IDLE: Standing("starting", "Starting", "Numbers come as soon as frames do."),
    RunState.STARTING: Standing("starting", "Starting", "Numbers come as soon as frames do."),
    RunState.STOPPING: Standing("stopping", "Stopping", "The last frames are being finished."),
    RunState.FINISHED: Standing("stopping", "Stopping", "The last frames are being finished."),
}
_ENDS: Final = {
    FinishReason.FAILED: ("failed", "Failed"),
    FinishReason.CRASHED: ("crashed", "Crashed"),
    FinishReason.SOURCE_LOST: ("source lost", "Source lost"),
}
_JOBS: Final = {
    "A comparison": Standing("comparing the variants", "Comparing", "The variants are measured against each other."),
    "A measurement of accuracy": Standing(
        "measuring accuracy", "Measuring accuracy", "The variants are judged on labelled images."
    ),
    "A sweep": Standing(
        "measuring the trade-off",
        "Measuring the trade-off",
        "Batch, streams and requests are measured, on a page of their own.",
    ),
    "A waterfall": Standing(
        "measuring the waterfall",
        "Measuring the waterfall",
        "The parts of a session are measured one by one, on a page of their own.",
    ),
    "A search for capacity": Standing(
        "searching for the capacity", "Capacity", "Real runs with many cameras, on a page of their own."
    ),
    "A simulation": Standing(
        "simulating", "Simulating", "Service times are measured and other settings predicted, on a page of their own."
    ),
    "Watch": Standing("watching the variants", "Watching", "Every frame goes through all variants, on a page of its own."),
}
"""What is said while the session waits for a job, by the job's name."""
_NEVER: Final = Standing("not started", "Not started", "Press Start or Space to measure.")
_RESTARTING: Final = Standing(
    "restarting", "Restarting", "The session with the new settings has not begun yet.", note="restarting …", is_current=False
)


def standing(store: SessionStore, now_ns: int, running: bool, restarting: bool = False, job: str = "") -> Standing:
    """How the newest session stands. `running`: one is on or about to be; `restarting`: the next waits for this one's end.

    `job`: no session is on because the job of this name measures.
    """
    current = store.opened is not None
    if not running:
        return _waiting(_ended(store, current), job) if job else _ended(store, current)
    if restarting:
        return _RESTARTING
    if (silence_s := lull_s(store, now_ns)) is not None:
        return replace(_silent(store, now_ns, silence_s), is_current=current)
    stage = _STAGES.get(store.status.state)
    if stage is not None:
        return Standing(stage.badge, stage.head, stage.sentence, is_current=current, load=store.last_telemetry)
    return _judged(store, current)


def job_standing(job: str) -> Standing | None:
    """What is said while the session waits for the job of this name; None when it waits for none."""
    return _JOBS[job] if job else None


def lull_s(store: SessionStore, now_ns: int) -> float | None:
    """Seconds without a frame, once there are too many of them for a running session; None otherwise."""
    silence_s = store.silence_s(now_ns)
    if silence_s is None:
        return None
    if store.is_reconnecting:
        return silence_s
    limit = max(LULL_S, _LULL_PERIODS * (store.period_s or 0.0))
    return silence_s if silence_s > limit else None


def steady_words(store: SessionStore) -> str:
    """The newest verdict's reason; a dirty one says when the worst of its windows is not the one shown elsewhere."""
    telemetry = store.last_telemetry
    if telemetry is None:
        return ""
    loads = [t.foreign_cpu_percent for t in store.telemetry[-WINDOWS:] if t.foreign_cpu_percent is not None]
    newest = telemetry.foreign_cpu_percent
    if not telemetry.steady.is_dirty or not loads or (newest is not None and round(newest) == round(max(loads))):
        return telemetry.steady.reason
    return f"dirty: worst of {len(loads)} windows {max(loads):.0f} % foreign CPU"


def _judged(store: SessionStore, current: bool) -> Standing:
    telemetry = store.last_telemetry
    if telemetry is None:
        return Standing("measuring", "Measuring", "The first window of 2 s is not over yet.", is_current=current)
    words = steady_words(store)
    head, _, rest = words.partition(": ")
    badge = words.replace("steady: ", "steady · ", 1) if telemetry.steady.is_steady else words
    tone: Tone = "passed" if telemetry.steady.is_steady else "undecided"
    return Standing(badge, head.capitalize(), _sentence(rest), tone, is_current=current, load=telemetry)


def _silent(store: SessionStore, now_ns: int, silence_s: float) -> Standing:
    words = f"no frame for {int(silence_s)} s"
    engine_silence_s = store.engine_silence_s(now_ns)
    load = store.last_telemetry
    if engine_silence_s is not None and engine_silence_s > ENGINE_SILENT_S:
        load, why = None, "the engine does not answer"
    elif store.is_reconnecting:
        return Standing("reconnecting", "Reconnecting", _sentence(words), "undecided", f"reconnecting … {words}", load=load)
    else:
        is_live = store.source_info is not None and store.source_info.live
        why = "waiting for the source" if is_live else "waiting for the next one"
    return Standing(words, _capital(words), _sentence(why), "undecided", f"{words}: {why}", load=load)


def _ended(store: SessionStore, current: bool) -> Standing:
    if not store.status.session_id:
        return _NEVER
    bad = _ENDS.get(store.status.reason) if store.status.reason else None
    badge, head = bad or ("ended", "Ended")
    words = steady_words(store)
    if words.startswith("steady: "):
        rest = words.removeprefix("steady: ")
        said = Standing(f"{badge} · was steady, {rest}", head, f"The numbers were steady: {rest}.")
    elif words:
        said = Standing(f"{badge} · {words}", head, f"Its last verdict: {words.replace(': ', ', ', 1)}.")
    elif store.frames_completed:
        said = Standing(badge, head, "It ended before the first window of 2 s was over.")
    else:
        said = Standing(badge, head, "It ended before a frame was measured.")
    return replace(said, is_current=current, load=store.last_telemetry)


def _waiting(ended: Standing, job: str) -> Standing:
    said = _JOBS[job]
    return replace(ended, badge=said.badge, head=said.head, sentence=said.sentence)


def empty_words(store: SessionStore) -> str:
    """What a plot without a curve says."""
    state = store.status.state
    if state in (RunState.STARTING, *ALIVE):
        return "Waiting for the first frame"
    if state is RunState.FINISHED and not store.frames_completed:
        return "No frame was measured"
    return "Press Start: Space"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _sentence(words: str) -> str:
    return f"{_capital(words)}." if words else ""
