"""The one OpenVINO core of a process."""

from __future__ import annotations

import functools
from typing import Any

import openvino as ov


@functools.cache
def core() -> Any:
    """The process's `ov.Core`, made at first use and never let go.

    On CPUs with AMX the CPU plugin installs an alternate signal stack for as long as its core lives, and then restores the one
    it found. Two cores that die in the order in which they were made leave a stack behind that is already unmapped, and the
    next signal kills the process.
    """
    return ov.Core()
