"""A call that says a code: the telephony provider is asked to place it and to read the words.

``POST <url>``, signed as the events it sends us (``X-Gruppetto-Timestamp``, ``X-Gruppetto-Signature``); body
``{"action": "place_call", "call_id": our key, "to": E.164, "language": "fr-FR", "say": [sentences]}``; 200, 201 or 202
with ``{"call_id": …}``. The same ``call_id`` twice is one call. ``GET <url>/<call_id>``: 200 or 404.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from gruppetto.gateways.telephony.events import sign
from gruppetto.kernel.clock import now
from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing


@dataclass
class Voice:
    """``url``: where the provider takes calls to place; ``secret``: shared with it."""

    url: str
    secret: str = field(repr=False)
    timeout: float = 10.0
    remembers: bool = True

    def send(self, outgoing: Outgoing) -> str:
        """Have the call placed; the provider's id of it. Raises ``NotNow``, ``Never``, ``Lost``."""
        asked = {
            "action": "place_call",
            "call_id": outgoing.key,
            "to": outgoing.recipient,
            "language": "fr-FR",
            "say": list(outgoing.said or [outgoing.text]),
        }
        status, answer = self._ask("POST", "", json.dumps(asked).encode())
        if status in (200, 201, 202):
            return str(answer.get("call_id", outgoing.key))
        if status in (429, 503):
            raise NotNow
        if status >= 500:
            raise Lost
        raise Never("carrier-refused")

    def find(self, key: str) -> str | None:
        """The provider's id of the call of our ``key``, None when it placed none. Raises ``NotNow``."""
        try:
            status, answer = self._ask("GET", f"/{quote(key, safe='')}", b"")
        except Lost as error:
            raise NotNow from error
        if status not in (200, 404):
            raise NotNow
        return str(answer.get("call_id", key)) if status == 200 else None

    def _ask(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        target, timestamp = urlsplit(self.url), str(int(now().timestamp()))
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        line = kind(target.hostname or "", target.port, timeout=self.timeout)
        headers = {
            "Content-Type": "application/json",
            "X-Gruppetto-Timestamp": timestamp,
            "X-Gruppetto-Signature": sign(self.secret, timestamp, body),
        }
        try:
            line.connect()
        except OSError as error:
            raise NotNow from error
        try:
            line.request(method, target.path.rstrip("/") + path, body, headers)
            answer = line.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Lost from error
        finally:
            line.close()
