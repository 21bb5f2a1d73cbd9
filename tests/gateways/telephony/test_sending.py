"""The sender's side of the line: what it makes of a platform that answers badly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from gruppetto.gateways.telephony.sending import Line

WHOLE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"state":"ringing"}'
HALF = WHOLE[:-9]


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def answering(door: socket.socket, *answers: bytes) -> threading.Thread:
    """Give each connection its answer, then close it."""

    def answer() -> None:
        for said in answers:
            page, _address = door.accept()
            with page:
                while b"\r\n\r\n{" not in page.recv(65_536, socket.MSG_PEEK):
                    pass
                page.recv(65_536)
                page.sendall(said)

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_half_an_answer_is_no_answer_and_the_next_event_goes_through(door: socket.socket) -> None:
    thread = answering(door, HALF, WHOLE)
    with Line(f"http://127.0.0.1:{door.getsockname()[1]}", "main", "a secret") as line:
        with pytest.raises(OSError, match="no answer: IncompleteRead"):
            line.send("ringing", "call-1", None)
        assert line.send("ringing", "call-1", None) == (200, {"state": "ringing"})
    thread.join()


def test_a_silent_platform_is_given_up_and_asked_again_afresh(door: socket.socket) -> None:
    with Line(f"http://127.0.0.1:{door.getsockname()[1]}", "main", "a secret", timeout=0.2) as line:
        with pytest.raises(OSError, match="no answer: TimeoutError"):
            line.send("ringing", "call-1", None)
        silent, _address = door.accept()
        silent.close()
        thread = answering(door, WHOLE)
        assert line.send("ringing", "call-1", None)[0] == 200
        thread.join()


def test_a_connection_that_the_platform_closed_meanwhile_is_made_again(door: socket.socket) -> None:
    thread = answering(door, WHOLE, WHOLE)
    with Line(f"http://127.0.0.1:{door.getsockname()[1]}", "main", "a secret") as line:
        assert [line.send("ringing", call_id, None)[0] for call_id in ("one", "two")] == [200, 200]
    thread.join()
