"""Where a person lives or gets mail, by dates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.outbox import publish
from gruppetto.registry.geography.models import Commune, CommunePostcode
from gruppetto.registry.geography.reads import resolve
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.levels import Order
from gruppetto.registry.people.identity.orders import ordered
from gruppetto.registry.people.models import Address, Person
from gruppetto.registry.people.verbs._rows import about, choice, locked_person, needed, note, past_day


@verb
def move_home(
    person_id: UUID,
    lines: str,
    postcode: str,
    commune_code: str,
    *,
    since: date | str | None = None,
    kind: str = Address.Kind.HOME,
    asked: str = "",
) -> Address:
    """The person lives (or gets mail) there since a day, today unless said; where they were before is kept.

    ``commune_code``: Insee code; one merged away gives the commune that stands for it. Portfolios follow by the
    fact ``people.moved_home``. ``asked``: as ``ordered``. Raises as it does; ``Refused``: unknown-commune,
    postcode-not-of-commune, date-….
    """
    person, day = locked_person(person_id), past_day(since, "since")
    how = ordered(person_id, Order.CHANGE_DETAILS, asked)
    choice(kind, Address.Kind, "kind")
    where = _where(lines, postcode, commune_code)
    Address.objects.filter(subject_id=person_id, kind=kind, until=None).update(until=day)
    _follow(person, kind, where["commune"])
    address = Address.objects.create(**about(person), kind=kind, since=day, **where)
    _tell("home.moved", address, **how)
    return address


@verb
def correct_home(
    person_id: UUID,
    lines: str,
    postcode: str,
    commune_code: str,
    *,
    kind: str = Address.Kind.HOME,
    asked: str = "",
) -> Address:
    """Correct how the current address is written: nobody moved, no previous address comes of it.

    ``asked``: as ``ordered``; raises as it does.
    """
    person = locked_person(person_id)
    how = ordered(person_id, Order.CHANGE_DETAILS, asked)
    address = Address.objects.select_for_update().filter(subject_id=person_id, kind=kind, until=None).first()
    if address is None:
        raise Unknown(_("Aucune adresse n’est notée pour cette personne."), code="no-address")
    for field, value in _where(lines, postcode, commune_code).items():
        setattr(address, field, value)
    address.department = address.commune.department_id
    address.save(update_fields=["lines", "postcode", "commune", "department"])
    _follow(person, kind, address.commune)
    _tell("home.corrected", address, **how)
    return address


def _where(lines: str, postcode: str, commune_code: str) -> dict[str, object]:
    commune, digits = resolve(commune_code), "".join(postcode.split())
    if not CommunePostcode.objects.filter(commune=commune, postcode=digits).exists():
        raise Refused(
            _("Le code postal « %(postcode)s » n’est pas un code de %(commune)s.")
            % {"postcode": digits, "commune": commune.name},
            code="postcode-not-of-commune",
            field="postcode",
        )
    written = [needed(line, "lines", 200) for line in lines.splitlines() if line.strip()]
    text = needed(" ".join(written), "lines", 400) and "\n".join(written)
    return {"lines": text, "postcode": digits, "commune": commune}


def _follow(person: Person, kind: str, commune: object) -> None:
    """The person's department is that of their home."""
    department = commune.department_id if isinstance(commune, Commune) else ""
    if kind == Address.Kind.HOME and person.department != department:
        person.department = department
        person.save(update_fields=["department"])


def _tell(name: str, address: Address, **how: object) -> None:
    note(name, address, address.subject_id, address.portfolio_id, kind=address.kind, **how)
    publish(events.MOVED_HOME, address.subject_id, portfolio_id=address.portfolio_id)
