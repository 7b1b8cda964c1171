"""edgeperf_gui: where the time of a live inference pipeline goes, measured and shown."""

__version__ = "0.1.0"
