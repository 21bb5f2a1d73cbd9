"""A stand-in for the operator, for the demo and the tests: the same requests, answers and signed callbacks."""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gruppetto.gateways.sms.signature import PREFIX, sign
from gruppetto.kernel.clock import now

# Ends of numbers that behave: unknown number, phone switched off.
UNKNOWN_NUMBER, SWITCHED_OFF = "0404", "0408"


@dataclass
class Store:
    """What the operator holds. ``away``: answers 503; ``cut``: takes, then drops the line before answering."""

    secret: str = "secret-of-the-stand-in"  # noqa: S105  (the stand-in's, known to all)
    batches: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False
    cut: bool = False
    reports: bool = False


class _Conversation(BaseHTTPRequestHandler):
    server: FakeSms
    timeout = 30

    def do_POST(self) -> None:
        """Take a batch."""
        store = self.server.store
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if store.away:
            return self._say(503, {"code": "unavailable", "text": "try again later"})
        number = asked["to"][0]
        if not number.isdigit() or number.endswith(UNKNOWN_NUMBER):
            return self._say(
                400, {"code": "syntax_invalid_parameter_format", "text": "Invalid format of parameter 'to'"}
            )
        batch = {
            "id": f"01{secrets.token_hex(12).upper()}",
            "created_at": now().isoformat(),
            "canceled": False,
            **asked,
        }
        store.batches.append(batch)
        if store.cut:
            self.close_connection = True
            return None
        self._say(201, batch)
        if store.reports and (target := asked.get("callback_url")):
            threading.Thread(target=self.server.report, args=(batch, target), daemon=True).start()
        return None

    def do_GET(self) -> None:
        """List the batches of a reference."""
        store = self.server.store
        if store.away:
            return self._say(503, {"code": "unavailable", "text": "try again later"})
        asked = parse_qs(urlsplit(self.path).query).get("client_reference", [""])[0]
        found = [batch for batch in store.batches if batch.get("client_reference") == asked]
        return self._say(200, {"count": len(found), "page": 0, "page_size": 30, "batches": found})

    def log_message(self, *words: object) -> None:
        """Numbers are not printed."""

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class FakeSms(ThreadingHTTPServer):
    """Listens on this machine; port 0 takes a free one, see ``url``."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.store = Store()

    @property
    def url(self) -> str:
        """As ``GRUPPETTO_SMS_URL`` is written."""
        return f"http://127.0.0.1:{self.server_address[1]}/xms/v1/plan"

    def report(self, batch: dict[str, Any], target: str, status: str = "", code: int = 0) -> int:
        """Tell ``target`` what became of a batch, signed; the status of its answer."""
        off = str(batch["to"][0]).endswith(SWITCHED_OFF)
        told = {
            "type": "recipient_delivery_report_sms",
            "batch_id": batch["id"],
            "recipient": batch["to"][0],
            "client_reference": batch.get("client_reference"),
            "status": status or ("Expired" if off else "Delivered"),
            "code": code or (406 if off else 0),
            "at": now().isoformat(),
        }
        return tell(target, self.store.secret, told)

    def handle_error(self, request: Any, client_address: object) -> None:
        """A client that hangs up is an ordinary event for a server; nothing to print."""


def tell(target: str, secret: str, told: dict[str, Any]) -> int:
    """Post one signed callback; the status of the answer."""
    body, nonce, stamp = json.dumps(told).encode(), secrets.token_hex(8), str(int(now().timestamp()))
    where = urlsplit(target)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    try:
        line.request("POST", where.path, body, headers(secret, body, nonce, stamp))
        return line.getresponse().status
    finally:
        line.close()


def headers(secret: str, body: bytes, nonce: str, stamp: str) -> dict[str, str]:
    """The headers of a signed callback."""
    return {
        "Content-Type": "application/json",
        PREFIX: sign(secret, body, nonce, stamp),
        f"{PREFIX}-nonce": nonce,
        f"{PREFIX}-timestamp": stamp,
        f"{PREFIX}-algorithm": "HmacSHA256",
    }


@contextmanager
def fake_sms(port: int = 0) -> Iterator[FakeSms]:
    """Serve in a thread for the time of the block."""
    with FakeSms(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """``python -m gruppetto.gateways.sms.fake --port 8081``: serve until interrupted, reports told at once."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8081)
    with FakeSms(parser.parse_args().port) as server:
        server.store.reports = True
        server.serve_forever()


if __name__ == "__main__":
    main()
