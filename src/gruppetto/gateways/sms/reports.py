"""A callback of the operator as it is sent to us: signature, then delivery report or SMS received. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from gruppetto.gateways.sms.signature import PREFIX, sign
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import phones
from gruppetto.service.messages.models import Report
from gruppetto.service.messages.returns import Told

LARGEST = 64 * 1024
TOLERANCE = timedelta(seconds=300)
ARRIVED = frozenset({"Delivered"})
FAILED = frozenset({"Aborted", "Rejected", "Deleted", "Failed", "Expired", "Cancelled"})
# Codes of the operator that speak of the number itself, not of the hour: unknown, not assigned, not a mobile.
WRONG_NUMBER = frozenset({401, 402, 403, 405, 407, 411})
# What people answer to be left in peace, as the French operators' charter has it.
STOP = frozenset({"stop", "arret", "stopsms", "desabonnement"})


class NotSigned(Refused):
    """The callback does not come from the operator."""

    status = 401


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, at: datetime) -> None:
    """Refuse what the operator did not sign within five minutes. Raises ``NotSigned``."""
    given, nonce, stamp = (headers.get(f"{PREFIX}{part}", "") for part in ("", "-nonce", "-timestamp"))
    if not secret or not given or not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise NotSigned(_("La signature manque."), code="signature-missing")
    if not hmac.compare_digest(sign(secret, body, nonce, stamp).encode(), given.encode()):
        raise NotSigned(_("La signature ne correspond pas."), code="signature-wrong")
    if abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise NotSigned(_("La signature est trop ancienne, ou vient du futur."), code="signature-expired")


def read(body: bytes, at: datetime) -> Told | None:
    """What a callback tells, None when it is of no consequence (queued, dispatched, another kind).

    Raises ``Refused`` (report-unreadable).
    """
    data = _object(body)
    match data.get("type"):
        case "recipient_delivery_report_sms":
            return _report(data, at)
        case "mo_text":
            return _received(data, at)
        case _:
            return None


def _object(body: bytes) -> dict[str, Any]:
    unreadable = Refused(_("Ce retour n’est pas un objet JSON."), code="report-unreadable")
    if len(body) > LARGEST:
        raise unreadable
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(data, dict):
        raise unreadable
    return data


def _report(data: dict[str, Any], at: datetime) -> Told | None:
    status, batch = str(data.get("status", "")), str(data.get("batch_id", ""))
    about = str(data.get("client_reference") or batch)
    if status not in ARRIVED | FAILED or not about:
        return None
    failed = status in FAILED
    wrong = failed and data.get("code") in WRONG_NUMBER
    return Told(
        channel="sms",
        key=f"{batch} {status}",
        kind=Report.Kind.FAILED if failed else Report.Kind.ARRIVED,
        at=_moment(data.get("at"), at),
        about=about,
        why=("wrong-number" if wrong else "not-arrived") if failed else "",
        for_ever=wrong,
    )


def _received(data: dict[str, Any], at: datetime) -> Told | None:
    try:
        sender = phones.parse(f"+{str(data.get('from', '')).lstrip('+')}")
    except Refused:
        return None
    words = re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", str(data.get("body", "")).lower()))
    name = str(data.get("id") or hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest())
    return Told(
        channel="sms",
        key=f"mo {name}",
        kind=Report.Kind.OPT_OUT if words in STOP else Report.Kind.REPLY,
        at=_moment(data.get("received_at"), at),
        sender=sender if words in STOP else "",
    )


def _moment(value: object, at: datetime) -> datetime:
    """When the operator says it happened, never later than now."""
    try:
        said = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return at
    return min(said.astimezone(UTC), at) if said.tzinfo else at
