"""What the window says of model files and decoders is what the readers and decoders are."""

from __future__ import annotations

from edgeperf_gui.domain import model_files
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.zoo import formats


def test_the_window_offers_the_files_that_can_be_read() -> None:
    assert set(model_files.SUFFIXES) == set(formats.SUFFIXES)


def test_the_window_names_every_decoder() -> None:
    assert list(model_files.DECODERS) == list(DECODERS)
