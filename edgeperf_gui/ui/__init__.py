"""Widgets: draw what live knows."""
