"""The user's settings: one frozen struct, TOML on disk. A bad value warns and falls back alone; it never blocks the start."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import tomli_w

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.energy import AUTOMATIC, MeterChoice
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.domain.scene import is_scene
from edgeperf_gui.domain.session import Batch, CameraMode, Count, Hint, Percent, SessionSpec
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.live.setting_words import trouble_with
from edgeperf_gui.store.whole_file import write_whole

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
    batch: Batch = 1
    """Frames that one request answers together."""
    paced: bool = True
    """False: flat out, which measures capacity."""
    camera: CameraMode = CameraMode()
    oracle: Percent | None = None
    """A drawn scene's boxes: None the model's own, else the scene's truth less so many percent. Other sources know no truth."""
    labels: Text | None = None
    """A folder of labelled images, on which a comparison measures accuracy; None leaves accuracy out."""
    meter: MeterChoice = MeterChoice(AUTOMATIC)
    """Which energy meter is read beside a session, and what it needs to be told."""
    upkeep: Upkeep = Upkeep()
    """What energy has to be paid from."""
    theme: Literal["system", "dark", "light"] = "system"
    view_rate: Rate = 60
    """Pictures a second drawn at most; the measurement does not depend on it."""
    recent_sources: Annotated[tuple[Text, ...], msgspec.Meta(max_length=RECENT_SOURCES)] = ()
    """Newest first, without the default clip."""

    def with_recent(self, address: str) -> Settings:
        """The same settings, and this source remembered as the newest."""
        others = tuple(known for known in self.recent_sources if known != address)
        recent = others if address == DEFAULT_SOURCE else (address, *others)[:RECENT_SOURCES]
        return msgspec.structs.replace(self, recent_sources=recent)

    def without_recent(self, address: str) -> Settings:
        """The same settings, and this source no longer remembered."""
        return msgspec.structs.replace(self, recent_sources=tuple(known for known in self.recent_sources if known != address))

    def source_address(self) -> str:
        """The source as the engine can open it: a relative path that only the program's own folder has is found there."""
        shipped = places.shipped(self.source)
        return str(shipped) if "://" not in self.source and not _exists(Path(self.source)) and _exists(shipped) else self.source


SESSION_FIELDS: Final = (
    "source", "model", "precision", "device", "hint", "streams", "requests", "threads", "batch", "paced", "camera", "oracle",
    "meter",
)  # fmt: skip
"""Settings that decide a run: a change of one restarts the session."""


def needs_restart(before: Settings, after: Settings) -> bool:
    """Whether a running session has to begin anew for this change. Idle power is only subtracted from what the meter shows."""
    idle = after.meter.idle_watts
    before = msgspec.structs.replace(before, meter=msgspec.structs.replace(before.meter, idle_watts=idle))
    return any(getattr(before, name) != getattr(after, name) for name in SESSION_FIELDS)


def session_spec(settings: Settings, session_id: str, record_path: Path | None, *, cache: bool = True) -> SessionSpec:
    """What the engine is asked to do for these settings."""
    wanted = {name: getattr(settings, name) for name in SESSION_FIELDS}
    wanted["source"] = settings.source_address()
    wanted["oracle"] = settings.oracle if is_scene(settings.source) else None
    return SessionSpec(
        session_id=session_id,
        record_path=str(record_path) if record_path else None,
        cache_dir=str(places.compiled_cache()) if cache else None,
        companion_pids=(os.getpid(),),
        **wanted,
    )


def validated(settings: Settings) -> Settings:
    """The settings with every value checked (constructors do not); raises SettingsError."""
    found, troubles = good_values(msgspec.to_builtins(settings))
    if troubles:
        raise SettingsError(f"That cannot be used: {'; '.join(troubles)}.", "Choose another value.")
    return found


def load_settings(path: Path | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Settings from the file, and a sentence when something in it could not be used (then the default stands)."""
    path = path or places.settings_file()
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode()
        if "\0" in text:
            raise ValueError("a text file has no null characters")
        table = tomllib.loads(text)
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        return Settings(), (f"The settings file {path} cannot be read ({error.strerror}); defaults are used.",)
    except (ValueError, RecursionError) as error:
        return Settings(), (_set_aside(path, error),)
    found, troubles = good_values(table)
    return found, (f"Some settings cannot be used, so their defaults are: {'; '.join(troubles)}.",) if troubles else ()


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the file whole or not at all; raises SettingsError."""
    path = path or places.settings_file()
    table = _known(msgspec.to_builtins(settings))
    try:
        write_whole(path, tomli_w.dumps(table).encode())
    except OSError as error:
        raise SettingsError(
            f"The settings could not be saved to {path} ({error.strerror}).", "Free some space or check the rights."
        ) from error


def good_values(table: dict[str, object]) -> tuple[Settings, list[str]]:
    """Each field for itself, so that one bad value costs only itself, and what is wrong with the bad ones.

    Unknown names belong to other versions and are left out.
    """
    good: dict[str, object] = {}
    troubles = []
    for field in msgspec.structs.fields(Settings):
        if field.name not in table:
            continue
        value = table[field.name]
        try:
            good[field.name] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            troubles.append(trouble_with(field.name, value))
        else:
            if not _can_be_written(value):
                del good[field.name]
                troubles.append(f"{field.name} holds characters that no address has")
    return Settings(**good), troubles  # type: ignore[arg-type]


def existing_path(text: str) -> Path | None:
    """The file or folder a text names, `~` being the home folder; None when there is none, whatever the text holds."""
    try:
        path = Path(text).expanduser()
        return path if text and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, a null character, somebody's home who is not there
        return None


def _exists(path: Path) -> bool:
    return existing_path(str(path)) is not None


def _known(table: dict[str, Any]) -> dict[str, Any]:
    """Without what is None, which TOML has no word for."""
    return {name: _known(value) if isinstance(value, dict) else value for name, value in table.items() if value is not None}


def _can_be_written(value: object) -> bool:
    """False for a text with null characters or with bytes that are no letters."""
    texts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else (value,)
    try:
        return all("\0" not in text and text.encode() is not None for text in texts if isinstance(text, str))
    except UnicodeEncodeError:
        return False


def _set_aside(path: Path, error: Exception) -> str:
    """Keep the unreadable file beside the one that will be written; returns the sentence to show."""
    kept = path.with_name(f"{path.name}.bad")
    trouble = f"{path.name} {_why_unreadable(error)}"
    try:
        shutil.copyfile(path, kept)
    except OSError:
        return f"{trouble}; defaults are used."
    return f"{trouble}; it was kept as {kept.name} and defaults are used."


def _why_unreadable(error: Exception) -> str:
    if isinstance(error, tomllib.TOMLDecodeError):
        place = re.search(r"\((at [^()]*)\)$", str(error))
        return f"cannot be understood {place[1] if place else ''}".rstrip()
    return "is nested too deeply" if isinstance(error, RecursionError) else "is not text"
