"""Decoders on what real models gave for pictures drawn by OpenCV, against the ink that was drawn.

Recorded are the rows above 0.05 of a YOLOX that finds characters (ddddocr, MIT, 416 × 416), and the map, in 256 steps, of
PP-OCRv4's text detector (Apache-2.0) at 320 × 320. The ink was measured in the pictures, not by a decoder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from decoder_cards import card

from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders import DECODERS

RECORDED = Path(__file__).with_name("recorded")


def frames(decoder, size, source, output):
    _, decode = DECODERS[decoder](card(decoder, size=size))
    boxes = decode([output], Letterbox.fit(source, size)).boxes
    return sorted([box.item()[:4] for box in boxes], key=lambda box: (box[1] // 60, box[0])), boxes


def test_yolox_finds_four_letters_where_they_were_drawn():
    recorded = np.load(RECORDED / "yolox_letters.npz")
    output = np.zeros((1, 3549, 6), np.float32)
    output[0, recorded["cells"]] = recorded["rows"]
    found, boxes = frames("yolox", (416, 416), (480, 240), output)
    ink = [(34, 66, 72, 110), (150, 101, 183, 145), (378, 66, 418, 110), (264, 136, 302, 180)]  # R, 7, Q, K
    assert len(found) == len(ink)
    for box, drawn in zip(found, ink, strict=True):
        assert box == pytest.approx(drawn, abs=6)
    assert boxes["score"] == pytest.approx([0.847, 0.841, 0.827, 0.647], abs=1e-3)


def test_db_text_frames_two_lines_where_they_were_drawn():
    chances = np.load(RECORDED / "db_lines.npz")["chances"][None, None] / np.float32(255)
    found, _ = frames("db_text", (320, 320), (320, 200), chances)
    assert len(found) == 2
    # "Total 4.50 EUR" and "own model"; the second's ink is low for most of its length, its frame is a little taller
    assert found[0] == pytest.approx((21, 37, 256, 59), abs=4)
    assert found[1] == pytest.approx((21, 117, 191, 139), abs=9)
