"""The client, the stand-in and the callbacks speak the operator's format; faults are told apart."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.gateways.sms import spool, views
from gruppetto.gateways.sms.carrier import SmsCarrier
from gruppetto.gateways.sms.fake import FakeSms, fake_sms, headers
from gruppetto.gateways.sms.reports import NotSigned, check_signature, read
from gruppetto.gateways.sms.signature import sign
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.messages.models import Report
from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing
from tests.support.database import as_owner
from tests.support.telephony import in_service

ONE = Outgoing("key-1", "+33639980001", "Bonjour à tous")
SECRET = "secret-of-the-operator"
HOOK = "/hooks/sms/"


@pytest.fixture
def fake() -> Iterator[FakeSms]:
    with fake_sms() as server:
        yield server


@pytest.fixture
def client_of(fake: FakeSms) -> SmsCarrier:
    return SmsCarrier(fake.url, "token", "Gruppetto", timeout=5)


def test_a_batch_carries_our_key_and_is_found_by_it(fake: FakeSms, client_of: SmsCarrier) -> None:
    receipt = client_of.send(ONE)
    (batch,) = fake.store.batches
    assert (batch["client_reference"], batch["to"], batch["body"]) == (
        "key-1",
        ["33639980001"],
        "Bonjour à tous",
    )
    assert client_of.find("key-1") == receipt
    assert client_of.find("another") is None


def test_an_operator_that_is_away_took_nothing(fake: FakeSms, client_of: SmsCarrier) -> None:
    fake.store.away = True
    with pytest.raises(NotNow):
        client_of.send(ONE)
    with pytest.raises(NotNow):
        client_of.find("key-1")
    assert not fake.store.batches


def test_a_closed_port_took_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotNow):
        SmsCarrier(f"http://127.0.0.1:{port}/xms/v1/plan", "token", "Gruppetto", timeout=2).send(ONE)


def test_a_line_cut_after_it_was_taken_leaves_a_doubt_that_asking_settles(
    fake: FakeSms, client_of: SmsCarrier
) -> None:
    fake.store.cut = True
    with pytest.raises(Lost):
        client_of.send(ONE)
    assert client_of.find("key-1")


def test_a_wrong_number_is_refused_for_good(client_of: SmsCarrier) -> None:
    with pytest.raises(Never) as refusal:
        client_of.send(Outgoing("key-2", "+33639980404", "Bonjour"))
    assert refusal.value.wrong_address


def signed(body: bytes, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    return headers(secret, body, "nonce", str(int((at or now()).timestamp())))


def callback(body: dict[str, Any] | bytes, secret: str = SECRET) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(HOOK, raw, content_type="application/json", headers=signed(raw, secret))


REPORT = {
    "type": "recipient_delivery_report_sms",
    "batch_id": "01FC",
    "recipient": "33639980001",
    "client_reference": "key-1",
    "status": "Delivered",
    "code": 0,
    "at": "2026-05-05T09:00:00.000Z",
}


@pytest.fixture
def door(db: None, settings: Any, tmp_path: Path) -> None:
    in_service()
    settings.GRUPPETTO_SMS_SECRET, settings.GRUPPETTO_SPOOL_FOLDER = SECRET, tmp_path


def test_a_signed_report_is_kept_once(door: None) -> None:
    assert callback(REPORT).status_code == 200
    assert callback(REPORT).status_code == 200
    with as_owner():
        kept = Report.objects.get()
    assert (kept.kind, kept.about) == ("arrived", "key-1")


def test_a_report_that_is_not_signed_changes_nothing(door: None, settings: Any) -> None:
    assert callback(REPORT, "another-secret").status_code == 401
    settings.GRUPPETTO_SMS_SECRET = ""
    assert callback(REPORT, "").status_code == 401
    with as_owner():
        assert not Report.objects.exists()


def test_an_old_signature_is_refused() -> None:
    body = json.dumps(REPORT).encode()
    with pytest.raises(NotSigned, match="ancienne"):
        check_signature(SECRET, signed(body, at=datetime(2026, 1, 1, tzinfo=UTC)), body, now())


def test_while_the_database_is_away_the_callback_is_kept_and_replayed(
    door: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(told: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(views, "receive", away)
    answer = callback(REPORT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    (kept,) = spool.folder().glob("*.report")
    assert b"33639980001" not in kept.read_bytes()
    with as_owner():
        assert spool.replay() == 1
        assert Report.objects.get().about == "key-1"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("STOP", "opt_out"),
        (" stop. ", "opt_out"),
        ("Arrêt", "opt_out"),
        ("Stop à tout, merci", "reply"),
        ("", "reply"),
    ],
)
def test_what_is_answered_is_told_apart(words: str, kind: str) -> None:
    told = read(
        json.dumps({"type": "mo_text", "id": "1", "from": "33639980001", "body": words}).encode(), now()
    )
    assert told
    assert told.kind == kind
    assert bool(told.sender) == (kind == "opt_out")


@pytest.mark.parametrize(
    ("status", "code", "kind", "for_ever"),
    [
        ("Delivered", 0, "arrived", False),
        ("Failed", 407, "failed", True),
        ("Expired", 406, "failed", False),
        ("Rejected", 405, "failed", True),
    ],
)
def test_a_report_says_whether_the_number_is_wrong(status: str, code: int, kind: str, for_ever: bool) -> None:
    told = read(json.dumps({**REPORT, "status": status, "code": code}).encode(), now())
    assert told
    assert (told.kind, told.for_ever) == (kind, for_ever)


def test_what_says_nothing_is_ignored() -> None:
    for body in (
        {**REPORT, "status": "Queued"},
        {"type": "other"},
        {},
        {**REPORT, "status": "Failed", "batch_id": "", "client_reference": None},
    ):
        assert read(json.dumps(body).encode(), now()) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with suppress(Refused):
        read(body, now())


@given(st.fixed_dictionaries(dict.fromkeys(("from", "body", "id", "received_at"), JSON)))
def test_any_sms_received_is_read(fields: dict[str, Any]) -> None:
    read(json.dumps({"type": "mo_text", **fields}).encode(), now())


def test_the_signature_is_the_one_documented() -> None:
    # printf '{}.n.1' | openssl dgst -sha256 -hmac secret -binary | base64
    assert sign("secret", b"{}", "n", "1") == "8PrMvxceKOOVBuZJzG0bweauaC2pAGCDvVI4pdyOn/o="
