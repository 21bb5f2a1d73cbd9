"""The clamd antivirus daemon, by its INSTREAM command (clamd(8): chunks with their length, zero ends)."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

from gruppetto.kernel.files.ports import Finding, Verdict

CHUNK = 64 * 1024
LONGEST_REPLY = 4096


def connect(address: str, timeout: float) -> socket.socket:
    """Open "host:port" or "/path/of/the/socket". Raises OSError, or ValueError on neither form."""
    if address.startswith("/"):
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.settimeout(timeout)
        try:
            local.connect(address)
        except OSError:
            local.close()
            raise
        return local
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout)


class Clamd:
    """Scanner (port of ``kernel.files``) that asks the daemon at ``settings.GRUPPETTO_CLAMD``."""

    def __init__(self, address: str | None = None, timeout: float = 30.0) -> None:
        """``address`` "host:port" or "/socket"; ``timeout`` in seconds for each exchange on the wire."""
        self.address = settings.GRUPPETTO_CLAMD if address is None else address
        self.timeout = timeout

    def scan(self, content: bytes) -> Finding:
        """Send ``content``, read the verdict. Any silence, cut or refusal is UNAVAILABLE, never clean."""
        try:
            with connect(self.address, self.timeout) as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), CHUNK):
                    chunk = content[start : start + CHUNK]
                    line.sendall(struct.pack(">I", len(chunk)) + chunk)
                line.sendall(struct.pack(">I", 0))
                reply = _reply(line)
        except (OSError, ValueError) as error:
            return Finding(Verdict.UNAVAILABLE, type(error).__name__)
        said = reply.removeprefix("stream: ")
        if said == "OK":
            return Finding(Verdict.CLEAN)
        if said.endswith(" FOUND"):
            return Finding(Verdict.INFECTED, said.removesuffix(" FOUND"))
        return Finding(Verdict.UNAVAILABLE, said or "no reply")


def _reply(line: socket.socket) -> str:
    """The answer up to its final zero byte; a cut or endless answer is an empty one."""
    heard = b""
    while len(heard) < LONGEST_REPLY:
        piece = line.recv(LONGEST_REPLY)
        heard += piece
        if heard.endswith(b"\0"):
            return heard[:-1].decode("utf-8", "replace")
        if not piece:
            break
    return ""
