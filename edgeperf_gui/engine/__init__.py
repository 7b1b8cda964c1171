"""Measuring: the pipeline and everything that looks at the machine. Never Qt."""
