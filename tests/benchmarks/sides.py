"""The sides that are compared, each a fresh process: ours, benchmark_app, a plain loop, the window."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "nanodet-g" / "nanodet-g-fp16.xml"
CLIP = ROOT / "resources" / "clips" / "street.mp4"
_BIN = Path(sys.executable).parent


def bench(seconds: float, *, hint: str, inference_only: bool = False, more: tuple[str, ...] = ()) -> dict[str, float]:
    """`edgeperf bench` on the clip, flat out."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "run.json"
        words = ["bench", "--model", "nanodet-g", "--precision", "FP16", "--source", str(CLIP), "--hint", hint]
        words += ["--seconds", str(seconds), "--json", str(report), *(["--inference-only"] if inference_only else []), *more]
        subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], check=True, capture_output=True, cwd=ROOT)
        run = json.loads(report.read_text())
    latency = run["openvino_latency"]["median_ms"]
    return {"fps": run["throughput"]["fps"], "latency_ms": latency, "foreign": run["foreign_cpu_percent"]}


def paced_bench(seconds: float, source: str) -> dict[str, float | None]:
    """`edgeperf bench` at the source's own rate: inference median and p99, and what others used."""
    report = Path(os.environ["EDGEPERF_HOME"]) / "paced.json"
    words = ["bench", "--source", source, "--paced", "--seconds", str(seconds), "--json", str(report)]
    subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], check=True, capture_output=True, cwd=ROOT)
    run = json.loads(report.read_text())
    inference = run["stages"]["inference"]
    return {"median": inference["median_ms"], "p99": inference["p99_ms"], "foreign": run["foreign_cpu_percent"]}


def paced_window(seconds: float, source: str) -> dict[str, float | None]:
    """The same spec through the window."""
    run = window(seconds, paced=True, hint="latency", source=source)
    inference = run["stages"]["inference"]
    return {"median": inference["median_ms"], "p99": inference["p99_ms"], "foreign": run["foreign"]}


def verb(name: str, *words: str) -> dict:
    """`edgeperf NAME`, whole: its JSON. An exit code may be a verdict; a failure leaves no file."""
    report = Path(os.environ["EDGEPERF_HOME"]) / f"{name}.json"
    report.unlink(missing_ok=True)
    whole = [sys.executable, "-m", "edgeperf_gui.cli", name, *words, "--json", str(report)]
    done = subprocess.run(whole, check=False, capture_output=True, text=True, cwd=ROOT)
    if not report.exists():
        raise RuntimeError(done.stderr)
    return json.loads(report.read_text())


def benchmark_app(seconds: float, *, hint: str, model: Path = MODEL, more: tuple[str, ...] = ()) -> dict[str, float]:
    """OpenVINO's own tool on the same file, in the precision that our FP16 variant runs in."""
    words = [str(_BIN / "benchmark_app"), "-m", str(model), "-d", "CPU", "-hint", hint, "-t", str(round(seconds)), *more]
    output, foreign = _watched([*words, "-infer_precision", _sixteen_bit()])
    latency = re.search(r"Median:\s+([\d.]+) ms", output)
    fps = re.search(r"Throughput:\s+([\d.]+) FPS", output)
    assert latency and fps, output
    return {"fps": float(fps[1]), "latency_ms": float(latency[1]), "foreign": foreign}


def widened(batch: int) -> Path:
    """The model as our engine compiles it for a batch, as a file.

    The tool's own `-b` leaves the batch of one in the model's Reshapes as it is: it then mixes the pictures, and computes
    something else, which at batch 4 takes an eighth longer.
    """
    import openvino as ov

    from edgeperf_gui.engine.batching import set_batch
    from edgeperf_gui.engine.runtime import embed_conversion
    from edgeperf_gui.zoo import openvino_core
    from edgeperf_gui.zoo.catalogue import find_model

    path = Path(os.environ["EDGEPERF_HOME"]) / f"batch-{batch}.xml"
    if not path.exists():
        card = find_model("nanodet-g")
        model = embed_conversion(openvino_core.core().read_model(MODEL), card.input)
        if batch > 1:
            set_batch(model, card, batch)
        ov.save_model(model, path)
    return path


