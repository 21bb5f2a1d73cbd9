"""Calls that we owe (Q5): at once or on an agreed time, tried twice, then answered in writing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.actors.memory import know
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id, phones, shelf_of
from gruppetto.kernel.journal import act
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people.models import Person, Phone
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.contacts.ports import telephone
from gruppetto.service.contacts.states import CALL_BACK, DUE, TAKEN
from gruppetto.service.contacts.verbs.hands import ask, trace
from gruppetto.service.contacts.verbs.knowing import choose_person

SUBJECT = "contacts.callback"
ATTEMPTS = 2
NEXT_TRY = timedelta(hours=4)
# Longer than it takes to let a telephone ring out and say so.
HOLD = timedelta(minutes=15)
CANNOT_CALL = _("Le numéro était caché : on ne peut pas rappeler cette personne.")


@verb
def owe_call_back(
    why: str,
    *,
    contact_id: UUID | None = None,
    person_id: UUID | None = None,
    intervention_id: UUID | None = None,
    number: str = "",
    due_at: datetime | None = None,
) -> CallBack:
    """Promise a call, now or at ``due_at`` (aware), to ``number`` (as typed), else the contact's or the person's.

    The same promise still owed is given back (moved to the earlier time), so that a job may run twice. For an
    identity that was not confirmed ("safety"), only a verified number of the person will do. Raises ``Refused``:
    number-withheld, no-number, no-verified-number, phone-…, unknown-choice.
    """
    if why not in CallBack.Why.values or why == CallBack.Why.MISSED:
        raise Refused(_("Dites pourquoi on rappelle."), code="unknown-choice", field="why")
    contact = Contact.objects.filter(pk=contact_id).first() if contact_id else None
    person_id = person_id or (contact.subject_id if contact else None)
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    number = _number(why, number, contact, person)
    due_at = due_at or now()
    same = CallBack.objects.filter(
        state=DUE,
        why=why,
        subject_id=person_id,
        contact_id=contact_id,
        intervention_id=intervention_id,
        number=number,
    ).first()
    if same is not None:
        CallBack.objects.filter(pk=same.pk, due_at__gt=due_at).update(due_at=due_at)
        same.due_at = min(same.due_at, due_at)
        return same
    whose = person or contact
    key = new_id()
    know((CallBack, contact_id), None)
    owed = CallBack.objects.create(
        id=key,
        shelf=whose.shelf if whose else shelf_of(key),
        portfolio_id=whose.portfolio_id if whose else 0,
        department=whose.department if whose else "",
        contact_id=contact_id,
        intervention_id=intervention_id,
        person_id=person_id,
        number=number,
        why=why,
        due_at=due_at,
    )
    _trace("call_back.owed", owed, why=why, due_at=due_at)
    publish(events.CALL_BACK_DUE, owed.pk, portfolio_id=owed.portfolio_id)
    return owed


def _number(why: str, typed: str, contact: Contact | None, person: Person | None) -> str:
    in_use = Phone.objects.filter(subject_id=person.pk, ended_at=None) if person else Phone.objects.none()
    verified = in_use.filter(verified_at__isnull=False)
    if typed:
        number = phones.parse(typed, field="number")
        if why == CallBack.Why.SAFETY and not verified.filter(number=number).exists():
            raise Refused(
                _("Ce numéro n’a pas été vérifié : choisissez-en un autre."),
                code="no-verified-number",
                field="number",
            )
        return number
    if why == CallBack.Why.SAFETY:
        best = verified.order_by("-main", "id").first()
        if best is None:
            raise Refused(
                _("Aucun numéro de cette personne n’a été vérifié. Passez l’appel à son correspondant."),
                code="no-verified-number",
            )
        return best.number
    if contact is not None and contact.number:
        return contact.number
    best = in_use.order_by("-main", "id").first()
    if best is not None:
        return best.number
    if contact is not None and contact.channel == Contact.Channel.PHONE:
        raise Refused(CANNOT_CALL, code="number-withheld", field="number")
    raise Refused(_("Donnez un numéro à rappeler."), code="no-number", field="number")


@verb
def start_call_back(call_back_id: UUID) -> Contact:
    """Dial: an outgoing contact in one's hands, with the number; for a quarter of an hour nobody else dials it.

    Asked twice, it is the same contact. A provider places the call if there is one, else the screen shows the
    number. Raises ``Unknown``; ``TooLate`` naming who is dialling it.
    """
    at = now()
    holder = ask("hold_call_back", call_back_id, at, at + HOLD)
    if holder != human():
        if holder is None:
            # Not to be seen, or over already: either is said so.
            CALL_BACK.check(_visible(call_back_id).state, CallBack.State.DONE, ["answering"])
        name = Account.objects.filter(pk=holder).values_list("name", flat=True).first()
        raise TooLate(
            _("%(name)s rappelle déjà cette personne.") % {"name": name or _("Un collègue")},
            code="call-back-held",
        )
    owed = _visible(call_back_id)
    under_way = Contact.objects.filter(
        taken_by_id=human(), state=TAKEN, direction=Contact.Direction.OUT, number=owed.number
    ).first()
    if under_way is not None:
        return under_way
    contact_id = new_id()
    contact = Contact.objects.create(
        id=contact_id,
        shelf=shelf_of(contact_id),
        channel=Contact.Channel.PHONE,
        direction=Contact.Direction.OUT,
        state=TAKEN,
        happened_at=at,
        number=owed.number,
        taken_by_id=human(),
        taken_at=at,
    )
    _trace("call_back.started", owed)
    trace("contact.opened", contact, channel=contact.channel, direction=contact.direction)
    if telephone() is not None:
        publish(events.TO_PLACE, contact.pk)
    publish(events.CALL_BACK_CHANGED, owed.pk)
    return choose_person(contact.pk, owed.subject_id) if owed.subject_id else contact


@verb
def attempt_call_back(call_back_id: UUID, reached: bool) -> CallBack:
    """Say how a try went. Reached: done, with every other missed call of that number. Not reached: once more four
    hours later, then given up (what follows is in writing).

    Raises ``Unknown``; ``Refused`` (state-forbidden) when it was over already.
    """
    owed, at = _visible(call_back_id), now()
    given_up = not reached and owed.attempts + 1 >= ATTEMPTS
    target = CallBack.State.DONE if reached else CallBack.State.GIVEN_UP if given_up else DUE
    if target != DUE or owed.state != DUE:
        CALL_BACK.check(owed.state, CallBack.State.DONE if target == DUE else target, ["answering"])
    over = target != DUE
    changed = CallBack.objects.filter(pk=owed.pk, state=DUE, attempts=owed.attempts).update(
        state=target,
        attempts=F("attempts") + 1,
        last_attempt_at=at,
        due_at=owed.due_at if over else at + NEXT_TRY,
        done_at=at if over else None,
        done_by=human() if over else None,
        held_by_id=None,
        held_until=None,
    )
    if not changed:
        raise TooLate(_("Un collègue vient de noter un essai."), code="call-back-changed")
    owed.refresh_from_db()
    if reached:
        CallBack.objects.filter(number=owed.number, why=CallBack.Why.MISSED, state=DUE).update(
            state=CallBack.State.DONE, done_at=at, done_by=human(), held_by_id=None, held_until=None
        )
    _trace("call_back.attempted", owed, reached=reached, attempts=owed.attempts)
    publish(events.CALL_BACK_CHANGED, owed.pk)
    if given_up:
        publish(events.CALL_BACK_GIVEN_UP, owed.pk, portfolio_id=owed.portfolio_id)
    return owed


def _visible(call_back_id: UUID) -> CallBack:
    owed = CallBack.objects.filter(pk=call_back_id).first()
    if owed is None:
        raise Unknown(_("Ce rappel n’est pas dans votre périmètre."), code="call-back-unknown")
    return owed


def _trace(verb_name: str, owed: CallBack, **body: object) -> None:
    act(
        verb_name,
        subject=(SUBJECT, owed.pk),
        person_id=owed.subject_id,
        portfolio_id=owed.portfolio_id,
        body=body,
    )
