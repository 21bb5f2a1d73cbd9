"""Messages follow their person; what is prepared for both records is shown, a human drops one if need be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gruppetto.registry.people.merging import Fact, Pair, Part, declare_merging
from gruppetto.service.messages.models import Message

MOST = 50


def messages(pair: Pair) -> Part:
    """What is prepared and not handed over yet, on each side."""
    prepared = Message.objects.filter(subject_id__in=pair.ids, state=Message.State.PREPARED).defer("text")
    ours, theirs = pair.split(prepared.order_by("prepared_at", "id")[:MOST])
    return Part(_("Courriers"), (Fact(_("Courriers préparés"), _titles(ours), _titles(theirs)),))


def _titles(rows: list[Message]) -> str:
    return ", ".join(row.title for row in rows)


declare_merging("messages", messages, order=40)
