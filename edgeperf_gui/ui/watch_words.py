"""What the watch page says: how far the variants agree, who differs, where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.analysis.disagreement import MARGIN
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.domain.watch import Apart, Disagreement, Tally, WatchBegan, WatchedVariant
from edgeperf_gui.live.watching import Watching
from edgeperf_gui.ui.words import Run

INVITATION: Final = "See where the variants disagree"
WHAT: Final = (
    "Every frame of the source goes through FP32, FP16 and INT8; their boxes are drawn over each other in three colours, and "
    "frames on which they disagree are kept. The live session waits meanwhile."
)
NOTHING_YET: Final = "No disagreement so far.\nFrames on which the variants differ gather here."
ON_ITS_WAY: Final = "The variants differ.\nThe worst frame of this half second appears in a moment."
NOTHING_KEPT: Final = "Frames on which the variants differ gather here while they are watched."
_BOX_RULE: Final = (
    "Two boxes are the same when their class is the same and they overlap by half (IoU ≥ 0.5).\n"
    "A frame is a disagreement when a box of one variant has no partner in FP32's answer, or the other way round.\n"
    "Shown are boxes that score at least {shown:.0f} %. To count, a box must score {sure:.0f} %, and its partner {least:.0f} %:\n"
    "so a score just above and one just below the threshold are no disagreement. Such boxes are drawn thin."
)
_CLASS_RULE: Final = (
    "A frame is a disagreement when a variant puts another class first than FP32 does,\n"
    "and each prefers its own by at least 1 % (of probability)."
)


def rule(began: WatchBegan | None) -> str:
    """What counts as a disagreement; empty before it is known what is watched."""
    if began is None:
        return ""
    reference = began.variants[0].precision
    if began.threshold is None:
        return _CLASS_RULE.replace("FP32", reference)
    shown, margin = began.threshold * 100, MARGIN * 100
    return _BOX_RULE.format(shown=shown, sure=shown + margin, least=shown - margin).replace("FP32", reference)


def agreement(tally: Tally, variants: Sequence[WatchedVariant]) -> tuple[Run, ...]:
    """How often all agree and who differs most, such as "Agree on 412 of 430 frames (95.8 %) · only INT8 differs, in 18"."""
    if not tally.frames:
        return ()
    share = 100 * tally.agreed / tally.frames
    # never rounded up to all
    percent = "100" if tally.agreed == tally.frames else f"{min(share, 99.9):.1f}"
    start = (
        Run("Agree on ", "quiet"),
        Run(f"{tally.agreed} of {tally.frames}", weight=600),
        Run(f" frames ({percent} %)", "quiet"),
    )
    return (*start, Run(f" · {_most(tally, variants)}", "quiet"))


def _most(tally: Tally, variants: Sequence[WatchedVariant]) -> str:
    worst = max(tally.differing.values(), default=0)
    if not worst:
        return "no variant differs"
    names = [variant.precision for variant in variants if tally.differing.get(variant.precision) == worst]
    if len(names) > 1:
        return f"{' and '.join(names)} differ as often, in {worst} each"
    others = any(0 < count < worst for count in tally.differing.values())
    return f"{names[0]} differs most, in {worst}" if others else f"only {names[0]} differs, in {worst}"


def executed(variant: WatchedVariant) -> str:
    """What its layers really ran in, most first: `bf16`, `i8 + bf16`."""
    return " + ".join(sorted(variant.executed, key=lambda kind: -variant.executed[kind])) or "unknown"


def place(one: Disagreement) -> str:
    """Where the frame lies."""
    if one.at_s is None:
        return f"picture {one.frame + 1}"
    minutes, seconds = divmod(one.at_s, 60)
    return f"at {minutes:.0f} min {seconds:04.1f} s" if minutes else f"at {seconds:.1f} s"


def who(one: Disagreement) -> str:
    """Which variants differ, and by how much."""
    names = " and ".join(one.differing())
    if any(part.box < 0 for part in one.apart):
        return f"{names}: another class"
    return f"{names}: {one.weight} {'box' if one.weight == 1 else 'boxes'}"


def described(one: Disagreement, names: Sequence[str]) -> str:
    """Every difference, one a line. `names` are those of the parts, in their order."""
    lines = {
        f"{part.of} found {name}, {part.missing_in} did not" if part.box >= 0 else f"{part.of} says {name}"
        for part, name in zip(one.apart, names, strict=True)
    }
    return "\n".join(sorted(lines))


def lacking(parts: Sequence[Apart], of: Precision, box: int) -> str:
    """Which variants lack this box: "not INT8"; empty when none does."""
    names = [part.missing_in for part in parts if part.of == of and part.box == box]
    return f"not {', '.join(names)}" if names else ""


def headline(watching: Watching) -> tuple[str, str]:
    """Title and sentence for the place of the picture while there is none."""
    if watching.failure is not None and not watching.is_running:
        return failed(watching.failure)
    if watching.is_stopping:
        return "Stopping …", ""
    if watching.is_running:
        if watching.is_waiting:
            return "Waiting for the live session to end …", "It starts again when the watching ends."
        words = watching.progress.activity if watching.progress is not None else "starting"
        return "Preparing the variants …", f"{words[:1].upper()}{words[1:]}"
    if watching.hindrance:
        return "Not now", watching.hindrance
    return INVITATION, WHAT


def failed(failure: SessionStatus) -> tuple[str, str]:
    """What happened, and what to do."""
    return failure.sentence or "Watching failed.", failure.remedy


def gathered(watching: Watching) -> str:
    """Why no frame is kept, for the place of those that are."""
    if not watching.is_running:
        return NOTHING_KEPT
    return ON_ITS_WAY if watching.tally.agreed < watching.tally.frames else NOTHING_YET


def standing(watching: Watching) -> str:
    """One line over the picture while it stands still; empty while it moves."""
    if watching.is_stopping:
        return "stopping …"
    if watching.is_running:
        if watching.notice is not None:
            return watching.notice.sentence
        return "" if watching.began is not None else "preparing the variants …"
    return "stopped" if watching.is_cancelled else "the source ended"
