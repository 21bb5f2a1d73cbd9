"""Who works when in the demo: usual weeks that differ, languages and skills, a few days that are not as usual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from gruppetto.registry.staff.models import Skill, Staff, WorkingTime
from gruppetto.registry.staff.verbs import Hours, change_day, plan_rota

Day = tuple[tuple[time, time], ...]
EARLY: Day = ((time(8, 30), time(12, 30)), (time(13, 30), time(16, 30)))
LATE: Day = ((time(9, 30), time(12, 30)), (time(14), time(18)))
MORNING: Day = ((time(8, 30), time(12, 30)),)
SATURDAY: Day = ((time(9), time(12)),)
# Thirty-five hours each. On Friday nobody stays after 16:30, and one Saturday in the grid is everybody's to see.
EARLY_WEEK: tuple[Day, ...] = (EARLY, EARLY, EARLY, EARLY, EARLY, ())
LATE_WEEK: tuple[Day, ...] = (LATE, LATE, LATE, LATE, EARLY, ())
SATURDAY_WEEK: tuple[Day, ...] = (EARLY, EARLY, MORNING, EARLY, EARLY, SATURDAY)
WEEKS = {
    "Fatou Diallo": LATE_WEEK,
    "Jean-Luc Bosc": LATE_WEEK,
    "Nadia Rahmani": SATURDAY_WEEK,
}
LANGUAGES = {
    "Amina Benali": ["ar", "fr"],
    "Fatou Diallo": ["en", "fr"],
    "Nadia Rahmani": ["ar", "fr"],
    "Marc Delpech": ["fr", "oc"],
    "Paul Garrigues": ["fr", "pt"],
    "Élise Vidal": ["fr", "fsl"],
}
SKILLS = {
    "Amina Benali": [Skill.DISTRESS],
    "Élise Vidal": [Skill.HEARING],
    "Paul Garrigues": [Skill.READING, Skill.MONEY],
    "Nadia Rahmani": [Skill.MEMORY],
}
# Whose day changes, in how many days from today, to what, and why.
CHANGES: tuple[tuple[str, int, Day, str], ...] = (
    ("Amina Benali", 1, ((time(10), time(13)), (time(14), time(18))), "reste le soir, Fatou est en visite"),
    ("Fatou Diallo", 1, MORNING, "visites à domicile l’après-midi"),
    ("Paul Garrigues", 8, (), "journée de formation aux premiers secours"),
)


def set_up(records: Mapping[str, Staff], first: date, today: date) -> None:
    """Give each of ``records`` (by name) a usual week, then plan from ``first`` on; inside ``acting``."""
    WorkingTime.objects.bulk_create(
        WorkingTime(staff=record, weekday=weekday, starts=starts, ends=ends)
        for name, record in records.items()
        for weekday, day in enumerate(WEEKS.get(name, EARLY_WEEK), 1)
        for starts, ends in day
    )
    for name, record in records.items():
        record.languages, record.skills = LANGUAGES.get(name, ["fr"]), sorted(SKILLS.get(name, []))
    Staff.objects.bulk_update(records.values(), ["languages", "skills"])
    plan_rota(first, today + timedelta(weeks=8))
    for name, days, hours, why in CHANGES:
        if name in records:
            on = today + timedelta(days=days)
            change_day(records[name].pk, on, [Hours(*span) for span in hours], why, takes_calls=bool(hours))
