"""``gruppetto db``: a PostgreSQL of our own for development and small sites, and the four addresses to it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from gruppetto import launcher
from gruppetto.cli.places import folder
from gruppetto.launcher import Server
from gruppetto.launcher.roles import VARIABLES
from gruppetto.launcher.sealing import FILE as SEAL_KEY
from gruppetto.launcher.sealing import seal_key

DATABASE = "gruppetto"


def home() -> Path:
    """The folder of that server."""
    return folder() / "postgres"


def main(argv: Sequence[str]) -> int:
    """``start``, ``stop``, ``url``; raises LauncherError when the server cannot do so."""
    parser = argparse.ArgumentParser(prog="gruppetto db")
    words = parser.add_subparsers(dest="word", required=True)
    start = words.add_parser("start", help="start it and make the database with its roles")
    start.add_argument("--port", type=int, help="default: the last one, else a free one")
    start.add_argument("--prefer", default="embedded", help="embedded, installed, or a folder of programs")
    words.add_parser("stop", help="stop it; the data stay")
    url = words.add_parser("url", help="print the settings that lead to it, as NAME=value lines")
    url.add_argument("role", nargs="?", choices=[*VARIABLES, "superuser"])
    asked = parser.parse_args(argv)
    if asked.word == "start":
        server = launcher.ensure(home(), port=asked.port, prefer=asked.prefer)
        launcher.prepare(server, DATABASE)
        seal_key(folder() / SEAL_KEY)
        print(f"PostgreSQL {server.version} on 127.0.0.1:{server.port}, data in {server.data}")
        return 0
    server = launcher.known(home())
    if asked.word == "stop":
        server.stop()
        return 0
    if asked.role == "superuser":
        print(server.superuser_url(DATABASE))
    else:
        wanted = [VARIABLES[asked.role]] if asked.role else list(VARIABLES.values())
        addresses = environment(server)
        lines = [addresses[name] if asked.role else f"{name}={addresses[name]}" for name in wanted]
        print("\n".join(lines))
    return 0


def environment(server: Server, database: str = DATABASE) -> dict[str, str]:
    """The four addresses by the name of the variable that carries each (decisions 2)."""
    addresses = (server.web_url, server.owner_url, server.worker_url, server.sealer_url)
    roles = ("web", "owner", "worker", "sealer")
    return {VARIABLES[role]: address(database) for role, address in zip(roles, addresses, strict=True)}
