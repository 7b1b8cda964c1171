"""Decoders: from a model's outputs to objects in the picture. One file a decoder, one line in `DECODERS` each."""

from __future__ import annotations

from typing import Final, Protocol

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.engine.decoders.decoder import Decode
from edgeperf_gui.engine.decoders.nanodet import build_nanodet


class DecoderBuilder(Protocol):
    """Makes the decoder that a card asks for."""

    def __call__(self, card: ModelCard, *, score_threshold: float | None = None) -> tuple[tuple[str, ...], Decode]:
        """Names of the outputs to fetch, in order, and the function that decodes them.

        `score_threshold` overrides the card's. Raises ModelError when the card's options cannot be used.
        """


DECODERS: Final[dict[str, DecoderBuilder]] = {
    "nanodet": build_nanodet,
}
"""By the card's `decoder`."""
