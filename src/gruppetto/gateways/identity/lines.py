"""One question to a provider over HTTP: few seconds, few bytes, no detour."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE = 5.0
LONGEST = 500_000


class Unreachable(Exception):
    """The provider does not answer, or answers nothing that can be read."""


@dataclass(frozen=True)
class Answer:
    """``kind``: its media type, without parameters."""

    status: int
    kind: str
    body: bytes

    def object(self) -> dict[str, Any]:
        """The JSON object it carries. Raises ``Unreachable``."""
        try:
            read = json.loads(self.body)
        except ValueError as error:
            raise Unreachable("not JSON") from error
        if not isinstance(read, dict):
            raise Unreachable("not a JSON object")
        return read


def ask(
    address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """GET ``address``, or POST ``form`` to it; a redirection is an answer like another. Raises ``Unreachable``."""
    target = urlsplit(address)
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    line = kind(target.hostname or "", target.port, timeout=PATIENCE)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    sent = {"Accept": "application/json", **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        line.request(
            "GET" if form is None else "POST", path, urlencode(form) if form is not None else None, sent
        )
        answer = line.getresponse()
        body = answer.read(LONGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        line.close()
    if len(body) > LONGEST:
        raise Unreachable("too long")
    return Answer(answer.status, answer.headers.get_content_type(), body)
