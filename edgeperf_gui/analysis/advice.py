"""Whether anything should be optimised for a scenario, and what: by its speed requirements and the stages' share of the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Optimise, Requirement

WORK: Final = ("decode", "preprocess", "inference", "postprocess")
"""Stages that compute; queue and present are waits."""
_PLENTY: Final = 1.5
"""From this headroom on nothing needs to be optimised: capacity falls by a fifth when a machine gets warm or busy."""


def work_ms(run: RunResult) -> dict[str, float]:
    """What one frame takes of each stage that computes, medians; of an inference that answers a batch its part."""
    work: dict[str, float] = {stage: run.stages[stage].median_ms for stage in WORK if stage in run.stages}
    if "inference" in work:
        work["inference"] /= run.effective.batch
    return work


def advise(speed: Sequence[Requirement], run: RunResult, limited_by_camera: Sequence[Requirement]) -> Optimise:
    """`speed`: what is asked of rate, age, looks and way; `limited_by_camera`: those that no faster model would change."""
    work = work_ms(run)
    whole = sum(work.values())
    if not whole:
        return Optimise("undecided", None, None, None, "The run has no stages to compare.")
    stage = max(work, key=work.__getitem__)
    share = work[stage] / whole
    ceiling = whole / (whole - work[stage]) if work[stage] < whole else None
    told = f"{stage} is {100 * share:.0f} % of a frame's work ({work[stage]:.1f} of {whole:.1f} ms)"
    if not speed:
        return Optimise("undecided", stage, share, ceiling, f"The scenario asks for no speed; {told}.")
    failed = [one for one in speed if one.verdict == "FAIL" and one not in limited_by_camera]
    if not failed and any(one.verdict == "UNDECIDED" for one in speed):
        return Optimise("undecided", stage, share, ceiling, f"The run does not decide it; {told}.")
    if not failed:
        return Optimise("no", stage, share, ceiling, _enough(speed))
    limit = "" if ceiling is None else f", and if it cost nothing a frame would be {ceiling:.1f}× faster"
    if stage == "inference":
        return Optimise("model", stage, share, ceiling, f"The model first: {told}{limit}.")
    return Optimise("another stage", stage, share, ceiling, f"{stage.capitalize()} first: {told}{limit}.")


def _enough(speed: Sequence[Requirement]) -> str:
    """Why no faster model is needed."""
    if any(one.verdict == "FAIL" for one in speed):
        return "The camera's rate is the limit: every frame is processed already, and no faster model would see more."
    least = min((one.headroom for one in speed if one.headroom is not None), default=None)
    if least is None:
        return "Inference is not your limit: all that is asked of its speed is met. A run flat out tells how much is to spare."
    if any(one.name == "rate" and one.headroom is None for one in speed):
        return (
            "Inference is not your limit: all that is asked of its speed is met,"
            f" with a headroom of {least:.1f}× where it is known. A run flat out tells that of the rate."
        )
    much = "so a slower device or FP32 might do" if least >= _PLENTY else "which is little where a machine gets warm or busy"
    return f"Inference is not your limit: the least headroom is {least:.1f}×, {much}."
