"""`make bench`: every claim of speed as one row, measured by interleaved pairs in one run.

Each side of a pair is a fresh process; A B A B …, and the value is the ratio of the medians over the pairs. A pair during which
others used more than 8 % of the machine is measured again, up to twice as many pairs in all; the row says how many were dirty.

    python tests/benchmarks/run.py [--quick] [--json FILE] [ROW …]

A group of rows is a function of Settings, in a module `*_rows.py`; a new one is a line of GROUPS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from batching_rows import batching
from capacity_rows import cameras
from dock_rows import energy_dock
from energy_rows import energy
from queueing_rows import queueing
from rows import Row, Settings
from scenario_rows import sliders
from scene_rows import scene
from session_rows import agreement, inference_only, memory, pipeline, window_against_headless, window_paced
from simulation_rows import simulation
from sweep_rows import sweeping
from variant_rows import planted, quantization
from waterfall_rows import waterfall

GROUPS = {
    "inference": inference_only,
    "pipeline": pipeline,
    "window": window_against_headless,
    "paced": window_paced,
    "agree": agreement,
    "memory": memory,
    "planted": planted,
    "quantize": quantization,
    "sweep": sweeping,
    "waterfall": waterfall,
    "batching": batching,
    "capacity": cameras,
    "queueing": queueing,
    "simulation": simulation,
    "scenario": sliders,
    "scene": scene,
    "energy": energy,
    "energy-dock": energy_dock,
}


def main() -> int:
    """Run the groups asked for; exit code 1 when a row missed its bound or was not measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"any of {', '.join(GROUPS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, for trying the script itself")
    parser.add_argument("--json", type=Path, help="also write the rows here")
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - set(GROUPS)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    settings = Settings(2, 2, 6, 12) if arguments.quick else Settings(5, 4, 30, 300)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="edgeperf-bench-") as home:
        import os

        os.environ["EDGEPERF_HOME"] = home
        for name in arguments.groups or GROUPS:
            print(f"{name} ", end="", file=sys.stderr, flush=True)
            for row in GROUPS[name](settings):
                rows.append(row)
                print(row.line(), flush=True)
    if arguments.json:
        arguments.json.write_text(
            json.dumps([asdict(row) | {"passed": row.passed} for row in rows], indent=2, ensure_ascii=False)
        )
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
