"""A telephony event as it is sent to us: signature, then words, each fault with what is expected. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast, get_args

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import phones
from gruppetto.service.contacts.ports import CallEvent, CallState

TOLERANCE = timedelta(seconds=300)
LATEST = timedelta(hours=24)
LARGEST = 64 * 1024
STATES = get_args(CallState)
# RFC 3339, the offset always said.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class NotSigned(Refused):
    """The event does not come from the line's provider, or is a replay of an old one."""

    status = 401


class NotAnEvent(Refused):
    """The body is not an event of ours; ``pointer``: the JSON pointer of what is wrong."""

    def __init__(self, message: object, *, code: str, pointer: str = "") -> None:
        super().__init__(message, code=code, field=pointer or None)
        self.pointer = pointer


@dataclass(frozen=True)
class Signed:
    """What came with a body: the two headers, as received."""

    timestamp: str
    signature: str


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header: ``v1=`` and the hexadecimal HMAC-SHA256 of timestamp, a dot, and the body."""
    return "v1=" + hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def check_signature(secret: str, signed: Signed, body: bytes, at: datetime) -> None:
    """Refuse what the holder of ``secret`` did not sign within 300 s of ``at``.

    Raises ``NotSigned``: signature-missing, signature-expired, signature-wrong.
    """
    if not signed.timestamp or not signed.signature:
        raise NotSigned(_("La signature manque."), code="signature-missing")
    if not re.fullmatch(r"[0-9]{1,12}", signed.timestamp):
        raise NotSigned(_("La date de la signature ne se lit pas."), code="signature-wrong")
    expected = sign(secret, signed.timestamp, body)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode()):
        raise NotSigned(_("La signature ne correspond pas."), code="signature-wrong")
    if abs(at.timestamp() - int(signed.timestamp)) > TOLERANCE.total_seconds():
        raise NotSigned(_("La signature est trop ancienne, ou vient du futur."), code="signature-expired")


def read_event(line: str, body: bytes, received_at: datetime) -> CallEvent:
    """The event in ``body``, received at ``received_at`` for our ``line``.

    A number that cannot be read, whatever it is, is an unknown one: a call is never lost for its number. Raises
    ``NotAnEvent`` for anything else that is not as documented, with the place of the fault.
    """
    text = _text(body)
    data = _object(text)
    withheld, number = _number(data.get("from"))
    return CallEvent(
        line=line,
        provider=_name(data, "provider", 40),
        call_id=_name(data, "call_id", 120),
        state=_state(data),
        number=number,
        withheld=withheld,
        at=_moment(data, received_at),
        received_at=received_at,
        body=text,
    )


def fingerprint(line: str, body: bytes) -> str:
    """A short name of a body on a line, to keep the same event once in the spool."""
    return hashlib.sha256(line.encode() + b"\0" + body).hexdigest()[:24]


def _text(body: bytes) -> str:
    if len(body) > LARGEST:
        raise NotAnEvent(_("L’évènement est trop long."), code="event-too-long")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotAnEvent(_("L’évènement n’est pas en UTF-8."), code="event-not-utf8") from None
    return text


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAnEvent(_("L’évènement n’est pas du JSON."), code="event-not-json") from None
    if not isinstance(data, dict):
        raise NotAnEvent(_("Un objet JSON est attendu."), code="event-not-an-object")
    return data


def _name(data: dict[str, Any], field: str, longest: int) -> str:
    value = data.get(field)
    if isinstance(value, str) and 0 < len(value.strip()) <= longest and value.isprintable():
        return value.strip()
    raise NotAnEvent(
        _("« %(field)s » : un texte de 1 à %(longest)s caractères est attendu.")
        % {"field": field, "longest": longest},
        code=f"event-{field.replace('_', '-')}",
        pointer=f"/{field}",
    )


def _state(data: dict[str, Any]) -> CallState:
    value = data.get("state")
    if value not in STATES:
        raise NotAnEvent(
            _("« state » : l’un de ces mots est attendu : %(states)s.") % {"states": ", ".join(STATES)},
            code="event-state",
            pointer="/state",
        )
    return cast(CallState, value)


def _number(value: Any) -> tuple[bool, str]:
    """Whether the number was withheld, and the number in E.164 or nothing."""
    if value is None or (isinstance(value, str) and phones.is_withheld(value)):
        return True, ""
    try:
        return False, phones.parse(value) if isinstance(value, str) else ""
    except Refused:
        return False, ""


def _moment(data: dict[str, Any], received_at: datetime) -> datetime:
    value = data.get("at")
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise NotAnEvent(
            _("« at » : une date comme 2026-11-22T14:30:00+01:00 est attendue."),
            code="event-at",
            pointer="/at",
        )
    try:
        # Python keeps microseconds; a provider may send nanoseconds.
        at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAnEvent(_("« at » : cette date n’existe pas."), code="event-at", pointer="/at") from None
    if at > received_at + TOLERANCE:
        raise NotAnEvent(_("« at » : cette date est à venir."), code="event-to-come", pointer="/at")
    if at < received_at - LATEST:
        raise NotAnEvent(
            _("« at » : cet évènement a plus de 24 heures."), code="event-too-late", pointer="/at"
        )
    return min(at, received_at)
