"""The rules by which a decoder is found to fit: each looks for the shapes that its decoder reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from edgeperf_gui.engine.decoders.output_clues import Clues, cell_count, is_map, known, spelled

Options = dict[str, float | int | str | list[int | str]]
"""A card's `decoder_options`."""

_TEXT_NAMES: Final = re.compile(r"sigmoid_\d|^maps$|save_infer_model|fetch_name|binari[sz]e|prob_?map|text", re.IGNORECASE)
_MOST_CLASSES: Final = 100_000
_DECODED_HINT: Final = (
    " (If boxes look wrong, the export has decoded them: use yolov5, for a YOLOX with the channels BGR and the scale 1 1 1.)"
)


class Fit(NamedTuple):
    """A decoder that fits."""

    decoder: str
    options: Options
    reason: str


Rule = Callable[[Clues], Fit | None]


def fit(said: str, clues: Clues) -> Fit:
    """The decoder that fits best: one that `said`, its `model_type`, and its outputs agree on; else one for its outputs."""
    family = next((rules for pattern, rules in _FAMILIES.items() if re.search(pattern, said, re.IGNORECASE)), ())
    agreed = _first(family, clues)
    if agreed:
        return agreed._replace(reason=f"Its model_info says {said[:40]!r}, and its outputs agree: {agreed.reason}")
    return _first(_RULES, clues) or _raw(clues)


def fit_as(decoder: str, clues: Clues) -> Fit:
    """The options for a decoder that the user chose, whatever the outputs look like."""
    for rule in (*_FAMILIES_BY_DECODER.get(decoder, ()), *_RULES):
        made = rule(clues)
        if made and made.decoder == decoder:
            return made._replace(reason=f"As asked: {made.reason}")
    name = next((output.name for output in clues.outputs), None)
    options: Options = {}
    if name is not None and decoder != "raw" and decoder != "nanodet":
        options = {"outputs": [name]} if decoder == "yolov5" else {"output": name}
    return Fit(decoder, options, "As asked; its outputs do not show whether it fits.")


def _first(rules: Sequence[Rule], clues: Clues) -> Fit | None:
    return next((made for made in (rule(clues) for rule in rules) if made), None)


def _ssd_rows(clues: Clues) -> Fit | None:
    for output in clues.outputs:
        if len(output.shape) == 4 and output.shape[:2] == (1, 1) and output.shape[3] == 7:
            return Fit("ssd", {"output": output.name}, f"{output.name} is [1, 1, objects, 7], as DetectionOutput gives.")
    return None


def _ssd_pair(clues: Clues) -> Fit | None:
    for boxes in clues.outputs:
        if boxes.shape[-1:] != (5,) or len(boxes.shape) not in (2, 3):
            continue
        for labels in clues.outputs:
            if labels.is_integer and labels.shape == boxes.shape[:-1]:
                options: Options = {"boxes": boxes.name, "labels": labels.name}
                return Fit("ssd", options, f"{boxes.name} has five values an object, and {labels.name} a label for each.")
    return None


