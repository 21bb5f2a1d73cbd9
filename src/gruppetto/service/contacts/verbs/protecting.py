"""Danger, scam, abuse, distress: a record apart, read by supervisors who are not concerned (G23, G24)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.journal import act, look
from gruppetto.kernel.outbox import publish
from gruppetto.kernel.typed import written
from gruppetto.service.catalogue.reads import guides_in_force
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import Contact, ProtectedRecord

SUBJECT = "contacts.protectedrecord"
LONGEST = 5_000


@verb
def write_protected(
    contact_id: UUID,
    guide: str,
    words: str,
    *,
    done: Sequence[str] = (),
    about_account: UUID | None = None,
) -> UUID:
    """Write what was heard under distress ``guide``, what was ``done`` (steps of the guide); the record's id.

    ``about_account``: the member of staff it is about, who will never see it. Who writes it cannot read it again.
    Raises ``Unknown`` for a contact out of sight; ``Refused``: unknown-guide, empty, too-long, unknown-colleague.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    if guide not in {one.code for one in guides_in_force(now())}:
        raise Refused(_("Choisissez une situation de la liste."), code="unknown-guide", field="guide")
    words = written(words, "words", LONGEST, _("Écrivez ce que vous avez entendu."))
    if about_account is not None and not Account.objects.filter(pk=about_account).exists():
        raise Refused(
            _("Cette personne n’est pas de l’équipe."), code="unknown-colleague", field="about_account"
        )
    record_id = new_id()
    record = ProtectedRecord(
        id=record_id,
        shelf=contact.shelf if contact.subject_id is None else shelf_of(contact.subject_id),
        portfolio_id=contact.portfolio_id,
        department=contact.department,
        contact_id=contact.pk,
        person_id=contact.subject_id,
        guide=guide,
        words=words,
        done=list(done),
        written_by=human(),
        written_at=now(),
        about_account=about_account,
    )
    # Nothing is read back from the row (as ``create`` would): its author has no right to see it.
    ProtectedRecord.objects.bulk_create([record], ignore_conflicts=True)
    act("protected.written", subject=(SUBJECT, record_id))
    publish(events.PROTECTED, record_id, portfolio_id=contact.portfolio_id)
    return record_id


@verb
def open_protected(record_id: UUID) -> ProtectedRecord:
    """Read a protected record; the first reading is dated. Raises ``Unknown`` for whoever it is not for."""
    record = ProtectedRecord.objects.filter(pk=record_id).first()
    if record is None:
        raise Unknown(_("Cette fiche n’existe pas ou ne vous est pas ouverte."), code="unknown-record")
    if record.seen_by is None:
        record.seen_by, record.seen_at = human(), now()
        ProtectedRecord.objects.filter(pk=record.pk, seen_by=None).update(
            seen_by=record.seen_by, seen_at=record.seen_at
        )
    look("protected.read", subject=(SUBJECT, record.pk))
    return record
