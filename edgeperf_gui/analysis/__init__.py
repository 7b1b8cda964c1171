"""Arithmetic: pure functions from record arrays to results."""
