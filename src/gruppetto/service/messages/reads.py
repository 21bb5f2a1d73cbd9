"""Questions about messages, each with a fixed number of queries, within what the one who asks may see."""

from __future__ import annotations

from django.db.models import QuerySet

from gruppetto.service.messages.models import Delivery


def to_decide() -> QuerySet[Delivery]:
    """The deliveries that wait for a human: uncertain, or held by a budget."""
    return Delivery.objects.filter(state__in=[Delivery.State.HELD, Delivery.State.UNKNOWN]).defer("text")
