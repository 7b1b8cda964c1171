"""The user's settings: one frozen struct, TOML on disk. A bad value warns and falls back alone; it never blocks the start."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import tomli_w

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.domain.session import CameraMode, Count, Hint, SessionSpec

DEFAULT_SOURCE: Final = "resources/clips/street.mp4"
"""A path below the project; `source_address` finds it wherever the program is installed."""

RECENT_SOURCES: Final = 8
_MAX_BYTES: Final = 1_000_000

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
Rate = Annotated[int, msgspec.Meta(ge=1, le=120)]


class Settings(msgspec.Struct, frozen=True):
    """What the user chose. None means "let the runtime choose"."""

    source: Text = DEFAULT_SOURCE
    """A path, a URL, `camera:N` or `scene:NAME`."""
    model: Text = "nanodet-g"
    precision: Precision = "FP16"
    device: Text = "CPU"
    hint: Hint = "latency"
    streams: Count | None = None
    requests: Count | None = None
    threads: Count | None = None
    paced: bool = True
    """False: flat out, which measures capacity."""
    camera: CameraMode = CameraMode()
    theme: Literal["system", "dark", "light"] = "system"
    view_rate: Rate = 60
    """Pictures a second drawn at most; the measurement does not depend on it."""
    recent_sources: Annotated[tuple[Text, ...], msgspec.Meta(max_length=RECENT_SOURCES)] = ()
    """Newest first, without the default clip."""

    def with_source(self, address: str) -> Settings:
        """The same settings for another source, remembered as the newest."""
        others = tuple(known for known in self.recent_sources if known != address)
        recent = others if address == DEFAULT_SOURCE else (address, *others)[:RECENT_SOURCES]
        return msgspec.structs.replace(self, source=address, recent_sources=recent)

    def source_address(self) -> str:
        """The source as the engine can open it: a relative path that only the program's own folder has is found there."""
        shipped = places.shipped(self.source)
        return str(shipped) if "://" not in self.source and not _exists(Path(self.source)) and _exists(shipped) else self.source


SESSION_FIELDS: Final = ("source", "model", "precision", "device", "hint", "streams", "requests", "threads", "paced", "camera")
"""Settings that decide a run: a change of one restarts the session."""


def session_spec(settings: Settings, session_id: str, record_path: Path | None) -> SessionSpec:
    """What the engine is asked to do for these settings."""
    wanted = {name: getattr(settings, name) for name in SESSION_FIELDS}
    wanted["source"] = settings.source_address()
    return SessionSpec(
        session_id=session_id,
        record_path=str(record_path) if record_path else None,
        cache_dir=str(places.compiled_cache()),
        companion_pids=(os.getpid(),),
        **wanted,
    )


def validated(settings: Settings) -> Settings:
    """The settings with every value checked (constructors do not); raises SettingsError."""
    try:
        return msgspec.convert(msgspec.to_builtins(settings), Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"That setting cannot be used: {error}.", "Choose another value.") from error


def load_settings(path: Path | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Settings from the file, and a sentence for everything in it that could not be used (then the default stands)."""
    path = path or places.settings_file()
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES)
        table = tomllib.loads(raw.decode())
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        return Settings(), (f"The settings file {path} cannot be read ({error.strerror}); defaults are used.",)
    except (ValueError, RecursionError) as error:
        return Settings(), (_set_aside(path, error),)
    return _good_values(table)


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the file whole or not at all; raises SettingsError."""
    path = path or places.settings_file()
    table = {name: value for name, value in msgspec.to_builtins(settings).items() if value is not None}
    table["camera"] = {name: value for name, value in table["camera"].items() if value is not None}
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".settings-", delete=False) as file:
            temporary = Path(file.name)
            tomli_w.dump(table, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise SettingsError(
            f"The settings could not be saved to {path} ({error.strerror}).", "Free some space or check the rights."
        ) from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long to be one
        return False


def _good_values(table: dict[str, object]) -> tuple[Settings, tuple[str, ...]]:
    """Each field for itself, so that one bad value costs only itself. Unknown names belong to other versions and are left out."""
    good: dict[str, object] = {}
    warnings = []
    for field in msgspec.structs.fields(Settings):
        if field.name not in table:
            continue
        try:
            good[field.name] = msgspec.convert(table[field.name], field.type)
        except msgspec.ValidationError as error:
            warnings.append(f'The setting "{field.name}" cannot be used ({error}); its default stands.')
    return Settings(**good), tuple(warnings)  # type: ignore[arg-type]


def _set_aside(path: Path, error: Exception) -> str:
    """Keep the unreadable file beside the one that will be written; returns the sentence to show."""
    kept = path.with_name(f"{path.name}.bad")
    try:
        shutil.copyfile(path, kept)
    except OSError:
        return f"The settings file {path} is damaged ({error}); defaults are used."
    return f"The settings file is damaged ({error}); defaults are used and the old file is kept as {kept}."
