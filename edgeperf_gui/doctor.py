"""Is this machine fit for the main job? Each check is one function and one line of `CHECKS`.

Qt, OpenVINO and OpenCV are tried in children, so that a broken driver or plugin is a finding and not the end of the doctor.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from edgeperf_gui import system_libraries
from edgeperf_gui.doctor_trials import Trials
from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.energy import MeterList
from edgeperf_gui.engine.machine import OPENCV_WHEELS, installed_version
from edgeperf_gui.engine.power.meter import ROOT_ONLY, here
from edgeperf_gui.engine.power.table import list_meters

State = Literal["ok", "warn", "fail"]

SUPPORTED_PYTHON = ((3, 11), (3, 13))
REINSTALL = "Install the program again (see README)."


class Check(msgspec.Struct, frozen=True):
    """One finding. Only `fail` means that the main job cannot run."""

    name: str
    state: State
    sentence: str
    remedy: str = ""


def run_checks() -> list[Check]:
    """Every check, in reading order. Never raises: a check that breaks is itself a finding."""
    trials = Trials()
    return [_checked(name, check, trials) for name, check in CHECKS]


def main_job_can_run(checks: list[Check]) -> bool:
    """True when nothing that the main job needs is missing."""
    return all(check.state != "fail" for check in checks)


def _checked(name: str, check: Callable[[Trials], Check], trials: Trials) -> Check:
    try:
        return msgspec.structs.replace(check(trials), name=name)
    except Exception as error:  # a doctor that faints helps nobody
        return Check(name, "fail", f"This check itself failed: {type(error).__name__}: {error}", "Please report this.")


def _ok(sentence: str) -> Check:
    return Check("", "ok", sentence)


def _warn(sentence: str, remedy: str = "") -> Check:
    return Check("", "warn", sentence, remedy)


def _fail(sentence: str, remedy: str = "") -> Check:
    return Check("", "fail", sentence, remedy)


def _python(_: Trials) -> Check:
    low, high = SUPPORTED_PYTHON
    if low <= sys.version_info[:2] <= high:
        return _ok(f"Python {platform.python_version()}.")
    return _fail(f"Python {platform.python_version()} is not supported.", "Use Python 3.11, 3.12 or 3.13.")


def _qt_version(_: Trials) -> Check:
    version = installed_version(("PySide6-Essentials", "PySide6"))
    if version is None:
        return _fail("PySide6 is not installed.", REINSTALL)
    return judge_qt_version(version, sys.version_info[:2])


def judge_qt_version(version: str, python: tuple[int, int]) -> Check:
    """PySide6 6.12 takes references from None on Python 3.11 and kills the interpreter within seconds of painting."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < (6, 8):
        return _fail(f"PySide6 {version} is too old.", 'Run: pip install "PySide6-Essentials>=6.8,<6.12"')
    if numbers >= (6, 12) and python == (3, 11):
        return _fail(
            f"PySide6 {version} crashes Python 3.11 while painting.",
            'Run: pip install "PySide6-Essentials>=6.8,<6.12", or use Python 3.12.',
        )
    return _ok(f"PySide6 {version}.")


def _qt_platform(trials: Trials) -> Check:
    platform_name = trials.platform
    trial = trials.qt
    libraries = system_libraries.named_in(trial.errors)
    if platform_name and not libraries and trial.answer is None:
        libraries = system_libraries.missing_libraries(platform_name)
    if trial.answer is not None:
        if platform_name == "offscreen" and not trials.platform_was_chosen:
            return _warn("Qt works, but there is no display here.", "Set DISPLAY or WAYLAND_DISPLAY to see the window.")
        return _ok(f"Qt opens the {trial.answer} platform.")
    why = f"{', '.join(libraries)} missing" if libraries else trial.why
    return _fail(f"Qt cannot open the {platform_name or 'system'} platform: {why}.", system_libraries.remedy(libraries))


def _qt_x11(trials: Trials) -> Check:
    if not sys.platform.startswith("linux"):
        return _ok("Not needed on this system.")
    libraries = system_libraries.missing_libraries("xcb")
    if not libraries:
        return _ok("All libraries of Qt's X11 plugin are here.")
    judge = _fail if trials.platform == "xcb" else _warn
    return judge(f"Qt's X11 plugin lacks {', '.join(libraries)}.", system_libraries.remedy(libraries))


def _opencv(trials: Trials) -> Check:
    wheels = [name for name in OPENCV_WHEELS if installed_version((name,))]
    trial = trials.opencv
    if trial.answer is None:
        return _fail(f"OpenCV cannot be used: {trial.why}.", "Run: pip install --force-reinstall opencv-python-headless")
    return judge_opencv(wheels, str(trial.answer["version"]), str(trial.answer["gui"]))


def judge_opencv(wheels: list[str], version: str, gui: str) -> Check:
    """One wheel, headless: the full wheel brings a second Qt and sets Qt's environment variables."""
    if len(wheels) > 1:
        return _warn(
            f"{' and '.join(wheels)} are both installed and overwrite each other's files.",
            f"Run: pip uninstall -y {' '.join(wheels)} && pip install opencv-python-headless",
        )
    if gui.upper() != "NONE":
        return _warn(
            f"OpenCV {version} brings its own {gui}.", "Run: pip uninstall -y opencv-python && pip install opencv-python-headless"
        )
    return _ok(f"OpenCV {version}, headless.")


