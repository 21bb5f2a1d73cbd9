"""The one door of telephony: signed events in, an answer that says what was done with each."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gruppetto.gateways.telephony import spool
from gruppetto.gateways.telephony.events import (
    NotAnEvent,
    NotSigned,
    Signed,
    check_signature,
    read_event,
)
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal.writing import refusals
from gruppetto.service.contacts.ports import CallEvent
from gruppetto.service.contacts.verbs import receive_call

log = logging.getLogger(__name__)
RETRY_AFTER = 30
# The journal is for ever and this door is open to the world: a flood of forged events leaves one entry a minute.
NOTED_EVERY = 60.0
_noted: dict[str, float] = {}


# Signed by the sender, so no cookie and no form token; opens its own transaction, so that it can still answer, and
# keep the event, when the database is away (the middleware would fail before the view).
@csrf_exempt
@require_POST
@page(service="telephony", streams=True)
def receive(request: HttpRequest, line: str) -> HttpResponse:
    """Receive one event of a call on ``line``; see docs/operators/telephony.md for every answer."""
    at = now()
    actor = Actor.service("telephony", settings.GRUPPETTO_SERVICE_KEY, request.id)  # type: ignore[attr-defined]
    try:
        body, headers = request.body, request.headers
        signed = Signed(headers.get("X-Gruppetto-Timestamp", ""), headers.get("X-Gruppetto-Signature", ""))
        check_signature(_secret(line), signed, body, at)
        event = read_event(line, body, at)
    except (NotSigned, NotAnEvent) as refused:
        _note(line, refused, actor)
        return problem(refused)
    try:
        with acting(actor):
            contact = receive_call(event)
            answer = {"contact": str(contact.pk), "state": contact.state}
    except Error as error:
        return _keep(event, body, type(error).__name__)
    except Refused as refused:
        if refused.code in spool.KEY_UNKNOWN:
            return _keep(event, body, refused.code)
        return problem(refused)
    return JsonResponse(answer)


def problem(refused: Refused) -> HttpResponse:
    """A refusal as RFC 9457 says it: what happened, a stable code, and the place of the fault."""
    answer: dict[str, object] = {
        "status": refused.status,
        "title": str(refused.message),
        "code": refused.code,
    }
    if pointer := getattr(refused, "pointer", ""):
        answer["pointer"] = pointer
    return JsonResponse(answer, status=refused.status, content_type="application/problem+json")


def _secret(line: str) -> str:
    secret = settings.GRUPPETTO_LINES.get(line)
    if not secret:
        # As for a wrong signature: a stranger does not learn which lines exist.
        raise NotSigned(_("La signature ne correspond pas."), code="signature-wrong")
    return secret


def _keep(event: CallEvent, body: bytes, reason: str) -> HttpResponse:
    """Answer 503 with the event on disk; if even the disk refuses, the sender's next attempt is what is left."""
    kept = True
    try:
        spool.keep(event.line, body, event.received_at)
    except OSError as refusal:
        kept = False
        log.error("an event could not be kept: %s", type(refusal).__name__)
    log.error(
        "telephony could not write (%s); the event is %s",
        reason,
        "kept" if kept else "left to the sender",
    )
    answer = {
        "status": 503,
        "title": _("La base de données ne répond pas : renvoyez cet évènement plus tard."),
        "code": "database-away",
        "kept": kept,
    }
    headers = {"Retry-After": str(RETRY_AFTER)}
    return JsonResponse(answer, status=503, content_type="application/problem+json", headers=headers)


def _note(line: str, refused: Refused, actor: Actor) -> None:
    """Leave a trace of a refused event, at most one a minute for each line and code."""
    known = line if line in settings.GRUPPETTO_LINES else "?"
    key, moment = f"{known} {refused.code}", time.monotonic()
    if moment - _noted.get(key, -NOTED_EVERY) < NOTED_EVERY:
        return
    _noted[key] = moment
    log.warning("an event of line %s is refused: %s", known, refused.code)
    refused.facts.setdefault("line", known)
    try:
        with acting(actor):
            refusals([refused])
    except Error as error:
        log.error("the refusal could not be written: %s", type(error).__name__)
