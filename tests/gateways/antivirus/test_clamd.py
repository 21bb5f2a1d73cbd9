"""The antivirus client against a server that speaks the real protocol, and against servers that misbehave."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from gruppetto.gateways.antivirus.clamd import Clamd, connect
from gruppetto.gateways.antivirus.fake import EICAR, STREAM_MAX_LENGTH, fake_clamd
from gruppetto.kernel.files.ports import Finding, Verdict


@pytest.fixture(scope="module")
def address():
    with fake_clamd() as where:
        yield where


@contextmanager
def server(family, where, answer):
    """Serve one client: read its whole stream, then send ``answer`` (None: say nothing until it leaves)."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(where)
    listener.listen()

    def serve():
        line, _ = listener.accept()
        with line:
            while line.recv(65536)[-4:] != struct.pack(">I", 0):
                pass
            if answer is None:
                line.recv(1)
            else:
                line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        thread.join(5)
        listener.close()
    assert not thread.is_alive()


def says(answer, timeout=5.0):
    with server(socket.AF_INET, ("127.0.0.1", 0), answer) as (host, port):
        return Clamd(f"{host}:{port}", timeout).scan(b"x")


@pytest.mark.parametrize("content", [b"", b"bonjour", b"x" * 65536, b"x" * 200_001])
def test_an_ordinary_content_is_clean(address, content):
    assert Clamd(address).scan(content) == Finding(Verdict.CLEAN)


@pytest.mark.parametrize("before", [0, 65530, 131072])
def test_the_known_threat_is_found_even_across_two_chunks(address, before):
    found = Clamd(address).scan(b" " * before + EICAR)
    assert found == Finding(Verdict.INFECTED, "Eicar-Test-Signature")


def test_the_test_threat_is_the_agreed_one():
    assert len(EICAR) == 68
    assert EICAR[:4] == b"X5O!"
    assert EICAR.endswith(b"$H+H*")


def test_a_stream_refused_as_too_long_is_not_clean(address):
    assert Clamd(address).scan(bytes(STREAM_MAX_LENGTH + 1)).verdict is Verdict.UNAVAILABLE


def test_nobody_listening_is_unavailable(tmp_path):
    assert Clamd(str(tmp_path / "none")).scan(b"x").verdict is Verdict.UNAVAILABLE
    assert Clamd("nowhere").scan(b"x").verdict is Verdict.UNAVAILABLE
    assert Clamd("").scan(b"x").verdict is Verdict.UNAVAILABLE


def test_silence_is_unavailable():
    assert says(None, timeout=0.1) == Finding(Verdict.UNAVAILABLE, "TimeoutError")


@pytest.mark.parametrize(
    "answer", [b"", b"stream: OK", b"x" * 5000, b"ERROR\0", b"stream: \0", b"PONG\0", b"NOT OK\0"]
)
def test_an_answer_cut_or_unknown_is_unavailable(answer):
    assert says(answer).verdict is Verdict.UNAVAILABLE


def test_a_local_socket_is_spoken_to_as_well(tmp_path):
    where = str(tmp_path / "c")
    with server(socket.AF_UNIX, where, b"stream: OK\0"):
        assert Clamd(where).scan(b"x") == Finding(Verdict.CLEAN)


def test_the_stand_in_answers_ping_and_refuses_the_rest(address):
    for command, answer in ((b"zPING\0", b"PONG\0"), (b"zSHUTDOWN\0", b"UNKNOWN COMMAND\0")):
        with connect(address, 5) as line:
            line.sendall(command)
            assert line.recv(100) == answer
