"""Kill -9 the relay anywhere: each fact becomes its jobs once, no fact is lost, none is doubled (decisions 20)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading

import psycopg
import pytest

from gruppetto import launcher
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.outbox import publish, subscribers
from gruppetto.settings.databases import VARIABLES

RELAY = """
import django, threading
django.setup()
from gruppetto.kernel.jobs import relay
relay.BATCH = 20
print("ready", flush=True)
relay.run(threading.Event())
"""
TOPIC = "intervention.opened"
# Tenths of a second for what is left at the end.
PATIENCE = 1_200


def relaying(server: launcher.Server, database: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gruppetto.settings",
        "GRUPPETTO_AS": "worker",
        VARIABLES["worker"]: server.worker_url(database),
    }
    command = [sys.executable, "-W", "ignore", "-c", RELAY]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def ready(worker: subprocess.Popen[bytes]) -> None:
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.communicate()


def left(owner: psycopg.Connection[tuple[int]]) -> int:
    row = owner.execute("SELECT count(*) FROM outbox_fact").fetchone()
    return row[0] if row else 0


def play(server: launcher.Server, database: str, *, facts: int, kills: int) -> None:
    assert subscribers(TOPIC), "nothing follows from the topic: the test would prove nothing"
    chance, pause = random.Random(kills), threading.Event()
    written: list[str] = []
    with psycopg.connect(server.owner_url(database), autocommit=True) as owner:
        for round_number in range(kills):
            worker = relaying(server, database)
            for _ in range(facts // kills):
                with acting(Actor.visitor(f"round {round_number}")):
                    publish(TOPIC, None)
            # A random instant of its work: taking, enqueuing, committing; now and then while it starts.
            if chance.random() < 0.9:
                ready(worker)
            pause.wait(chance.uniform(0, 0.4))
            # However slow the machine, the first has relayed something.
            while round_number == 0 and left(owner) == facts // kills:
                pause.wait(0.01)
            kill(worker)
        written = [str(row[0]) for row in owner.execute("SELECT id FROM outbox_fact")]
        assert len(written) < facts, "killed before it had relayed anything: the kills prove nothing"
        worker = relaying(server, database)
        ready(worker)
        for _ in range(PATIENCE):
            if not left(owner):
                break
            pause.wait(0.1)
        kill(worker)
        assert left(owner) == 0, f"{len(written)} facts were waiting"
        per_fact = owner.execute(
            "SELECT count(*), count(DISTINCT args->>'fact_id') FROM procrastinate_jobs WHERE task_name = %s",
            ["interventions.acknowledge"],
        ).fetchone()
    expected = facts // kills * kills
    assert per_fact == (expected, expected)


def test_three_kills_lose_nothing(committed: str, server: launcher.Server) -> None:
    play(server, committed, facts=60, kills=3)


@pytest.mark.soak
def test_a_hundred_kills_lose_nothing(committed: str, server: launcher.Server) -> None:
    play(server, committed, facts=5_000, kills=100)
