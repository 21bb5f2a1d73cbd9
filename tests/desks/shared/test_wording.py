"""How moments, amounts and numbers are set on a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from gruppetto.desks.shared import wording

NOON = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)  # mardi 5 mai 2026, 12 h à Paris


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(minutes=5), "il y a 5 minutes"),
        (timedelta(hours=2), "il y a 2 heures"),
        (timedelta(days=1), "hier à 12 h"),
        (-timedelta(days=1, minutes=-30), "demain à 11 h 30"),
    ],
)
def test_a_moment_is_said_as_people_say_it_and_never_breaks_after_a_figure(gap: timedelta, said: str) -> None:
    written = wording.relative(NOON - gap, at=NOON)
    assert written.replace("\u00a0", " ") == said
    assert not [pair for pair in pairwise(written) if pair[0].isdigit() and pair[1] == " "]


def test_the_year_is_said_only_when_it_is_another() -> None:
    assert "2026" not in wording.exact(NOON, at=NOON)
    assert wording.day(NOON - timedelta(days=365), at=NOON).endswith("2025")
    assert (
        wording.exact(NOON - timedelta(days=365), at=NOON).replace("\u00a0", " ") == "lundi 5 mai 2025 à 12 h"
    )


def test_numbers_keep_their_thousands_together() -> None:
    assert wording.number(1234567) == "1\u202f234\u202f567"
    assert wording.number(12.34, 1) == "12,3"


def test_an_unreadable_number_is_shown_as_given_and_hidden_when_it_must_be() -> None:
    assert wording.phone("3114") == "3114"
    assert wording.dialled("3114") == "3114"
    assert [wording.dialled(short) for short in ("15", "+3315", "+33 3114", "39 19", "116 117")] == [
        "15",
        "15",
        "3114",
        "3919",
        "116117",
    ]
    assert wording.phone("+3315") == "15"
    assert wording.dialled("06 12 34 56 78") == "+33612345678"
    assert wording.dialled("0 892 705 705") == "0892705705"
    assert "34" not in wording.masked_phone("+33612345678")
    assert wording.masked_phone("12ab") == "numéro illisible"


def test_keys_carry_their_french_names() -> None:
    assert wording.key("ctrl+enter").replace("\u00a0", " ") == "Ctrl + Entrée"
    assert wording.key("?") == "?"
