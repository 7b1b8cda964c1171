"""One table of the kinds of sources, and the one function that opens any of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from edgeperf_gui.domain.address import redact, scheme_of
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.scene import SCHEME, is_scene
from edgeperf_gui.domain.session import CameraMode
from edgeperf_gui.engine.sources.camera import CameraSource
from edgeperf_gui.engine.sources.capture import check_text
from edgeperf_gui.engine.sources.file import VideoFile
from edgeperf_gui.engine.sources.images import Images, is_picture_name
from edgeperf_gui.engine.sources.scene import SCENES, SceneSource
from edgeperf_gui.engine.sources.source import Notify, Source
from edgeperf_gui.engine.sources.stream import SCHEMES, StreamSource


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: how its addresses look, which it claims, and how it is opened."""

    example: str
    claims: Callable[[str], bool]
    open: Callable[[str, CameraMode, Notify], Source]


def path_of(address: str) -> Path:
    """The path that an address names: itself, with `~` for the home folder, or that of a `file://` URL."""
    check_text(address)
    try:
        if scheme_of(address) == "file":
            parts = urlsplit(address)
            if parts.netloc not in ("", "localhost"):
                raise SourceError("A file URL can only name a file of this machine.", "Write it like file:///folder/clip.mp4.")
            return Path(url2pathname(parts.path))
        return Path(address).expanduser()
    except (ValueError, RuntimeError) as error:
        raise SourceError(f"“{address[:80]}” is not a path.", "Check its spelling.") from error


def _is_folder(address: str) -> bool:
    # os.path, unlike pathlib, takes over-long names and null characters for "no"
    return os.path.isdir(path_of(address))  # noqa: PTH112


def _is_picture_file(address: str) -> bool:
    path = path_of(address)
    return is_picture_name(path) and os.path.isfile(path)  # noqa: PTH113


def _refuse_scheme(address: str, _mode: CameraMode, _notify: Notify) -> Source:
    raise SourceError(f"{redact(address)}: “{scheme_of(address)}” is not a kind of source.", f"Use {_examples()}.")


SOURCES: Final = (
    Kind("camera:0", lambda address: address.lower().startswith("camera:"), lambda address, mode, _: CameraSource(address, mode)),
    Kind(
        f"{SCHEME}{SCENES[0]}",
        is_scene,
        lambda address, _mode, _notify: SceneSource(address),
    ),
    Kind(
        "rtsp://host/path",
        lambda address: scheme_of(address) in SCHEMES,
        lambda address, _, notify: StreamSource(address, notify),
    ),
    Kind("", lambda address: scheme_of(address) not in (None, "file"), _refuse_scheme),
    Kind("a folder of pictures", _is_folder, lambda address, _mode, _notify: Images(path_of(address))),
    Kind("", _is_picture_file, lambda address, _mode, _notify: Images(path_of(address))),
    Kind("a video file", lambda _: True, lambda address, _mode, notify: VideoFile(path_of(address), notify)),
)
"""Kinds in the order in which they are asked; the first that claims an address opens it. A new kind is a new line."""


def open_source(address: str, mode: CameraMode, notify: Notify) -> Source:
    """Open any source. Raises SourceError with what to do about it; `notify` is told of streams that go and come, short files."""
    address = address.strip()
    if not address:
        raise SourceError("No source was given.", f"Use {_examples()}.")
    return next(kind for kind in SOURCES if kind.claims(address)).open(address, mode, notify)


def _examples() -> str:
    return ", ".join(kind.example for kind in SOURCES if kind.example)
