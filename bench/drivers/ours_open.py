"""Our own verbs: a contact and its intervention in one act of an agent, as the web role, committed for good."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

from bench.tools.driven import serve

KIND, REASON = "bank-card-block", ("alert", "lost-card", "")


def main() -> None:
    """Serve ``open``: another person each time."""
    asked = json.loads(os.environ["GRUPPETTO_BENCH"])
    django.setup()
    from gruppetto.kernel.actors import Actor

    actor = Actor.session(asked["key"], UUID(asked["account"]), "agent")
    serve({"open": opening(actor, [UUID(one) for one in asked["persons"]])})


def opening(actor: Any, persons: list[UUID]) -> Callable[[int], Any]:
    """The act of an agent: a visit of one of ``persons``, why, and the request that comes of it."""
    from gruppetto.kernel.actors import acting
    from gruppetto.kernel.clock import now
    from gruppetto.service.catalogue.reads import kind_in_force
    from gruppetto.service.contacts import verbs as contacts
    from gruppetto.service.interventions import verbs as interventions

    with acting(actor):
        answers = plain(kind_in_force(KIND, now()))

    def opened(turn: int) -> Any:
        person = persons[turn % len(persons)]
        with acting(actor):
            contact = contacts.visit("counter")
            contacts.choose_person(contact.pk, person)
            contacts.note_reasons(contact.pk, [REASON])
            return interventions.open_intervention(contact.pk, person, KIND, answers)

    return opened


def plain(kind: Any) -> dict[str, Any]:
    """Answers to the script of a kind that change nothing of it."""
    from random import Random

    from gruppetto.demo.asking import answer_all
    from gruppetto.kernel.clock import today

    return answer_all(kind, today(), Random(1))  # noqa: S311  (the same answers each time)


if __name__ == "__main__":
    main()
