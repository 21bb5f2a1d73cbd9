"""A stand-in for the provider that places calls, for the demo and the tests: checks signatures, keeps what was said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from gruppetto.gateways.telephony.events import sign


class _Conversation(BaseHTTPRequestHandler):
    server: FakeVoice
    timeout = 30

    def do_POST(self) -> None:
        """Place a call, once for each ``call_id``."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        stamp = self.headers.get("X-Gruppetto-Timestamp", "")
        if self.headers.get("X-Gruppetto-Signature") != sign(self.server.secret, stamp, body):
            return self._say(401, {"code": "signature-wrong"})
        if self.server.away:
            return self._say(503, {})
        asked = json.loads(body)
        self.server.calls.setdefault(asked["call_id"], asked)
        return self._say(202, {"call_id": asked["call_id"]})

    def do_GET(self) -> None:
        """Tell whether a call was placed."""
        key = unquote(self.path.rsplit("/", 1)[-1])
        return self._say(200 if key in self.server.calls else 404, {"call_id": key})

    def log_message(self, *words: object) -> None:
        """Numbers are not printed."""

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class FakeVoice(ThreadingHTTPServer):
    """Listens on this machine; port 0 takes a free one, see ``url``."""

    daemon_threads = True

    def __init__(self, port: int = 0, secret: str = "secret-of-the-stand-in") -> None:  # noqa: S107  (known to all)
        super().__init__(("127.0.0.1", port), _Conversation)
        self.secret, self.away = secret, False
        self.calls: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        """As ``GRUPPETTO_VOICE_URL`` is written."""
        return f"http://127.0.0.1:{self.server_address[1]}/calls"


@contextmanager
def fake_voice(port: int = 0) -> Iterator[FakeVoice]:
    """Serve in a thread for the time of the block."""
    with FakeVoice(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