def plain_loop(seconds: float) -> dict[str, float]:
    """What one writes first: cv2, numpy, synchronous `infer`."""
    output, foreign = _watched(
        [sys.executable, str(Path(__file__).with_name("plain_loop.py")), str(MODEL), str(CLIP), str(seconds)]
    )
    return {"fps": float(output.split()[-1]), "foreign": foreign}


def window(
    seconds: float, *, paced: bool, hint: str, source: str = "resources/clips/street.mp4", more: str = ""
) -> dict[str, float]:
    """The window, all docks visible at 1600×900, with the report that it writes of itself. `more`: lines of its settings."""
    home = Path(os.environ["EDGEPERF_HOME"])
    (home / "config").mkdir(parents=True, exist_ok=True)
    place = source if source.startswith("scene:") else str(ROOT / source)
    (home / "config" / "settings.toml").write_text(f'source = "{place}"\npaced = {str(paced).lower()}\nhint = "{hint}"\n{more}')
    report = home / "report.json"
    words = ["--run-seconds", str(seconds), "--size", "1600x900", "--report", str(report), "--new"]
    environment = os.environ | ({} if os.environ.get("DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"})
    subprocess.run([sys.executable, "-m", "edgeperf_gui", *words], check=True, env=environment, cwd=ROOT, capture_output=True)
    return json.loads(report.read_text())


def planted_runs(runs: int, seconds: float) -> dict[str, float]:
    """The comparison's own check, in a process of its own."""
    script = Path(__file__).with_name("planted.py")
    output = subprocess.run([sys.executable, str(script), str(runs), str(seconds)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout.splitlines()[-1])


def queueing_figures(frames: int) -> dict:
    """The arrival patterns' check against queueing theory, in a process of its own."""
    script = Path(__file__).with_name("queueing.py")
    output = subprocess.run([sys.executable, str(script), str(frames)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout.splitlines()[-1])


def sweep_point(batch: int, requests: int) -> dict[str, float]:
    """One point of `edgeperf sweep` in two streams."""
    report = Path(os.environ["EDGEPERF_HOME"]) / "point.json"
    words = ["sweep", "--batch", str(batch), "--streams", "2", "--requests", str(requests), "--rounds", "6"]
    _, foreign = _watched([sys.executable, "-m", "edgeperf_gui.cli", *words, "--json", str(report)])
    return {"fps": json.loads(report.read_text())["points"][0]["fps"], "foreign": foreign}


def slider(moves: int) -> list[float]:
    """Milliseconds from a slider's move to the painted verdict, sorted."""
    script = Path(__file__).with_name("slider.py")
    output = subprocess.run([sys.executable, str(script), str(moves)], check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(output.stdout.splitlines()[-1])


def quantize(samples: int) -> tuple[float, float]:
    """Seconds and peak memory (MB) of making the INT8 variant of the bundled model."""
    report = Path(os.environ["EDGEPERF_HOME"]) / "quantize.json"
    words = ["models", "quantize", "nanodet-g", "--data", str(CLIP), "--samples", str(samples), "--json", str(report)]
    subprocess.run([sys.executable, "-m", "edgeperf_gui.cli", *words], check=True, capture_output=True, cwd=ROOT)
    result = json.loads(report.read_text())
    return result["seconds"], result["peak_rss_bytes"] / 1e6


def _watched(words: list[str]) -> tuple[str, float]:
    """Output of a command, and the share of the machine (percent) that others used meanwhile."""
    start, busy = time.perf_counter(), _busy_seconds()
    before = psutil.Process().cpu_times()
    output = subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    after = psutil.Process().cpu_times()
    own = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    capacity = (time.perf_counter() - start) * (psutil.cpu_count() or 1)
    return output, 100 * max(0.0, _busy_seconds() - busy - own) / capacity


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return (
        sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    )


def _sixteen_bit() -> str:
    from openvino import Core

    from edgeperf_gui.engine.precision import inference_precision, spelled

    core = Core()
    default = core.get_property("CPU", "INFERENCE_PRECISION_HINT")
    name = spelled(default.get_type_name() if hasattr(default, "get_type_name") else str(default))
    return inference_precision("FP16", name, core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")) or "f32"
