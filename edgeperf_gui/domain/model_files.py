"""What the window must know of model files without being able to read one: a test holds both lists to those of the readers."""

from __future__ import annotations

from typing import Final

SUFFIXES: Final = (".xml", ".onnx", ".pb", ".tflite", ".pdmodel", ".json", ".pt", ".pth", ".torchscript", ".pt2")
"""Endings of model files that can be imported; a SavedModel is a folder."""

DECODERS: Final = {
    "nanodet": "NanoDet",
    "yolox": "YOLOX",
    "yolov5": "YOLOv5",
    "yolov8": "YOLOv8, v9, v11",
    "yolo_nms": "YOLO, suppression inside",
    "ssd": "SSD, DetectionOutput",
    "classification": "Classification",
    "segmentation": "Segmentation",
    "db_text": "Text detection, DB",
    "raw": "Raw: top values only",
}
"""Decoders by a card's `decoder`, each with its name for a person."""
