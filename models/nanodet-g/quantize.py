"""Makes `nanodet-g-int8.xml` and `.bin` from `nanodet-g-fp16.xml` by post-training quantisation.

How to run (once; the result is committed, so installing the program needs none of this), from the project's folder:

    pip install -e '.[quantize]'
    python models/nanodet-g/quantize.py IMAGES

IMAGES: a folder with the first 128 images of COCO train2017. They and 172 frames of the bundled clip only calibrate the ranges of
the activations; none of them is in the result.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from edgeperf_gui.domain import places
from edgeperf_gui.zoo.calibration import StoredFrames, calibration_frames
from edgeperf_gui.zoo.catalogue import load_card
from edgeperf_gui.zoo.quantize import quantize_model, read_unquantized, write_ir
from edgeperf_gui.zoo.quantized_layers import quantized_layers

FOLDER = Path(__file__).resolve().parent
NAME = "nanodet-g-int8"
SAMPLES = 300
IMAGES = 128
CLIP = places.shipped("resources/clips/street.mp4")


def show(done: int, total: int | None, activity: str) -> None:
    """Progress, on one line."""
    sys.stderr.write(f"\r{done:>4} of {total or '?'}  {activity:<40}")


def main() -> None:
    """Quantise with the images of the folder named on the command line; write the IR beside this script."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: quantize.py IMAGES   (a folder with the first 128 images of COCO train2017)")
    images = [*calibration_frames(Path(sys.argv[1]), IMAGES)]
    frames = StoredFrames("images and clip", [*images, *calibration_frames(CLIP, SAMPLES - len(images))])
    card = load_card(FOLDER)
    model, samples = quantize_model(
        read_unquantized(card), card.input, frames, preset="mixed", stop=threading.Event(), progress=show
    )
    model.set_friendly_name(NAME)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        xml = Path(folder) / f"{NAME}.xml"
        write_ir(model, xml)
        for file in (xml.with_suffix(".bin"), xml):
            file.replace(FOLDER / file.name)
            print(f"{file.name:<24}{(FOLDER / file.name).stat().st_size:>12,} bytes")  # noqa: T201
    print("{} samples; {} of {} multiplying layers quantised".format(samples, *quantized_layers(model)))  # noqa: T201


if __name__ == "__main__":
    main()
