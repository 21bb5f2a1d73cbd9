"""What a page hears: nothing told between its drawing and its listening is lost."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.live import views
from gruppetto.kernel.live.hub import BACKLOG, REMEMBERED, REREAD, Hearing, Hub, Notice

MINE, THEIRS = 1, 2
Told = TypeVar("Told")
ME = Hearing(UUID(int=7), frozenset({MINE}))


def told(queue: asyncio.Queue[Notice]) -> Notice:
    """The next notice, without the moment of this run."""
    return Notice((key, value) for key, value in queue.get_nowait().items() if key != "heard")


def played(scene: Coroutine[Any, Any, Told]) -> Told:
    """Play it in a thread of its own: the browser's driver may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scene).result()


async def listens() -> None:
    await asyncio.Event().wait()


def notice(number: int, portfolio: int | None = MINE) -> Notice:
    return Notice(topic="line.changed", id=str(number), portfolio=portfolio, at=number)


def heard(since: float, happens: Callable[[Hub], None], *, listening: bool = True) -> list[Notice]:
    """What a page asked for at ``since`` hears at once, after ``happens`` in a house that listens since long."""

    async def page() -> list[Notice]:
        hub = Hub(listening=asyncio.get_running_loop().create_task(listens()))
        hub.whole_since = 0 if listening else math.inf
        happens(hub)
        with hub.listen(ME, since) as queue:
            return [told(queue) for _ in range(queue.qsize())]

    return played(page())


def test_what_is_told_while_the_page_is_drawn_is_told_to_it() -> None:
    asked = clock.now().timestamp() * 1000
    assert heard(asked, lambda hub: hub.spread(notice(1))) == [notice(1)]


def test_what_was_told_before_or_concerns_others_is_not() -> None:
    asked = clock.now().timestamp() * 1000
    assert heard(asked + 60_000, lambda hub: hub.spread(notice(1))) == []
    assert heard(asked, lambda hub: hub.spread(notice(1, THEIRS))) == []
    assert heard(asked, lambda hub: hub.spread(notice(1, None))) == [notice(1, None)]


def test_a_page_older_than_what_is_remembered_reads_again() -> None:
    asked = clock.now().timestamp() * 1000

    def much(hub: Hub) -> None:
        for number in range(REMEMBERED + 1):
            hub.spread(notice(number, THEIRS))

    assert heard(asked - 1, much) == [REREAD]
    assert heard(asked - 1, lambda hub: setattr(hub, "whole_since", asked)) == [REREAD]


def test_a_page_that_missed_more_than_it_can_hold_reads_again() -> None:
    asked = clock.now().timestamp() * 1000

    def much(hub: Hub) -> None:
        for number in range(BACKLOG + 1):
            hub.spread(notice(number))

    assert heard(asked, much) == [REREAD]


def test_who_comes_before_anybody_listens_waits_for_the_word_to_read_again() -> None:
    assert heard(clock.now().timestamp() * 1000, lambda hub: None, listening=False) == []


def test_a_page_too_far_behind_reads_again_and_the_others_hear_each_notice() -> None:
    async def pages() -> tuple[list[Notice], list[Notice]]:
        hub = Hub(listening=asyncio.get_running_loop().create_task(listens()), whole_since=0)
        now = clock.now().timestamp() * 1000
        with hub.listen(ME, now) as slow, hub.listen(ME, now) as quick:
            heard_by_quick = []
            for number in range(BACKLOG + 1):
                hub.spread(notice(number))
                heard_by_quick.append(told(quick))
            return [told(slow) for _ in range(slow.qsize())], heard_by_quick

    slow, quick = played(pages())
    assert slow == [REREAD]
    assert quick == [notice(number) for number in range(BACKLOG + 1)]


def test_a_page_that_listens_again_hears_what_followed_its_last_notice() -> None:
    hub = Hub(whole_since=0)
    for number in range(3):
        hub.spread(notice(number))
    first = hub.recent[0]["heard"]
    assert heard(first, lambda other: other.recent.extend(hub.recent)) == [notice(1), notice(2)]


def test_a_portfolio_lent_or_taken_back_changes_what_an_open_page_hears() -> None:
    async def page() -> list[Notice]:
        hub = Hub(listening=asyncio.get_running_loop().create_task(listens()), whole_since=0)
        with hub.listen(ME, clock.now().timestamp() * 1000) as queue:
            hub.renew(queue, ME)
            hub.renew(queue, Hearing(ME.account_id, frozenset({THEIRS})))
            for number, portfolio in enumerate((MINE, THEIRS)):
                hub.spread(notice(number, portfolio))
            return [told(queue) for _ in range(queue.qsize())]

    assert played(page()) == [REREAD, notice(1, THEIRS)]


def test_no_two_notices_are_heard_at_once() -> None:
    hub = Hub(whole_since=0)
    with clock.at(clock.now()):
        for number in range(3):
            hub.spread(notice(number))
    places = [float(f"{one['heard']:.3f}") for one in hub.recent]
    assert sorted(set(places)) == places


def test_a_notice_is_written_once_for_all_its_pages() -> None:
    async def pages() -> tuple[Notice, Notice]:
        hub = Hub(listening=asyncio.get_running_loop().create_task(listens()))
        with hub.listen(ME, 0) as one, hub.listen(ME, 0) as other:
            hub.spread(notice(1))
            return one.get_nowait(), other.get_nowait()

    mine, theirs = played(pages())
    assert mine is theirs
    assert mine.text is theirs.text
    event, data, place, *end = mine.text.split("\n")
    assert (event, end) == ("event: line.changed", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == mine
    assert float(place.removeprefix("id: ")) == pytest.approx(mine["heard"], abs=0.001)


def test_a_session_that_is_over_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    again = [ME, None]
    monkeypatch.setattr(views, "RENEW", -1)
    monkeypatch.setattr(views, "KEEP_ALIVE", 0.01)
    monkeypatch.setattr(views, "hub", cache(lambda: Hub(listening=asyncio.ensure_future(listens()))))
    monkeypatch.setattr(views, "_heard_again", lambda key: again.pop(0))

    async def page() -> list[str]:
        return [said async for said in views._stream("key", ME, 0)]

    first, *middle, last = played(page())
    assert "event: ready\n" in first
    assert middle == [": still here\n\n"] * 2
    assert last == "event: over\ndata: {}\n\n"
    assert again == []
