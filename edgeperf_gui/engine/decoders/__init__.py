"""Decoders: from a model's outputs to findings in the picture. One file a decoder, one line in `DECODERS` each."""

from __future__ import annotations

from typing import Final, Protocol

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.engine.decoders.classification import build_classification
from edgeperf_gui.engine.decoders.db_text import build_db_text
from edgeperf_gui.engine.decoders.decoder import Built
from edgeperf_gui.engine.decoders.nanodet import build_nanodet
from edgeperf_gui.engine.decoders.raw import build_raw
from edgeperf_gui.engine.decoders.segmentation import build_segmentation
from edgeperf_gui.engine.decoders.ssd import build_ssd
from edgeperf_gui.engine.decoders.yolo_nms import build_yolo_nms
from edgeperf_gui.engine.decoders.yolov5 import build_yolov5
from edgeperf_gui.engine.decoders.yolov8 import build_yolov8
from edgeperf_gui.engine.decoders.yolox import build_yolox


class DecoderBuilder(Protocol):
    """Makes the decoder that a card asks for."""

    def __call__(self, card: ModelCard, *, score_threshold: float | None = None) -> Built:
        """Names of the outputs to fetch, in order (none: all in the model's order), and the function that decodes them.

        `score_threshold` overrides the card's. Raises ModelError when the card's options cannot be used.
        """


DECODERS: Final[dict[str, DecoderBuilder]] = {
    "nanodet": build_nanodet,
    "yolox": build_yolox,
    "yolov5": build_yolov5,
    "yolov8": build_yolov8,
    "yolo_nms": build_yolo_nms,
    "ssd": build_ssd,
    "classification": build_classification,
    "segmentation": build_segmentation,
    "db_text": build_db_text,
    "raw": build_raw,
}
"""By the card's `decoder`."""
