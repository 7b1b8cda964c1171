"""What a batch costs in waiting, in words: for the picker, its tooltip and notices."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.trade_off import batch_wait_ms
from edgeperf_gui.domain.session import LARGEST_BATCH, SourceInfo
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import figures

OFFERED: Final = (1, 2, 4, 8, 16, 32, 64)
assert OFFERED[-1] == LARGEST_BATCH
WHAT: Final = (
    "Frames that one request answers together. The first of them waits until the last has come, so at a camera's rate λ a frame "
    "waits (b − 1) / 2λ in the mean. Trade-off… measures what throughput that buys."
)


def rate_of(settings: Settings, source: SourceInfo | None) -> float | None:
    """Frames a second that come to fill a batch; None when they are read as fast as they are taken, and while unknown."""
    return source.fps if source and (settings.paced or source.live) else None


def rows(chosen: int, fps: float | None) -> list[tuple[str, int, str]]:
    """(text, batch, tooltip) of each batch on offer and of the chosen one. `fps`: at which frames come; None while unknown."""
    return [(_text(batch, fps), batch, wait_sentence(batch, fps) or WHAT) for batch in sorted({*OFFERED, chosen})]


def wait_sentence(batch: int, fps: float | None) -> str:
    """`At 25 fps a batch of 4 costs 60 ms of waiting in the mean, 120 ms for its first frame.` Empty where nothing waits."""
    if batch == 1 or not fps:
        return ""
    first_ms = batch_wait_ms(batch, fps)
    return (
        f"At {figures.rate(round(fps, 1))} fps a batch of {batch} costs {_ms(first_ms / 2)} of waiting in the mean, "
        f"{_ms(first_ms)} for its first frame."
    )


def _text(batch: int, fps: float | None) -> str:
    return str(batch) if batch == 1 or not fps else f"{batch} · waits {_ms(batch_wait_ms(batch, fps) / 2)}"


def _ms(value: float) -> str:
    return f"{figures.thousands(round(value)) if value >= 10 else figures.figure(value)} ms"
