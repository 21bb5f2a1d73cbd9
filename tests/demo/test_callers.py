"""People who call hang up when nobody answers, talk when somebody does, and call less when nobody is there."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from gruppetto.demo.calling import BETWEEN_MISSED, MISSED_BEFORE_SLOWER, Callers


class Platform:
    """Stands for the webhook: ``state`` is where every call is; keeps what was sent."""

    def __init__(self) -> None:
        self.state, self.sent = "ringing", list[tuple[str, str, str | None]]()

    def send(self, state: str, call_id: str, caller: str | None, **more: Any) -> tuple[int, dict[str, str]]:
        self.sent.append((state, call_id, caller))
        return 200, {"state": self.state}

    def close(self) -> None:
        """Nothing to hang up."""

    def told(self, state: str) -> int:
        return sum(one[0] == state for one in self.sent)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def callers(platform: Platform) -> Callers:
    found = Callers("http://127.0.0.1:1", "secret", ["+33199000001"], ["+33639980001"], Random(5))
    found.line = platform  # type: ignore[assignment]  # as much of a line as is used
    return found


def at(callers: Callers, second: float) -> None:
    """One turn at that second."""
    callers.clock = lambda: second
    callers.tick()


def test_a_call_nobody_takes_is_missed_once(callers: Callers, platform: Platform) -> None:
    at(callers, 0)
    callers.next_at = 10_000
    for second in range(1, 60):
        at(callers, second)
    assert platform.told("missed") == 1
    assert callers.calls == []
    # The same event asked again, with the same body: where is it now?
    assert len({(call_id, caller) for _state, call_id, caller in platform.sent}) == 1


def test_a_call_that_is_taken_is_answered_then_ended(callers: Callers, platform: Platform) -> None:
    at(callers, 0)
    callers.next_at = 10_000
    platform.state = "taken"
    for second in (1, 2, 600):
        at(callers, second)
    assert [state for state, _id, _caller in platform.sent] == ["ringing", "ringing", "answered", "ended"]


def test_when_nobody_is_there_they_call_less_often(callers: Callers, platform: Platform) -> None:
    callers.missed = MISSED_BEFORE_SLOWER
    at(callers, 100)
    assert callers.next_at >= 100 + BETWEEN_MISSED[0]


def test_who_is_on_the_telephone_is_told_at_each_change(platform: Platform) -> None:
    told: list[list[object]] = []
    callers = Callers(
        "http://127.0.0.1:1",
        "secret",
        ["+33199000001"],
        [],
        Random(5),
        voice_of=lambda number: f"voice of {number}",
        on_line=told.append,
    )
    callers.line = platform  # type: ignore[assignment]
    at(callers, 0)
    callers.next_at = 10_000
    platform.state = "missed"
    at(callers, 1)
    assert [len(one) for one in told] == [1, 0]


def test_a_platform_that_does_not_answer_is_tried_again(callers: Callers) -> None:
    def away(*_: object, **__: object) -> tuple[int, dict[str, str]]:
        raise ConnectionRefusedError

    callers.line.send = away  # type: ignore[method-assign]
    with pytest.raises(OSError, match=r"^$"):
        at(callers, 0)
    assert callers.calls == []
