"""Which system libraries Qt lacks, and the one line that installs them. Looks at files; Qt itself is not loaded."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

PACKAGE_OF = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Debian package of each library that Qt's wheel expects from the system."""

_PARTS = {
    "offscreen": ("lib/libQt6Gui.so.6", "plugins/platforms/libqoffscreen.so"),
    "xcb": ("lib/libQt6Gui.so.6", "plugins/platforms/libqxcb.so"),
    "wayland": ("lib/libQt6Gui.so.6", "plugins/platforms/libqwayland.so"),
}
"""Files of the wheel, below its Qt folder, that a platform needs."""


def missing_libraries(platform: str, qt: Path | None = None) -> tuple[str, ...]:
    """Names of shared libraries that Qt's `platform` needs and this system lacks; empty when it cannot be asked."""
    qt = qt or qt_folder()
    ldd = shutil.which("ldd")
    if qt is None or ldd is None:
        return ()
    parts = [str(qt / part) for part in _PARTS.get(platform, ()) if (qt / part).is_file()]
    if not parts:
        return ()
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run([ldd, *parts], capture_output=True, text=True, timeout=30, check=False, env=environment)
    return parse_ldd(done.stdout)


def parse_ldd(text: str) -> tuple[str, ...]:
    """Libraries that ldd marks "not found", each once."""
    return tuple(dict.fromkeys(re.findall(r"^\s*(\S+) => not found", text, re.MULTILINE)))


def named_in(text: str) -> tuple[str, ...]:
    """Libraries that a loader's error message names."""
    return tuple(dict.fromkeys(re.findall(r"(lib[\w.+-]+?\.so(?:\.\d+)*): cannot open", text)))


def remedy(libraries: Iterable[str]) -> str:
    """The one line that installs these libraries on Debian and its kin."""
    libraries = tuple(libraries)
    packages = sorted({PACKAGE_OF[name] for name in libraries if name in PACKAGE_OF})
    unknown = [name for name in libraries if name not in PACKAGE_OF]
    lines = []
    if packages:
        lines.append(f"Run: sudo apt-get install -y {' '.join(packages)}")
    if unknown:
        lines.append(f"Install the packages of your system that hold {', '.join(unknown)}.")
    return " ".join(lines)


def qt_folder() -> Path | None:
    """The wheel's Qt folder, found without importing it."""
    found = importlib.util.find_spec("PySide6")
    places = list(found.submodule_search_locations or ()) if found else []
    return next((Path(place) / "Qt" for place in places if (Path(place) / "Qt").is_dir()), None)
