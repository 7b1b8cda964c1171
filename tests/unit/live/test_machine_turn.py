from __future__ import annotations

import pytest

from edgeperf_gui.live.machine_turn import MachineTurn


@pytest.fixture
def turn(qapp):
    return MachineTurn()


def test_only_one_at_a_time_and_the_other_is_told_why(turn):
    first, second = object(), object()
    assert turn.refusal(first) == "" and turn.take(first, "A comparison")
    assert turn.refusal(first) == ""
    assert not turn.take(second, "A quantisation")
    assert turn.name == "A comparison"
    assert turn.refusal(second) == "A comparison runs, and two jobs at once would spoil each other's numbers."


def test_only_the_owner_gives_it_back(turn):
    first, second = object(), object()
    turn.take(first, "A comparison")
    turn.leave(second)
    assert not turn.take(second, "A quantisation")
    turn.leave(first)
    assert turn.name == "" and turn.take(second, "A quantisation")


def test_it_says_when_it_changes_hands_and_only_then(turn, qtbot):
    owner, seen = object(), []
    turn.changed.connect(lambda: seen.append(turn.name))
    turn.take(owner, "A watch")
    turn.take(owner, "A watch")
    turn.take(owner, "An accuracy run")
    turn.leave(owner)
    turn.leave(owner)
    assert seen == ["A watch", "An accuracy run", ""]
