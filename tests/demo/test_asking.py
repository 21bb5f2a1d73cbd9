"""What the demo's people ask is what the scripts accept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from gruppetto.demo.asking import WEIGHTS, Requests, request
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.files import read_catalogue

KINDS = {kind.code: kind for kind in read_catalogue().kinds}


def test_what_is_asked_most_has_its_share_and_everything_is_asked_sometimes() -> None:
    assert set(WEIGHTS) <= set(KINDS)
    chance, drawn = Random(1), Requests(KINDS.values())
    seen = {drawn.draw(chance, datetime(2026, 11, 3, 9, tzinfo=UTC)).kind.code for _ in range(3_000)}
    assert seen == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_answers_drawn_are_valid_and_complete_and_can_be_read_aloud(kind: Kind) -> None:
    for seed in range(30):
        drawn = request(kind, date(2026, 11, 2), Random(seed))
        assert script.check_answers(kind, drawn.answers) == {}
        said = drawn.read_aloud("Madame Roux", "au plus tard demain")
        assert len(said) == 3
        assert not any("{" in sentence or "None" in sentence for sentence in said)
        assert any("demain" in sentence for sentence in said)


def test_requests_are_drawn_by_their_weight_and_urgency_is_rare() -> None:
    requests, chance, at = Requests(KINDS.values()), Random(3), datetime(2026, 11, 3, 9, tzinfo=UTC)
    drawn = [requests.draw(chance, at) for _ in range(600)]
    codes = [one.kind.code for one in drawn]
    assert codes.count("medical-appointment") > codes.count("bank-card-block") * 3
    assert sum(one.urgent for one in drawn) < 150
