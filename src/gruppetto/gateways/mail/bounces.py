"""A mail server's report that a courriel did not arrive (RFC 3464), read from the raw message. Pure."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import datetime
from email.message import EmailMessage, Message

from gruppetto.service.messages.models import Report
from gruppetto.service.messages.returns import Told

# RFC 3463: the address does not exist, has moved, or is not written rightly.
WRONG_ADDRESS = re.compile(r"^5\.1\.[0-9]+$")
FULL = re.compile(r"^[45]\.2\.2$")


def read(raw: bytes, at: datetime) -> Told | None:
    """What a report tells of one of our courriels; None when it is no report, a delay, or about another's."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if message.get_content_type() != "multipart/report" or not isinstance(message, EmailMessage):
        return None
    about = _original_id(message)
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.iter_parts() if part.is_multipart() else ():
                if (told := _told(fields, about, at)) is not None:
                    return told
    return None


def _told(fields: Message, about: str, at: datetime) -> Told | None:
    action, status = str(fields.get("Action", "")).strip().lower(), str(fields.get("Status", "")).strip()
    if not about or action not in ("failed", "delivered"):
        return None
    failed = action == "failed"
    wrong = failed and bool(WRONG_ADDRESS.match(status))
    why = "wrong-address" if wrong else "mailbox-full" if FULL.match(status) else "not-arrived"
    return Told(
        channel="email",
        key=f"{about} {action}",
        kind=Report.Kind.FAILED if failed else Report.Kind.ARRIVED,
        at=at,
        about=about,
        why=why if failed else "",
        for_ever=wrong,
    )


def _original_id(message: EmailMessage) -> str:
    """The Message-ID of ours that the report returns, whole or in its headers."""
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            content = part.as_bytes() if part.is_multipart() else part.get_payload(decode=True) or b""
            if found := re.search(rb"(?im)^message-id:\s*(<[^>\s]+>)", bytes(content)):
                return found.group(1).decode("ascii", "replace")
    return ""
