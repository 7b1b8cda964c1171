"""What a measurement comes to when it is held against a limit."""

from __future__ import annotations

from typing import Literal

Verdict = Literal["PASS", "FAIL", "UNDECIDED"]
"""Kept for certain, broken for certain, or neither yet."""
