"""Event clients note when each first heard of what, and how much they heard; one that is refused is not counted in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from bench.tools import listeners
from bench.tools.listeners import Listeners

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
READY = "event: ready\ndata: {}\n\n"
NEWS = (
    'event: line.changed\ndata: {"id": "a"}\n\nevent: line.changed\ndata: {"id": "a"}\n\n'
    ': still here\n\nevent: reread\ndata: {"id": ""}\n\n'
)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def serve(door: socket.socket, pages: int, said: str, over: threading.Event) -> threading.Thread:
    """Answer so many pages, then keep them open until the end."""

    def answer() -> None:
        opened = []
        for _ in range(pages):
            page, _address = door.accept()
            page.recv(4096)
            page.sendall(said.encode())
            opened.append(page)
        over.wait(60)
        for page in opened:
            page.close()

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_each_client_keeps_the_first_moment_and_counts_them_all(door: socket.socket) -> None:
    over, port = threading.Event(), door.getsockname()[1]
    thread = serve(door, 3, HEAD + READY + NEWS, over)
    with Listeners(f"http://127.0.0.1:{port}", ["one", "two", "three"], "line.changed") as heard:
        for _ in range(3000):
            if sum(heard.events) == 9:
                break
            over.wait(0.02)
    over.set()
    thread.join()
    assert heard.events == [3, 3, 3]
    assert [set(times) for times in heard.heard] == [{"a"}] * 3


def test_a_client_that_is_not_let_in_stops_the_bench(
    door: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "PATIENCE", 0.3)
    over, port = threading.Event(), door.getsockname()[1]
    thread = serve(door, 1, "HTTP/1.1 204 No Content\r\n\r\n", over)
    with (
        pytest.raises(TimeoutError, match="only 0 of 1"),
        Listeners(f"http://127.0.0.1:{port}", ["one"], "x"),
    ):
        pass
    over.set()
    thread.join()
