"""Calls told in random order and twice, while what receives them is killed and its database is away.

Afterwards each call is one contact, in the state that a simple model predicts: nothing lost, nothing doubled (the
sender tries again, the spool keeps what it need not send again: decisions 22).
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection

from gruppetto import launcher
from gruppetto.gateways.telephony import spool
from gruppetto.gateways.telephony.sending import Line
from gruppetto.kernel.clock import now
from gruppetto.settings.databases import from_url
from tests.support import database
from tests.support import outage as outages
from tests.support.processes import Process, all_started, environment, web, worker
from tests.support.races import as_owner_of
from tests.support.telephony import in_service

STATES = ("ringing", "answered", "missed", "recorded", "ended")
SENDERS = 4
RINGS_AT_MOST = timedelta(minutes=10)


@dataclass(frozen=True)
class Call:
    """A call as it was, whatever the order in which we hear of it."""

    call_id: str
    number: str
    told: frozenset[str]
    began: datetime

    def body(self, state: str) -> bytes:
        """The same words each time the event is told."""
        at = self.began + timedelta(seconds=STATES.index(state))
        told = {"provider": "soak", "call_id": self.call_id, "state": state, "to": "+33561000000"}
        return json.dumps({**told, "from": self.number or None, "at": at.isoformat()}).encode()

    def ends(self, until: datetime) -> tuple[str, int]:
        """The model: its state at last, and how many calls back we owe."""
        over = not {"missed", "recorded", "ended"}.isdisjoint(self.told)
        if "answered" in self.told:
            return "answered", 0
        if over or until - self.began > RINGS_AT_MOST:
            return "missed", 1 if self.number else 0
        return "ringing", 0


@dataclass(frozen=True)
class Delivery:
    """One event to tell; ``patient``: told again until it is taken up, even when it was kept on disk."""

    body: bytes
    patient: bool


@dataclass
class Tally:
    """What the senders saw."""

    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.seen[what] += 1


def stories(chance: random.Random, deliveries: int) -> tuple[list[Call], list[Delivery]]:
    """Calls whose events, some of them twice or more, make that many deliveries, shuffled."""
    calls: list[Call] = []
    bodies: list[bytes] = []
    while len(bodies) < deliveries:
        number = chance.choice(["", f"+3363998{chance.randrange(10_000):04d}"])
        told = frozenset(chance.sample(STATES, chance.randint(1, len(STATES))))
        call = Call(f"{len(calls)}-{chance.getrandbits(32):08x}", number, told, now() - timedelta(seconds=10))
        calls.append(call)
        for state in sorted(told):
            bodies += [call.body(state)] * chance.choice([1, 1, 2, 3])
    chance.shuffle(bodies)
    return calls, [Delivery(body, chance.random() < 0.5) for body in bodies]


def send(waiting: queue.SimpleQueue[Delivery], doors: list[Process], seed: int, tally: Tally) -> None:
    """Tell event after event through any door, again until it is taken up or kept."""
    chance, pause = random.Random(seed), threading.Event()
    secret = django_settings.GRUPPETTO_LINES["main"]
    lines = [Line(f"http://127.0.0.1:{door.port}", "main", secret, timeout=20) for door in doors]
    while True:
        try:
            delivery = waiting.get_nowait()
        except queue.Empty:
            break
        while True:
            line = chance.choice(lines)
            try:
                status, answer = line.post(delivery.body)
            except (OSError, http.client.HTTPException):
                # Killed before, or while, it answered: nobody knows what it did with the event.
                line.close()
                tally.count("cut")
                pause.wait(0.05)
                continue
            tally.count(str(status))
            if status == 200:
                break
            if status != 503:
                tally.faults.append(f"{status} {answer}")
                break
            if answer.get("kept") and not delivery.patient:
                tally.count("left to the spool")
                break
            pause.wait(0.2)
    for line in lines:
        line.close()


@dataclass
class Stage:
    """The platform under test: two doors, a worker, and what takes its database away."""

    name: str
    server: launcher.Server
    doors: list[Process]
    worker: Process
    outages: list[Callable[[], None]]

    @property
    def processes(self) -> list[Process]:
        return [*self.doors, self.worker]


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> None:
    settings.GRUPPETTO_SPOOL_FOLDER = tmp_path / "spool"


def staged(name: str, server: launcher.Server, folder: Path, outages: list[Callable[[], None]]) -> Stage:
    with as_owner_of(name, server):
        in_service()
    words = environment(server, name, folder)
    doors = [web(words, folder), web(words, folder, pages=True)]
    stage = Stage(name, server, doors, worker(words, folder), outages)
    all_started(stage.processes)
    return stage


def play(stage: Stage, *, deliveries: int, kills: int, outages: int, seed: int) -> dict[str, Any]:
    """Send while things die at random instants; then settle, compare with the model, and say what was seen."""
    chance, pause, tally = random.Random(seed), threading.Event(), Tally()
    calls, told = stories(chance, deliveries)
    waiting: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
    for delivery in told:
        waiting.put(delivery)
    blows = ["kill"] * kills + ["outage"] * outages
    chance.shuffle(blows)
    threads = [
        threading.Thread(target=send, args=(waiting, stage.doors, seed + number, tally))
        for number in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    struck: Counter[str] = Counter()
    for number, blow in enumerate(blows):
        # A random instant, but spread over all that is to be sent.
        while waiting.qsize() > deliveries * (1 - number / len(blows)) and waiting.qsize():
            pause.wait(0.02)
        pause.wait(chance.uniform(0, 0.3))
        if blow == "outage":
            chance.choice(stage.outages)()
        else:
            chance.choice(stage.processes).kill()
        struck[blow] += not waiting.empty()
        for process in stage.processes:
            process.revive()
        # Mostly up again before the next blow, sometimes struck while it starts.
        if chance.random() < 0.8:
            for door in stage.doors:
                door.ready()
    for thread in threads:
        thread.join(300)
    assert not any(thread.is_alive() for thread in threads), "a sender never came to its end"
    assert tally.faults == []
    left = len(spool.waiting())
    done = spool.replay_spool()
    assert (done.refused, done.aside, done.left) == (0, 0, 0)
    stage.worker.revive()
    settle(stage)
    judge(stage, calls)
    return {
        "deliveries": len(told),
        "calls": len(calls),
        **tally.seen,
        "in the spool at the end": left,
        "blows while sending": dict(struck),
        "kills": {process.words[0] + str(process.port or ""): process.kills for process in stage.processes},
    }


def settle(stage: Stage) -> None:
    """Wait until the worker has relayed every fact."""
    pause = threading.Event()
    with psycopg.connect(stage.server.owner_url(stage.name), autocommit=True) as owner:
        for _ in range(600):
            if one(owner, "SELECT count(*) FROM outbox_fact") == 0:
                return
            stage.worker.revive()
            pause.wait(0.1)
    raise AssertionError("facts are still waiting to be relayed")


def one(owner: psycopg.Connection[Any], sql: str) -> Any:
    row = owner.execute(sql).fetchone()
    return row[0] if row else None


FOUND = """
SELECT c.call_id, c.state, l.state, c.number,
       (SELECT count(*) FROM contacts_telephonyevent e WHERE e.call_id = c.call_id),
       (SELECT count(*) FROM contacts_callback b WHERE b.contact_id = c.id AND b.state = 'due'),
       (SELECT count(*) FROM journal_entry j WHERE j.subject_id = c.id AND j.verb = 'call.received')
