"""What each number means, in a sentence; shown as tooltips."""

from __future__ import annotations

from typing import Final

STAGES: Final = {
    "decode": "Getting one frame from the source and decoding it.",
    "preprocess": "From the decoded frame to the filled input tensor.",
    "queue": "All waiting between decoded and running: for a free request, and inside the runtime if requests outnumber streams.",
    "inference": "The model itself: from the start of a request to its completion, without its wait.",
    "postprocess": "From the completion of the request to the list of found objects.",
    "present": "From the list of found objects to the painted picture.",
    "age": "From the moment the frame was due to the moment it was painted. Unknown when read flat out: nothing is due then.",
}
COLUMNS: Final = {
    "stage": "Where the time of a frame goes.",
    "median": "Half of the frames took less. Nearest rank, nothing left out.",
    "p90": "Nine of ten frames took less.",
    "p95": "Nineteen of twenty frames took less.",
    "p99": "All but one in a hundred took less. Needs at least 299 frames.",
    "max": "The slowest frame.",
    "n": "Frames counted in this session, after its first three.",
}
P99_TOO_SMALL: Final = "n too small: fewer than 299 frames say nothing reliable about one in a hundred. Keep measuring."
TRUTH: Final = {
    "executed": "Layers by the type that really executed them, read back from the runtime. Stored is what the file holds; "
    "the device may run another type.",
    "read": "Reading the model's file.",
    "compile": "Making the model ready for the device. Cached: taken from the runtime's cache; cold: made anew.",
    "first": "The first request, which pays for first use of memory. Not part of the other numbers.",
    "size": "Size of the model's weights and graph on disk.",
    "streams": "How many requests the device works on at the same time, as the runtime says.",
    "requests": "How many requests are in flight.",
    "threads": "Processor threads the runtime uses for inference.",
    "hint": "The performance hint the model was compiled with.",
    "foreign": "Share of the whole machine that other programs used in the last window of 2 s. Above 5 % the window is dirty.",
    "own": "Share of the whole machine that engine and window used in the last window of 2 s.",
    "memory": "Memory held by the engine's process.",
    "inference_precision": "The runtime's inference-precision property: the type it was asked to prefer.",
    "devices": "The devices that execute the model.",
    "cpu": "The processor, and how much of it this program may use.",
    "openvino": "Version of the runtime that is measured.",
    "steady": "Steady: the last three windows of 2 s lie within 10 % for throughput and for latency. Until then they are grey.",
}
THROUGHPUT: Final = "Completed frames per second of wall time. Flat out it is the capacity: what this setting can do at most."
DROPS: Final = "Frames overwritten or discarded before inference, because newer ones had come."
