"""The words in force of each standard text, their new versions, and what colleagues ask to change in them (Q18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.service.messages import events, sms
from gruppetto.service.messages.models import TextRequest, TextVersion
from gruppetto.service.messages.texts import TEXTS, Worded, check_variables, example, fill

ANSWERED_WITHIN = timedelta(hours=48)
# Never in an object, which is read without opening the message.
PRIVATE = ("{person}", "{title}", "{answer}")
LONGEST_BODY, LONGEST_SHORT, LONGEST_REQUEST = 4_000, 600, 1_000


def in_force(kind: str) -> TextVersion:
    """The version in force of ``kind``: the last written, else the one shipped (number 0, not saved). One query.

    Raises ``Unknown`` (text-unknown).
    """
    shipped = TEXTS.get(kind)
    if shipped is None:
        raise Unknown(_("Ce texte type n’existe pas."), code="text-unknown")
    written = TextVersion.objects.filter(kind=kind).order_by("-version").first()
    return written or TextVersion(
        kind=kind,
        version=0,
        title=_(shipped.title),
        body=_(shipped.body),
        short=_(shipped.short) if shipped.short else "",
    )


def worded(kind: str, facts: Mapping[str, str]) -> Worded:
    """What is said to one person by the version in force. Raises ``KeyError`` for a missing fact: a fault of ours."""
    version = in_force(kind)
    return fill(version.title, version.body, version.short, facts, version.version)


@verb
def write(kind: str, *, title: str, body: str, short: str, why: str, after: int) -> TextVersion:
    """Write the next version of ``kind``, in force at once; ``after``: the version that was on screen.

    Raises ``Refused``: text-empty, text-too-long, text-braces, text-variable-…, text-short-…, text-name-in-title,
    why-missing; ``TooLate`` when somebody wrote another version meanwhile.
    """
    before = in_force(kind)
    title, body, short, why = (
        title.strip(),
        body.strip().replace("\r\n", "\n"),
        " ".join(short.split()),
        why.strip(),
    )
    check(kind, title, body, short)
    if not why:
        raise Refused(_("Dites pourquoi vous changez ce texte."), code="why-missing", field="why")
    last = TextVersion.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    if last != after:
        raise TooLate(_("Quelqu’un vient d’écrire une autre version : relisez-la."), code="text-version")
    if (title, body, short) == (before.title, before.body, before.short):
        raise Refused(_("Rien n’a changé dans ce texte."), code="text-unchanged")
    version = TextVersion.objects.create(
        kind=kind, version=last + 1, title=title, body=body, short=short, why=why, written_by=human()
    )
    journal.act(
        "text.written",
        subject=("service_messages.textversion", version.pk),
        body={"kind": kind, "version": version.version, "why": why},
    )
    return version


def check(kind: str, title: str, body: str, short: str) -> None:
    """Refuse words that could not leave as a message of ``kind``, with the field at fault; see ``write``."""
    text = TEXTS[kind]
    for field, said, longest in (
        ("title", title, 120),
        ("body", body, LONGEST_BODY),
        ("short", short, LONGEST_SHORT),
    ):
        if not said and not (field == "short" and not text.short):
            raise Refused(_("Remplissez ce champ."), code="text-empty", field=field)
        if len(said) > longest:
            raise Refused(
                _("Ce texte est trop long : %(longest)d signes au plus.") % {"longest": longest},
                code="text-too-long",
                field=field,
            )
    check_variables(kind, "title", title)
    check_variables(kind, "body", body, text.needed)
    check_variables(kind, "short", short, text.needed if short else ())
    if private := [part for part in PRIVATE if part in title]:
        raise Refused(
            _("L’objet se lit sans ouvrir le message : n’y mettez pas %(names)s.")
            % {"names": ", ".join(private)},
            code="text-name-in-title",
            field="title",
        )
    if short and "{answer}" in short:
        raise Refused(
            _("Un SMS se lit par-dessus l’épaule : n’y mettez pas la réponse."),
            code="text-answer-in-short",
            field="short",
        )
    if short and sms.parts(sms.plain(fill(title, body, short, example(kind)).short)).count > sms.MOST_PARTS:
        raise Refused(
            _("Ce texte court fait plus de %(most)d SMS : raccourcissez-le.") % {"most": sms.MOST_PARTS},
            code="text-short-too-long",
            field="short",
        )


@verb
def ask_change(kind: str, words: str) -> TextRequest:
    """A colleague asks to change the text of ``kind``; an answer is due within 48 hours.

    Raises ``Unknown``, ``Refused`` (request-empty, request-too-long).
    """
    in_force(kind)
    words = words.strip()
    if not words:
        raise Refused(_("Dites ce qu’il faudrait changer."), code="request-empty", field="words")
    if len(words) > LONGEST_REQUEST:
        raise Refused(
            _("Dites-le en moins de %(longest)d signes.") % {"longest": LONGEST_REQUEST},
            code="request-too-long",
            field="words",
        )
    at = now()
    asked = TextRequest.objects.create(
        kind=kind, words=words, asked_at=at, asked_by=human(), due_at=at + ANSWERED_WITHIN
    )
    journal.act("text.change_asked", subject=("service_messages.textrequest", asked.pk), body={"kind": kind})
    outbox.publish(events.TEXT_ASKED, asked.pk)
    return asked


@verb
def answer_change(request_id: UUID, answer: str, reply: str) -> TextRequest:
    """Say what becomes of a request ("done" or "refused"), and why. Raises ``Unknown``, ``Refused``, ``TooLate``."""
    reply = reply.strip()
    if answer not in (TextRequest.Answer.DONE, TextRequest.Answer.REFUSED):
        raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field="answer")
    if not reply:
        raise Refused(_("Répondez à votre collègue en une phrase."), code="reply-empty", field="reply")
    asked = TextRequest.objects.filter(pk=request_id).first()
    if asked is None:
        raise Unknown(_("Cette demande n’existe pas."), code="request-unknown")
    written = TextRequest.objects.filter(pk=request_id, answer=TextRequest.Answer.WAITING).update(
        answer=answer, reply=reply[:LONGEST_REQUEST], answered_at=now(), answered_by=human()
    )
    if not written:
        raise TooLate(_("Un collègue a déjà répondu à cette demande."), code="request-answered")
    journal.act(
        "text.change_answered",
        subject=("service_messages.textrequest", request_id),
        body={"kind": asked.kind, "answer": answer},
    )
    outbox.publish(events.TEXT_ANSWERED, request_id)
    asked.refresh_from_db()
    return asked
