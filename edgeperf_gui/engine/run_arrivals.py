"""How frames arrive in one run, and what the run then says of its queries."""

from __future__ import annotations

import msgspec

from edgeperf_gui.analysis.queries import queries_of
from edgeperf_gui.domain.arrival_pattern import CLOSED, ArrivalPattern, pattern_in
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import Queries, RunResult
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.arrivals import Arrivals, ClosedLoop, arrivals
from edgeperf_gui.engine.recorder import Recorder


def plain(spec: SessionSpec) -> SessionSpec:
    """The spec with the patterns that a source keeps by itself said by `paced`. Raises BadInput for what is none of a run."""
    if not spec.arrivals:
        return spec
    pattern = pattern_in(spec.arrivals)
    if pattern.name == "server":
        raise BadInput("“server” is a search for a rate, not one run.", "Give poisson:RATE here; `edgeperf bench` searches.")
    if pattern.name == "paced" and pattern.rate is not None:
        raise BadInput(f"{spec.arrivals} is for a sweep: a run takes frames at the source's own rate.", "Write paced alone.")
    if pattern.name in CLOSED and pattern.frames % spec.batch:
        raise BadInput(
            f"{spec.arrivals} never fills a batch of {spec.batch}: the next frames come when these are answered.",
            f"Take batch 1, or multi:{spec.batch}.",
        )
    if pattern.name in ("paced", "offline"):
        return msgspec.structs.replace(spec, arrivals="", paced=pattern.name == "paced")
    return spec


class RunArrivals:
    """The timetable of a run, joined to what it records."""

    def __init__(self, spec: SessionSpec, recorder: Recorder) -> None:
        """`spec` as `plain` makes it. Raises BadInput for a bad CSV."""
        self._recorder = recorder
        self._pattern = pattern_in(spec.arrivals) if spec.arrivals else None
        self.timetable = arrivals(self._pattern) if self._pattern else None
        """None: the source's own rate, or flat out."""
        if isinstance(self.timetable, ClosedLoop):
            recorder.heard = self.timetable.answered

    def queries(self, result: RunResult, end_ns: int) -> Queries:
        """The run as its pattern sees it, after the same warm-up; `end_ns`: when it was told to end."""
        pattern = self._pattern or ArrivalPattern("offline" if result.throughput.saturated else "paced")
        waiting = None
        if isinstance(self.timetable, Arrivals):
            waiting = max(0, self.timetable.due_until(end_ns) - self._recorder.count)
        return queries_of(self._recorder.since(0)[result.throughput.warmup_discarded :], pattern, waiting=waiting)
