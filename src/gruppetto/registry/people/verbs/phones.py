"""Numbers of a person: kept as E.164, verified when, how and by whom."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import phones
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.levels import Order
from gruppetto.registry.people.identity.orders import ordered
from gruppetto.registry.people.models import Person, Phone
from gruppetto.registry.people.verbs._rows import about, choice, clean, locked, locked_person, note


@verb
def add_phone(person_id: UUID, typed: str, *, label: str = "", main: bool = False, asked: str = "") -> Phone:
    """Add a number as typed; the first one is the main one, ``main`` puts this one in its place.

    ``asked``: as ``ordered``. Raises as it does; ``Refused``: phone-… (unreadable), a-person-has-a-number-once.
    """
    person = locked_person(person_id)
    how = ordered(person_id, Order.CHANGE_DETAILS, asked)
    return _file(person, typed, label, main, how)


def first_phone(person: Person, typed: str) -> Phone:
    """The number that somebody new calls from: part of adding their record, nobody's order to change it.

    Raises ``ValueError`` for a record that already has one; ``Refused``: phone-….
    """
    if Phone.objects.filter(subject_id=person.pk).exists():
        raise ValueError("not a new record")
    return _file(person, typed, "", True, {})


def _file(person: Person, typed: str, label: str, main: bool, how: dict[str, object]) -> Phone:
    number = phones.parse(typed, field="number")
    in_use = Phone.objects.filter(subject_id=person.pk, ended_at=None)
    first = not in_use.filter(main=True).exists()
    if main and not first:
        in_use.filter(main=True).update(main=False)
    phone = Phone.objects.create(
        **about(person),
        number=number,
        kind=Phone.Kind.MOBILE if phones.is_mobile(number) else Phone.Kind.LANDLINE,
        label=clean(label, "label", 60),
        main=main or first,
    )
    _tell("phone.added", phone, **how)
    return phone


@verb
def end_phone(phone_id: UUID, *, asked: str = "") -> Phone:
    """The number is no longer this person's; the oldest of the others becomes the main one if it was.

    ``asked``: as ``ordered``; raises as it does.
    """
    phone = _in_use(phone_id)
    how = ordered(phone.subject_id, Order.CHANGE_DETAILS, asked)
    phone.main, phone.ended_at = False, clock.now()
    phone.save(update_fields=["main", "ended_at"])
    keep_a_main_phone(phone.subject_id)
    _tell("phone.ended", phone, **how)
    return phone


def keep_a_main_phone(person_id: UUID) -> None:
    """Among the numbers of a person there is one to call first: the oldest one, verified if possible."""
    in_use = Phone.objects.filter(subject_id=person_id, ended_at=None)
    if in_use.filter(main=True).exists():
        return
    if heir := in_use.order_by("verified_at", "id").first():
        in_use.filter(pk=heir.pk).update(main=True)


@verb
def choose_main_phone(phone_id: UUID, *, asked: str = "") -> Phone:
    """Make this number the one we call first. ``asked``: as ``ordered``; raises as it does."""
    phone = _in_use(phone_id)
    how = ordered(phone.subject_id, Order.CHANGE_DETAILS, asked)
    Phone.objects.filter(subject_id=phone.subject_id, ended_at=None, main=True).update(main=False)
    phone.main = True
    phone.save(update_fields=["main"])
    _tell("phone.main", phone, **how)
    return phone


@verb
def verify_phone(phone_id: UUID, how: str) -> Phone:
    """Write that the human who acts has checked that the person answers at this number, now (``Phone.Verified``)."""
    phone = _in_use(phone_id)
    phone.verified_how = choice(how, Phone.Verified, "how")
    phone.verified_at, phone.verified_by = clock.now(), human()
    phone.save(update_fields=["verified_how", "verified_at", "verified_by"])
    note("phone.verified", phone, phone.subject_id, phone.portfolio_id, how=how)
    return phone


def _in_use(phone_id: UUID) -> Phone:
    phone = locked(Phone, phone_id)
    if phone.ended_at is not None:
        raise Refused(_("Ce numéro a déjà été retiré."), code="phone-ended")
    return phone


def _tell(name: str, phone: Phone, **body: object) -> None:
    note(name, phone, phone.subject_id, phone.portfolio_id, **body)
    publish(events.CHANGED, phone.subject_id, portfolio_id=phone.portfolio_id)
