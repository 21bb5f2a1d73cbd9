"""What leaves by itself, what comes back, and notices that follow from what happens to a person. All may run twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.coverage.models import Holding, Placement
from gruppetto.registry.people.models import Person
from gruppetto.service.messages.codes import send_code
from gruppetto.service.messages.letters import finish_batches, send_letters
from gruppetto.service.messages.returns import take_up_reports
from gruppetto.service.messages.routing import route
from gruppetto.service.messages.sending import send_what_is_due, settle_what_is_uncertain
from gruppetto.service.messages.verbs import prepare


@job("messages.route")
def route_one(subject_id: str, **fact: object) -> None:
    """Give a prepared message its way."""
    route(UUID(subject_id))


@every("messages.send", "* * * * *", in_steps=True)
def send() -> None:
    """Hand over what is due."""
    send_what_is_due()


@every("messages.settle", "* * * * *", in_steps=True)
def settle() -> None:
    """Settle what was cut: ask the carrier that remembers, show the rest to a human."""
    settle_what_is_uncertain()
    finish_batches()


@every("messages.letters", "5,35 * * * *", in_steps=True)
def letters() -> None:
    """The batch of letters of the last cut-off."""
    send_letters()


@every("messages.reports", "* * * * *")
def reports() -> None:
    """What carriers told and was not taken up yet."""
    take_up_reports()


@job("messages.report")
def report(**fact: object) -> None:
    """Something was told: take it up at once."""
    take_up_reports()


@job("messages.code", attempts=1, in_steps=True)
def code(subject_id: str, **fact: object) -> None:
    """Send a code of identity; a second try would ring twice: another one is asked for."""
    send_code(UUID(subject_id))


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
