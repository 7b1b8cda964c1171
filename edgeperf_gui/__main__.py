"""`python -m edgeperf_gui` and the gui-script."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Open the window."""
    # a frozen program's engine process starts here too and must go no further
    multiprocessing.freeze_support()
    from edgeperf_gui import app

    return app.main()


if __name__ == "__main__":
    sys.exit(main())
