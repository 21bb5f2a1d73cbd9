"""Relatives: each has a record of their own; what they may do is chosen right by right, and taken back at any time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.levels import Order
from gruppetto.registry.people.identity.orders import ordered
from gruppetto.registry.people.models import Person, Relative
from gruppetto.registry.people.verbs._rows import about, clean, locked, locked_person, needed, note, past_day
from gruppetto.registry.people.verbs.persons import caller


@verb
def add_relative(
    person_id: UUID,
    *,
    source: str,
    relative_id: UUID | None = None,
    name: str = "",
    number: str = "",
    link: str = "",
    rights: Iterable[str] = (),
    trusted: bool = False,
    chosen_on: date | str | None = None,
    asked: str = "",
) -> Relative:
    """Note a relative: somebody already known (``relative_id``), or a ``name`` and a ``number`` as said.

    ``link``: "fille", "voisin"…; ``rights``: of ``Relative.Right``, none unless said; ``source``: who chose;
    ``asked``: as ``ordered``. Raises as it does; ``Unknown`` for a ``relative_id`` out of sight; ``Refused`` for
    the rest.
    """
    person = locked_person(person_id)
    how = ordered(person_id, Order.RELATIVE_RIGHTS, asked)
    if relative_id is None:
        needed(name, "name", 120)
        relative_id = _new_record(person, name, number)
    elif not Person.objects.filter(pk=relative_id).exists():
        raise Unknown(_("Ce proche n’est pas dans vos dossiers."), code="unknown-relative")
    relative = Relative.objects.create(
        **about(person),
        relative_id=relative_id,
        link=clean(link, "link", 60) or str(_("proche")),
        rights=_rights(rights),
        trusted=trusted,
        chosen_on=past_day(chosen_on, "chosen_on"),
        source=needed(source, "source", 120),
    )
    _tell("relative.added", relative, rights=relative.rights, trusted=trusted, **how)
    return relative


@verb
def change_relative(
    relative_row_id: UUID,
    *,
    rights: Iterable[str],
    trusted: bool | None = None,
    link: str | None = None,
    asked: str = "",
) -> Relative:
    """Set the rights (all of them at once), and maybe the trust and the link, of a relative in force.

    ``asked``: as ``ordered``; raises as it does.
    """
    relative = _in_force(relative_row_id)
    how = ordered(relative.subject_id, Order.RELATIVE_RIGHTS, asked)
    relative.rights = _rights(rights)
    if trusted is not None:
        relative.trusted = trusted
    if link is not None:
        relative.link = needed(link, "link", 60)
    relative.save(update_fields=["rights", "trusted", "link"])
    _tell("relative.changed", relative, rights=relative.rights, trusted=relative.trusted, **how)
    return relative


@verb
def end_relative(relative_row_id: UUID, *, asked: str = "") -> Relative:
    """The person takes back all the rights of a relative, at once. ``asked``: as ``ordered``; raises as it does."""
    relative = _in_force(relative_row_id)
    how = ordered(relative.subject_id, Order.RELATIVE_RIGHTS, asked)
    relative.ended_on, relative.rights, relative.trusted = clock.today(), [], False
    relative.save(update_fields=["ended_on", "rights", "trusted"])
    _tell("relative.ended", relative, **how)
    return relative


def _new_record(person: Person, name: str, number: str) -> UUID:
    """The relative's own record, in the portfolio of the person they are near to."""
    key = new_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people.open_new(%s, %s)", [key, person.pk])
    return caller(name, number, person_id=key, portfolio_id=person.portfolio_id).pk


def _rights(chosen: Iterable[str]) -> list[str]:
    """The rights chosen, each once, in the order of the list."""
    wanted = set(chosen)
    if stray := wanted - set(Relative.Right.values):
        raise Refused(
            _("Choisissez les droits dans la liste."),
            code="unknown-right",
            field="rights",
            facts={"rights": " ".join(sorted(stray))},
        )
    return [right for right in Relative.Right.values if right in wanted]


def _in_force(relative_row_id: UUID) -> Relative:
    relative = locked(Relative, relative_row_id)
    if relative.ended_on is not None:
        raise Refused(_("Ce proche a déjà été retiré."), code="relative-ended")
    return relative


def _tell(name: str, relative: Relative, **body: object) -> None:
    note(name, relative, relative.subject_id, relative.portfolio_id, **body)
    publish(events.CHANGED, relative.subject_id, portfolio_id=relative.portfolio_id)
