"""Opening rules: what they accept, what they close, and that they come back from storage equal."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.calendars import PLATFORM_HOURS, OpeningRules, Period
from gruppetto.kernel.calendars.rules import CALENDARS
from gruppetto.kernel.errors import Refused
from tests.kernel.calendars import oracle

ALWAYS = ["00:00-24:00"] * 7
MONDAY = date(2026, 5, 4)


@st.composite
def day_periods(draw: st.DrawFn) -> tuple[Period, ...]:
    bounds = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Period(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=False))


rules = st.builds(
    OpeningRules,
    week=st.tuples(*[day_periods()] * 7),
    holidays=st.sampled_from([None, *sorted(CALENDARS)]),
    added_holidays=st.lists(st.dates(), unique=True, max_size=3).map(lambda days: tuple(sorted(days))),
    exceptions=st.dictionaries(st.dates(), day_periods(), max_size=3).map(lambda d: tuple(sorted(d.items()))),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion"]),
)


@given(rules)
def test_rules_come_back_equal_from_json(rules: OpeningRules) -> None:
    assert OpeningRules.from_json(json.loads(json.dumps(rules.to_json()))) == rules


@pytest.mark.parametrize("year", range(2024, 2031))
def test_metropolitan_holidays_are_the_eleven_days_of_the_labour_code(year: int) -> None:
    rules = OpeningRules.of(ALWAYS)
    start = date(year, 1, 1)
    days = [start + timedelta(n) for n in range((date(year + 1, 1, 1) - start).days)]
    closed = {day for day in days if not rules.is_open_day(day)}
    assert closed == oracle.public_holidays(year) == set(holidays.country_holidays("FR", years=year))


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ("FR-alsace-moselle", date(2026, 4, 3)),
        ("FR-alsace-moselle", date(2026, 12, 26)),
        ("FR-guadeloupe", date(2026, 5, 27)),
        ("FR-martinique", date(2026, 5, 22)),
        ("FR-guyane", date(2026, 6, 10)),
        ("FR-reunion", date(2026, 12, 20)),
        ("FR-mayotte", date(2026, 4, 27)),
        ("FR-saint-barthelemy", date(2026, 10, 9)),
        ("FR-saint-martin", date(2026, 5, 28)),
    ],
)
def test_a_local_holiday_closes_only_its_territory(calendar: str, day: date) -> None:
    assert not OpeningRules.of(ALWAYS, holidays=calendar).is_open_day(day)
    assert OpeningRules.of(ALWAYS, holidays="FR").is_open_day(day)


@pytest.mark.parametrize("calendar", sorted(CALENDARS))
def test_every_calendar_has_the_national_days(calendar: str) -> None:
    rules = OpeningRules.of(ALWAYS, holidays=calendar)
    assert all(rules.is_public_holiday(day) for year in (2024, 2030) for day in oracle.public_holidays(year))


def test_a_dated_exception_wins_over_week_and_holiday() -> None:
    labour_day = date(2026, 5, 1)
    rules = OpeningRules.of(
        ["08:00-12:00"] * 7,
        added_holidays=[MONDAY],
        exceptions={labour_day: "10:00-11:00", MONDAY: "14:00-15:00", date(2026, 5, 5): ""},
    )
    assert rules.periods(labour_day) == (Period(600, 660),)
    assert rules.periods(MONDAY) == (Period(840, 900),)
    assert not rules.is_open_day(date(2026, 5, 5))
    assert rules.is_open_day(date(2026, 5, 6))


def test_an_added_holiday_closes_the_day() -> None:
    assert not OpeningRules.of(ALWAYS, added_holidays=[MONDAY]).is_open_day(MONDAY)


def test_without_a_calendar_no_day_is_a_holiday() -> None:
    assert OpeningRules.of(ALWAYS, holidays=None).is_open_day(date(2026, 12, 25))


def test_platform_hours_are_those_promised() -> None:
    assert [str(period) for period in PLATFORM_HOURS.periods(MONDAY)] == ["08:30-12:30", "13:30-18:00"]
    assert [str(period) for period in PLATFORM_HOURS.periods(date(2026, 5, 9))] == ["09:00-12:00"]
    assert PLATFORM_HOURS.periods(date(2026, 5, 10)) == ()


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda: OpeningRules.of(["08:00-12:00"] * 6), "week-incomplete"),
        (lambda: OpeningRules.of(["08:00-12:00 11:00-14:00"] * 7), "periods-overlap"),
        (lambda: OpeningRules.of(["12:00-08:00"] * 7), "period-order"),
        (lambda: OpeningRules.of(["12:00-24:01"] * 7), "period-order"),
        (lambda: OpeningRules.of(["8h-12h"] * 7), "period-unreadable"),
        (lambda: OpeningRules.of(ALWAYS, holidays="DE"), "calendar-unknown"),
        (lambda: OpeningRules.of(ALWAYS, zone="Europe/Berlin"), "zone-unknown"),
        (lambda: OpeningRules((((),) * 7), exceptions=((MONDAY, ()), (MONDAY, ()))), "exception-twice"),
        (lambda: OpeningRules.from_json({}), "rules-unreadable"),
        (lambda: OpeningRules.from_json({**PLATFORM_HOURS.to_json(), "week": None}), "rules-unreadable"),
        (lambda: OpeningRules.from_json({**PLATFORM_HOURS.to_json(), "week": [1] * 7}), "rules-unreadable"),
        (
            lambda: OpeningRules.from_json({**PLATFORM_HOURS.to_json(), "added_holidays": ["soon"]}),
            "rules-unreadable",
        ),
        (lambda: OpeningRules.of(ALWAYS).is_open_day(date(2500, 1, 1)), "date-too-far"),
    ],
)
def test_rules_that_make_no_sense_are_refused(build: Callable[[], object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        build()
    assert refusal.value.code == code
