"""A call that says a code: signed, once for each key, found by it."""

from __future__ import annotations

import pytest

from gruppetto.gateways.voice.fake import fake_voice
from gruppetto.gateways.voice.provider import Voice
from gruppetto.service.messages.ports import Never, NotNow, Outgoing

CODE = Outgoing("code-1", "+33561000001", "", said=["Votre code est : 1, 2, 3."])


def test_the_words_are_said_once_for_each_key() -> None:
    with fake_voice() as server:
        voice = Voice(server.url, server.secret, timeout=5)
        assert voice.find("code-1") is None
        assert voice.send(CODE) == voice.send(CODE) == "code-1"
        assert voice.find("code-1") == "code-1"
        assert [(one["to"], one["say"]) for one in server.calls.values()] == [
            ("+33561000001", list(CODE.said))
        ]


def test_a_provider_away_or_a_wrong_secret_places_no_call() -> None:
    with fake_voice() as server:
        with pytest.raises(Never):
            Voice(server.url, "another", timeout=5).send(CODE)
        server.away = True
        with pytest.raises(NotNow):
            Voice(server.url, server.secret, timeout=5).send(CODE)
        assert not server.calls
