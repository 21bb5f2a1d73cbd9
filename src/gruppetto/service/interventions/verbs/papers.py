"""Papers needed before filing (completeness, Q13) and documents attached."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.interventions import events
from gruppetto.service.interventions.models import Attachment, Intervention, Paper
from gruppetto.service.interventions.verbs.steps import get, same_person


@verb
def set_paper(paper_id: UUID, state: str, file_id: UUID | None = None) -> Paper:
    """Say where a paper stands (``Paper.State``), with the document when there is one.

    Raises ``Unknown`` (paper-unknown), ``Refused`` (paper-state).
    """
    paper = Paper.objects.select_related("intervention").filter(pk=paper_id).first()
    if paper is None:
        raise Unknown(_("Ce papier n’est pas dans votre périmètre."), code="paper-unknown")
    if state not in Paper.State.values:
        raise Refused(
            _("Dites si le papier est demandé, reçu ou inutile."), code="paper-state", field="state"
        )
    paper.state, paper.changed_at, paper.changed_by = state, now(), current_actor().account_id
    paper.file_id = file_id or paper.file_id
    paper.save(update_fields=["state", "changed_at", "changed_by", "file_id"])
    _trace(paper.intervention, "intervention.paper_changed", {"paper": paper.code, "state": state})
    return paper


@verb
def attach(intervention_id: UUID, file_id: UUID, label: str = "") -> Attachment:
    """Attach a received document (``kernel.files``); the same twice changes nothing."""
    intervention = get(intervention_id)
    attached, new = Attachment.objects.get_or_create(
        intervention=intervention,
        file_id=file_id,
        defaults={
            **same_person(intervention),
            "label": label[:160],
            "account_id": current_actor().account_id,
        },
    )
    if new:
        _trace(intervention, "intervention.attached", {})
    return attached


def _trace(intervention: Intervention, name: str, body: dict[str, object]) -> None:
    journal.act(
        name,
        subject=("interventions.intervention", intervention.pk),
        person_id=intervention.subject_id,
        portfolio_id=intervention.portfolio_id,
        body=body,
    )
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
