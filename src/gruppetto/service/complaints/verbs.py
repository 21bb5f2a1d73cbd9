"""What can happen to a complaint; each step is written beside it, and in the journal without its words (G23)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.calendars import add, days
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.identifiers.references import new_reference
from gruppetto.kernel.journal import act, look
from gruppetto.kernel.typed import written
from gruppetto.service.complaints import reads
from gruppetto.service.complaints.models import LONGEST, Complaint, Step, Terms
from gruppetto.service.complaints.states import HANDLER, LIFE, READER
from gruppetto.service.contacts.models import Contact

S = Complaint.State
SUBJECT = "complaints.complaint"
KIND = "R"
DRAWS = 5


@verb
def file_complaint(
    contact_id: UUID,
    about: str,
    words: str,
    *,
    wish: str = "",
    concerned: Iterable[UUID] = (),
    intervention_id: UUID | None = None,
) -> str:
    """Note what the person reproaches us with, in a contact in one's hands; its reference, to give to the person.

    ``concerned``: accounts it is about; the database adds those who work the request. Who writes it does not read it
    again. Raises ``Unknown`` (contact-unknown), ``Refused``: unknown-about, empty, too-long, unknown-colleague.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    if about not in Complaint.About.values:
        raise Refused(_("Choisissez un sujet de la liste."), code="unknown-about", field="about")
    words = written(words, "words", LONGEST, _("Écrivez ce que dit la personne."))
    wish = wish.strip()[:LONGEST]
    named = set(concerned)
    if Account.objects.filter(pk__in=named).count() != len(named):
        raise Refused(_("Cette personne n’est pas de l’équipe."), code="unknown-colleague", field="concerned")
    at, complaint_id = now(), new_id()
    complaint = Complaint(
        id=complaint_id,
        shelf=contact.shelf if contact.subject_id is None else shelf_of(contact.subject_id),
        portfolio_id=contact.portfolio_id,
        department=contact.department,
        person_id=contact.subject_id,
        contact_id=contact.pk,
        intervention_id=intervention_id,
        about=about,
        words=words,
        wish=wish,
        concerned=sorted(named),
        written_by=human(),
        received_at=at,
        due_at=add(at, days(reads.terms_in_force(at).days), hours_in_force(at)),
    )
    _write(complaint)
    act("complaint.filed", subject=(SUBJECT, complaint_id), body={"about": about})
    return complaint.reference


@verb
def read(complaint_id: UUID) -> reads.Told:
    """Read a complaint: the look is written. Raises ``Unknown`` for whoever it is not for."""
    told = reads.told(complaint_id)
    look("complaint.read", subject=(SUBJECT, complaint_id))
    return told


@verb
def take(complaint_id: UUID, version: int) -> None:
    """Take charge of it. Raises ``Unknown``, ``TooLate``, ``Refused`` (state-forbidden)."""
    complaint = _seen(complaint_id)
    _move(complaint, version, S.IN_HAND, READER, handler_id=human(), taken_at=now())


@verb
def pass_on(complaint_id: UUID, to: UUID | None, why: str) -> UUID:
    """Give it to another whom it does not concern (``to``, else whom the platform chooses), and say why."""
    return _hand(complaint_id, [], to, "pass_on", written(why, "why", LONGEST, _("Dites pourquoi.")))


@verb
def concern(complaint_id: UUID, account_id: UUID, why: str) -> UUID:
    """It is about one more colleague, who no longer sees it; their own name passes it on. The handler's id.

    Raises ``NotYours`` (complaint-not-yours), ``Refused`` (empty, nobody-left).
    """
    return _hand(
        complaint_id, [account_id], human(), "concern", written(why, "why", LONGEST, _("Dites pourquoi."))
    )


@verb
def note(complaint_id: UUID, text: str) -> None:
    """Write down what was done: a call, a check, words with the colleague."""
    complaint = _mine(complaint_id)
    _step(complaint, "note", written(text, "text", LONGEST, _("Écrivez ce qui a été fait.")))


@verb
def answer(complaint_id: UUID, version: int, finding: str, text: str, change: str = "") -> None:
    """Answer the person, in the words they will hear; ``change``: what we do so that it does not happen again."""
    complaint = _mine(complaint_id)
    if finding not in Complaint.Finding.values:
        raise Refused(_("Dites si la réclamation est justifiée."), code="unknown-finding", field="finding")
    said = written(text, "text", LONGEST, _("Écrivez la réponse à la personne."))
    _move(
        complaint,
        version,
        S.ANSWERED,
        HANDLER,
        body={"finding": finding},
        finding=finding,
        answer=said,
        change=change.strip()[:LONGEST],
        answered_at=now(),
    )


