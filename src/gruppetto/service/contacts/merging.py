"""Contacts follow their person; one missed call noted on two records is called back once."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import phones
from gruppetto.registry.people.merging import Fact, Line, Pair, Part, declare_merging
from gruppetto.service.contacts.models import CallBack, Contact, ProtectedRecord

MOST = 1_000


def contacts(pair: Pair) -> Part:
    """How many, and the calls we owe: the same call on both records is owed once."""
    counts = [Contact.objects.filter(subject_id=one).order_by()[:MOST].count() for one in pair.ids]
    due = CallBack.objects.filter(subject_id__in=pair.ids, state=CallBack.State.DUE).order_by("due_at", "id")
    ours, theirs = pair.split(due)
    owed = {(one.number, one.why) for one in ours}
    twice = [one for one in theirs if (one.number, one.why) in owed]
    at = now()
    return Part(
        _("Contacts"),
        (
            Fact(_("Contacts"), *(_count(number) for number in counts)),
            Fact(_("Rappels à faire"), _numbers(ours), _numbers(theirs)),
            Fact(_("Fiches protégées"), *(_protected(one) for one in pair.ids)),
        ),
        lines=tuple(
            Line(one, phones.display(one.number), {"state": CallBack.State.MOOT, "done_at": at})
            for one in twice
        ),
    )


def _count(number: int) -> str:
    return (
        ngettext("%(number)s contact", "%(number)s contacts", number) % {"number": number} if number else ""
    )


def _numbers(rows: list[CallBack]) -> str:
    return ", ".join(phones.display(row.number) for row in rows)


def _protected(person_id: UUID) -> str:
    """Only said to who may read them: row security leaves the others out."""
    return _("oui") if ProtectedRecord.objects.filter(subject_id=person_id).exists() else ""


declare_merging("contacts", contacts, order=20)
