"""A window to be killed: starts an engine, tells its pid, and waits for the end."""

from __future__ import annotations

import sys
import time

from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.link.host import EngineHost

if __name__ == "__main__":
    host = EngineHost(run="trial_engine:run")
    host.start(SessionSpec("doomed", source=sys.argv[1], model="trial"))
    while not host.poll():
        time.sleep(0.01)
    print(host.pid, flush=True)
    time.sleep(600)
