"""What was dropped or copied, as the address of a source, or as a sentence why it is none."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QMimeData, QUrl

from edgeperf_gui.domain.address import scheme_of, shown
from edgeperf_gui.live.settings import existing_path

_SCHEMES: Final = frozenset({"rtsp", "rtsps", "http", "https", "udp"})
_ADDRESS: Final = re.compile(r"(camera|scene):\S", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S")
_LONGEST: Final = 4096
_SHOWN: Final = 80

FORMS: Final = (
    ("rtsp://192.168.1.20:554/stream1", "a network camera; a name and password go before the host: rtsp://name:password@host/…"),
    ("http://camera.local/video.mjpg", "a camera's or server's video over HTTP; https too"),
    ("udp://:5000", "what is sent to a port of this machine"),
    ("camera:0", "a camera of this machine by its number"),
    ("scene:highway?light=night", "a drawn scene that needs no file; scene:parking-lot is the other one"),
    ("/videos/street.mp4", "a video, a picture or a folder of pictures"),
)
"""(address, what it means): every form that is understood."""


def address_in(data: QMimeData | None) -> str | None:
    """The first path that exists, or else the first address that can be opened; None when there is neither."""
    if data is None:
        return None
    if data.urls():
        return _first([url.toLocalFile() for url in data.urls() if url.isLocalFile()], [_spelled(url) for url in data.urls()])
    text = data.text().strip().strip('"')
    return None if "\n" in text else address_of(text)


def address_of(text: str) -> str | None:
    """A typed or copied text as a source's address."""
    return _first([text], [text]) if 0 < len(text) < _LONGEST else None


def refusal(data: QMimeData | None) -> tuple[str, str]:
    """Why nothing in it can be used, and what to do; asked for when `address_in` found nothing."""
    urls = data.urls() if data is not None else []
    text = (urls[0].toLocalFile() or _spelled(urls[0])) if urls else (data.text().strip() if data is not None else "")
    if urls and urls[0].isLocalFile():
        return f"There is no file or folder {_cut(text)}.", "Choose one that exists."
    if _OTHER_SCHEME.match(text):
        return f"{_cut(text)} is not an address of a video.", "Use a file, a folder, or an rtsp, http or udp address."
    return "What was copied is neither a file nor an address.", "Copy a path or a stream's address first."


def _first(paths: list[str], addresses: list[str]) -> str | None:
    found = [path for text in paths if (path := existing_path(text)) is not None]
    if found:
        return str(found[0])
    return next((text for text in addresses if scheme_of(text) in _SCHEMES or _ADDRESS.match(text)), None)


def _spelled(url: QUrl) -> str:
    # as it was sent: decoded, a %2F or %40 in a password would change what the address means
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


def _cut(text: str) -> str:
    text = shown(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
