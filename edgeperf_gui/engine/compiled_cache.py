"""OpenVINO's cache of compiled models: a folder that only ever grows, so it is kept below a size."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 1 << 30


def make_room(folder: Path, max_bytes: int = MAX_BYTES) -> bool:
    """Make the folder, and delete its longest unused files beyond `max_bytes`. False when it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [(path.stat(), path) for path in folder.iterdir() if path.is_file()]
    except OSError:
        return False
    total = sum(stat.st_size for stat, _ in files)
    for stat, path in sorted(files, key=lambda pair: max(pair[0].st_atime_ns, pair[0].st_mtime_ns)):
        if total <= max_bytes:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            total -= stat.st_size
    return True
