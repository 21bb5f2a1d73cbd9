"""Telephony on stage: its service session, its events, calls that ring."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from gruppetto.kernel.access import sessions
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.ports import CallEvent
from gruppetto.service.contacts.verbs import receive_call
from tests.support.database import as_owner

JEANNES = "+33561000001"
STRANGERS = "+33639980042"


def in_service() -> Actor:
    """The telephony gateway, its session open."""
    with as_owner():
        sessions.register_service("telephony@example.test", "Téléphonie", settings.GRUPPETTO_SERVICE_KEY)
    return Actor.service("telephony", settings.GRUPPETTO_SERVICE_KEY)


def event(
    state: str, call_id: str, number: str = JEANNES, *, at: datetime | None = None, **more: Any
) -> CallEvent:
    """An event of a call as the gateway reads it."""
    at = at or now()
    facts: dict[str, Any] = {
        "line": "main",
        "provider": "test",
        "call_id": call_id,
        "number": number,
        "withheld": not number,
        "at": at,
        "received_at": now(),
        "body": json.dumps({"state": state, "call_id": call_id, "from": number, "at": at.isoformat()}),
        **more,
    }
    return CallEvent(state=state, **facts)  # type: ignore[arg-type]  # some tests send what is no state


def tell(gateway: Actor, state: str, call_id: str, number: str = JEANNES, **more: Any) -> Contact:
    """Telephony tells one event."""
    with acting(gateway):
        return receive_call(event(state, call_id, number, **more))


def ring(gateway: Actor, number: str = JEANNES, **more: Any) -> Contact:
    """A call rings; its contact, as telephony sees it."""
    return tell(gateway, "ringing", new_id().hex, number, **more)
