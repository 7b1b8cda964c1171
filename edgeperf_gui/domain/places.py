"""Where things are: what ships with the program, and the user's own folders.

`EDGEPERF_HOME` puts every user folder below one directory (tests, portable installs, kiosks).
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """A shipped file by its path below the project, such as `resources/clips/street.mp4`."""
    installed = _PACKAGE / "_shipped"
    return (installed if installed.is_dir() else _PACKAGE.parent) / name


def _user(kind: str) -> Path:
    home = os.environ.get("EDGEPERF_HOME")
    if home:
        return Path(home) / kind
    dirs = platformdirs.PlatformDirs("edgeperf", appauthor=False)
    return {
        "config": dirs.user_config_path,
        "cache": dirs.user_cache_path,
        "data": dirs.user_data_path,
        "log": dirs.user_log_path,
    }[kind]


def settings_file() -> Path:
    """The window's settings, TOML."""
    return _user("config") / "settings.toml"


def geometry_file() -> Path:
    """Where the window and its docks stood, QSettings INI."""
    return _user("config") / "window.ini"


def compiled_cache() -> Path:
    """OpenVINO's cache of compiled models."""
    return _user("cache") / "openvino"


def runs() -> Path:
    """Run files, one a session."""
    return _user("data") / "runs"


def measured_results() -> Path:
    """The newest results of each model, JSON."""
    return _user("data") / "measured.json"


def typed_readings() -> Path:
    """What an external meter showed, typed in by the user, text."""
    return _user("data") / "meter-readings.csv"


def devices() -> Path:
    """The user's own device sheets, TOML."""
    return _user("config") / "devices"


def scenarios() -> Path:
    """The user's own scenarios, TOML."""
    return _user("config") / "scenarios"


def energy_tables() -> Path:
    """The user's own tables of energy per operation, TOML."""
    return _user("config") / "energy"


def processors_file() -> Path:
    """The user's own table of processors and their power ranges, TOML."""
    return _user("config") / "processors.toml"


def sysfs() -> Path:
    """Where the kernel shows sensors; `EDGEPERF_SYSFS` names another place, such as a container's mount of the machine's own."""
    return Path(os.environ.get("EDGEPERF_SYSFS") or "/sys")


def logs() -> Path:
    """The engine's log of each session, newest few."""
    return _user("log")


def model_folders() -> tuple[Path, ...]:
    """Folders that hold model folders: the user's own first, then what ships."""
    return (_user("data") / "models", shipped("models"))
