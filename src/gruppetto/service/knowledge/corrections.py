"""Corrections that staff propose from where they read, answered by somebody else within 48 hours (Q10, Q18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.accounts import acting_account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.outbox import publish
from gruppetto.registry.organisations.models import Organisation
from gruppetto.service.catalogue.models import KindVersion
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.knowledge.models import ArticleVersion, Correction

# By the clock, nights and Sundays too: simple to promise, and the screen says so.
WITHIN = timedelta(hours=48)
LONGEST = 1000
PROPOSED, ANSWERED = "correction.proposed", "correction.answered"
About, State = Correction.About, Correction.State

journal.declare("knowledge.correction_proposed", _("a proposé une correction"), ("about", "code"))
journal.declare(
    "knowledge.correction_answered",
    _("a répondu à une proposition de correction"),
    ("about", "code", "state"),
)


@verb
def propose(about: str, code: str, words: str) -> Correction:
    """Propose to correct a kind, an article or an organisation (its id). The same words again change nothing.

    Raises ``Unknown``; ``Refused`` (words-missing, words-too-long).
    """
    words = words.strip()
    if not words:
        raise Refused(_("Dites ce qui est faux ou ce qui manque."), code="words-missing", field="words")
    if len(words) > LONGEST:
        raise Refused(_("Dites-le en 1 000 caractères au plus."), code="words-too-long", field="words")
    me, at = acting_account(), now()
    same = Correction.objects.filter(
        about=about, code=code, proposed_by=me, words=words, state=State.OPEN
    ).first()
    if same is not None:
        return same
    made = Correction.objects.create(
        about=about,
        code=code,
        title=title_of(about, code),
        words=words,
        proposed_by=me,
        proposed_at=at,
        due_at=at + WITHIN,
    )
    journal.act(
        "knowledge.correction_proposed",
        subject=("knowledge.correction", made.pk),
        body={"about": about, "code": code},
    )
    publish(PROPOSED, made.pk)
    return made


@verb
def answer(correction_id: UUID, state: str, words: str) -> Correction:
    """Accept or decline, always in words; the author is told. Raises ``Unknown``, ``TooLate``, ``Refused``."""
    words = words.strip()
    if state not in (State.ACCEPTED, State.DECLINED):
        raise Refused(_("Dites si la proposition est acceptée."), code="state-missing", field="state")
    if not words:
        raise Refused(_("Dites à l’auteur ce que vous en faites."), code="words-missing", field="words")
    found = correction(correction_id)
    done = Correction.objects.filter(pk=correction_id, state=State.OPEN).update(
        state=state, answer=words[:LONGEST], answered_by=acting_account(), answered_at=now()
    )
    if not done:
        raise TooLate(_("Quelqu’un vient de répondre à cette proposition."), code="already-answered")
    journal.act(
        "knowledge.correction_answered",
        subject=("knowledge.correction", correction_id),
        body={"about": found.about, "code": found.code, "state": state},
    )
    publish(ANSWERED, correction_id)
    return correction(correction_id)


@verb
def mark_read() -> int:
    """The author has seen the answers to their proposals; returns how many were new."""
    return unread(human()).update(read_at=now())


def correction(correction_id: UUID) -> Correction:
    """One proposal, its author and whoever answered with it; raises ``Unknown``. One query."""
    found = Correction.objects.select_related("proposed_by", "answered_by").filter(pk=correction_id).first()
    if found is None:
        raise Unknown(_("Cette proposition n’existe pas."), code="unknown-correction")
    return found


def waiting() -> QuerySet[Correction]:
    """Those nobody answered yet, the oldest first."""
    return Correction.objects.filter(state=State.OPEN).select_related("proposed_by").order_by("due_at", "id")


def answered() -> QuerySet[Correction]:
    """All of them, the newest first."""
    return Correction.objects.select_related("proposed_by", "answered_by").order_by("-proposed_at", "-id")


def late(at: datetime) -> QuerySet[Correction]:
    """Those whose 48 hours are over at ``at``."""
    return Correction.objects.filter(state=State.OPEN, due_at__lte=at)


def of_author(account_id: UUID) -> QuerySet[Correction]:
    """Those of one member of staff, the newest first."""
    return answered().filter(proposed_by_id=account_id)


def unread(account_id: UUID) -> QuerySet[Correction]:
    """Answers that their author has not seen yet."""
    return Correction.objects.filter(proposed_by_id=account_id, read_at=None).exclude(state=State.OPEN)


def title_of(about: str, code: str) -> str:
    """What is read under that code; raises ``Unknown``. One query."""
    title: str | None = None
    match about:
        case About.KIND:
            row = KindVersion.objects.filter(in_force(now()), kind_id=code, published=True).first()
            title = row.content.get("label") if row else None
        case About.ARTICLE:
            article = ArticleVersion.objects.filter(in_force(now()), article_id=code).first()
            title = article.title if article else None
        case About.ORGANISATION:
            try:
                title = Organisation.objects.filter(pk=UUID(code)).values_list("name", flat=True).first()
            except ValueError:
                title = None
    if title is None:
        raise Unknown(_("Ce que vous lisiez n’existe plus."), code="nothing-to-correct")
    return title[:120]
