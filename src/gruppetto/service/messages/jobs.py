"""Notices that follow from what happens to a person: each is prepared once, whatever runs twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.jobs.queue import job
from gruppetto.registry.coverage.models import Holding, Placement
from gruppetto.registry.people.models import Person
from gruppetto.service.messages.verbs import prepare


@job("messages.tell_of_placement")
def tell_of_placement(about: dict[str, str], **fact: object) -> None:
    """Tell a person who changes portfolio who follows them from now on, and why; the first time is said in person."""
    placement = Placement.objects.filter(pk=about["placement"]).first()
    if placement is None or int(about["before"]) == UNASSIGNED:
        return
    day = placement.since.astimezone(PARIS).date()
    holding = _holding(placement.portfolio_id, day)
    if holding is not None:
        _tell(placement.subject_id, f"placement:{placement.pk}", holding, day, placement.reason)


@job("messages.tell_of_hand_over")
def tell_of_hand_over(portfolio_id: int, about: dict[str, str], **fact: object) -> None:
    """When a portfolio changes hands, each of its subscribers is told."""
    holding = Holding.objects.select_related("staff__account").filter(pk=about["holding"]).first()
    if holding is None:
        return
    followed = Person.objects.filter(
        portfolio_id=portfolio_id,
        subscriber_since__isnull=False,
        subscriber_until=None,
        died_on=None,
        merged_into=None,
    )
    day = date.fromisoformat(about["on"])
    for person_id in followed.order_by("id").values_list("pk", flat=True):
        _tell(person_id, f"hand-over:{holding.pk}:{person_id}", holding, day, holding.why)


def _holding(portfolio_id: int, day: date) -> Holding | None:
    held = Holding.objects.filter(portfolio_id=portfolio_id, capacity="holder", during__contains=day)
    return held.select_related("staff__account").first()


def _tell(person_id: UUID, key: str, holding: Holding, day: date, reason: str) -> None:
    prepare(
        person_id,
        kind="new-correspondent",
        key=key,
        facts={
            "day": day_text(day, year=True),
            "worker": holding.staff.account.name,
            "reason": reason.rstrip(". ") or _("une nouvelle organisation"),
        },
    )
