"""A card and a decoder for it, for an input of 64 × 32 pixels."""

from __future__ import annotations

from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders import DECODERS

SAME_SIZE = Letterbox.fit((64, 32), (64, 32))
TENFOLD = Letterbox.fit((320, 320), (64, 32))
"""A square frame of 320 lies as 32 × 32 at x = 16, so a pixel of the input is ten of the source."""


def card(decoder, size=(64, 32), **options):
    return ModelCard(
        name="toy",
        title="Toy",
        task="raw",
        licence="Apache-2.0",
        origin="made by hand",
        decoder=decoder,
        input=InputCard(width=size[0], height=size[1]),
        variants={"FP32": VariantCard("toy.xml", "FP32")},
        decoder_options=options,
    )


def build(decoder, score_threshold=None, **options):
    """The decoder's function."""
    return DECODERS[decoder](card(decoder, **options), score_threshold=score_threshold)[1]


def rows(findings):
    """Boxes as plain tuples: x1, y1, x2, y2, score (two decimals), label."""
    return [(*map(float, box.item()[:4]), round(float(box["score"]), 2), int(box["label"])) for box in findings.boxes]


def lies_in(findings, width, height):
    """Whether all boxes are whole, inside the frame, and best first."""
    boxes = findings.boxes
    return bool(
        ((boxes["x1"] >= 0) & (boxes["x1"] < boxes["x2"]) & (boxes["x2"] <= width)).all()
        and ((boxes["y1"] >= 0) & (boxes["y1"] < boxes["y2"]) & (boxes["y2"] <= height)).all()
        and ((boxes["score"] >= 0) & (boxes["score"] <= 1)).all()
        and (boxes["score"][1:] <= boxes["score"][:-1]).all()
    )
