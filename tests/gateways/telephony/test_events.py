"""A body read, or refused with the place of its fault; never anything else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.gateways.telephony.events import (
    LARGEST,
    NotAnEvent,
    NotSigned,
    Signed,
    check_signature,
    read_event,
    sign,
)
from gruppetto.service.contacts.ports import CallEvent

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = {
    "provider": "p",
    "call_id": "c",
    "state": "ringing",
    "from": None,
    "to": "x",
    "at": "2026-11-22T12:00:00Z",
}


def read(**changed: object) -> CallEvent:
    return read_event("main", json.dumps({**GOOD, **changed}).encode(), NOON)


@pytest.mark.parametrize(
    ("sent", "number", "withheld"),
    [
        ("+33 5 61 00 00 01", "+33561000001", False),
        ("0561000001", "+33561000001", False),
        ("sip:+33561000001@provider.example;user=phone", "+33561000001", False),
        ("+32 470 12 34 56", "+32470123456", False),
        (None, "", True),
        ("", "", True),
        ("anonymous", "", True),
        ("Restricted", "", True),
        ("zéro six douze", "", False),
        ("0" * 40, "", False),
        ("1" * 4_000, "", False),
        ("3639", "", False),
        ("+999123456789", "", False),
        (33561000001, "", False),
        (["+33561000001"], "", False),
        ("\x00\ud800", "", False),
    ],
)
def test_a_number_is_read_or_unknown_and_never_refused(sent: object, number: str, withheld: bool) -> None:
    event = read(**{"from": sent})
    assert (event.number, event.withheld) == (number, withheld)


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"provider": ""}, "event-provider", "/provider"),
        ({"provider": "x" * 41}, "event-provider", "/provider"),
        ({"call_id": None}, "event-call-id", "/call_id"),
        ({"call_id": "a\nb"}, "event-call-id", "/call_id"),
        ({"state": "dancing"}, "event-state", "/state"),
        ({"state": ["ringing"]}, "event-state", "/state"),
        ({"at": "tomorrow"}, "event-at", "/at"),
        ({"at": "2026-11-22T12:00:00"}, "event-at", "/at"),
        ({"at": "2026-13-45T12:00:00Z"}, "event-at", "/at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "event-at", "/at"),
        ({"at": 1_790_000_000}, "event-at", "/at"),
        ({"at": "2026-11-22T12:06:00Z"}, "event-to-come", "/at"),
        ({"at": "2026-11-21T11:59:00Z"}, "event-too-late", "/at"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(changed: dict[str, object], code: str, pointer: str) -> None:
    with pytest.raises(NotAnEvent) as refusal:
        read(**changed)
    assert (refusal.value.code, refusal.value.pointer, refusal.value.status) == (code, pointer, 422)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "event-not-json"),
        (b"{", "event-not-json"),
        (b"[" * 30_000, "event-not-json"),
        (b"[]", "event-not-an-object"),
        (b"\xff\xfe", "event-not-utf8"),
        (b" " * (LARGEST + 1), "event-too-long"),
    ],
)
def test_a_body_that_is_no_event_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(NotAnEvent) as refusal:
        read_event("main", body, NOON)
    assert refusal.value.code == code


def test_an_event_may_be_a_day_late_and_a_clock_a_little_ahead() -> None:
    assert read(at="2026-11-21T12:00:00Z").at == NOON - timedelta(days=1)
    assert read(at="2026-11-22T13:03:00+01:00").at == NOON
    assert read(at="2026-11-22T11:00:00.123456789Z").at.microsecond == 123_456


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "provider": JSON | st.just("p"),
        "call_id": JSON | st.just("c"),
        "state": JSON | st.sampled_from(["ringing", "ended"]),
        "from": JSON | st.text(alphabet="+0123456789 ()-", max_size=45),
        "at": JSON | st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    },
)


@given(st.binary(max_size=200) | (JSON | NEARLY).map(lambda data: json.dumps(data).encode()))
def test_whatever_is_sent_is_an_event_or_refused_in_words(body: bytes) -> None:
    try:
        event = read_event("main", body, NOON)
    except NotAnEvent:
        return
    assert NOON - timedelta(hours=24) <= event.at <= NOON


@pytest.mark.parametrize("late", [-299, 0, 299])
def test_a_signature_holds_five_minutes(late: int) -> None:
    timestamp = str(int(NOON.timestamp()) - late)
    check_signature("secret", Signed(timestamp, sign("secret", timestamp, b"body")), b"body", NOON)


@pytest.mark.parametrize(
    ("timestamp", "signature", "code"),
    [
        ("", "", "signature-missing"),
        ("12", "", "signature-missing"),
        ("noon", "v1=00", "signature-wrong"),
        ("1²", "v1=00", "signature-wrong"),
        (str(int(NOON.timestamp())), "v1=é", "signature-wrong"),
        (str(int(NOON.timestamp())), "v2=" + "0" * 64, "signature-wrong"),
        (str(int(NOON.timestamp()) - 301), None, "signature-expired"),
        (str(int(NOON.timestamp()) + 301), None, "signature-expired"),
    ],
)
def test_a_wrong_signature_is_refused(timestamp: str, signature: str | None, code: str) -> None:
    signed = Signed(timestamp, sign("secret", timestamp, b"body") if signature is None else signature)
    with pytest.raises(NotSigned) as refusal:
        check_signature("secret", signed, b"body", NOON)
    assert (refusal.value.code, refusal.value.status) == (code, 401)


def test_the_signature_is_as_documented() -> None:
    # The example of docs/operators/telephony.md, computed with openssl.
    documented = "v1=ca6af69106ffbc01e346d8293c2007a4d844d489a1d09d5646a7be67588f2be5"
    assert sign("the-secret-of-the-line", "1795348800", b'{"state":"ringing"}') == documented
