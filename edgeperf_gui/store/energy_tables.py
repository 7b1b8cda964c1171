"""Energy per operation by process node: the tables that ship, and the user's own, which win where names meet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import EnergyTable
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.named_files import find_named, named_files
from edgeperf_gui.store.toml_file import read_toml

DEFAULT_NODE: Final = "45nm"


def energy_tables() -> dict[str, Path]:
    """Every table's file by its name, the stem of the file."""
    return named_files(places.shipped("resources/energy"), places.energy_tables())


def energy_table(node: str = DEFAULT_NODE) -> EnergyTable:
    """The table of a node. Raises BadInput for an unknown node and for a file that cannot be used, with its line."""
    path = find_named(energy_tables(), node, "energy table", is_path_too=False)
    table = read_toml(path, EnergyTable, "an energy table")
    lacking = sorted(set(table.multiply_pj) ^ set(table.accumulate_pj))
    if lacking:
        raise BadInput(
            f"{path.name}: {lacking[0]} is in only one of multiply_pj and accumulate_pj.", "Give every type in both, or in none."
        )
    if not table.sram_pj_per_64_bit:
        raise BadInput(f"{path.name}: sram_pj_per_64_bit names no memory.", "Give at least one size in bytes.")
    return table
