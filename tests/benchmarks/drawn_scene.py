"""How fast a scene is drawn on one core: `python drawn_scene.py ADDRESS FRAMES` prints the worst frames per second of its rounds.

The process is held to one core where the system can do that, and CPU time is counted, so that others do not slow it down.
"""

from __future__ import annotations

import os
import sys
import time

import cv2
import numpy as np

from edgeperf_gui.domain.scene import parse
from edgeperf_gui.engine.scenery.picture import Scene

ROUNDS = 5


def main() -> None:
    address, frames = sys.argv[1], int(sys.argv[2])
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    scene = Scene(parse(address))
    picture = np.empty((scene.spec.height, scene.spec.width, 3), np.uint8)
    slowest = 0.0
    for part in range(ROUNDS):
        start = time.process_time()
        for number in range(part * frames, (part + 1) * frames):
            scene.draw(number, picture)
        slowest = max(slowest, time.process_time() - start)
    print(frames / slowest)


if __name__ == "__main__":
    main()
