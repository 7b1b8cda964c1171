"""How sources, models and devices are called in front of a person."""

from __future__ import annotations

import re
from pathlib import PurePath

from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.inventory import Inventory

_WORTHLESS = re.compile(r"\((R|TM|C)\)|\bProcessor\b|\bCPU\b(?= @)|\b\d+-Core\b|@.*$", re.IGNORECASE)


def source_name(address: str, inventory: Inventory | None = None) -> str:
    """`street.mp4`, "Scene: highway · light night", a camera's name, or an address without its password."""
    kind, _, rest = address.partition(":")
    if kind == "camera":
        named = [camera.name for camera in inventory.cameras if camera.address == address] if inventory else []
        return named[0] if named else f"Camera {rest}"
    if kind == "scene":
        world, _, parameters = rest.partition("?")
        return f"Scene: {world}" + (f" · {parameters.replace('=', ' ').replace('&', ', ')}" if parameters else "")
    if "://" in address:
        return shown(address)
    return PurePath(address.replace("\\", "/")).name or address


def model_words(name: str, inventory: Inventory | None) -> tuple[str, str]:
    """Title, and the few facts after it."""
    cards = [card for card in inventory.models if card.name == name] if inventory else []
    if not cards:
        return PurePath(name).name or name, ""
    title, _, after = cards[0].title.partition(" ")
    facts = [re.sub(r"\s*\(.*\)", "", after)] if after else []
    if cards[0].gmac is not None:
        facts.append(f"{cards[0].gmac:.2f} GMAC")
    return title, (" " if after else "  ") + " · ".join(facts)


def short_device(full_name: str) -> str:
    """A processor's name without trade marks and clock."""
    return re.sub(r"\s+", " ", _WORTHLESS.sub("", full_name)).strip()


def device_name(name: str, inventory: Inventory | None) -> str:
    """`CPU · AMD EPYC 7B13`."""
    full = [device.full_name for device in inventory.devices if device.name == name] if inventory else []
    short = short_device(full[0]) if full else ""
    return f"{name} · {short}" if short and short != name else name
