"""What a job's answer comes to on the command line: told whole, told in part when it broke, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec
import pytest

from edgeperf_gui.cli import edgeperf
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.verbs.in_child import Broke, Died
from edgeperf_gui.verbs.job_answer import answered


class Result(msgspec.Struct, frozen=True):
    rows: int


def tell(work, json_name: str | None = None) -> Result:
    return answered(
        work, Result, lambda result: f"{result.rows} rows", json_name, "Stopped.", holds=lambda result: result.rows > 0
    )


def test_an_answer_is_printed_written_or_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "result.json"
    assert tell(lambda: Result(3), str(path)) == Result(3)
    assert capsys.readouterr().out == "3 rows\n" and json.loads(path.read_text()) == {"rows": 3}
    tell(lambda: Result(2), "-")
    assert json.loads(capsys.readouterr().out) == {"rows": 2}


@pytest.mark.parametrize("result", [None, Result(0)])
def test_what_holds_nothing_replaces_no_earlier_file(result: Result | None, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text("earlier")
    with pytest.raises(RunError, match="Stopped"):
        tell(lambda: result, str(path))
    assert path.read_text() == "earlier"


@pytest.mark.parametrize("kind", [Broke, Died])
@pytest.mark.parametrize(("answer", "told"), [(b'{"rows":4}', "4 rows\n"), (b'{"rows":0}', ""), (None, "")])
def test_what_a_job_said_before_it_broke_is_told_before_the_error(kind, answer, told, tmp_path: Path, capsys) -> None:
    path = tmp_path / "result.json"

    def breaking() -> Result:
        raise kind("The job ended while measuring.", "", answer)

    with pytest.raises(kind, match="ended while measuring"):
        tell(breaking, str(path))
    assert capsys.readouterr().out == told and path.exists() == bool(told)


def test_verbs_that_share_an_option_say_the_same_of_it() -> None:
    said: dict[str, set[tuple[object, ...]]] = {"--model": set(), "--device": set(), "--precision": set()}
    for name in ("bench", "accuracy", "capacity", "compare", "simulate", "waterfall"):
        for option in edgeperf.commands[name].params:
            if isinstance(option, click.Option) and option.opts[0] in said and not option.multiple:
                said[option.opts[0]].add((option.help, option.default, option.callback))
    assert {name: len(found) for name, found in said.items()} == {"--model": 1, "--device": 1, "--precision": 1}
