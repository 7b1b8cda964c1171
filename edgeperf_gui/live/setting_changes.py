"""Changes of settings: their words on the time axis, and a bounded way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

import msgspec

from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.domain.session import CameraMode
from edgeperf_gui.live.settings import SESSION_FIELDS, Settings

DEPTH: Final = 50
_KEPT: Final = ("recent_sources",)
"""What undo leaves alone: a memory, not a choice."""


def _count(count: int | None) -> str:
    return "auto" if count is None else str(count)


def _camera(mode: CameraMode) -> str:
    size = f"{mode.width}×{mode.height}" if mode.width and mode.height else "camera default"
    return f"{size} {mode.fps:g} fps" if mode.fps else size


def _meter(choice: MeterChoice) -> str:
    is_range = choice.tdp_low_watts is not None and choice.tdp_high_watts is not None
    told = f" {choice.tdp_low_watts:g}–{choice.tdp_high_watts:g} W" if is_range else ""
    return f"{choice.name}{told}" + (f", idle {choice.idle_watts:g} W" if choice.idle_watts is not None else "")


_WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "source": lambda address: shown(address) if "://" in address else PurePath(address).name or address,
    "paced": lambda paced: "paced" if paced else "flat out",
    "hint": lambda hint: f"hint {hint}" if hint == "none" else hint,
    "streams": _count,
    "requests": _count,
    "threads": _count,
    "camera": _camera,
    "oracle": lambda percent: "the model's boxes" if percent is None else f"oracle {percent:g} % missed",
    "meter": _meter,
}
_NAMED: Final = ("streams", "requests", "threads", "batch", "meter")
"""Settings whose bare value would not say which one it is."""


def describe_change(before: Settings, after: Settings) -> str:
    """What changed, as it is written beside the time axis: "FP16 → FP32, CPU → GPU"."""
    parts = []
    for name in SESSION_FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            words = _WORDS.get(name, str)
            parts.append(f"{f'{name} ' if name in _NAMED else ''}{words(old)} → {words(new)}")
    return ", ".join(parts)


class SettingHistory:
    """The settings before each change, newest last."""

    def __init__(self) -> None:
        self._past: list[Settings] = []
        self._future: list[Settings] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return bool(self._future)

    def remember(self, before: Settings) -> None:
        """A change is made; what was taken back before it is gone."""
        self._past = [*self._past[1 - DEPTH :], before]
        self._future.clear()

    def undo(self, present: Settings) -> Settings:
        """The settings before the last change; the present ones when there is none."""
        return self._step(self._past, self._future, present)

    def redo(self, present: Settings) -> Settings:
        """The settings before the last undo; the present ones when there is none."""
        return self._step(self._future, self._past, present)

    @staticmethod
    def _step(source: list[Settings], target: list[Settings], present: Settings) -> Settings:
        if not source:
            return present
        target.append(present)
        return msgspec.structs.replace(source.pop(), **{name: getattr(present, name) for name in _KEPT})
