"""A short question asked in a process of its own, so that a broken driver cannot hurt the window."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

import msgspec

from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.link.child_process import end_at_once, function_named, prepare
from edgeperf_gui.link.death import exit_name
from edgeperf_gui.link.log_file import only_log
from edgeperf_gui.link.pipe_threads import PipeThreads

TIMEOUT_S: Final = 10.0


class _Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    sentence: str


class _Found(msgspec.Struct, frozen=True, tag="found"):
    inventory: Inventory


class InventoryJob:
    """Asks what the machine offers; the answer, or what hindered it, comes out of `poll`."""

    def __init__(self, function: str = "edgeperf_gui.engine.inventory:take_inventory", timeout_s: float = TIMEOUT_S) -> None:
        self._function = function
        self._timeout_s = timeout_s
        self._context = multiprocessing.get_context("spawn")
        self._decoder: msgspec.msgpack.Decoder[_Found | _Trouble] = msgspec.msgpack.Decoder(_Found | _Trouble)
        self._process: SpawnProcess | None = None
        self._pipe: PipeThreads | None = None
        self._deadline_ns = 0
        self._answer: Inventory | None = None

    @property
    def is_active(self) -> bool:
        """A question is open, or its answer has not been taken."""
        return self._process is not None or self._answer is not None

    def start(self) -> None:
        """Ask; no-op while a question is open."""
        if self.is_active:
            return
        log = only_log("inventory")
        ours, theirs = self._context.Pipe(duplex=True)
        arguments = (self._function, theirs, str(log) if log else None)
        process = self._context.Process(target=main, args=arguments, name="edgeperf-inventory", daemon=True)
        try:
            process.start()
        except OSError as error:
            ours.close()
            self._answer = _nothing(f"The devices could not be asked for: {error}.")
            return
        finally:
            theirs.close()
        self._process, self._pipe = process, PipeThreads(ours)
        self._deadline_ns = time.perf_counter_ns() + int(self._timeout_s * 1e9)

    def poll(self) -> Inventory | None:
        """The answer, once; with empty lists and the reason in `problems` when there was none. Never waits."""
        if self._answer is None and self._process is not None and self._pipe is not None:
            self._answer = self._look(self._process, self._pipe)
        answer, self._answer = self._answer, None
        return answer

    def close(self) -> None:
        """Give the question up."""
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join(0.2)
            if self._process.exitcode is not None:  # a process stuck inside a driver cannot even be killed: then it is left alone
                self._pipe.close()
                self._process.close()
        self._process = self._pipe = self._answer = None

    def _look(self, process: SpawnProcess, pipe: PipeThreads) -> Inventory | None:
        answer = None
        if received := pipe.received(1):
            answer = self._decode(received[0])
        elif pipe.at_end and process.exitcode is not None:
            answer = _nothing(f"Asking for the devices crashed ({exit_name(process.exitcode)}).")
        elif time.perf_counter_ns() > self._deadline_ns:
            answer = _nothing(f"The devices did not answer within {self._timeout_s:g} s.")
        if answer is not None:
            self.close()
        return answer

    def _decode(self, data: bytes) -> Inventory:
        try:
            message = self._decoder.decode(data)
        except msgspec.MsgspecError as error:
            return _nothing(f"The devices' answer cannot be read ({error}).")
        return message.inventory if isinstance(message, _Found) else _nothing(message.sentence)


def main(function: str, conn: Connection, log_path: str | None) -> None:
    """Target of the spawned process."""
    prepare(log_path)
    message: _Found | _Trouble
    try:
        message = _Found(function_named(function)())
    except EdgeperfError as error:
        message = _Trouble(str(error))
    except Exception as error:
        traceback.print_exc()
        message = _Trouble(f"Asking for the devices failed ({type(error).__name__}: {error}).")
    conn.send_bytes(msgspec.msgpack.encode(message))
    end_at_once(0)


def _nothing(problem: str) -> Inventory:
    return Inventory((), (), (), (problem,))
