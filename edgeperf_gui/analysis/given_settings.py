"""What the runtime made of the settings that a sweep asked for: other counts than asked, and the same for several points."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.domain.sweep import SweepPoint


def hint_and_threads(point: SweepPoint) -> list[str]:
    """A point's hint and its threads in words, as far as they were asked for."""
    threads = point.threads or point.threads_asked
    named = [f"hint {point.hint}"] if point.hint != "none" else []
    return named + ([_words("threads", threads)] if point.threads_asked is not None else [])


def given_instead(point: SweepPoint) -> list[str]:
    """Where the runtime gave a point something else than was asked: `16 streams asked, 2 given`."""
    counts = (
        (point.streams_asked, point.streams, "streams"),
        (point.requests_asked, point.requests, "requests"),
        (point.threads_asked, point.threads, "threads"),
    )
    return [f"{asked} {name} asked, {got} given" for asked, got, name in counts if asked is not None and got not in (asked, None)]


def given_alike(points: Sequence[SweepPoint]) -> str:
    """A sentence where points were asked for differently and given the same; empty when no two were."""
    groups: dict[tuple[object, ...], list[SweepPoint]] = {}
    for point in points:
        if point.fps is not None:
            given = (point.variant, point.batch, point.streams, point.requests, point.threads)
            groups.setdefault(given, []).append(point)
    alike = [group for group in groups.values() if len(group) > 1]
    if not alike:
        return ""
    first = alike[0]
    one, another, *others = (f"“{asked}”" for asked in _asked(first))
    asked = f"{one}, {another} and {len(others)} more" if others else f"{one} and {another}"
    more = {0: "", 1: " So it did in another case."}.get(len(alike) - 1, f" So it did in {len(alike) - 1} other cases.")
    where = f"{first[0].variant} batch {first[0].batch}"
    return f"{where}: the runtime gave the same streams, requests and threads to {asked}.{more}"


def _asked(group: Sequence[SweepPoint]) -> list[str]:
    """What each of them was asked for, as far as they differ in it; what is not said was left to the runtime."""
    names = ("hint", "streams", "requests", "threads")
    asked = [(point.hint, point.streams_asked, point.requests_asked, point.threads_asked) for point in group]
    differing = [at for at in range(len(names)) if len({one[at] for one in asked}) > 1]
    said = [", ".join(_words(names[at], one[at]) for at in differing if one[at] is not None) for one in asked]
    return [words or f"automatic {names[differing[0]]}" for words in said]


def _words(name: str, value: object) -> str:
    return f"hint {value}" if name == "hint" else f"{value} {name if value != 1 else name[:-1]}"
