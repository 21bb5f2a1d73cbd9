"""Courriels over real SMTP: identity, faults told apart by where the line breaks, reports of failure."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.gateways.mail.bounces import read
from gruppetto.gateways.mail.fake import FakeMailServer, bounce, fake_mail_server
from gruppetto.gateways.mail.server import MailServer
from gruppetto.kernel.clock import now
from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing

KEY = "<one@gruppetto.invalid>"


def to(recipient: str) -> Outgoing:
    return Outgoing(
        KEY, recipient, "Madame,\n\nVotre demande est notée. Ça ira.\n.\nFin", "Votre demande I-1"
    )


@pytest.fixture
def fake() -> Iterator[FakeMailServer]:
    with fake_mail_server() as server:
        yield server


@pytest.fixture
def mail(fake: FakeMailServer) -> MailServer:
    return MailServer(fake.url, "nepasrepondre@gruppetto.invalid", "Gruppetto", timeout=5)


def test_it_arrives_whole_under_our_identity(fake: FakeMailServer, mail: MailServer) -> None:
    assert mail.send(to("jeanne@example.test")) == KEY
    (message,) = fake.box.received
    assert (message["Message-ID"], message["Auto-Submitted"]) == (KEY, "auto-generated")
    assert (message["To"], message["Subject"]) == ("jeanne@example.test", "Votre demande I-1")
    assert message.get_content().strip().splitlines() == to("x").text.splitlines()


@pytest.mark.parametrize(
    ("recipient", "fault"), [("inconnu@example.test", Never), ("pleine@example.test", NotNow)]
)
def test_a_refused_recipient_took_nothing(
    fake: FakeMailServer, mail: MailServer, recipient: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault) as refusal:
        mail.send(to(recipient))
    assert not fake.box.received
    if isinstance(refusal.value, Never):
        assert refusal.value.wrong_address


def test_a_server_that_is_away_took_nothing(fake: FakeMailServer, mail: MailServer) -> None:
    fake.box.away = True
    with pytest.raises(NotNow):
        mail.send(to("jeanne@example.test"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotNow):
        MailServer(f"smtp+plain://127.0.0.1:{port}", "a@b.invalid", timeout=2).send(to("jeanne@example.test"))


def test_a_line_cut_after_the_content_leaves_a_doubt(fake: FakeMailServer, mail: MailServer) -> None:
    fake.box.cut = True
    with pytest.raises(Lost):
        mail.send(to("jeanne@example.test"))
    assert len(fake.box.received) == 1
    assert not mail.remembers


@pytest.mark.parametrize(
    ("status", "why", "for_ever"),
    [("5.1.1", "wrong-address", True), ("5.2.2", "mailbox-full", False), ("5.7.1", "not-arrived", False)],
)
def test_a_report_of_failure_names_our_courriel(status: str, why: str, for_ever: bool) -> None:
    told = read(bounce(KEY, "jeanne@example.test", status), now())
    assert told
    assert (told.about, told.kind, told.why, told.for_ever) == (KEY, "failed", why, for_ever)


def test_what_is_no_report_is_left_alone() -> None:
    assert read(b"Subject: bonjour\r\n\r\nMerci !", now()) is None
    assert read(bounce(KEY, "x@example.test").replace(b"Action: failed", b"Action: delayed"), now()) is None
    assert read(bounce(KEY, "x@example.test").replace(b"Message-ID", b"X-Other"), now()) is None


@given(st.binary(max_size=400), st.integers(0, 600))
def test_any_bytes_are_read(noise: bytes, place: int) -> None:
    whole = bounce(KEY, "jeanne@example.test")
    read(whole[:place] + noise + whole[place:], now())
