"""Our own pages, read by Django's client in this process: the web role, row security on, each reader with a session."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import django

from bench.tools.driven import fetched, posted, serve

Act = Callable[[int], Any]


def main() -> None:
    """What ``bench.desk`` asks for, with what it said in ``GRUPPETTO_BENCH``."""
    asked = json.loads(os.environ["GRUPPETTO_BENCH"])
    django.setup()
    acts: dict[str, Act] = {}
    for name, scope in asked["scopes"].items():
        acts |= {f"{act}/{name}": run for act, run in pages(scope).items()}
    serve(acts)


def pages(scope: dict[str, Any]) -> dict[str, Act]:
    """The pages of one reader: their lists, their searches, the records they may open in turn."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.cookies.load(scope["cookies"])

    def read(path: str) -> Act:
        return lambda turn: fetched(client, path)

    def each(path: str, keys: list[str]) -> Act:
        return lambda turn: fetched(client, path.format(keys[turn % len(keys)]))

    lists = {
        "list": "/interventions/?etat=toutes&tri=recentes",
        "filtered": f"/interventions/?etat=a-faire&qui={scope['worker']}",
        "deep": f"/interventions/?etat=toutes&tri=recentes&apres={scope['deep']}",
    }
    found = {
        name: posted(client, "/recherche/", {"q": words}, 303).url for name, words in scope["words"].items()
    }
    first = next(iter(scope["words"].values()))
    return {
        **{name: read(path) for name, path in lists.items()},
        **{f"search_{name}": read(path) for name, path in found.items()},
        "send": lambda turn: posted(client, "/recherche/", {"q": first}, 303),
        "detail": each("/correspondant/interventions/{}/", scope["interventions"]),
        "person": each("/personnes/{}/", scope["persons"]),
    }


if __name__ == "__main__":
    main()
