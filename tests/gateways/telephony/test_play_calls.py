"""``play_calls`` tells calls through the real door, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application

from gruppetto.gateways.telephony.sending import Line
from gruppetto.service.contacts.models import Contact
from tests.gateways.telephony.conftest import SECRET
from tests.support.races import as_owner_of
from tests.support.telephony import in_service


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def url(committed: str) -> Iterator[str]:
    """The platform, served on this machine."""
    with as_owner_of(committed):
        in_service()
    server: WSGIServer = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def play(url: str, **options: Any) -> None:
    call_command("play_calls", url=url, rings=0, talks=0, **options)


def states(name: str) -> list[tuple[str, str]]:
    with as_owner_of(name):
        return list(Contact.objects.order_by("recorded_at").values_list("number", "state"))


def test_calls_are_played_through_the_real_door(
    committed: str, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    play(url, calls=3, number=["+33639980001", "anonymous"])
    play(url, missed=True)
    play(url, ringing=True)
    assert states(committed) == [
        ("+33639980001", "answered"),
        ("", "answered"),
        ("+33639980001", "answered"),
        ("+33639980001", "missed"),
        ("+33639980001", "ringing"),
    ]
    assert capsys.readouterr().out.count(": 200 ") == 3 * 3 + 2 + 1


def test_a_refusal_and_a_silence_stop_the_play(url: str) -> None:
    with pytest.raises(CommandError, match="signature-wrong"):
        play(url, secret="guessed")
    with pytest.raises(CommandError, match="no secret"):
        play(url, line="other")
    with pytest.raises(CommandError, match="does not answer"):
        play("http://127.0.0.1:9")


def test_a_connection_closed_by_the_server_is_opened_again(committed: str, url: str) -> None:
    with Line(url, "main", SECRET) as line:
        assert [line.send(state, "c1", None)[0] for state in ("ringing", "missed")] == [200, 200]
    assert states(committed) == [("", "missed")]
