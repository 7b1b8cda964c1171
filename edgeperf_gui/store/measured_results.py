"""The newest measured results of each model, in one small file: accuracy with its n, latency and throughput, when and where.

A file that cannot be read is a sentence and no results; it is kept beside the one that will be written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from edgeperf_gui.analysis.scenario_quality import Figure
from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.store.whole_file import write_whole

SCHEMA: Final = "edgeperf.measured/1"
MOST_RESULTS: Final = 200
"""The oldest go first."""
MAX_BYTES: Final = 1_000_000

Kind = Literal["accuracy", "comparison"]
Text = Annotated[str, msgspec.Meta(max_length=1024)]


class MeasuredVariant(msgspec.Struct, frozen=True):
    """One variant's numbers; None where the measurement was not about that."""

    figure: Literal["ap", "top1"] | None = None
    value: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] | None = None
    """Accuracy."""
    low: float | None = None
    high: float | None = None
    """95 % interval of `value`, where it is a proportion."""
    images: Annotated[int, msgspec.Meta(ge=0)] | None = None
    boxes: int | None = None
    latency_ms: float | None = None
    """Median of the inference."""
    frames: int | None = None
    """How many inferences the median is about."""
    fps: float | None = None
    agreement: Figure | None = None
    """With FP32's answers."""


class MeasuredResult(msgspec.Struct, frozen=True):
    """One measurement of one model."""

    model: Text
    kind: Kind
    measured_at: Text
    """Wall time in UTC, ISO 8601."""
    machine: Text
    device: Text
    data: Text
    """Data set or source, for a person."""
    variants: dict[Precision, MeasuredVariant]


class _File(msgspec.Struct, frozen=True):
    results: tuple[MeasuredResult, ...]
    schema: Literal["edgeperf.measured/1"] = SCHEMA


def load_measured(path: Path | None = None) -> tuple[tuple[MeasuredResult, ...], str]:
    """What was kept, newest first, and a sentence when the file cannot be used (then nothing was kept)."""
    path = path or places.measured_results()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError("too large")
        return msgspec.json.decode(data, type=_File).results[:MOST_RESULTS], ""
    except FileNotFoundError:
        return (), ""
    except OSError as error:
        return (), f"The measured results in {path} cannot be read ({error.strerror or error}); none are shown."
    except (ValueError, RecursionError):  # msgspec's own errors are ValueErrors
        with contextlib.suppress(OSError):
            path.replace(path.with_name(f"{path.name}.bad"))
        return (), f"The measured results in {path.name} cannot be understood; they were kept as {path.name}.bad, none are shown."


def with_result(known: Iterable[MeasuredResult], new: MeasuredResult) -> tuple[MeasuredResult, ...]:
    """The same with `new` first; of the model's older ones of that kind only the variants stay that `new` says nothing about."""
    kept = []
    for result in known:
        if (result.model, result.kind) == (new.model, new.kind):
            variants = {name: variant for name, variant in result.variants.items() if name not in new.variants}
            result = msgspec.structs.replace(result, variants=variants)
        if result.variants:
            kept.append(result)
    return (new, *kept)[:MOST_RESULTS]


def save_measured(results: Iterable[MeasuredResult], path: Path | None = None) -> None:
    """Write the file whole or not at all; raises StoreError."""
    path = path or places.measured_results()
    try:
        write_whole(path, msgspec.json.format(msgspec.json.encode(_File(tuple(results)[:MOST_RESULTS]))))
    except OSError as error:
        raise StoreError(
            f"The measured results could not be kept in {path} ({error.strerror or error}).",
            "Free some space or check the rights.",
        ) from error
