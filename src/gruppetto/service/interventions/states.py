"""The life of an intervention, in one table (tables.md, « Interventions »; requirement G4)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.states import Machine, Transition
from gruppetto.kernel.states import State as Told
from gruppetto.service.interventions.models import State

S = State

# Who may: the worker of the portfolio that day (holder or substitute), the supervisor, the person through
# anyone who records it, the platform itself.
WORKER, SUPERVISOR, ANYONE, PLATFORM = "worker", "supervisor", "anyone", "platform"

WAITING = (S.WAITING_PERSON, S.WAITING_PROVIDER, S.WAITING_PAPER)
BEFORE_ANSWER = (S.OPENED, S.ASSIGNED, S.IN_PROGRESS, *WAITING)
AFTER_ANSWER = (S.ANSWERED, S.CONFIRMED, S.NOT_CONFIRMED, S.CLOSED)

# verb, from, to, who, words on the button (and in the journal's story).
TABLE = (
    ("assign", BEFORE_ANSWER, S.ASSIGNED, {PLATFORM, SUPERVISOR}, _("Confier")),
    ("start", (S.ASSIGNED,), S.IN_PROGRESS, {WORKER}, _("Commencer")),
    ("wait_person", (S.IN_PROGRESS,), S.WAITING_PERSON, {WORKER}, _("Attendre la personne")),
    ("wait_provider", (S.IN_PROGRESS,), S.WAITING_PROVIDER, {WORKER}, _("Attendre l’organisme")),
    ("wait_paper", (S.IN_PROGRESS,), S.WAITING_PAPER, {WORKER}, _("Attendre un papier")),
    # An incoming contact of the person wakes what waited.
    ("resume", WAITING, S.IN_PROGRESS, {WORKER, ANYONE}, _("Reprendre")),
    ("answer", (S.IN_PROGRESS,), S.ANSWERED, {WORKER}, _("Répondre")),
    ("confirm", (S.ANSWERED, S.NOT_CONFIRMED), S.CONFIRMED, {ANYONE}, _("Noter l’accord de la personne")),
    ("give_up_confirming", (S.ANSWERED,), S.NOT_CONFIRMED, {PLATFORM}, _("Classer sans confirmation")),
    # A yes may be closed at once by who works it; silence only by the platform, once its fifteen days are over.
    ("close", (S.CONFIRMED,), S.CLOSED, {PLATFORM, WORKER}, _("Clore")),
    ("close", (S.NOT_CONFIRMED,), S.CLOSED, {PLATFORM}, _("Clore")),
    ("reopen", AFTER_ANSWER, S.IN_PROGRESS, {ANYONE}, _("Rouvrir")),
    # Reopened when nobody is there to work it: to the supervisor's queue.
    ("reopen_to_queue", AFTER_ANSWER, S.OPENED, {ANYONE}, _("Rouvrir et confier au responsable")),
    ("cancel", BEFORE_ANSWER, S.CANCELLED, {ANYONE, SUPERVISOR}, _("Annuler")),
    # Joined to another of the same person, which is worked in its place; undone, it is to be begun again.
    ("merge", BEFORE_ANSWER, S.MERGED, {WORKER, SUPERVISOR}, _("Réunir à une autre")),
    ("unmerge", (S.MERGED,), S.ASSIGNED, {WORKER, SUPERVISOR}, _("Séparer de nouveau")),
    (
        "unmerge_to_queue",
        (S.MERGED,),
        S.OPENED,
        {WORKER, SUPERVISOR},
        _("Séparer de nouveau et confier au responsable"),
    ),
)

FINAL = (S.CLOSED, S.CANCELLED)
CLOSED_SENTENCES = {
    S.CLOSED: _("Cette intervention est close. Si la personne revient, rouvrez-la."),
    S.CANCELLED: _("Cette intervention est annulée. Ouvrez-en une nouvelle."),
    S.MERGED: _("Cette intervention est réunie à une autre : travaillez sur celle-là."),
}

LIFE = Machine(
    name="intervention",
    states={
        state.value: Told(label=state.label, closed=CLOSED_SENTENCES.get(state), final=state in FINAL)
        for state in S
    },
    actors={
        WORKER: _("le correspondant qui suit la personne"),
        SUPERVISOR: _("le responsable"),
        ANYONE: _("la personne, par l’intermédiaire de qui la reçoit"),
        PLATFORM: _("la plate-forme"),
    },
    transitions=tuple(
        Transition(source.value, target.value, verb, frozenset(who), label)
        for verb, sources, target, who, label in TABLE
        for source in sources
    ),
)

# Two verbs may lead to the same state (« start », « resume »): the verb says which one is meant.
STEPS = {(step.verb, step.source): step for step in LIFE.transitions}
LABELS = {verb: label for verb, _sources, _target, _who, label in TABLE}


# What is done to an intervention without changing its state: in which states, by whom, the words on the button.
WORKED = (S.ASSIGNED, S.IN_PROGRESS, *WAITING)
BESIDE: dict[str, tuple[tuple[S, ...], frozenset[str], Promise | str]] = {
    "correct": (BEFORE_ANSWER, frozenset({WORKER, SUPERVISOR}), _("Corriger la demande")),
    "snooze": (BEFORE_ANSWER, frozenset({WORKER, SUPERVISOR}), _("Mettre de côté")),
    "wake": (BEFORE_ANSWER, frozenset({WORKER, SUPERVISOR, PLATFORM}), _("Reprendre maintenant")),
    "absorb": (BEFORE_ANSWER, frozenset({WORKER, SUPERVISOR}), _("Réunir deux demandes")),
    "split": (BEFORE_ANSWER, frozenset({WORKER, SUPERVISOR}), _("Séparer en deux")),
    "link": (tuple(S), frozenset({WORKER, SUPERVISOR}), _("Lier à une autre demande")),
    "hand_on": (WORKED, frozenset({WORKER, SUPERVISOR}), _("Passer le relais")),
}


def check_beside(act: str, state: str, who: frozenset[str]) -> None:
    """May an actor who is ``who`` do ``act`` (of ``BESIDE``) in ``state``? Raises as ``check``."""
    states, actors, label = BESIDE[act]
    if state not in states:
        told = {"step": label, "state": LIFE.states[state].label}
        raise Refused(
            CLOSED_SENTENCES.get(State(state))
            or _("« %(step)s » n’est pas possible : cette intervention est %(state)s.") % told,
            code="state-forbidden",
            facts={"verb": act, "source": state},
        )
    if not who & actors:
        names = ", ".join(str(label) for kind, label in LIFE.actors.items() if kind in actors)
        raise NotYours(
            _("« %(step)s » est réservé à : %(who)s.") % {"step": label, "who": names}, code="state-not-yours"
        )


def possible_beside(state: str, who: frozenset[str]) -> frozenset[str]:
    """The acts of ``BESIDE`` that an actor may do now."""
    return frozenset(
        act for act, (states, actors, _label) in BESIDE.items() if state in states and who & actors
    )


def check(verb: str, state: str, who: frozenset[str]) -> Transition:
    """The step ``verb`` from ``state`` for an actor who is ``who``.

    Raises ``Refused`` (state-forbidden) when the state does not allow it, ``NotYours`` (state-not-yours) when it
    does but not to this actor.
    """
    step = STEPS.get((verb, state))
    if step is None:
        told = {"step": LABELS[verb], "state": LIFE.states[state].label}
        raise Refused(
            CLOSED_SENTENCES.get(State(state))
            or _("« %(step)s » n’est pas possible : cette intervention est %(state)s.") % told,
            code="state-forbidden",
            facts={"verb": verb, "source": state},
        )
    return LIFE.check(state, step.target, who)


def possible(state: str, who: frozenset[str]) -> tuple[Transition, ...]:
    """The steps an actor may take now: what the page shows as buttons."""
    return tuple(step for step in LIFE.next(state, who) if not step.verb.endswith("_to_queue"))
