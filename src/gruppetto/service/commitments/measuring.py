"""How well first answers were given: what can be measured today is the phone.

A call counts as kept when somebody took it within the promise, in opening time. A caller who hung up before the
promise was broken, and one who called while we are closed and was not taken, count for nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q

from gruppetto.kernel.calendars import OpeningRules, Unit, is_open
from gruppetto.kernel.calendars.arithmetic import Amount, add
from gruppetto.service.commitments.reads import PLATFORM, commitments, first_answers, hours_of
from gruppetto.service.contacts.models import Contact


def calls(since: datetime, at: datetime) -> tuple[int, int]:
    """(promises made, promises kept) on calls received from ``since`` to ``at`` (4 queries)."""
    target = first_answers(commitments(at))[Contact.Channel.PHONE]
    rules = hours_of(PLATFORM, at)
    received = Contact.objects.filter(
        channel=Contact.Channel.PHONE,
        direction=Contact.Direction.IN,
        happened_at__gte=since,
        happened_at__lt=at,
    ).annotate(waited=ExpressionWrapper(F("taken_at") - F("happened_at"), output_field=DurationField()))
    # On the clock on the wall it is at least as long as in opening time: most calls end here, counted by the database.
    at_once = Q(waited__lte=timedelta(minutes=target.count)) if target.unit is Unit.MINUTES else Q(pk=None)
    made = kept = received.filter(at_once).count()
    slow = received.exclude(at_once) if target.unit is Unit.MINUTES else received
    for happened, taken, ended in slow.values_list("happened_at", "taken_at", "ended_at").iterator():
        outcome = judged(happened, taken, ended or at, target, rules)
        made, kept = made + (outcome is not None), kept + bool(outcome)
    return made, kept


def judged(
    happened: datetime, taken: datetime | None, ended: datetime, target: Amount, rules: OpeningRules
) -> bool | None:
    """Was the promise kept for this call? None when it says nothing about us."""
    due = add(happened, target, rules)
    if taken is not None:
        return taken <= due
    return False if is_open(happened, rules) and ended > due else None
