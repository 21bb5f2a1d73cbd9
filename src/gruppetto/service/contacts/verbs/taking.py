"""A contact goes from hand to hand: taken, passed on, joined, hung up, concluded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import abilities_of
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.actors.memory import know
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.outbox import publish
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, Draft, LineCall
from gruppetto.service.contacts.ports import telephone
from gruppetto.service.contacts.states import (
    CONTACT,
    DONE,
    MISSED,
    RINGING,
    TAKEN,
    TALKS_AT_MOST,
    WRAPPING,
    WRAPS_AT_MOST,
)
from gruppetto.service.contacts.verbs.hands import ask, change, in_hand, trace
from gruppetto.service.contacts.verbs.receiving import LATELY


@verb
def take(contact_id: UUID) -> Contact:
    """Take a call that rings, or that somebody lifted without taking it on screen. The first one has it.

    Raises ``TooLate`` naming who has it, or saying that the caller has hung up; ``Unknown`` for no such call;
    ``NotYours`` for a role that takes no calls. Who calls us back after our own try was asked by us to do so.
    """
    if not ask("take", contact_id):
        raise _why_not(contact_id)
    contact = Contact.objects.get(pk=contact_id)
    if contact.number and not contact.asked_by_us:
        owed = CallBack.objects.filter(number=contact.number, portfolio_id=0)
        if owed.filter(attempts__gt=0, last_attempt_at__gt=now() - LATELY).exists():
            change(contact, asked_by_us=True)
        reached = owed.filter(state=CallBack.State.DUE, why=CallBack.Why.MISSED).exclude(
            contact_id=contact.pk
        )
        if reached.update(state=CallBack.State.DONE, done_at=now(), done_by=human()):
            publish(events.CALL_BACK_CHANGED, contact.pk)
    trace("contact.taken" if contact.state == TAKEN else "contact.written_up", contact)
    publish(events.TAKEN, contact.pk)
    publish(events.LINE_CHANGED, contact.pk)
    return contact


def _why_not(contact_id: UUID) -> Refused:
    """Why a call could not be taken, said with a name: « il sonne toujours » helps nobody."""
    call = LineCall.objects.filter(pk=contact_id).first()
    if call is None:
        if not ask("answers"):
            return NotYours(_("Votre rôle ne prend pas d’appels."), code="takes-no-calls")
        return Unknown(_("Cet appel n’existe pas."), code="call-unknown")
    if call.state == MISSED:
        return TooLate(CONTACT.states[MISSED].closed, code="caller-hung-up")
    holder = call.offered_to_id if call.state == RINGING else call.taken_by_id
    name = Account.objects.filter(pk__in=filter(None, [holder])).values_list("name", flat=True).first()
    if call.state == RINGING:
        message = _("Cet appel est transféré à %(name)s.") if name else _("Cet appel vient de changer.")
    elif call.state == DONE:
        message = _("%(name)s a déjà conclu cet appel.")
    elif holder == human():
        message = _("Vous avez déjà pris cet appel.")
    else:
        message = _("%(name)s a déjà pris cet appel.")
    return TooLate(message % {"name": name}, code="call-taken", facts={"contact": contact_id, "by": holder})


@verb
def visit(
    channel: str,
    *,
    happened_at: datetime | None = None,
    direction: str = Contact.Direction.IN,
    asked_by_us: bool = False,
) -> Contact:
    """Note by hand a contact that no gateway brought: a visit to the counter, a letter, a call of a day of outage.

    ``happened_at`` (aware): when it was, if it is over; then it is only to be written up. Raises ``Refused`` for a
    channel or a direction that does not exist, or a moment to come.
    """
    at = now()
    if channel not in Contact.Channel.values or direction not in Contact.Direction.values:
        raise Refused(
            _("Choisissez par quel moyen la personne est venue."), code="channel-unknown", field="channel"
        )
    if happened_at is not None and happened_at > at:
        raise Refused(_("Un contact a lieu avant d’être noté."), code="contact-to-come", field="happened_at")
    contact_id = new_id()
    contact = Contact.objects.create(
        id=contact_id,
        shelf=shelf_of(contact_id),
        channel=channel,
        direction=direction,
        state=TAKEN if happened_at is None else WRAPPING,
        happened_at=happened_at or at,
        ended_at=happened_at,
        taken_by_id=human(),
        taken_at=at,
        asked_by_us=asked_by_us,
    )
    trace("contact.opened", contact, channel=channel, direction=direction)
    # Whatever hangs on it from now on, this act hangs there.
    for what in (ContactReason, CallBack):
        know((what, contact.pk), ())
    return know((Contact, contact.pk), contact)


@verb
def pass_on(contact_id: UUID, account_id: UUID | None = None) -> Contact:
    """Let the call ring again, for a colleague or (None) for whoever is free. One may take it back until they do.

    Raises as ``in_hand``; ``Refused`` when the colleague takes no calls, when it is oneself, or when it is no call.
    """
    contact = in_hand(contact_id)
    CONTACT.check(contact.state, RINGING, ["taker"])
    if not contact.call_id and contact.channel != Contact.Channel.PHONE:
        raise Refused(_("Seul un appel se transfère."), code="not-a-call")
    if account_id is not None:
        colleague = Account.objects.filter(pk=account_id, is_active=True).exclude(pk=human()).first()
        if colleague is None or "take_calls" not in abilities_of(colleague.role):
            raise Refused(
                _("Cette personne ne prend pas d’appels."), code="colleague-takes-no-calls", field="account"
            )
    if not ask("pass_on", contact.pk, account_id):
        raise TooLate(_("Cet appel vient de changer."), code="call-changed")
    contact.refresh_from_db()
    trace("contact.passed_on", contact, to=account_id)
    publish(events.LINE_CHANGED, contact.pk)
    return contact


@verb
def bring_in(contact_id: UUID) -> str:
    """Ask the correspondent who has the person's portfolio today to join the call; their name, to say aloud.

    Raises as ``in_hand``; ``Refused`` when nobody is chosen, the call is over, or nobody holds the portfolio today.
    """
    contact = in_hand(contact_id)
    if contact.subject_id is None:
        raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
    if contact.state != TAKEN:
        raise Refused(_("L’appel est déjà terminé."), code="call-over")
    worker = worker_of(contact.portfolio_id, today())
    if worker.account_id is None:
        raise Refused(worker.why, code="no-correspondent")
    if worker.account_id == human():
        raise Refused(_("C’est vous, son correspondant."), code="correspondent-is-you")
    if not LineCall.objects.filter(pk=contact.pk, state=TAKEN).update(offered_to_id=worker.account_id):
        raise Refused(_("Seul un appel en cours peut être rejoint."), code="not-a-call")
    trace("contact.join_asked", contact, asked=worker.account_id)
    publish(events.JOIN_ASKED, contact.pk, portfolio_id=contact.portfolio_id)
    publish(events.LINE_CHANGED, contact.pk)
    return worker.name


@verb
def join(contact_id: UUID) -> Contact:
    """Join a call under way: asked to, or because the person is of one's own portfolios.

    Raises ``TooLate`` when the call is over or was never open to this actor.
    """
    if not ask("join_call", contact_id):
        raise TooLate(_("Cet appel ne peut plus être rejoint."), code="call-not-to-join")
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    trace("contact.joined", contact)
    publish(events.JOINED, contact.pk, portfolio_id=contact.portfolio_id)
    publish(events.LINE_CHANGED, contact.pk)
    if telephone() is not None and contact.call_id:
        publish(events.TO_CONNECT, contact.pk, account=human())
    return contact


@verb
def hang_up(contact_id: UUID) -> Contact:
    """The conversation is over; what was said remains to be written. The person stays open 30 minutes more."""
    contact = in_hand(contact_id)
    _hang_up(contact, now())
    return contact


def _hang_up(contact: Contact, at: datetime) -> None:
    step = CONTACT.check(contact.state, WRAPPING, ["taker"])
    ask("let_go", contact.pk)
    change(contact, state=WRAPPING, ended_at=at)
    LineCall.objects.filter(pk=contact.pk).update(state=WRAPPING, ended_at=at, offered_to_id=None)
    trace(step.verb, contact)
    publish(events.LINE_CHANGED, contact.pk)


@verb
def conclude(contact_id: UUID, summary: str = "") -> Contact:
    """All is written: the contact is done, its drafts go, the person closes in 30 minutes.

    ``summary``: one sentence, at most 300 characters. Raises as ``in_hand``; ``Refused`` (summary-too-long).
    """
    contact, at = in_hand(contact_id), now()
    if len(summary) > 300:
        raise Refused(_("Résumez en 300 caractères au plus."), code="summary-too-long", field="summary")
    if contact.state == TAKEN:
        _hang_up(contact, at)
    else:
        ask("let_go", contact.pk)
    step = CONTACT.check(contact.state, DONE, ["taker"])
    change(contact, state=DONE, concluded_at=at, summary=summary.strip())
    LineCall.objects.filter(pk=contact.pk).update(state=DONE)
    # All of them: the conclusion, the reasons, each request and each report that was begun.
    Draft.objects.filter(form__startswith=f"contact:{contact.pk}").delete()
    trace(step.verb, contact)
    publish(events.CONCLUDED, contact.pk, portfolio_id=contact.portfolio_id)
    publish(events.LINE_CHANGED, contact.pk)
    return contact


@verb
def conclude_forgotten(at: datetime | None = None) -> int:
    """Contacts that their taker left open end by themselves, so that nobody keeps a person in sight; how many."""
    at = at or now()
    left = Contact.objects.filter(
        Q(state=WRAPPING, ended_at__lt=at - WRAPS_AT_MOST) | Q(state=TAKEN, taken_at__lt=at - TALKS_AT_MOST)
    )
    ended = 0
    for contact in left.order_by("id").select_for_update(skip_locked=True)[:500]:
        if contact.state == TAKEN:
            CONTACT.check(TAKEN, WRAPPING, ["clock"])
        CONTACT.check(WRAPPING, DONE, ["clock"])
        change(contact, state=DONE, ended_at=contact.ended_at or at, concluded_at=at)
        LineCall.objects.filter(pk=contact.pk).update(state=DONE, ended_at=contact.ended_at)
        trace("contact.left", contact)
        publish(events.CONCLUDED, contact.pk, portfolio_id=contact.portfolio_id)
        publish(events.LINE_CHANGED, contact.pk)
        ended += 1
    return ended
