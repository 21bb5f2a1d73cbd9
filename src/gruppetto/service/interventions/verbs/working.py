"""Working an intervention: assign, start, wait, resume, note, time, cancel."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.reads import kind_version
from gruppetto.service.interventions.completeness import missing, named
from gruppetto.service.interventions.models import Intervention, Note, Notice, Paper, State, TimeSpent
from gruppetto.service.interventions.verbs.authority import check_word
from gruppetto.service.interventions.verbs.papers import set_paper
from gruppetto.service.interventions.verbs.steps import crew_of, get, record, same_person, step, tell
from gruppetto.service.interventions.verbs.telling import follow_for, mentioned, write_note

WAITS = {"person": "wait_person", "provider": "wait_provider", "paper": "wait_paper"}
LONGEST_SITTING = 4 * 3600


@verb
def assign(intervention_id: UUID, account_id: UUID, why: str) -> Intervention:
    """Confide the intervention to ``account_id`` (a correspondent or a supervisor), with the reason.

    Raises ``Refused`` (why-missing, not-a-correspondent, cannot-see-it), ``NotYours``, ``TooLate``.
    """
    if not why.strip():
        raise Refused(_("Dites pourquoi : la personne peut le demander."), code="why-missing", field="why")
    if not Account.objects.filter(
        pk=account_id, is_active=True, role__in=("correspondent", "supervisor")
    ).exists():
        raise Refused(
            _("Ce compte ne peut pas suivre une intervention."), code="not-a-correspondent", field="account"
        )
    intervention = get(intervention_id)
    crew = crew_of(intervention.portfolio_id)
    if account_id not in crew.holding | crew.leading:
        raise Refused(
            _("Cette personne ne voit pas ce portefeuille : notez d’abord un remplacement."),
            code="cannot-see-it",
            field="account",
        )
    return step(intervention, "assign", why=why, worker_id=account_id, queue_reason="")


@verb
def start(intervention_id: UUID) -> Intervention:
    """Begin to work on it; the one who starts is the one who works it."""
    return step(get(intervention_id), "start", worker_id=current_actor().account_id)


@verb
def wait(intervention_id: UUID, awaited: str, why: str) -> Intervention:
    """Put it on hold for ``awaited``: "person", "provider" or "paper", saying what is awaited.

    The clock stops for the person and the paper, never for the provider (tables.md).
    """
    if awaited not in WAITS:
        raise Refused(_("Dites qui ou quoi est attendu."), code="awaited-unknown", field="awaited")
    if not why.strip():
        raise Refused(_("Dites ce qui est attendu, et de qui."), code="why-missing", field="why")
    return step(get(intervention_id), WAITS[awaited], why=why)


@verb
def wait_for_papers(intervention_id: UUID) -> Intervention:
    """Wait for the papers that its kind requires and nobody has received; they are asked for from now on.

    Raises ``Refused`` (nothing-missing), and as ``wait``.
    """
    intervention = get(intervention_id)
    kind = kind_version(intervention.kind, intervention.kind_version)
    lacking = missing(Paper.objects.filter(intervention=intervention).order_by("code"), kind)
    if not lacking:
        raise Refused(_("Il ne manque aucun papier."), code="nothing-missing")
    for paper in lacking:
        if paper.state == Paper.State.NEEDED:
            set_paper(paper.pk, Paper.State.ASKED)
    return wait(intervention_id, "paper", named(lacking))


@verb
def resume(intervention_id: UUID, why: str = "", *, contact_id: UUID | None = None) -> Intervention:
    """What was awaited has come: by the worker, or by whoever records the person's contact (``contact_id``).

    Raises as ``authority.check_word``; ``Refused`` (worker-missing) when nobody works it: the supervisor assigns it.
    """
    intervention = get(intervention_id)
    check_word(intervention, contact_id)
    if intervention.worker_id is None:
        raise Refused(_("Cette intervention n’a plus de correspondant."), code="worker-missing")
    return step(intervention, "resume", why=why)


@verb
def cancel(intervention_id: UUID, why: str, *, contact_id: UUID | None = None) -> Intervention:
    """The person no longer wants it, or the supervisor stops it; the reason is kept.

    ``contact_id``: where they said so, needed by who does not work it. Raises as ``authority.check_word``, ``Refused``
    (why-missing).
    """
    if not why.strip():
        raise Refused(_("Dites pourquoi la demande est annulée."), code="why-missing", field="why")
    intervention = get(intervention_id)
    check_word(intervention, contact_id, order=True)
    return step(intervention, "cancel", why=why)


@verb
def note(intervention_id: UUID, whom: str, text: str) -> Note:
    """Write a note: for ``Note.For.US`` only, or what was said to ``Note.For.PERSON``.

    A colleague named in an internal note (« @Bob Martin ») is told, and follows it from then on. Raises ``Refused``
    (note-empty, note-for-whom, mention-unknown, mention-cannot-see).
    """
    intervention = get(intervention_id)
    if whom not in Note.For.values:
        raise Refused(
            _("Dites si la note est interne ou dite à la personne."), code="note-for-whom", field="whom"
        )
    if not text.strip():
        raise Refused(_("Écrivez la note."), code="note-empty", field="text")
    # Only among us: what is said to the person calls nobody else.
    called = mentioned(intervention, text) if whom == Note.For.US else ()
    written = write_note(intervention, whom, text)
    for account_id in called:
        tell(intervention, account_id, Notice.Kind.MENTION, note_id=written.pk)
        follow_for(intervention, account_id)
        record("intervention.mentioned", intervention, account=account_id)
    return written


@verb
def spend(intervention_id: UUID, seconds: int) -> None:
    """Add measured working time of the current actor, in seconds (1 to 4 hours a sitting; more is cut)."""
    intervention = get(intervention_id)
    account = current_actor().account_id
    if account is None or seconds <= 0 or intervention.state in (State.CLOSED, State.CANCELLED):
        return
    seconds = min(seconds, LONGEST_SITTING)
    TimeSpent.objects.create(
        **same_person(intervention), intervention=intervention, account_id=account, seconds=seconds, at=now()
    )
    Intervention.objects.filter(pk=intervention.pk).update(seconds_spent=F("seconds_spent") + seconds)
