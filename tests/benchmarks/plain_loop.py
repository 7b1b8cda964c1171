"""The loop one writes first: cv2, numpy normalisation, synchronous `infer`, thresholded scores. Prints its FPS."""

from __future__ import annotations

import sys
import time

import cv2
import numpy as np
import openvino as ov

MEAN = np.array([103.53, 116.28, 123.675], np.float32)
SCALE = np.array([57.375, 57.12, 58.395], np.float32)


def main(model: str, clip: str, seconds: float) -> None:
    """Read, prepare, infer, look at the scores; again until the time is up."""
    compiled = ov.Core().compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()
    capture = cv2.VideoCapture(clip)
    frames, start = 0, 0.0
    while True:
        ok, frame = capture.read()
        if not ok:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            continue
        scale = 416 / max(frame.shape[:2])
        small = cv2.resize(frame, None, fx=scale, fy=scale)
        image = np.full((416, 416, 3), 114, np.uint8)
        top = (416 - small.shape[0]) // 2
        image[top : top + small.shape[0], : small.shape[1]] = small
        tensor = ((image.astype(np.float32) - MEAN) / SCALE).transpose(2, 0, 1)[None]
        results = request.infer([np.ascontiguousarray(tensor)])
        _ = [np.argwhere(scores[0] > 0.4) for scores in results.values()]
        frames += 1
        if frames == 5:  # the first ones warm up
            start = time.perf_counter()
        elif frames > 5 and time.perf_counter() - start > seconds:
            break
    print((frames - 5) / (time.perf_counter() - start))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
