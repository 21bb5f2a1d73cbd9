"""SMS through an operator that speaks the public Sinch SMS REST API ("XMS", v1): JSON over HTTPS.

Our key travels as ``client_reference``; batches can be listed by it, so that a sending that was cut is settled by
asking. Source: developers.sinch.com/docs/sms/api-reference (batches, webhooks), read in November 2026.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing

BUSY = frozenset({429, 503})
# Our own contract or key is at fault: nothing was taken, and nothing is lost while somebody mends it.
OUR_FAULT = frozenset({401, 402, 403, 404})


@dataclass
class SmsCarrier:
    """``url``: of the service plan (``https://eu.sms.api.sinch.com/xms/v1/PLAN``); ``callback``: where reports go."""

    url: str
    token: str = field(repr=False)
    sender: str
    callback: str = ""
    timeout: float = 15.0
    remembers: bool = True

    def send(self, outgoing: Outgoing) -> str:
        """Hand one SMS over; the operator's id of its batch. Raises ``NotNow``, ``Never``, ``Lost``."""
        asked: dict[str, Any] = {
            "from": self.sender,
            "to": [outgoing.recipient.removeprefix("+")],
            "type": "mt_text",
            "body": outgoing.text,
            "client_reference": outgoing.key,
            "delivery_report": "per_recipient",
        }
        if self.callback:
            asked["callback_url"] = self.callback
        status, answer = self._ask("POST", "/batches", asked)
        if status in (200, 201):
            return str(answer.get("id", ""))
        if status == 400:
            raise Never("wrong-number", wrong_address=_is_about_number(answer))
        raise _refusal(status)

    def find(self, key: str) -> str | None:
        """The operator's id of what it took under ``key`` in the last day, None when it took nothing."""
        status, answer = self._ask("GET", f"/batches?client_reference={quote(key)}", None, safe=True)
        if status != 200:
            raise NotNow
        found = [batch for batch in answer.get("batches", []) if batch.get("client_reference") == key]
        return str(found[0]["id"]) if found else None

    def _ask(self, method: str, path: str, body: Any, *, safe: bool = False) -> tuple[int, dict[str, Any]]:
        """One exchange. ``safe``: asks without changing anything, so that a cut line loses nothing."""
        target = urlsplit(self.url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        line = kind(target.hostname or "", target.port, timeout=self.timeout)
        try:
            line.connect()
        except OSError as error:
            raise NotNow from error
        try:
            line.request(
                method,
                target.path.rstrip("/") + path,
                json.dumps(body).encode() if body is not None else None,
                {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            )
            answer = line.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise (NotNow() if safe else Lost()) from error
        finally:
            line.close()


def _is_about_number(answer: dict[str, Any]) -> bool:
    """Does a refusal name the recipient (``syntax_invalid_parameter_format`` on "to")?"""
    return "to" in str(answer.get("text", "")).lower().replace("'", " ").replace('"', " ").split()


def _refusal(status: int) -> Exception:
    if status in BUSY:
        return NotNow()
    if status in OUR_FAULT:
        return NotNow("carrier-refused")
    if 400 <= status < 500:
        return Never("carrier-refused")
    # 500, 502, 504: a machine on the way gave up, the batch may have been made.
    return Lost()
