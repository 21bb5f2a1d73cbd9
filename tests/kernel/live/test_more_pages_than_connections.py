"""An open page keeps no connection: a hundred of them share the few of the pool."""

from __future__ import annotations

import socket
from pathlib import Path

from gruppetto import launcher
from gruppetto.kernel.access import sessions
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.outbox import publish
from tests.support.actors import staff
from tests.support.processes import all_started, environment, web, worker
from tests.support.races import as_owner_of

CONNECTIONS, PAGES = 2, 12


def listening(port: int, key: str) -> socket.socket:
    """An open page of whoever holds ``key``."""
    page = socket.create_connection(("127.0.0.1", port), timeout=20)
    page.sendall(
        f"GET /direct/faits HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {sessions.COOKIE}={key}\r\n\r\n".encode()
    )
    return page


def hears(page: socket.socket, event: str) -> None:
    """Read until the page hears ``event``; fails when it is silent for 20 s."""
    said = b""
    while f"event: {event}\n".encode() not in said:
        more = page.recv(4096)
        assert more, f"the stream ended before {event}: {said!r}"
        said += more


def test_all_pages_hear_though_connections_are_few(
    committed: str, server: launcher.Server, tmp_path: Path
) -> None:
    with as_owner_of(committed):
        charlie = staff("Charlie", "agent")
    variables = environment(server, committed, tmp_path) | {"GRUPPETTO_POOL": str(CONNECTIONS)}
    door, relay = web(variables, tmp_path), worker(variables, tmp_path)
    all_started([door, relay])
    pages = [listening(door.port, charlie.actor.key) for _ in range(PAGES)]
    try:
        for page in pages:
            hears(page, "ready")
        with acting(Actor.visitor("test")):
            publish("line.changed", None)
        for page in pages:
            hears(page, "line.changed")
    finally:
        for page in pages:
            page.close()
        for process in (door, relay):
            process.kill()
