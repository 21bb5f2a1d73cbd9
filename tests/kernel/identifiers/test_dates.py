"""Dates as people type them and as they read them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import (
    MONTHS,
    day_text,
    moment_text,
    month_number,
    parse_birth_date,
    parse_date,
    relative_text,
    time_text,
)

TODAY = date(2026, 11, 22)
BIRTH = date(1948, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "3/5/48",
        "03/05/1948",
        "03 05 1948",
        "03 05 48",
        "3.5.1948",
        "3-5-1948",
        "3 mai 1948",
        "3 mai 48",
        "Lundi 3 Mai 1948",
        "3mai1948",
        "1948-05-03",
        "1948/5/3",
        "030548",
        "03051948",
        "  3  /  5 / 1948 ",
        "3\u00a0mai\u00a01948",
    ],
)
def test_a_birth_date_is_read_however_it_is_typed(text: str) -> None:
    assert parse_birth_date(text, TODAY) == BIRTH


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er août 2026", date(2026, 8, 1)),
        ("1er aout 2026", date(2026, 8, 1)),
        ("12 févr. 2026", date(2026, 2, 12)),
        ("12 fevrier 26", date(2026, 2, 12)),
        ("29/02/2028", date(2028, 2, 29)),
        ("31/12/30", date(2030, 12, 31)),
    ],
)
def test_other_dates_may_be_to_come(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [("22/11/05", date(2005, 11, 22)), ("1/1/27", date(1927, 1, 1)), ("23/11/26", date(1926, 11, 23))],
)
def test_two_digits_of_a_birth_year_leave_one_past(text: str, day: date) -> None:
    assert parse_birth_date(text, TODAY) == day


def test_a_child_or_a_centenarian_is_asked_not_guessed() -> None:
    with pytest.raises(Refused, match="1920 ou 2020") as refusal:
        parse_birth_date("3/5/20", TODAY)
    assert refusal.value.code == "date-ambiguous"
    assert parse_birth_date("3/5/1920", TODAY).year == 1920
    with pytest.raises(Refused, match="1926 ou 2026"):
        parse_birth_date(f"{TODAY:%d/%m/%y}", TODAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date-empty"),
        ("   ", "date-empty"),
        ("hier", "date-unreadable"),
        ("mai 1948", "date-unreadable"),
        ("3 mars mai 1948", "date-unreadable"),
        ("3 jui 1948", "date-unreadable"),
        ("3/5", "date-unreadable"),
        ("3/5/948", "date-unreadable"),
        ("1/2/3/4", "date-unreadable"),
        ("3/5/48" + " " * 60 + "6", "date-unreadable"),
        ("31/6/1948", "date-impossible"),
        ("29/2/1949", "date-impossible"),
        ("29/2/49", "date-impossible"),
        ("5/13/1948", "date-impossible"),
        ("00/00/0000", "date-impossible"),
        ("23/11/2026", "date-too-late"),
        ("3/5/1848", "date-too-early"),
    ],
)
def test_what_is_no_birth_date_is_refused_in_plain_words(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_birth_date(text, TODAY, field="date_naissance")
    assert (refusal.value.code, refusal.value.field) == (code, "date_naissance")


def test_a_date_outside_its_bounds_says_which() -> None:
    first, last = date(2026, 11, 1), date(2026, 12, 31)
    assert parse_date("31/12/26", TODAY, earliest=first, latest=last) == last
    with pytest.raises(Refused, match="au plus tard le jeudi 31 décembre 2026"):
        parse_date("1/1/27", TODAY, earliest=first, latest=last)
    with pytest.raises(Refused, match="au plus tôt le dimanche 1er novembre 2026"):
        parse_date("31/10/2026", TODAY, earliest=first, latest=last)


@given(st.dates(date(1907, 1, 1), TODAY))
def test_every_birth_date_is_read_back_from_every_writing(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day:%d%m%Y}", day.isoformat(), day_text(day, year=True)):
        assert parse_birth_date(text, TODAY) == day


@given(st.dates(date(1907, 1, 1), TODAY))
def test_two_digits_give_the_day_or_a_question(day: date) -> None:
    assume((day.day, day.month) != (29, 2))
    twin = day.replace(year=day.year + (100 if day.year < 2000 else -100))
    if date(1906, 11, 22) <= twin <= TODAY:
        with pytest.raises(Refused, match=str(twin.year)):
            parse_birth_date(f"{day:%d/%m/%y}", TODAY)
    else:
        assert parse_birth_date(f"{day:%d/%m/%y}", TODAY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    with suppress(Refused):
        assert date(1906, 1, 1) < parse_birth_date(text, TODAY) <= TODAY


@pytest.mark.parametrize(("number", "name"), list(enumerate(MONTHS, start=1)))
def test_a_month_is_known_by_name_number_and_abbreviation(number: int, name: str) -> None:
    assert month_number(name.upper()) == month_number(str(number)) == month_number(f"{number:02}") == number
    assert month_number(f"{name[:4]}.") == number


@pytest.mark.parametrize("text", ["", "0", "13", "ju", "jui", "brumaire"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_number(text) is None


def test_a_moment_is_told_in_local_time() -> None:
    summer = datetime(2022, 5, 3, 12, 30, tzinfo=UTC)
    assert moment_text(summer) == "mardi 3 mai à 14 h 30"
    assert moment_text(summer, year=True) == "mardi 3 mai 2022 à 14 h 30"
    assert moment_text(datetime(2026, 12, 31, 23, 5, tzinfo=UTC)) == "vendredi 1er janvier à 0 h 05"
    assert time_text(datetime(2026, 11, 22, 8, tzinfo=UTC)) == "9 h"
    assert day_text(date(2026, 8, 1), weekday=False) == "1er août"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "à l’instant"),
        (-1, "il y a 1 minute"),
        (-5, "il y a 5 minutes"),
        (20, "dans 20 minutes"),
        (-60, "il y a 1 heure"),
        (-150, "il y a 2 heures"),
        (120, "dans 2 heures"),
        (-24 * 60, "hier à 14 h 30"),
        (20 * 60, "demain à 10 h 30"),
        (-3 * 1440, "il y a 3 jours"),
        (12 * 1440, "dans 12 jours"),
        (-40 * 1440, "le 13 octobre 2026"),
    ],
)
def test_relative_time_is_what_people_say(minutes: int, text: str) -> None:
    now = datetime(2026, 11, 22, 14, 30, tzinfo=PARIS)
    assert relative_text(now + timedelta(minutes=minutes), now) == text


def test_yesterday_is_a_day_of_the_wall_even_when_clocks_change() -> None:
    sunday = datetime(2026, 10, 25, 9, tzinfo=PARIS)
    assert relative_text(datetime(2026, 10, 24, 9, 30, tzinfo=PARIS), sunday) == "hier à 9 h 30"
