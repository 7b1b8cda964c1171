"""Pictures as files: which names count, in what order, and reading one that nobody has vouched for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.picture_size import picture_size

Pixels = NDArray[np.uint8]
"""`[height, width, 3]`, BGR."""

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
MAX_SIDE: Final = 8192
MAX_FILE_BYTES: Final = 64 * 1024 * 1024


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts `img2` before `img10`."""
    parts = re.findall(r"\d+|\D+", name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def decode_picture(path: Path) -> Pixels | None:
    """The picture, or None when it is no picture, damaged, gone, or larger than `MAX_SIDE` or `MAX_FILE_BYTES`."""
    try:
        if not path.is_file() or not 0 < path.stat().st_size <= MAX_FILE_BYTES:
            return None
        content = path.read_bytes()
        size = picture_size(content)
        if size is None or not all(1 <= side <= MAX_SIDE for side in size):
            return None
        return cast("Pixels | None", cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR))
    except (OSError, cv2.error):
        return None
