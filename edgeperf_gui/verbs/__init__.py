"""Verbs of the command line, one module a verb or a group of verbs; each exposes a click command called `command`."""
