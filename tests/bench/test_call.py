"""The calls of the bench: due one by one whatever becomes of the others; each is let go."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench import call
from bench.tools.platform import Platform

SLOW = 0.3


class Platforms(BaseHTTPRequestHandler):
    """Answers as the webhook does, slowly."""

    protocol_version = "HTTP/1.1"
    received: list[tuple[float, dict[str, Any]]]

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.received.append((time.time(), told))
        threading.Event().wait(SLOW)
        body = json.dumps({"contact": f"contact of {told['call_id']}", "state": "ringing"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Not to the console."""


@pytest.fixture
def house() -> Iterator[Platform]:
    Platforms.received = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Platforms) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Platform(f"http://127.0.0.1:{server.server_port}", "a secret", "", {})
        server.shutdown()
        thread.join()


def test_a_slow_answer_delays_no_other_call(house: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "RINGS", 0.1)
    played = call.calls(8, 20, ["+33561000001"])
    with closing(call.Sender(house)) as sender:
        sender.play(played)
    sent = {told["call_id"]: at for at, told in Platforms.received if told["state"] == "ringing"}
    # One after the other they would take 8 × 0.3 s.
    assert max(sent[one.call_id] - one.due for one in played) < SLOW
    assert all(one.status == 200 and one.contact == f"contact of {one.call_id}" for one in played)
    assert all(one.answered - one.due >= SLOW for one in played)
    assert sorted(told["state"] for _at, told in Platforms.received) == ["missed"] * 8 + ["ringing"] * 8


def test_the_calls_are_due_at_the_rate_asked_and_come_from_everybody() -> None:
    played = call.calls(400, 10, ["+33561000001"])
    assert played[399].due - played[0].due == pytest.approx(39.9)
    assert len({one.call_id for one in played}) == 400
    numbers = [one.number for one in played]
    assert {None, "+33561000001"} < set(numbers)
    assert all(number is None or number.startswith("+33") for number in numbers)
