"""The lives of a contact and of a call back, as tables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.states import Machine, State, step
from gruppetto.service.contacts.models import CallBack, Contact

RINGING, ANSWERED, TAKEN = Contact.State.RINGING, Contact.State.ANSWERED, Contact.State.TAKEN
WRAPPING, MISSED, DONE = Contact.State.WRAPPING, Contact.State.MISSED, Contact.State.DONE

# No telephone rings longer; a ringing whose end was never announced is over by then.
RINGS_AT_MOST = timedelta(minutes=10)
# A call lasts less; one that nobody ended is left by then, as is a wrap-up.
TALKS_AT_MOST = timedelta(hours=8)
WRAPS_AT_MOST = timedelta(hours=2)

CONTACT = Machine(
    name="contact",
    states={
        RINGING: State(_("sonne")),
        ANSWERED: State(_("décroché")),
        TAKEN: State(_("en cours")),
        WRAPPING: State(_("à conclure")),
        MISSED: State(
            _("manqué"), _("La personne a raccroché. Vous la trouverez dans les rappels."), final=True
        ),
        DONE: State(_("terminé"), _("Ce contact est terminé."), final=True),
    },
    actors={
        "telephony": _("la téléphonie"),
        "answering": _("toute personne qui prend des appels"),
        "taker": _("la personne qui a pris l’appel"),
        "clock": _("l’heure"),
    },
    transitions=(
        step(RINGING, TAKEN, "contact.taken", "answering", _("Prendre l’appel")),
        step(ANSWERED, TAKEN, "contact.taken", "answering", _("Prendre l’appel")),
        step(ANSWERED, WRAPPING, "contact.written_up", "answering", _("Noter cet appel déjà fini")),
        step(RINGING, ANSWERED, "call.lifted", "telephony", _("Quelqu’un décroche")),
        step(RINGING, MISSED, "call.missed", "telephony clock", _("Personne ne décroche")),
        # Order does not matter: answered wins over missed.
        step(MISSED, ANSWERED, "call.lifted", "telephony", _("Quelqu’un avait décroché")),
        # The caller hangs up while the call is being passed on: whoever passed it on writes it up.
        step(RINGING, WRAPPING, "call.ended", "telephony", _("La personne raccroche pendant un transfert")),
        step(TAKEN, RINGING, "contact.passed_on", "taker", _("Transférer")),
        step(TAKEN, WRAPPING, "contact.hung_up", "taker telephony clock", _("Raccrocher")),
        step(WRAPPING, DONE, "contact.concluded", "taker clock", _("Conclure")),
    ),
)

DUE = CallBack.State.DUE

CALL_BACK = Machine(
    name="call_back",
    states={
        DUE: State(_("à faire")),
        CallBack.State.DONE: State(_("fait"), _("Ce rappel est déjà fait."), final=True),
        CallBack.State.GIVEN_UP: State(_("abandonné"), _("Ce rappel a été abandonné."), final=True),
        CallBack.State.MOOT: State(_("sans objet"), _("Ce rappel n’a plus lieu d’être."), final=True),
    },
    actors={"answering": _("toute personne qui prend des appels"), "telephony": _("la téléphonie")},
    transitions=(
        step(DUE, CallBack.State.DONE, "call_back.done", "answering", _("La personne a répondu")),
        step(DUE, CallBack.State.GIVEN_UP, "call_back.given_up", "answering", _("Personne ne répond")),
        step(DUE, CallBack.State.MOOT, "call_back.moot", "telephony", _("L’appel avait été décroché")),
    ),
)


def settled(state: str, *, held: bool, seen: Collection[str], rings_for: timedelta) -> str:
    """The state of a call, from all that telephony said of it, in whatever order it said it.

    ``state``: as it is. ``held``: somebody took it on screen; then only the end of the call changes anything.
    ``seen``: the states of the events received. ``rings_for``: since it began to ring.
    """
    if held:
        return WRAPPING if "ended" in seen and state in (RINGING, TAKEN) else state
    if "answered" in seen:
        return ANSWERED
    if not {"missed", "recorded", "ended"}.isdisjoint(seen) or rings_for > RINGS_AT_MOST:
        return MISSED
    return RINGING
