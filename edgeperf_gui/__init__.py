"""edgeperf_gui: where the time of a live inference pipeline goes, measured and shown."""

import sys

__version__ = "0.1.0"

# Importing OpenVINO or NNCF reports that to a web service and leaves files in the home folder; both do without where this
# package of theirs cannot be imported. Set here, because every process of ours comes by before it imports either.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