def _nanodet(clues: Clues) -> Fit | None:
    tables = [output for output in clues.outputs if len(output.shape) == 3 and output.shape[0] == 1 and known(output.shape)]
    if clues.size is None or len(tables) < 4 or len(tables) % 2:
        return None
    strides = [8, 16, 32, 64][: len(tables) // 2]
    pairs = []
    for stride in strides:
        cells = cell_count(clues.size, [stride], up=True)
        level = sorted((table for table in tables if table.shape[1] == cells), key=lambda table: table.shape[2] or 0)
        boxes = next((table for table in level if (table.shape[2] or 0) % 4 == 0 and (table.shape[2] or 0) >= 8), None)
        # of two that could be boxes (44 and 80) the distributions are those of the usual 8 or 16 bins
        boxes = next((table for table in level if table.shape[2] in (32, 44, 68)), boxes)
        scores = next((table for table in level if table is not boxes), None)
        if len(level) != 2 or boxes is None or scores is None:
            return None
        pairs.append((scores, boxes))
    bins = {(boxes.shape[2] or 0) // 4 for _, boxes in pairs}
    if len(bins) != 1:
        return None
    options: Options = {
        "strides": [*strides],
        "scores": [scores.name for scores, _ in pairs],
        "boxes": [boxes.name for _, boxes in pairs],
        "bins": bins.pop(),
    }
    return Fit("nanodet", options, f"There are class scores and box-side distributions for the strides {strides}.")


def _yolo_nms(clues: Clues) -> Fit | None:
    output = clues.only
    if output is None or len(output.shape) not in (2, 3) or output.shape[-1] not in (6, 7):
        return None
    rows, least = output.shape[-2], len(output.shape) == 2  # one row of two dimensions is a classifier's
    if (len(output.shape) == 3 and output.shape[0] != 1) or (rows is not None and not least < rows <= 1000):
        return None
    if output.shape[-1] == 7:
        columns: Options = {"output": output.name, "columns": ["image", "x1", "y1", "x2", "y2", "label", "score"]}
        return Fit("yolo_nms", columns, f"{output.name} has seven values an object, as YOLOv7's end-to-end export gives.")
    return Fit(
        "yolo_nms", {"output": output.name}, f"{output.name} has few rows of six values: objects that are suppressed already."
    )


def _yolov5(clues: Clues) -> Fit | None:
    table = clues.table
    if table is None or clues.size is None:
        return None
    name, rows, columns = table
    if columns > 5 and rows in {3 * cell_count(clues.size, strides) for strides in ([8, 16, 32], [8, 16, 32, 64], [16, 32])}:
        return Fit("yolov5", {"outputs": [name]}, f"{name} has three rows of {columns} = 5 + {columns - 5} values for each cell.")
    return None


def _decoded_table(clues: Clues) -> Fit | None:
    """YOLOX and YOLOv6 exports that have decoded their boxes themselves speak as YOLOv5's do."""
    table = clues.table
    if table is None or table[2] < 6:
        return None
    return Fit("yolov5", {"outputs": [table[0]]}, f"{table[0]} has rows of {table[2]} = 5 + {table[2] - 5} values.")


def _yolov5_maps(clues: Clues) -> Fit | None:
    maps = [output for output in clues.outputs if len(output.shape) in (4, 5) and output.shape[0] == 1]
    if clues.size is None or len(maps) != 3:
        return None
    names: list[int | str] = []
    for stride in (8, 16, 32):
        grid = clues.size[1] // stride, clues.size[0] // stride
        fits = (
            output.name
            for output in maps
            if (len(output.shape) == 5 and output.shape[1] == 3 and output.shape[2:4] == grid and (output.shape[4] or 0) > 5)
            or (
                len(output.shape) == 4
                and output.shape[2:] == grid
                and (output.shape[1] or 0) % 3 == 0
                and (output.shape[1] or 0) > 15
            )
        )
        names += [next(fits, "")]
    if not all(names):
        return None
    return Fit(
        "yolov5",
        {"head": "raw", "outputs": names},
        "There are three raw maps with three anchors a cell; the usual anchors are assumed.",
    )


def _yolov8(clues: Clues) -> Fit | None:
    output = clues.only or next((output for output in clues.outputs if len(output.shape) == 3), None)
    if output is None or len(output.shape) != 3 or output.shape[0] != 1:
        return None
    _, channels, cells = output.shape
    expected = cell_count(clues.size, [8, 16, 32]) if clues.size else None
    if (
        channels is None
        or channels < 5
        or not (cells == expected if expected and cells else cells is None or cells > 8 * channels)
    ):
        return None
    options: Options = {"output": output.name}
    if 0 < clues.labels < channels - 4:
        options["classes"] = clues.labels
    elif clues.count > 1 and channels - 4 > 32:
        options["classes"] = channels - 4 - 32  # a segmenting head: its mask coefficients stand behind the classes
    return Fit("yolov8", options, f"{output.name} has 4 + {channels - 4} values for each cell, and no objectness.")


def _yolov8_turned(clues: Clues) -> Fit | None:
    table = clues.table
    if table is None or clues.size is None or table[1] != cell_count(clues.size, [8, 16, 32]):
        return None
    name, _, columns = table
    if columns > 4 and columns - 4 in (clues.labels, 80):
        return Fit("yolov8", {"output": name, "cells": "first"}, f"{name} has 4 + {columns - 4} values in the row of each cell.")
    return None


def _yolox(clues: Clues) -> Fit | None:
    table = clues.table
    if table is None or clues.size is None:
        return None
    name, rows, columns = table
    for strides in ([8, 16, 32], [8, 16, 32, 64]):
        if columns > 5 and rows == cell_count(clues.size, strides):
            options: Options = {"output": name, "strides": [*strides]}
            reason = f"{name} has one row of {columns} = 5 + {columns - 5} values for each cell."
            return Fit("yolox", options, reason + _DECODED_HINT)
    return None


def _db_text(clues: Clues) -> Fit | None:
    output = clues.only
    if output is None or len(output.shape) != 4 or output.shape[:2] != (1, 1) or output.is_integer:
        return None
    if not _TEXT_NAMES.search(output.name):
        return None
    return Fit("db_text", {"output": output.name}, f"{output.name} is one map of probabilities, named as text detectors name it.")


def _segmentation(clues: Clues) -> Fit | None:
    maps = [output for output in clues.outputs if len(output.shape) == 4]
    output = clues.only or (maps[0] if len(maps) == 1 else None)  # several are the heads of something else
    if output is None or output.shape[:1] != (1,):
        return None
    name, shape = output.name, output.shape
    if len(shape) == 3 and is_map(shape[1:], clues.size) and output.is_integer:
        return Fit("segmentation", {"output": name, "kind": "labels"}, f"{name} holds a whole number for each pixel.")
    if len(shape) != 4:
        return None
    if shape[1] == 1 and is_map(shape[2:], clues.size):
        kind = "labels" if output.is_integer else "probability"
        return Fit("segmentation", {"output": name, "kind": kind}, f"{name} is one map, taken as {kind} of each pixel.")
    if 2 <= (shape[1] or 0) <= 256 and is_map(shape[2:], clues.size):
        return Fit("segmentation", {"output": name}, f"{name} has a map for each of {shape[1]} labels.")
    if 2 <= (shape[3] or 0) <= 256 and is_map(shape[1:3], clues.size):
        return Fit("segmentation", {"output": name, "layout": "NHWC"}, f"{name} has {shape[3]} scores for each pixel.")
    return None


def _classification(clues: Clues) -> Fit | None:
    output = clues.only
    if output is None or not known(output.shape) or not output.shape:
        return None
    sizes = [size for size in output.shape if size != 1]
    if len(sizes) == 1 and 2 <= (sizes[0] or 0) <= _MOST_CLASSES and output.shape[0] in (1, sizes[0]):
        return Fit("classification", {"output": output.name}, f"{output.name} is one row of {sizes[0]} scores.")
    return None


def _raw(clues: Clues) -> Fit:
    shapes = ", ".join(f"{output.name} {spelled(output.shape)}" for output in clues.outputs[:3])
    return Fit("raw", {}, f"No decoder is known for its outputs ({shapes or 'none of a known shape'}); it still runs.")


_RULES: Final[tuple[Rule, ...]] = (
    _ssd_rows,
    _ssd_pair,
    _nanodet,
    _yolov5,
    _yolov5_maps,
    _yolov8_turned,
    _yolox,
    _yolo_nms,
    _yolov8,
    _db_text,
    _segmentation,
    _classification,
)
"""Tried in this order: those that ask most come first."""

_YOLOS: Final = (_yolov5, _yolov5_maps, _yolov8_turned, _yolo_nms, _yolov8, _yolox)
_FAMILIES: Final[dict[str, tuple[Rule, ...]]] = {
    r"^yolox": (_yolox, *_YOLOS),
    r"^yolo_?v?[567]": (_yolov5, _yolov5_maps, _yolo_nms, _decoded_table),
    r"^yolo": _YOLOS,
    r"nanodet": (_nanodet,),
    r"^ssd|detection": (_ssd_rows, _ssd_pair),
    r"classif": (_classification,),
    r"segment": (_segmentation,),
    r"^db|text": (_db_text,),
}
"""Rules by what `model_info` calls the model; a word that its outputs do not bear out counts for nothing."""

_FAMILIES_BY_DECODER: Final[dict[str, tuple[Rule, ...]]] = {
    "yolov5": (_yolov5, _yolov5_maps, _decoded_table),
    "yolov8": (_yolov8_turned, _yolov8),
}
"""More patient rules for a decoder that was chosen."""
