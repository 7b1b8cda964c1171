"""A corrected import takes the place of the first one, which stays until the new one is whole."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.zoo import staging
from edgeperf_gui.zoo.cards import own_folder, remove_model, write_card
from edgeperf_gui.zoo.catalogue import find_model


def check_replaceable(name: str) -> None:
    """Raise ModelError when there is no such model, or it is none of the user's own."""
    own_folder(Path(find_model(name).folder))


def take_place(card: ModelCard, name: str) -> ModelCard:
    """Remove the user's model `name`, and give its name and folder to `card`, which is in the user's folder already."""
    folder = remove_model(name)
    renamed = write_card(Path(card.folder), replace(card, name=name))
    place = places.model_folders()[0] / folder.name
    if not staging.publish(Path(card.folder), place):  # another window was faster
        return write_card(Path(card.folder), card)
    return replace(renamed, folder=str(place))
