"""What can happen to a coordinate: the person confirms it, or what was sent there comes back."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock, journal
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people.models import Address, Person, Phone
from gruppetto.registry.people.verbs import verify_email
from gruppetto.service.contacts.models import Contact
from gruppetto.service.coordinates.models import Confirmation, What
from gruppetto.service.coordinates.weighing import weigh


@verb
def confirm(person_id: UUID, what: str, row_id: UUID | None = None) -> Confirmation:
    """The person has just said that this coordinate is right.

    ``what``: one of ``What``; ``row_id``: which number, when ``what`` is a phone. Tied to the contact under way, if
    any. Raises ``Unknown`` for a person out of sight, ``Refused`` (coordinate-gone) when there is no such coordinate.
    """
    return _note(person_id, what, row_id, returned=False)


@verb
def come_back(person_id: UUID, what: str, row_id: UUID | None = None) -> Confirmation:
    """What was sent there came back: to be verified with the person at once. Raises as ``confirm``."""
    return _note(person_id, what, row_id, returned=True)


def value_of(kind: str, *parts: str) -> str:
    """A coordinate as one text, the same as in ``coordinates.weigh``."""
    return " ".join(parts) if kind in (What.HOME, What.MAIL) else parts[0]


def _note(person_id: UUID, what: str, row_id: UUID | None, *, returned: bool) -> Confirmation:
    person = Person.objects.filter(pk=person_id, merged_into=None).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans vos dossiers."), code="unknown-person")
    account = current_actor().account_id
    under_way = Contact.objects.filter(
        subject_id=person_id, taken_by_id=account, state__in=("taken", "wrapping")
    )
    noted = Confirmation.objects.create(
        person_id=person.pk,
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        what=what,
        value=_value(person, what, row_id),
        returned=returned,
        at=clock.now(),
        account_id=account,
        contact_id=under_way.values_list("pk", flat=True).first() if account else None,
    )
    if what == What.EMAIL:
        verify_email(person.pk, holds=not returned)
    weigh([person.pk])
    journal.act(
        "coordinate.returned" if returned else "coordinate.confirmed",
        subject=("coordinates.confirmation", noted.pk),
        person_id=person.pk,
        portfolio_id=person.portfolio_id,
        body={"what": what},
    )
    return noted


def _value(person: Person, what: str, row_id: UUID | None) -> str:
    value = ""
    if what == What.EMAIL:
        value = person.email
    elif what == What.PHONE and row_id:
        numbers = Phone.objects.filter(subject_id=person.pk, pk=row_id, ended_at=None)
        value = numbers.values_list("number", flat=True).first() or ""
    elif what in (What.HOME, What.MAIL):
        home = Address.objects.filter(subject_id=person.pk, kind=what, until=None).first()
        value = value_of(what, home.lines, home.postcode, home.commune_id) if home else ""
    if not value:
        raise Refused(_("Cette coordonnée n’est plus dans la fiche."), code="coordinate-gone")
    return value
