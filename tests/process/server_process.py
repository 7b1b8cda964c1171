"""A server process of a test's own, that can be frozen, killed and started again at the same port."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil
import pytest


@dataclass
class Server:
    """A server process of the test's own; `port` stays the same over restarts."""

    command: list[str]
    port: int = 0
    process: subprocess.Popen | None = None

    def start(self):
        command = [part.format(port=self.port) for part in self.command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            pytest.skip(f"the server cannot run here: {self.complaint}")
        self.port = int(line)
        return self

    def freeze(self):
        psutil.Process(self.process.pid).suspend()

    def thaw(self):
        psutil.Process(self.process.pid).resume()

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.complaint = self.process.communicate()[1].strip().splitlines()[-1:]
            self.process = None


@contextlib.contextmanager
def servers() -> Iterator[Callable[..., Server]]:
    """Starts servers by their command, `{port}` standing for the port; none outlives the block."""
    started: list[Server] = []

    def run(*command: str) -> Server:
        started.append(Server(list(command)))
        return started[-1].start()

    try:
        yield run
    finally:
        for server in started:
            server.stop()
