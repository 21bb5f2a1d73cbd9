"""Reading complaints: row security leaves only those one may handle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.search.pages import Page, keyset
from gruppetto.service.complaints.models import Complaint, Step, Terms

S = Complaint.State
TO_ANSWER = (S.RECEIVED, S.IN_HAND)
AFTER = (S.ANSWERED, S.MEDIATION)
PAGE = 25
# Open days to answer, until the back office says otherwise.
DAYS = 10


@dataclass(frozen=True)
class Told:
    """A complaint with its steps, and the names of those in it."""

    complaint: Complaint
    steps: list[Step]
    names: dict[UUID, str]


def terms_in_force(at: datetime) -> Terms:
    """The delay and the mediator at ``at``; ten open days and no mediator named until somebody says otherwise."""
    in_force = Terms.objects.filter(valid_from__lte=at).exclude(valid_until__lte=at).first()
    return in_force or Terms(valid_from=at, days=DAYS)


def to_answer() -> QuerySet[Complaint]:
    """Those that wait for an answer."""
    return Complaint.objects.filter(state__in=TO_ANSWER)


def page_of(which: str, cursor: object | None, size: int = PAGE) -> Page[Complaint]:
    """One page of those to answer (nearest first), answered but not ended, or ended (newest first). Two queries.

    Raises ``Unknown`` (list-unknown).
    """
    rows = Complaint.objects.defer("words", "wish", "answer", "change")
    if which == "a-repondre":
        return keyset(rows.filter(state__in=TO_ANSWER), ["due_at"], cursor, size)
    if which == "repondues":
        return keyset(rows.filter(state__in=AFTER), ["-received_at"], cursor, size)
    if which == "closes":
        return keyset(rows.filter(state=S.CLOSED), ["-received_at"], cursor, size)
    raise Unknown(_("Cette liste n’existe pas."), code="list-unknown")


def told(complaint_id: UUID) -> Told:
    """One complaint and what was done of it. Raises ``Unknown`` for whoever it is not for."""
    complaint = Complaint.objects.filter(pk=complaint_id).first()
    if complaint is None:
        raise Unknown(
            _("Cette réclamation n’existe pas ou ne vous est pas ouverte."), code="complaint-unknown"
        )
    steps = list(complaint.steps.order_by("at", "id"))
    accounts = {complaint.written_by, *complaint.concerned, *(step.account_id for step in steps)}
    if complaint.handler_id is not None:
        accounts.add(complaint.handler_id)
    named = Account.objects.filter(pk__in=accounts).values_list("pk", "name")
    return Told(complaint, steps, dict(named))


def handlers(complaint: Complaint) -> list[Account]:
    """To whom it may be passed on: supervisors, then auditors, none of them concerned."""
    able = Account.objects.filter(role__in=("supervisor", "auditor"), is_active=True)
    return list(able.exclude(pk__in=[*complaint.concerned, complaint.handler_id]).order_by("-role", "name"))
