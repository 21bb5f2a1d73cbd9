"""The door of the SMS operator: signed callbacks in."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gruppetto.gateways.sms import spool
from gruppetto.gateways.sms.reports import check_signature, read
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.messages.returns import receive

log = logging.getLogger(__name__)
RETRY_AFTER = 30


# Signed by the sender: no cookie and no form token; its own transaction, so that it can answer without a database.
@csrf_exempt
@require_POST
@page(service="sms", streams=True)
def report(request: HttpRequest) -> HttpResponse:
    """Receive one delivery report or SMS; the operator sends again what is answered by 5xx, up to 22 hours."""
    at = now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        check_signature(settings.GRUPPETTO_SMS_SECRET, headers, request.body, at)
        told = read(request.body, at)
    except Refused as refused:
        log.warning("a callback of the operator is refused: %s", refused.code)
        return JsonResponse({"code": refused.code}, status=refused.status)
    if told is None:
        return JsonResponse({"code": "ignored"})
    actor = Actor.service("sms", settings.GRUPPETTO_SERVICE_KEY, request.id)  # type: ignore[attr-defined]  # ours
    try:
        with acting(actor):
            receive(told)
    except (Error, Refused) as error:
        return _keep(request.body, type(error).__name__)
    return JsonResponse({"code": "received"})


def _keep(body: bytes, reason: str) -> HttpResponse:
    kept = True
    try:
        spool.keep(body, now())
    except OSError as refusal:
        kept = False
        log.error("a callback could not be kept: %s", type(refusal).__name__)
    log.error("the operator's callback could not be written (%s); kept: %s", reason, kept)
    answer = JsonResponse({"code": "database-away", "kept": kept}, status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