def _devices(trials: Trials) -> Check:
    if trials.inventory is None:
        return _fail(f"OpenVINO cannot be used: {trials.inventory_trial.why}.", "Run: pip install --force-reinstall openvino")
    devices = [device for device in trials.inventory.devices if device.name.split(":")[0] not in ("AUTO", "HETERO", "MULTI")]
    if not devices:
        return _fail("OpenVINO sees no device.", _problems(trials, "device") or REINSTALL)
    listed = ", ".join(f"{device.name} ({device.full_name})" for device in devices)
    return _ok(f"OpenVINO {installed_version(('openvino',))}: {listed}.")


def _cameras(trials: Trials) -> Check:
    closed = [node.name for node in sorted(Path("/dev").glob("video*")) if not os.access(node, os.R_OK | os.W_OK)]
    if closed:
        return _warn(
            f"{', '.join(closed)} may not be opened by this user.", "Run: sudo usermod -aG video $USER, then log in again."
        )
    problem = _problems(trials, "camera")
    if problem:
        return _warn(problem)
    cameras = trials.inventory.cameras if trials.inventory else ()
    listed = ", ".join(f"{camera.address} ({camera.name})" for camera in cameras)
    return _ok(f"Cameras: {listed}." if listed else "No camera; files, streams and scenes need none.")


def _meters(_: Trials) -> Check:
    return judge_meters(list_meters(here()))


def judge_meters(found: MeterList) -> Check:
    """Energy meters: one that measures can be read; or none, and why. A meter that only its file rights keep shut comes first."""
    readable = [meter for meter in found.meters if meter.available]
    lacking = [meter for meter in found.meters if not meter.available and meter.name != "file"]
    shut = [f"{meter.name} ({meter.reason.rstrip('.')})" for meter in lacking]
    others = f" Not readable: {'; '.join(shut)}." if shut else ""
    if any(meter.kind == "measured" for meter in readable):
        return _ok(f"Energy can be read by {', '.join(meter.name for meter in readable)}.{others}")
    closed = next((meter for meter in lacking if ROOT_ONLY in meter.reason), None)
    if closed is not None:
        return _warn(f"A power counter {ROOT_ONLY}.{others}", closed.remedy)
    known = "can only be estimated" if readable else "cannot be measured"
    return _warn(f"Energy {known} here.{others}", "Run: edgeperf energy; it tells how to enable each meter.")


def _models(trials: Trials) -> Check:
    if trials.inventory is None:
        return _fail(f"The models could not be listed: {trials.inventory_trial.why}.", REINSTALL)
    return judge_models(trials.inventory.models, _problems(trials, "model"))


def judge_models(cards: tuple[ModelCard, ...], problem: str) -> Check:
    """At least one model is whole; damaged ones beside it are a warning."""
    lacking = {card.name: [path.name for path in _files(card) if not path.is_file()] for card in cards}
    whole = [name for name, files in lacking.items() if not files]
    broken = ", ".join(f"{name} lacks {', '.join(files)}" for name, files in lacking.items() if files)
    if not whole:
        return _fail("No model can be used" + (f": {broken}." if broken else "."), problem or REINSTALL)
    if broken or problem:
        return _warn(f"Usable models: {', '.join(whole)}." + (f" {broken}." if broken else ""), problem or REINSTALL)
    return _ok(f"Models: {', '.join(whole)}.")


def _files(card: ModelCard) -> list[Path]:
    graphs = [card.path(variant.xml) for variant in card.variants.values()]
    return [*graphs, *(graph.with_suffix(".bin") for graph in graphs), *([card.path(card.labels)] if card.labels else [])]


def _clip(trials: Trials) -> Check:
    clip = places.shipped("resources/clips/street.mp4")
    if not clip.is_file():
        return _fail("The bundled clip street.mp4 is missing.", REINSTALL)
    size = trials.opencv.answer["clip"] if trials.opencv.answer else None
    if not size:
        return _fail("The bundled clip street.mp4 cannot be decoded.", REINSTALL)
    return _ok(f"The bundled clip opens ({size[0]}×{size[1]}).")


def _write_access(_: Trials) -> Check:
    folders = (places.settings_file().parent, places.compiled_cache(), places.runs(), places.logs())
    closed = [f"{folder} ({reason})" for folder in folders if (reason := _unwritable(folder))]
    if closed:
        return _fail(
            f"Nothing can be written to {', '.join(closed)}.", "Make it writable, or set EDGEPERF_HOME to a folder that is."
        )
    return _ok("Settings, cache, runs and logs can be written.")


def _unwritable(folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0" * 4096)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _problems(trials: Trials, about: str) -> str:
    found = trials.inventory.problems if trials.inventory else ()
    return " ".join(problem for problem in found if about in problem.lower())


def _installed_as(_: Trials) -> Check:
    try:
        return _ok(f"edgeperf-gui {importlib.metadata.version('edgeperf-gui')}.")
    except importlib.metadata.PackageNotFoundError:
        return _warn(
            "Running from a folder, not installed; the commands edgeperf and edgeperf-gui do not exist.", "Run: make run"
        )


CHECKS: tuple[tuple[str, Callable[[Trials], Check]], ...] = (
    ("Program", _installed_as),
    ("Python", _python),
    ("PySide6", _qt_version),
    ("Qt platform", _qt_platform),
    ("Qt on X11", _qt_x11),
    ("OpenCV", _opencv),
    ("OpenVINO", _devices),
    ("Models", _models),
    ("Clip", _clip),
    ("Cameras", _cameras),
    ("Energy meters", _meters),
    ("Write access", _write_access),
)
