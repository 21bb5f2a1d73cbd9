"""The other side of the door: sends signed events as a provider does (demo, benches, tests of an installation)."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

from gruppetto.gateways.telephony.events import sign

Answer = tuple[int, dict[str, Any]]


@dataclass
class Line:
    """A provider's side of one line: ``url`` of the platform, ``name`` and ``secret`` of the line.

    One connection, kept open; not for several threads at once.
    """

    url: str
    name: str
    secret: str = field(repr=False)
    provider: str = "play"
    timeout: float = 10.0
    _connection: http.client.HTTPConnection | None = field(default=None, init=False, repr=False)

    def send(
        self,
        state: str,
        call_id: str,
        caller: str | None,
        *,
        to: str = "",
        at: datetime | None = None,
        **more: object,
    ) -> Answer:
        """Send one event; the status and the JSON of the answer. ``caller``: number as a provider sends it."""
        body = {
            "provider": self.provider,
            "call_id": call_id,
            "state": state,
            "from": caller,
            "to": to,
            "at": (at or datetime.now(UTC)).isoformat(),
            **more,
        }
        return self.post(json.dumps(body).encode())

    def post(self, body: bytes, timestamp: str | None = None) -> Answer:
        """Sign ``body`` now (or as if at ``timestamp``, seconds since 1970) and post it.

        Raises ``OSError`` when the platform does not answer.
        """
        timestamp = timestamp or str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Gruppetto-Timestamp": timestamp,
            "X-Gruppetto-Signature": sign(self.secret, timestamp, body),
        }
        return self._exchange(body, headers)

    def close(self) -> None:
        """Hang up the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        target = urlsplit(self.url)
        address = f"{target.path.rstrip('/')}/hooks/telephony/{quote(self.name, safe='')}"
        for attempt in (1, 2):
            if self._connection is None:
                kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
                self._connection = kind(target.hostname or "", target.port, timeout=self.timeout)
            try:
                self._connection.request("POST", address, body, dict(headers))
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server may close a connection it has kept long enough; the same event again changes nothing.
                self.close()
                if attempt == 2:
                    raise
            except (OSError, http.client.HTTPException) as error:
                # Too slow, or half an answer: what was done is not known, and this connection is of no more use.
                self.close()
                raise ConnectionError(f"no answer: {type(error).__name__}") from error
        is_json = answer.headers.get_content_type() in ("application/json", "application/problem+json")
        return answer.status, json.loads(content) if is_json else {}


def new_call_id() -> str:
    """A name for a call that no other call has."""
    return uuid.uuid4().hex
