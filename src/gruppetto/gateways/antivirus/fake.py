"""A stand-in for clamd for the demo and the tests: the real INSTREAM protocol, one known threat.

The only threat it knows is the harmless test file that the antivirus makers agreed on (EICAR, 2003).
"""

from __future__ import annotations

import argparse
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Cut in two so that no antivirus takes this source file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX_LENGTH = 25 * 1024 * 1024  # clamd's own default when this client was written


class _Conversation(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self) -> None:
        command = self._command()
        if command == b"PING":
            self._say("PONG")
        elif command == b"INSTREAM":
            self._say(self._examine())
        else:
            self._say("UNKNOWN COMMAND")

    def _command(self) -> bytes:
        heard = b""
        while len(heard) < 32 and not heard.endswith(b"\0"):
            letter = self.rfile.read(1)
            if not letter:
                break
            heard += letter
        return heard[1:-1] if heard.startswith(b"z") else b""

    def _examine(self) -> str:
        content = bytearray()
        while length := self._length():
            if len(content) + length > STREAM_MAX_LENGTH:
                return "INSTREAM size limit exceeded. ERROR"
            content += self.rfile.read(length)
        return "stream: Eicar-Test-Signature FOUND" if EICAR in content else "stream: OK"

    def _length(self) -> int:
        header = self.rfile.read(4)
        return struct.unpack(">I", header)[0] if len(header) == 4 else 0

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\0")


class FakeClamd(socketserver.ThreadingTCPServer):
    """Listens on "host:port"; port 0 takes a free one, see ``address``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Conversation)

    @property
    def address(self) -> str:
        """Where it listens, as ``settings.GRUPPETTO_CLAMD`` is written."""
        return f"{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """A client that hangs up is an ordinary event for a server; nothing to print."""


@contextmanager
def fake_clamd(port: int = 0) -> Iterator[str]:
    """Serve in a thread for the time of the block; gives the address."""
    with FakeClamd(port=port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.address
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """``python -m gruppetto.gateways.antivirus.fake --port 3310``: serve until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=3310)
    with FakeClamd(port=parser.parse_args().port) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
