"""One frame through all variants at once: what is asked, what each answered, and where they disagree."""

from __future__ import annotations

from typing import Final

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.session import CameraMode, Hint, SourceInfo

MOST_KEPT: Final = 24
"""Disagreements that are kept, those with the most differences."""


class WatchSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="watch"):
    """Run every frame through several variants of a model, until stopped."""

    session_id: str
    source: str
    model: str
    device: str = "CPU"
    precisions: tuple[Precision, ...] = ("FP32", "FP16", "INT8")
    """Those the model lacks are left out; the first that it has is the reference."""
    hint: Hint = "latency"
    camera: CameraMode = CameraMode()
    cache_dir: str | None = None


class WatchedVariant(msgspec.Struct, frozen=True):
    """A variant that is ready to be watched."""

    precision: Precision
    executed: dict[str, int]
    """Layers per executed type, counted over those that multiply."""


class WatchBegan(msgspec.Struct, frozen=True, tag="watch_began"):
    """All variants are compiled and the source is open."""

    session_id: str
    variants: tuple[WatchedVariant, ...]
    """The reference first."""
    labels: tuple[str, ...]
    source: SourceInfo
    threshold: float | None
    """Score from which a box is shown; None for a classifier."""


class VariantAnswer(msgspec.Struct, frozen=True):
    """What one variant found in a frame."""

    precision: Precision
    boxes: bytes = b""
    """An array of dtype `records.DETECTION`, in source pixels, best score first: those that score at least the threshold, and
    those a little below it that another variant shows."""
    classes: tuple[tuple[int, float], ...] = ()
    """Classification: (label, probability), best first."""


class Apart(msgspec.Struct, frozen=True):
    """A box that one variant found and another did not; for a classifier (`box` is −1) two different first classes."""

    of: Precision
    box: int
    """Row in the boxes of `of`."""
    missing_in: Precision


class Tally(msgspec.Struct, frozen=True):
    """The frames so far. A file that begins again counts again."""

    frames: int = 0
    agreed: int = 0
    """Frames in which every variant agrees with the reference."""
    differing: dict[Precision, int] = {}
    """Frames in which that variant differs from the reference."""


class Watched(msgspec.Struct, frozen=True, tag="watched"):
    """One frame and all answers; its picture comes by the frame slots under the same number."""

    session_id: str
    frame: int
    answers: tuple[VariantAnswer, ...]
    apart: tuple[Apart, ...]
    tally: Tally


class Disagreement(msgspec.Struct, frozen=True, tag="disagreement"):
    """A frame on which the variants disagree, with its picture."""

    session_id: str
    frame: int
    at_s: float | None
    """Seconds from the beginning of a file, or from the first frame of a live source; None for pictures."""
    answers: tuple[VariantAnswer, ...]
    apart: tuple[Apart, ...]
    source_size: tuple[int, int]
    """Width and height of the frame, in whose pixels the boxes are."""
    jpeg: bytes
    """The frame, at most 960 pixels wide."""

    @property
    def weight(self) -> int:
        """How much the answers differ: boxes without a partner."""
        return len({(one.of, one.box) for one in self.apart})

    def differing(self) -> tuple[Precision, ...]:
        """Variants that differ from the reference, in their order."""
        reference = self.answers[0].precision
        names = {name for one in self.apart for name in (one.of, one.missing_in)}
        return tuple(answer.precision for answer in self.answers if answer.precision in names - {reference})
