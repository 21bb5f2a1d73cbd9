"""What can happen to causes: one is found for a reason; the list changes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal import act
from gruppetto.kernel.typed import written
from gruppetto.service.causes.models import Cause, Finding
from gruppetto.service.causes.reads import causes_in_force
from gruppetto.service.contacts.models import ContactReason

MOST = 15
LONGEST = 80


@verb
def find(reason_id: UUID, cause: str) -> None:
    """Say why this reason arose; the last one said counts, the journal has those before.

    Raises ``Unknown`` (reason-unknown), ``Refused`` (unknown-cause).
    """
    reason = ContactReason.objects.filter(pk=reason_id).first()
    if reason is None:
        raise Unknown(_("Ce motif n’est pas dans votre périmètre."), code="reason-unknown")
    if not causes_in_force(now()).filter(code=cause).exists():
        raise Refused(_("Choisissez une cause de la liste."), code="unknown-cause", field="cause")
    before = Finding.objects.filter(reason_id=reason_id).values_list("cause", flat=True).first() or ""
    columns = {"shelf": reason.shelf, "portfolio_id": reason.portfolio_id, "department": reason.department}
    said = {"cause": cause, "found_by": human(), "found_at": now()}
    Finding.objects.update_or_create(
        reason_id=reason_id,
        defaults=said,
        create_defaults={"id": new_id(), "person_id": reason.subject_id, **columns, **said},
    )
    act(
        "cause.found",
        subject=("contacts.contactreason", reason_id),
        person_id=reason.subject_id,
        portfolio_id=reason.portfolio_id,
        body={"cause": cause, "before": before},
    )


@verb
def add(label: str) -> Cause:
    """Add a cause at the end of the list. Raises ``Refused``: empty, too-long, too-many, cause-there-already."""
    at, code = now(), slugify(label)[:40]
    # Signs alone say nothing, and name no cause.
    said = " ".join(label.split()) if code else ""
    label = written(said, "label", LONGEST, _("Écrivez la cause en quelques mots."))
    listed = causes_in_force(at)
    if listed.filter(code=code).exists():
        raise Refused(_("Cette cause est déjà dans la liste."), code="cause-there-already", field="label")
    if listed.count() >= MOST:
        raise Refused(
            _("La liste a déjà 15 causes : retirez-en une d’abord."), code="too-many", field="label"
        )
    last = listed.aggregate(last=Max("position"))["last"] or 0
    cause = Cause.objects.create(
        code=code, label=label, position=last + 1, valid_from=at, created_by_id=human()
    )
    act("cause.added", subject=("causes.cause", cause.pk), body={"cause": code})
    return cause


@verb
def retire(code: str) -> None:
    """Take a cause out of the list; what was found keeps it. Raises ``Unknown`` (cause-unknown)."""
    at = now()
    cause = causes_in_force(at).filter(code=code).first()
    if cause is None:
        raise Unknown(_("Cette cause n’est pas dans la liste."), code="cause-unknown")
    cause.valid_until = at
    cause.save(update_fields=["valid_until"])
    act("cause.retired", subject=("causes.cause", cause.pk), body={"cause": code})
