"""What the tests of telephony share: the door, a provider that signs, an empty spool."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gruppetto.gateways.telephony import views
from gruppetto.gateways.telephony.events import sign
from gruppetto.kernel.clock import now

SECRET = "the-secret-of-the-main-line"
DOOR = "/hooks/telephony/main"
Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def spool_folder(settings: Any, tmp_path: Path) -> Path:
    """Each test has its own spool, its own line and nothing noted yet."""
    settings.GRUPPETTO_SPOOL_FOLDER = tmp_path / "spool"
    settings.GRUPPETTO_LINES = {"main": SECRET}
    views._noted.clear()
    return tmp_path / "spool" / "telephony"


def body_of(state: str = "ringing", call_id: Any = "c1", **more: Any) -> dict[str, Any]:
    """An event as a provider words it."""
    return {
        "provider": "test",
        "call_id": call_id,
        "state": state,
        "from": "+33561000001",
        "to": "+33500000000",
        "at": now().isoformat(),
        **more,
    }


def send(body: object, *, door: str = DOOR, secret: str = SECRET, ago: float = 0, **headers: str) -> Any:
    """Post a body (JSON, or bytes as they are) signed ``ago`` seconds ago; ``headers`` replace the signature's."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = str(int(time.time() - ago))
    signed = {
        "X-Gruppetto-Timestamp": timestamp,
        "X-Gruppetto-Signature": sign(secret, timestamp, raw),
        **headers,
    }
    return Client().post(door, raw, content_type="application/json", headers=signed)
