"""Every state, every verb, every kind of actor, against the table of the requirements written here on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Intervention, State
from gruppetto.service.interventions.states import LIFE
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.support import factories as make

pytestmark = pytest.mark.django_db

BEFORE = {"opened", "assigned", "in_progress", "waiting_person", "waiting_provider", "waiting_paper"}
WAITING = {"waiting_person", "waiting_provider", "waiting_paper"}
AFTER = {"answered", "confirmed", "not_confirmed", "closed"}
HUMANS = {"worker", "supervisor", "anyone"}

# verb: {source: (target, who may)}.
TABLE: dict[str, dict[str, tuple[str, set[str]]]] = {
    # « opened → assigned: system, supervisor ». Also from any state before the answer: a colleague falls ill.
    "assign": {state: ("assigned", {"platform", "supervisor"}) for state in BEFORE},
    "start": {"assigned": ("in_progress", {"worker"})},
    "wait_person": {"in_progress": ("waiting_person", {"worker"})},
    "wait_provider": {"in_progress": ("waiting_provider", {"worker"})},
    "wait_paper": {"in_progress": ("waiting_paper", {"worker"})},
    # « back also by an incoming contact »: whoever has the person on the line.
    "resume": dict.fromkeys(WAITING, ("in_progress", HUMANS)),
    "answer": {"in_progress": ("answered", {"worker"})},
    # Said to anyone who records it. Also after the letter: a late yes is a yes.
    "confirm": dict.fromkeys(("answered", "not_confirmed"), ("confirmed", HUMANS)),
    "give_up_confirming": {"answered": ("not_confirmed", {"platform"})},
    # « system, 15 days ». Who works it may close a yes the same day; never a silence.
    "close": {"confirmed": ("closed", {"platform", "worker"}), "not_confirmed": ("closed", {"platform"})},
    "reopen": dict.fromkeys(AFTER, ("in_progress", HUMANS)),
    "cancel": dict.fromkeys(BEFORE, ("cancelled", HUMANS)),
    "merge": dict.fromkeys(BEFORE, ("merged", {"worker", "supervisor"})),
    "unmerge": {"merged": ("assigned", {"worker", "supervisor"})},
}
# The last argument: the contact in which the person says it, for who does not work it.
CALLS: dict[str, Callable[[UUID, Cast, UUID | None], Any]] = {
    "assign": lambda key, cast, said: verbs.assign(key, cast.alice.account.pk, "elle connaît la personne"),
    "start": lambda key, cast, said: verbs.start(key),
    "wait_person": lambda key, cast, said: verbs.wait(key, "person", "son relevé"),
    "wait_provider": lambda key, cast, said: verbs.wait(key, "provider", "la réponse de la caisse"),
    "wait_paper": lambda key, cast, said: verbs.wait(key, "paper", "la photo"),
    "resume": lambda key, cast, said: verbs.resume(key, "elle a rappelé", contact_id=said),
    "answer": lambda key, cast, said: verbs.answer(key, "done", "La carte arrive mardi."),
    "confirm": lambda key, cast, said: verbs.confirm(key, "au téléphone", contact_id=said),
    "give_up_confirming": lambda key, cast, said: verbs.give_up_confirming(key),
    "close": lambda key, cast, said: verbs.close(key),
    "reopen": lambda key, cast, said: verbs.reopen(key, "la carte n’est pas arrivée", contact_id=said),
    "cancel": lambda key, cast, said: verbs.cancel(key, "elle n’en a plus besoin", contact_id=said),
    "merge": lambda key, cast, said: verbs.merge(stage.companion(key), key, "c’est la même chose"),
    "unmerge": lambda key, cast, said: verbs.unmerge(key, "ce sont deux choses"),
}


def test_the_table_of_the_code_has_these_lines_and_no_other() -> None:
    written = {
        (verb, source, target): who
        for verb, lines in TABLE.items()
        for source, (target, who) in lines.items()
    }
    # A human is whoever records; each is also « anyone ».
    coded = {
        (step.verb, step.source, step.target): {
            kind
            for kind in ("worker", "supervisor", "anyone", "platform")
            if step.who & ({kind} if kind == "platform" else {kind, "anyone"})
        }
        for step in LIFE.transitions
        if not step.verb.endswith("_to_queue")
    }
    assert coded == written


@pytest.mark.parametrize("verb", TABLE)
def test_each_actor_can_take_each_step_of_the_table_and_no_other(verb: str, cast: Cast) -> None:
    intervention = make.intervention(cast.jeanne, cast.alice)
    in_hand = stage.on_the_line(cast.charlie, cast.jeanne)
    stage.put_companion(intervention)
    actors = {
        "worker": cast.alice,
        "supervisor": cast.sylvie,
        "anyone": cast.charlie,
        "platform": None,
    }
    wrong = []
    for state in State.values:
        allowed = TABLE[verb].get(state)
        for kind, colleague in actors.items():
            with stage.each_forgotten():
                stage.put(intervention, state, worker=cast.alice)
                with acting(colleague.actor) if colleague else as_worker():
                    outcome = taken(verb, intervention, cast, in_hand if kind == "anyone" else None)
                expected = "forbidden"
                if allowed:
                    expected = allowed[0] if kind in allowed[1] else "not yours"
                if outcome != expected:
                    wrong.append((state, kind, outcome, expected))
    assert wrong == []


def taken(verb: str, intervention: Intervention, cast: Cast, said: UUID | None) -> str:
    """What comes of the verb: the state it leads to, or how it is refused."""
    try:
        CALLS[verb](intervention.pk, cast, said)
    except NotYours:
        return "not yours"
    except Refused as refused:
        return "forbidden" if refused.code == "state-forbidden" else refused.code
    return Intervention.objects.get(pk=intervention.pk).state


def test_a_refusal_says_why_in_words(cast: Cast) -> None:
    intervention = stage.put(make.intervention(cast.jeanne, cast.alice), "closed")
    with acting(cast.alice.actor), pytest.raises(Refused, match="la personne revient, rouvrez-la"):
        verbs.answer(intervention.pk, "done", "encore")
    stage.put(intervention, "answered")
    with acting(cast.alice.actor), pytest.raises(NotYours, match="réservé à : la plate-forme"):
        verbs.give_up_confirming(intervention.pk)
