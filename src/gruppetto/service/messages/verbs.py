"""Preparing what a person will receive. The words come from dated French texts; the facts are given by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import TooLate, Unknown
from gruppetto.registry.people.models import Person
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.texts import compose


@verb
def prepare(
    person_id: UUID,
    *,
    kind: str,
    key: str,
    facts: Mapping[str, str],
    channel: str = "",
    intervention_id: UUID | None = None,
) -> Message:
    """Prepare one message of ``kind`` (see ``texts.py``) to ``person_id``; the same ``key`` twice is the same message.

    ``channel``: by default the one the person prefers. Raises ``Unknown`` when the person is out of scope.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    if (known := Message.objects.filter(key=key).first()) is not None:
        return known
    title, text = compose(kind, {**facts, "person": person.full_name})
    message = Message.objects.create(
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        person_id=person.pk,
        channel=channel or person.preferred_channel,
        kind=kind,
        key=key,
        title=title,
        text=text,
        intervention_id=intervention_id,
    )
    _trace("message.prepared", message)
    return message


@verb
def hand_over(message_id: UUID) -> Message:
    """A human has posted, read out or typed the message: it is sent. Raises ``Unknown``, ``TooLate``."""
    written = Message.objects.filter(pk=message_id, state=Message.State.PREPARED).update(
        state=Message.State.SENT, sent_at=now(), sent_by=current_actor().account_id
    )
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        raise Unknown(_("Ce message n’est pas dans votre périmètre."), code="message-unknown")
    if not written:
        raise TooLate(_("Ce message est déjà remis."), code="message-sent")
    _trace("message.sent", message)
    return message


def _trace(name: str, message: Message) -> None:
    journal.act(
        name,
        subject=("service_messages.message", message.pk),
        person_id=message.subject_id,
        portfolio_id=message.portfolio_id,
        body={"kind": message.kind, "channel": message.channel},
    )
    outbox.publish(name, message.pk, portfolio_id=message.portfolio_id)