@verb
def reopen(complaint_id: UUID, version: int, why: str) -> None:
    """The person is not satisfied, and there is more to do; the first answer stays in the steps."""
    complaint = _mine(complaint_id)
    said = written(why, "why", LONGEST, _("Dites pourquoi."))
    first = f"{complaint.answer}\n\n{said}"
    _move(complaint, version, S.IN_HAND, HANDLER, first, finding="", answer="", answered_at=None)


@verb
def refer(complaint_id: UUID, version: int, why: str) -> None:
    """The person turns to the mediator: free of charge for them (Code de la consommation, L612-1)."""
    complaint = _mine(complaint_id)
    if not reads.terms_in_force(now()).mediator:
        raise Refused(
            _("Aucun médiateur n’est indiqué. Demandez à la gestion de l’indiquer."), code="no-mediator"
        )
    _move(complaint, version, S.MEDIATION, HANDLER, written(why, "why", LONGEST, _("Dites pourquoi.")))


@verb
def close(complaint_id: UUID, version: int, ending: str, why: str = "") -> None:
    """End it: satisfied or not, silent, or withdrawn by the person before any answer."""
    complaint = _mine(complaint_id)
    if ending not in Complaint.Ending.values:
        raise Refused(_("Dites comment elle finit."), code="unknown-ending", field="ending")
    withdrawn = ending == Complaint.Ending.WITHDRAWN
    if withdrawn != (complaint.state == S.IN_HAND):
        raise Refused(
            _("Avant la réponse, seule la personne peut y renoncer. Après, dites ce qu’elle en pense."),
            code="ending-forbidden",
            field="ending",
        )
    _move(
        complaint, version, S.CLOSED, HANDLER, why.strip(), {"ending": ending}, ending=ending, closed_at=now()
    )


@verb
def set_terms(count: int, mediator: str, address: str) -> Terms:
    """From now on: so many open days to answer, and this mediator. Complaints under way keep their date."""
    at = now()
    Terms.objects.filter(valid_from__lte=at).exclude(valid_until__lte=at).update(valid_until=at)
    terms = Terms(
        valid_from=at,
        days=count,
        mediator=mediator.strip(),
        mediator_address=address.strip(),
        created_by_id=human(),
    )
    terms.save(force_insert=True)
    act("complaint.terms_set", subject=("complaints.terms", terms.pk), body={"days": count})
    return terms


def _write(complaint: Complaint) -> None:
    """Nothing is read back from the row (as ``create`` would): its author has no right to see it.

    A reference drawn is another's once in 890 million: another is drawn.
    """
    for _draw in range(DRAWS):
        complaint.reference = new_reference(KIND, secrets.randbelow)
        Complaint.objects.bulk_create([complaint], ignore_conflicts=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT complaints.kept(%s)", [complaint.pk])
            if cursor.fetchone()[0]:
                return
    raise RuntimeError("no reference of a complaint is free")


def _hand(complaint_id: UUID, adding: list[UUID], to: UUID | None, step: str, why: str) -> UUID:
    complaint = _mine(complaint_id)
    # Written before it leaves one's sight.
    _step(complaint, step, why)
    with connection.cursor() as cursor:
        cursor.execute("SELECT complaints.handed(%s, %s::uuid[], %s)", [complaint_id, adding, to])
        (handler,) = cursor.fetchone()
    if handler is None:
        raise Refused(
            _("Personne d’autre ne peut s’en charger : prévenez l’administrateur."), code="nobody-left"
        )
    return UUID(str(handler))


def _seen(complaint_id: UUID) -> Complaint:
    return reads.told(complaint_id).complaint


def _mine(complaint_id: UUID) -> Complaint:
    complaint = _seen(complaint_id)
    if complaint.handler_id != human():
        raise NotYours(_("Une autre personne se charge de cette réclamation."), code="complaint-not-yours")
    return complaint


def _move(
    complaint: Complaint,
    version: int,
    target: str,
    kind: str,
    words: str = "",
    body: dict[str, object] | None = None,
    **changes: object,
) -> None:
    transition = LIFE.check(complaint.state, target, [kind])
    moved = Complaint.objects.filter(pk=complaint.pk, version=version, state=complaint.state).first()
    if moved is None:
        raise TooLate(_("Cette réclamation a changé entre-temps. Relisez-la."), code="complaint-changed")
    for name, value in {"state": target, **changes}.items():
        setattr(moved, name, value)
    moved.version = version + 1
    moved.save(update_fields=["state", "version", *changes])
    _step(moved, transition.verb, words, body)


def _step(complaint: Complaint, name: str, words: str = "", body: dict[str, object] | None = None) -> None:
    Step.objects.bulk_create(
        [
            Step(
                id=new_id(),
                shelf=complaint.shelf,
                portfolio_id=complaint.portfolio_id,
                department=complaint.department,
                complaint_id=complaint.pk,
                verb=name,
                note=words,
                at=now(),
                account_id=human(),
            )
        ]
    )
    act(f"complaint.{name}", subject=(SUBJECT, complaint.pk), body=body or {})
