"""A small mail server for the demo and the tests: real SMTP (RFC 5321) in clear on this machine, nothing forwarded."""

from __future__ import annotations

import argparse
import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import cast

# Local parts that behave.
UNKNOWN, FULL = "inconnu", "pleine"


@dataclass
class Box:
    """What was received. ``away``: 421 at once; ``cut``: takes the content, then drops the line before its answer.

    ``hold``: takes the content, says so by ``holding``, and answers only once ``let_go`` is set.
    """

    received: list[EmailMessage] = field(default_factory=list)
    away: bool = False
    cut: bool = False
    hold: bool = False
    holding: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self) -> None:
        box = cast("FakeMailServer", self.server).box
        if box.away:
            return self._say("421 4.3.2 closed for a while")
        self._say("220 stand-in ready")
        while line := self.rfile.readline(2000):
            words = line.decode("ascii", "replace").strip()
            verb = words.split(" ", 1)[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                if not self._take(box):
                    return None
            elif verb == "QUIT":
                return self._say("221 good bye")
            elif verb == "RCPT":
                self._say(_recipient(words))
            elif verb in ("EHLO", "HELO", "MAIL", "RSET", "NOOP"):
                self._say("250 fine")
            else:
                self._say("502 5.5.1 not known here")
        return None

    def _take(self, box: Box) -> bool:
        content = bytearray()
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b".") else line
        message = email.message_from_bytes(bytes(content), policy=email.policy.default)
        box.received.append(message)
        if box.hold:
            box.holding.set()
            box.let_go.wait(30)
        if not box.cut:
            self._say("250 2.0.0 taken")
        return not box.cut

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


def _recipient(words: str) -> str:
    if f"<{UNKNOWN}@" in words.lower():
        return "550 5.1.1 no such mailbox"
    return "452 4.2.2 mailbox full" if f"<{FULL}@" in words.lower() else "250 2.1.5 fine"


class FakeMailServer(socketserver.ThreadingTCPServer):
    """Listens on this machine; port 0 takes a free one, see ``url``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.box = Box()

    @property
    def url(self) -> str:
        """As ``GRUPPETTO_SMTP_URL`` is written."""
        return f"smtp+plain://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is an ordinary event for a server; nothing to print."""


def bounce(message_id: str, recipient: str, status: str = "5.1.1") -> bytes:
    """The report that a mail server sends when one of ours did not arrive (RFC 3464)."""
    words = [
        "From: MAILER-DAEMON@stand-in.invalid",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=here="',
        "MIME-Version: 1.0",
        "",
        "--=here=",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "It did not arrive.",
        "--=here=",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; stand-in.invalid",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        f"Status: {status}",
        "",
        "--=here=",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {message_id}",
        "--=here=--",
        "",
    ]
    return "\r\n".join(words).encode()


@contextmanager
def fake_mail_server(port: int = 0) -> Iterator[FakeMailServer]:
    """Serve in a thread for the time of the block."""
    with FakeMailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """``python -m gruppetto.gateways.mail.fake --port 1025``: serve until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=1025)
    with FakeMailServer(parser.parse_args().port) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
