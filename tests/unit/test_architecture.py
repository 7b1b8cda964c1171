"""The house rules that no linter knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "edgeperf_gui"
LONGEST = 300
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}
# Taken apart, so that this file does not contain what it looks for.
HOSTS = ("files.python" + "hosted", "py" + "pi.org", "registry." + "npmjs", "deb." + "debian.org")
FOLDERS = ("/" + "work/", "/" + "root/", "/" + "tmp/[a-z]+/")
PLACES = re.compile("|".join((*map(re.escape, HOSTS), *FOLDERS)))
UNTRACKED = {"__pycache__", "build", "dist"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("edgeperf_gui.app", ("openvino", "cv2")),
        ("edgeperf_gui.link.host", ("openvino", "cv2", "PySide6")),
        ("edgeperf_gui.engine.runner", ("PySide6", "pyqtgraph")),
        ("edgeperf_gui.cli", ("PySide6", "openvino", "cv2")),
        ("edgeperf_gui.doctor", ("PySide6", "openvino", "cv2")),
    ],
)
def test_a_fresh_interpreter_loads_only_what_belongs_there(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=150, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_every_module_fits_a_reader() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert not {name: count for name, count in lines.items() if count > LONGEST}


def test_module_names_mean_something() -> None:
    assert not [path for path in modules() if VAGUE & set(path.stem.split("_"))]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = parts[0].startswith(".") and parts[0] != ".ci"
        if hidden or UNTRACKED & set(parts) or path.suffix == ".log" or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # pictures, clips, weights
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in PLACES.finditer(text)]
    assert not found


def test_pinned_versions_are_versions() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    assert not [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)]