FROM contacts_contact c LEFT JOIN contacts_linecall l ON l.contact_id = c.id
ORDER BY c.call_id
"""


def judge(stage: Stage, calls: list[Call]) -> None:
    """Each call is one contact, as the model says; with its line, its events, its call back, its entry."""
    until = now()
    with psycopg.connect(stage.server.owner_url(stage.name), autocommit=True) as owner:
        found = owner.execute(FOUND).fetchall()
        failed = one(owner, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    expected = []
    for call in sorted(calls, key=lambda call: call.call_id):
        state, owed = call.ends(until)
        expected.append((call.call_id, state, state, call.number, len(call.told), owed, 1))
    assert sorted(found) == sorted(expected)
    assert failed == 0


def away(server: launcher.Server, name: str, seconds: float) -> Callable[[], None]:
    """This database alone is away for so long."""

    def outage() -> None:
        with outages.away(server, name):
            threading.Event().wait(seconds)

    return outage


def test_a_kill_and_an_outage_lose_no_call(
    keys: None, committed: str, server: launcher.Server, tmp_path: Path
) -> None:
    stage = staged(committed, server, tmp_path, [away(server, committed, 0.3)])
    try:
        seen = play(stage, deliveries=80, kills=1, outages=1, seed=1)
    finally:
        for process in stage.processes:
            process.kill()
    assert seen["blows while sending"] == {"kill": 1, "outage": 1}


def restarted(server: launcher.Server, how: str) -> Callable[[], None]:
    """The server itself ends, by the book or by SIGKILL, and is started again a moment later."""

    def outage() -> None:
        if how == "killed":
            os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        else:
            server.stop()
        pause = threading.Event()
        pause.wait(1)
        for _ in range(100):
            try:
                launcher.ensure(server.folder, port=server.port, die_with_parent=True)
                return
            except launcher.LauncherError:
                # Its children may hold its memory for a moment more.
                pause.wait(0.2)
        raise AssertionError("the server does not come back")

    return outage


@pytest.fixture
def own_server(tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[launcher.Server, str]]:
    """A durable server for this test alone, and a database in it."""
    server, name = launcher.ensure(tmp_path / "postgres", durable=True, die_with_parent=True), "soak"
    before = dict(connection.settings_dict)
    try:
        with django_db_blocker.unblock():
            # No connection is held here: the server will not always be there.
            server.psql(
                f'CREATE DATABASE {name} TEMPLATE "{database.template(server)}" OWNER gruppetto_owner'
            )
            launcher.prepare(server, name)
            connection.close()
            connection.settings_dict.update(from_url(server.web_url(name)))
            yield server, name
    finally:
        connection.close()
        connection.settings_dict.update(before)
        server.destroy()


@pytest.mark.soak
def test_calls_survive_kills_and_a_database_that_comes_and_goes(
    keys: None,
    own_server: tuple[launcher.Server, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server, name = own_server
    stage = staged(name, server, tmp_path, [restarted(server, "stopped"), restarted(server, "killed")])
    try:
        seen = play(stage, deliveries=5_000, kills=100, outages=10, seed=2)
    finally:
        for process in stage.processes:
            process.kill()
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(seen)}\n")
    assert min(process.kills for process in stage.processes) > 10
