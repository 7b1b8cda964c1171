"""What the capacity page says: definitions, the prediction's formula, a step on hover, how far it is."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.capacity import CapacityResult, CapacityStep, KindFound
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.job_words import WAITS, JobWords

WORDS: Final = JobWords(
    title="Capacity: how many cameras fit?",
    invitation="How many cameras does this machine serve?",
    what=(
        "Virtual cameras show a recording, each at its own phase, and share one model. From one camera’s CPU time a frame their"
        " number is predicted; then it is verified: real runs with more and fewer, until so many pass and one more does not."
        " A frame that is dropped, or answered later than the deadline, is missed. Choose the cameras on the left and press Run."
    ),
    meanwhile=WAITS,
    run="Run",
    cancel_tip="Stop; the steps run so far are kept",
    bar="The search goes on",
    stopping="Stopping; the steps run so far are kept …",
    cancelled="The search was stopped. The steps it had run are kept.",
    failed="The search for capacity failed.",
)
TIPS: Final = {
    "model": "The model that answers for all cameras",
    "precision": "Stored precision of its weights",
    "device": "The device of OpenVINO that answers",
    "hint": "OpenVINO's performance hint. Many cameras are work for throughput",
    "source": "The recording or scene that these cameras show",
    "rate": "Frames per second of each of these cameras, at most the source's own. Empty: the source's own",
    "count": "In a mix: how many are of this kind beside the others",
    "deadline": "Longest age of a frame when its objects are known, in ms. Empty: two periods of each camera's own rate",
    "misses": "Share of due frames that may be dropped or late, in percent",
    "most": "Try no more cameras than this",
    "seconds": "Longest run of one number of cameras; it ends as soon as it is decided",
}
COLUMNS: Final = (
    ("cameras", "How many ran at once"),
    ("verdict", "PASS: so few misses would come by chance in fewer than one case of a hundred if the limit were broken. FAIL: the"
     " other way round. UNDECIDED: neither, or others disturbed it"),
    ("FPS each", "Completed frames a second of the camera that fell behind its rate most"),
    ("missed %", "Of all due frames, those dropped or late"),
    ("worst %", "The same for the camera that fared worst"),
    ("age p99 ms", "99th percentile of due → objects known; empty with fewer than 299 frames"),
    ("CPU-ms/frame", "CPU time of the engine's process per completed frame, decoding included"),
    ("others %", "Share of the machine's CPU that other programs took meanwhile"),
    ("frames", "Due frames that were counted"),
)  # fmt: skip
VERDICTS: Final = ("PASS", "UNDECIDED", "FAIL")
FIGURE_TIPS: Final = {
    "predicted": "Cores that can be kept busy ÷ (CPU seconds a frame × rate), from one camera read flat out; in a mix the"
    " denominator is the mean over its cameras. Cameras that come when they are due reach 0.93 of what a full machine does",
    "verified": "The most cameras that passed a real run",
    "error": "How far the prediction lies from what real runs showed",
    "cost": "CPU time a frame of the largest number that was served ÷ that of one camera by itself",
}


def prediction(result: CapacityResult) -> tuple[str, str]:
    """The predicted number, and where it comes from."""
    if result.predicted is None or result.cores_used is None:
        return figures.UNKNOWN, "predicted: too slow to tell"
    parts = [(kind, kind.cpu_ms_per_frame or 0.0) for kind in result.kinds]
    if len(parts) == 1:
        kind, cost = parts[0]
        needs = f"{cost:.1f} ms × {figures.rate(kind.rate)} FPS"
    else:
        mean = sum(kind.count * cost * kind.rate for kind, cost in parts) / sum(kind.count for kind, _ in parts)
        needs = f"{mean:.0f} CPU-ms a second, the mix’s mean"
    return f"{result.predicted:.1f}", f"predicted: {result.cores_used:.2f} cores ÷ ({needs})"


def verification(result: CapacityResult, *, running: bool) -> tuple[str, str]:
    """The verified number, and what it stands for."""
    if result.verified is None:
        return figures.UNKNOWN, "verified: nothing has passed yet" if running else "verified: nothing passed"
    return str(result.verified), "verified so far" if running else "verified by real runs"


def error(result: CapacityResult, *, running: bool) -> tuple[str, str]:
    """Predicted against verified."""
    ratio = result.error
    if ratio is None:
        return figures.UNKNOWN, f"more than {result.spec.most} were not tried" if result.is_at_most else "predicted ÷ verified"
    percent = round(100 * abs(ratio - 1))
    said = "the prediction is right" if percent == 0 else f"predicted {percent} % too {'many' if ratio > 1 else 'few'}"
    return f"{ratio:.2f}", f"{said}, so far" if running else said


def cost(result: CapacityResult) -> tuple[str, str]:
    """What many cameras cost a frame against one."""
    many = result.cost_of_many
    if many is None:
        why = "in a mix frames cost differently" if len(result.kinds) > 1 else "many cameras’ cost a frame ÷ one’s"
        return figures.UNKNOWN, why
    return f"{many[1]:.2f}×", f"{many[0]} cameras’ cost a frame ÷ one’s"


def summary(result: CapacityResult) -> str:
    """How the search went."""
    seconds = sum(step.seconds for step in result.steps)
    again = sum(step.is_disturbed for step in result.steps)
    parts = [f"{figures.count(len(result.steps), 'step')}, {seconds:.0f} s counted"]
    if again:
        parts.append(f"others disturbed {again}")
    return "; ".join(parts) + "."


def told(step: CapacityStep, kinds: tuple[KindFound, ...]) -> list[str]:
    """A step with its values, a line each."""
    lines = [f"{figures.count(step.cameras, 'camera')}: {step.verdict}"]
    worst = f"worst {step.worst_camera_miss_percent:.2f} %"
    lines.append(f"{step.miss_percent:.2f} % missed of {figures.thousands(step.frames)}, {worst}")
    lines.append(f"age p50 {figures.milliseconds(step.age_median_ms)}, p99 {figures.milliseconds(step.age_p99_ms)} ms")
    lines.append(f"{figures.figure(step.fps_each)} FPS each, {figures.figure(step.cpu_ms_per_frame)} CPU-ms a frame")
    for kind, served in zip(kinds, step.kinds, strict=False):
        lines.append(f"{served.cameras} × {kind.title}, {figures.rate(kind.rate)} FPS: {served.miss_percent:.2f} % missed")
    return [*lines, *([step.note] if step.note else [])]


def noted(result: CapacityResult) -> str:
    """What is to be known of the newest step that has a note, one of several cameras first."""
    with_note = sorted(result.noted, key=lambda step: step.cameras > 1)
    return f"{figures.count(with_note[-1].cameras, 'camera')}: {with_note[-1].note}." if with_note else ""
