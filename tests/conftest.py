"""What every test gets: folders of its own, Qt without a display, and a look round afterwards for anything left behind."""

from __future__ import annotations

import ctypes
import functools
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import hypothesis
import psutil
import pytest
from pytestqt.qtbot import QtBot

import edgeperf_gui  # noqa: F401  (before anything imports openvino, whose telemetry it switches off)

ROOT = Path(__file__).resolve().parent.parent
ALONE = ("fidelity", "benchmarks")
"""Folders of tests that measure: nothing else of ours may run beside them."""
PATIENCE_MS = 30_000
"""What is waited for in a window without a word of how long: the five seconds of pytest-qt are few on a busy machine."""
_SS_DISABLE = 2
SHARED_MEMORY = Path("/dev/shm")
OUR_PREFIXES = ("edgeperf", "pym-", "pymp-", "psm_", "sem.mp-")
"""Names that we, or the standard library in our name, give to shared memory and semaphores."""

# how long an example takes is the machine's business: only what comes of it is tested
hypothesis.settings.register_profile(
    "any machine", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in the folders of measuring tests is `alone` without saying so."""
    for item in items:
        if item.path.parent.name in ALONE:
            item.add_marker(pytest.mark.alone)


class PatientBot(QtBot):
    """Waits as long for a window as tests wait for a process."""

    waitUntil = functools.partialmethod(QtBot.waitUntil, timeout=PATIENCE_MS)
    waitSignal = functools.partialmethod(QtBot.waitSignal, timeout=PATIENCE_MS)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every user folder (settings, cache, runs, logs) of this test, below one fresh directory."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDGEPERF_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a child process or shared memory; a child that is just ending gets a moment."""
    before = _shared_memory()
    yield
    _forget_signal_stack()
    deadline = time.monotonic() + 20
    while (children := multiprocessing.active_children()) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.kill()
    assert not children, f"left running: {children}"
    while (left := _left_since(before)) and time.monotonic() < deadline:
        time.sleep(0.02)  # another process of this machine may be between creating and unlinking
    assert not left, f"left in {SHARED_MEMORY}: {sorted(left)}"


def _forget_signal_stack() -> None:
    """NNCF and some tests make cores of their own; see `zoo.openvino_core` for what the last one to die leaves behind."""
    if sys.platform == "linux":
        disable = ctypes.create_string_buffer(24)
        ctypes.memmove(ctypes.addressof(disable) + 8, bytes(ctypes.c_int(_SS_DISABLE)), 4)
        ctypes.CDLL(None).sigaltstack(disable, None)


def _shared_memory() -> set[str]:
    if not SHARED_MEMORY.is_dir():
        return set()
    return {entry.name for entry in SHARED_MEMORY.iterdir() if entry.name.startswith(OUR_PREFIXES)}


def _left_since(before: set[str]) -> set[str]:
    left = _shared_memory() - before
    return left - _held_by_other_workers() if left else left


def _held_by_other_workers() -> set[str]:
    """What tests that run beside this one have mapped; nothing where tests run in one process."""
    if "PYTEST_XDIST_WORKER" not in os.environ or not SHARED_MEMORY.is_dir():
        return set()
    own = psutil.Process()
    others = set(own.parent().children(recursive=True)) - {own, *own.children(recursive=True)}
    held = {inode for other in others for inode in _mapped_by(other)}
    return {entry.name for entry in os.scandir(SHARED_MEMORY) if entry.inode() in held}


def _mapped_by(process: psutil.Process) -> set[int]:
    """Inodes, because a semaphore is mapped under the name that it has before it gets its own."""
    try:
        lines = Path(f"/proc/{process.pid}/maps").read_text().splitlines()
    except OSError:  # it has just ended
        return set()
    return {int(line.split()[4]) for line in lines if f" {SHARED_MEMORY}/" in line}


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def street_clip() -> Path:
    """The bundled clip: 640×272, 25 fps, 10 s."""
    clip = ROOT / "resources" / "clips" / "street.mp4"
    assert clip.is_file(), "the bundled clip is missing"
    return clip


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Clips and labelled images that the project does not ship; skips where they are absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared test data is not on this machine")
    return folder
