"""Handing work on to a colleague, with a note. Until they accept, whoever has it keeps it, with the same promise."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from gruppetto.kernel import outbox
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.models import Handover, Intervention, Note, Notice
from gruppetto.service.interventions.verbs.steps import (
    LONGEST_WHY,
    change_hands,
    crew_of,
    get,
    name_of,
    record,
    same_person,
    tell,
    who_am_i,
)
from gruppetto.service.interventions.verbs.telling import write_note

S = Handover.State


@verb
def hand_on(intervention_id: UUID, account_id: UUID, words: str) -> Handover:
    """Offer it to ``account_id``, with what they should know (an internal note).

    Nothing changes for the person, and nothing for the work until the colleague accepts. Raises ``Refused``
    (words-missing, cannot-see-it, works-it-already, state-forbidden, or offered already), ``NotYours``.
    """
    if not words.strip():
        raise Refused(
            _("Écrivez ce que votre collègue doit savoir pour prendre la suite."),
            code="words-missing",
            field="words",
        )
    intervention = get(intervention_id)
    states.check_beside("hand_on", intervention.state, who_am_i(intervention))
    crew = crew_of(intervention.portfolio_id)
    if (
        account_id not in crew.holding | crew.leading
        or not Account.objects.filter(pk=account_id, is_active=True).exists()
    ):
        raise Refused(
            _("Cette personne ne voit pas ce portefeuille : notez d’abord un remplacement."),
            code="cannot-see-it",
            field="account",
        )
    if account_id == intervention.worker_id:
        raise Refused(_("Ce collègue la suit déjà."), code="works-it-already", field="account")
    offered = Handover.objects.create(
        **same_person(intervention),
        intervention=intervention,
        from_id=intervention.worker_id,
        to_id=account_id,
        words=words.strip(),
        at=now(),
    )
    record("intervention.offered", intervention, to=account_id)
    told = {"name": name_of(account_id), "words": words.strip()}
    note = write_note(intervention, Note.For.US, _("Relais proposé à %(name)s. %(words)s") % told)
    tell(intervention, account_id, Notice.Kind.OFFERED, note_id=note.pk)
    return offered


@verb
def accept(handover_id: UUID) -> Intervention:
    """Take up the work offered: it is the actor's from now on, in the state it is in, with the same promise.

    Raises ``Unknown`` for another's offer, ``TooLate`` when it was withdrawn, answered or went elsewhere meanwhile.
    """
    offered = _mine(handover_id)
    intervention = get(offered.intervention_id)
    _answer(offered, S.ACCEPTED)
    if intervention.worker_id != offered.from_id or intervention.state not in states.WORKED:
        raise TooLate(
            _("Cette demande a changé de mains entre-temps : le relais n’a plus lieu d’être."),
            code="offer-over",
        )
    change_hands(intervention, offered.to_id, _("relais de %(name)s") % {"name": name_of(offered.from_id)})
    record("intervention.accepted", intervention, giver=offered.from_id)
    if offered.from_id:
        tell(intervention, offered.from_id, Notice.Kind.ACCEPTED)
    return intervention


@verb
def decline(handover_id: UUID, why: str) -> Handover:
    """Do not take it up: whoever has it keeps it, and is told why. Raises ``Refused`` (why-missing), as ``accept``."""
    if not why.strip():
        raise Refused(_("Dites pourquoi : votre collègue le lira."), code="why-missing", field="why")
    offered = _mine(handover_id)
    intervention = get(offered.intervention_id)
    _answer(offered, S.DECLINED, why.strip()[:LONGEST_WHY])
    record("intervention.declined", intervention, giver=offered.from_id, why=why.strip())
    note = write_note(intervention, Note.For.US, _("Relais refusé : %(why)s") % {"why": why.strip()})
    if offered.from_id:
        tell(intervention, offered.from_id, Notice.Kind.DECLINED, note_id=note.pk)
    return offered


@verb
def withdraw(handover_id: UUID) -> Handover:
    """Take back an offer not answered yet. Raises ``Unknown``, ``NotYours``, ``TooLate``."""
    offered = Handover.objects.filter(pk=handover_id).first()
    if offered is None:
        raise _not_there()
    intervention = get(offered.intervention_id)
    states.check_beside("hand_on", intervention.state, who_am_i(intervention))
    _answer(offered, S.WITHDRAWN)
    record("intervention.withdrawn", intervention, to=offered.to_id)
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
    return offered


def offer_of(intervention: Intervention) -> Handover | None:
    """The offer that waits for its answer (1 query)."""
    return Handover.objects.filter(intervention=intervention, state=S.OFFERED).first()


def _mine(handover_id: UUID) -> Handover:
    offered = Handover.objects.filter(pk=handover_id, to_id=human()).first()
    if offered is None:
        raise _not_there()
    return offered


def _not_there() -> Unknown:
    return Unknown(_("Ce relais ne vous est pas proposé."), code="offer-unknown")


def _answer(offered: Handover, state: S, why: str = "") -> None:
    """Compare and set: an offer is answered once."""
    at = now()
    if not Handover.objects.filter(pk=offered.pk, state=S.OFFERED).update(
        state=state, answered_at=at, why=why
    ):
        raise TooLate(_("Ce relais a déjà sa réponse."), code="offer-answered")
    offered.state, offered.answered_at, offered.why = state, at, why
    # Whoever answers has read what was proposed.
    waiting = Notice.objects.filter(intervention_id=offered.intervention_id, kind=Notice.Kind.OFFERED)
    waiting.filter(account_id=offered.to_id, read_at=None).update(read_at=at)
