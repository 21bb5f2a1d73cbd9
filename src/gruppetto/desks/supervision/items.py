"""One line of any queue, and how each kind of row becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gruppetto.desks.shared import promises
from gruppetto.desks.shared.deadlines import deadline
from gruppetto.desks.shared.looks import CALL_BACK, CALLER, CHANNEL, CONTACT, INTERVENTION, Look
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, ProtectedRecord
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.models import Message


@dataclass(frozen=True)
class Item:
    """A line of a list; ``href`` empty where there is nothing more to read."""

    key: str
    name: str
    line: str
    at: datetime | None
    looks: tuple[Look, ...]
    href: str = ""
    note: str = ""
    due_at: datetime | None = None
    left: str = ""


def of_intervention(intervention: Intervention, href: str, worker: str = "") -> Item:
    """An intervention whose ``person`` was given by ``work_list``."""
    clock = deadline(intervention, now())
    person = intervention.person  # type: ignore[attr-defined]  # given by work_list
    return Item(
        key=str(intervention.pk),
        name=str(person) if person else _("Personne hors de votre périmètre"),
        line=intervention.title,
        at=None,
        due_at=intervention.due_at if clock else None,
        left=promises.left(intervention, now()),
        looks=(INTERVENTION[intervention.state], *((clock,) if clock else ())),
        href=href,
        note=intervention.queue_reason or worker,
    )


def of_call(call: LineCall) -> Item:
    """A call as the whole desk may see it: masked."""
    looks = [CONTACT[call.state], CALLER[call.recognition]]
    if call.repeat:
        looks.append(CALLER["repeat"])
    return Item(
        key=str(call.pk),
        name=call.masked or str(CALLER[call.recognition].word),
        line=_("Ligne %(line)s") % {"line": call.line},
        at=call.rang_at,
        looks=tuple(looks),
    )


def of_call_back(owed: CallBack, names: Mapping[UUID, str], href: str = "") -> Item:
    """A call we owe; its number stays masked until somebody dials."""
    tried = _("déjà essayé %(n)s fois") % {"n": owed.attempts} if owed.attempts else _("pas encore essayé")
    return Item(
        key=str(owed.pk),
        name=(owed.subject_id and names.get(owed.subject_id)) or mask(owed.number),
        line=str(owed.get_why_display()).capitalize(),
        at=owed.done_at or owed.due_at,
        looks=(CALL_BACK[owed.state],),
        href=href,
        note=tried,
    )


def of_contact(contact: Contact, href: str) -> Item:
    """A contact nobody is attached to yet."""
    return Item(
        key=str(contact.pk),
        name=mask(contact.number) if contact.number else _("Numéro non connu"),
        line=contact.summary or _("Sans résumé"),
        at=contact.happened_at,
        looks=(CHANNEL[contact.channel], CONTACT[contact.state]),
        href=href,
    )


def of_failed_identity(contact: Contact, names: Mapping[UUID, str], href: str) -> Item:
    """A contact where three answers were wrong: about whom, and how many."""
    return Item(
        key=str(contact.pk),
        name=(contact.subject_id and names.get(contact.subject_id)) or of_contact(contact, href).name,
        line=ngettext("%(n)s réponse ne va pas", "%(n)s réponses ne vont pas", contact.failures)
        % {"n": contact.failures},
        at=contact.happened_at,
        looks=(CHANNEL[contact.channel], CONTACT[contact.state]),
        href=href,
    )


def of_message(message: Message, person: str, href: str) -> Item:
    """A message to hand over."""
    return Item(
        key=str(message.pk),
        name=person or _("Personne hors de votre périmètre"),
        line=message.title,
        at=message.prepared_at,
        looks=(CHANNEL[message.channel],),
        href=href,
    )


READ = Look(gettext_lazy("Lue"), "neutral", "check2")
TO_READ = Look(gettext_lazy("À lire"), "danger", "shield-exclamation")


def of_record(record: ProtectedRecord, guide: str, href: str) -> Item:
    """A protected record: the kind of alarm and when, never its words."""
    return Item(
        key=str(record.pk),
        name=guide,
        line=_("Écrite pendant un appel") if record.contact_id else _("Écrite hors d’un appel"),
        at=record.written_at,
        looks=(READ if record.seen_at else TO_READ,),
        href=href,
    )
