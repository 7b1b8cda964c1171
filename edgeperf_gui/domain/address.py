"""Addresses of sources, and URLs as they may be shown and kept: without passwords, tokens and queries."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
_SHOWN_LENGTH: Final = 120


def scheme_of(address: str) -> str | None:
    """The scheme of a URL in lower case, None for anything else (a Windows drive letter is no scheme)."""
    match = _URL.match(address)
    return match["scheme"].lower() if match else None


def redact(url: str) -> str:
    """The URL without user, password and query; only its scheme where a `/`, `?` or `@` in a password makes the parts unclear."""
    match = _URL.match(url)
    if match is None:
        return "(not a URL)"
    scheme = match["scheme"].lower()
    host = match["authority"].rpartition("@")[2]
    if "@" in match["path"] + match["rest"] or not _is_host(host):
        return f"{scheme}://…"
    shown = f"{scheme}://{host}{match['path']}{'?…' if match['rest'] else ''}"
    return shown if len(shown) <= _SHOWN_LENGTH else shown[: _SHOWN_LENGTH - 1] + "…"


def shown(address: str) -> str:
    """Any source's address as it may be shown: a URL redacted, everything else (a path, `camera:0`, `scene:highway`) as it is."""
    return address if scheme_of(address) is None else redact(address)


def is_sound(url: str) -> bool:
    """Whether a URL can be given to FFmpeg: printable characters without spaces, and a host (a port for UDP) that parses."""
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname or (parts.scheme == "udp" and parts.port)) and parts.port != 0
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").port is not None or ":" not in host.rpartition("]")[2]
    except ValueError:
        return False
