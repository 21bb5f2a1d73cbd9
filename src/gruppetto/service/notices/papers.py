"""Papers that are missing are asked for again, gently: twice at most, spaced, then a human calls (Q13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.service.interventions.completeness import MISSING
from gruppetto.service.interventions.models import Intervention, Note, Notice, State
from gruppetto.service.interventions.verbs.steps import same_person, tell
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.verbs import prepare

KIND = "papers-wanted"
SPACED = timedelta(days=7)
MOST = 2
CHUNK = 500


def to_chase(at: datetime) -> list[UUID]:
    """The requests that have waited for a paper long enough since it was asked for, or since the last reminder."""
    waiting = (
        Intervention.objects.filter(state=State.WAITING_PAPER, papers__state__in=MISSING)
        .annotate(since=Max("moves__at"))
        .filter(since__lte=at - SPACED)
    )
    return list(waiting.order_by("since", "id").values_list("pk", flat=True)[:CHUNK])


@verb
def chase(intervention_id: UUID) -> Message | None:
    """Prepare the next reminder; after the last one, leave it to whoever follows the person. Twice changes nothing."""
    intervention = (
        Intervention.objects.select_for_update(no_key=True)
        .filter(pk=intervention_id, state=State.WAITING_PAPER)
        .first()
    )
    if intervention is None:
        return None
    waits_since = intervention.moves.filter(target=State.WAITING_PAPER).aggregate(last=Max("at"))["last"]
    missing = list(intervention.papers.filter(state__in=MISSING).order_by("code"))
    sent = list(
        Message.objects.filter(
            intervention_id=intervention.pk, kind=KIND, prepared_at__gte=waits_since
        ).order_by("prepared_at")
    )
    last = max([waits_since, *(one.prepared_at for one in sent)])
    if not missing or now() - last < SPACED:
        return None
    if len(sent) >= MOST:
        _leave_to_a_human(intervention, waits_since, len(sent))
        return None
    return prepare(
        intervention.subject_id,
        kind=KIND,
        key=f"papers:{intervention.pk}:{waits_since:%Y%m%dT%H%M%S}:{len(sent) + 1}",
        facts={
            "reference": intervention.reference,
            "title": intervention.title,
            "papers": "\n".join(f"- {paper.label}" for paper in missing),
        },
        intervention_id=intervention.pk,
    )


def _leave_to_a_human(intervention: Intervention, waits_since: datetime, reminders: int) -> None:
    author = _("Rappels de papiers")
    if Note.objects.filter(intervention=intervention, author=author, at__gte=waits_since).exists():
        return
    note = Note.objects.create(
        **same_person(intervention),
        intervention=intervention,
        whom=Note.For.US,
        text=_(
            "%(count)d rappels sont restés sans réponse. Appelez la personne : cherchez le papier avec elle."
        )
        % {"count": reminders},
        at=now(),
        author=author,
    )
    if intervention.worker_id:
        tell(intervention, intervention.worker_id, Notice.Kind.MENTION, note_id=note.pk)
