"""What a session's messages mean beyond its own state: a notice to give, a source to remember or to forget."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.messages import FromEngine, Notice, Opened
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.live.settings import Settings


def remembered(settings: Settings, message: FromEngine, address: str) -> Settings:
    """A source that opened becomes the newest of the recent ones; one that cannot be opened is no longer among them."""
    if isinstance(message, Opened):
        return settings.with_recent(address)
    if isinstance(message, SessionStatus) and message.reason is FinishReason.FAILED and message.cause == "source":
        return settings.without_recent(address)
    return settings


def notice_about(message: FromEngine, *, restarting: bool, frames: int) -> Notice | None:
    """What nobody would hear of otherwise: a source's remark, a stop by force, the trouble of a session that is replaced."""
    if isinstance(message, Opened) and message.source is not None and message.source.note:
        return Notice(message.session_id, message.source.note)
    if not isinstance(message, SessionStatus) or not message.sentence:
        return None
    # without a frame nothing was lost when it had to be ended by force
    tells = frames > 0 if message.reason is FinishReason.STOPPED else restarting
    return Notice(message.session_id, message.sentence, message.remedy) if tells else None


def better(answer: Inventory, known: Inventory | None) -> Inventory:
    """The answer; when the asking failed, what was known before is the better guess."""
    return answer if answer.devices or known is None else msgspec.structs.replace(known, problems=answer.problems)


class Told:
    """Sentences that are worth telling once."""

    def __init__(self) -> None:
        self._sentences: set[str] = set()

    def is_news(self, sentence: str) -> bool:
        """True the first time."""
        is_news = sentence not in self._sentences
        self._sentences.add(sentence)
        return is_news


class Painted:
    """Frames handed out to be painted, and the stamps of those that were."""

    AWAITED = 8

    def __init__(self) -> None:
        self._awaited: list[int] = []
        self._stamps: list[tuple[int, int]] = []

    def clear(self) -> None:
        """A new session counts its frames anew."""
        self._awaited.clear()
        self._stamps.clear()

    def await_frame(self, frame: int) -> None:
        """One was handed out; those long before it will not be painted any more."""
        self._awaited = [*self._awaited[1 - self.AWAITED :], frame]

    def stamp(self, frame: int, shown_ns: int) -> bool:
        """False when this picture had been painted before."""
        if frame not in self._awaited:
            return False
        del self._awaited[: self._awaited.index(frame) + 1]
        self._stamps.append((frame, shown_ns))
        return True

    def take(self) -> tuple[tuple[int, int], ...]:
        """Stamps since the last call."""
        stamps, self._stamps = tuple(self._stamps), []
        return stamps
