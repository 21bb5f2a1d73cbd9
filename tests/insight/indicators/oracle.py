"""The same figures counted the slow way, from plain objects, one after the other: what the job must come to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from gruppetto.insight.indicators.periods import Period
from gruppetto.kernel.clock import PARIS
from gruppetto.registry.people.models import Need, Person
from gruppetto.service.catalogue.reads import reasons_in_force
from gruppetto.service.contacts.models import ContactReason
from tests.insight.indicators.conftest import World

Key = tuple[str, str, str]


@dataclass
class Tally:
    """(counted, hits, pending, values) of one measure of one group."""

    counted: int = 0
    hits: int = 0
    pending: int = 0
    values: list[float] = field(default_factory=list)

    @property
    def told(self) -> tuple[int, int, int, float | None]:
        middle = round(median(self.values), 6) if self.values else None
        return self.counted, self.hits, self.pending, middle


class Oracle:
    """Counts one period of a world as known at a moment."""

    def __init__(self, world: World, period: Period, at: datetime, zone: str) -> None:
        self.world, self.period, self.at, self.zone = world, period, at, zone
        known = reasons_in_force(at)
        self.days = {one.code: one.repeat_days for one in known}
        self.complaints = {one.code for one in known if one.complaint}
        self.persons = {one.pk: one for one in world.persons}
        self.needs: dict[UUID, set[str]] = defaultdict(set)
        for need in Need.objects.all():
            self.needs[need.person_id].add(need.kind)
        self.contacts = {one.pk: one for one in world.contacts}
        self.tallies: dict[Key, Tally] = defaultdict(Tally)
        # (measure, hit) → the contacts and interventions so counted.
        self.rows: dict[tuple[str, bool], set[UUID]] = defaultdict(set)

    def count(self) -> dict[Key, tuple[int, int, int, float | None]]:
        self._reasons()
        self._answers()
        self._calls()
        self._present()
        return {key: tally.told for key, tally in self.tallies.items()}

    def _inside(self, at: datetime | None) -> bool:
        return at is not None and self.period.since <= at < self.period.until

    def _matters(self) -> dict[tuple[UUID, str], list[ContactReason]]:
        """The counted reasons, those of one contact and one reason together."""
        found: dict[tuple[UUID, str], list[ContactReason]] = defaultdict(list)
        for row in self.world.reasons:
            contact = self.contacts[row.contact_id]
            ours = contact.direction == "out" or contact.asked_by_us or row.not_counted
            if row.person_id is not None and not ours:
                found[row.contact_id, row.reason].append(row)
        return found

    def _reasons(self) -> None:
        matters = self._matters()
        moments: dict[tuple[UUID, str], list[tuple[datetime, UUID]]] = defaultdict(list)
        for (contact, reason), rows in matters.items():
            assert rows[0].person_id is not None
            moments[rows[0].person_id, reason].append((rows[0].happened_at, contact))
        repeating: dict[tuple[UUID, int], bool] = {}
        for (contact, reason), rows in matters.items():
            at, person = rows[0].happened_at, rows[0].person_id
            if not self._inside(at) or person is None:
                continue
            period = timedelta(days=self.days.get(reason, 30))
            others = [one for one in moments[person, reason] if one[1] != contact]
            repeat = any(at - period <= one[0] and one < (at, contact) for one in others)
            back = any(one[0] <= at + period and one > (at, contact) for one in others)
            portfolio = rows[0].portfolio_id
            known = repeating.get((person, portfolio), False)
            repeating[person, portfolio] = known or repeat
            self._add("repeat", person, portfolio, row=contact, hit=repeat)
            self._add("matter", person, portfolio, row=contact, hit=not repeat)
            self._add("missing_kind", person, portfolio, row=contact, hit=any(row.other for row in rows))
            if reason in self.complaints:
                self._add("complaint", person, portfolio, row=contact, hit=True)
            if repeat:
                self._add(
                    "suffered", person, portfolio, row=contact, hit=self._suffered(contact, reason, rows)
                )
            else:
                open_window = at + period > self.at
                resolved = not back and not self._unanswered(contact, reason)
                self._add(
                    "fcr", person, portfolio, row=contact, hit=resolved, pending=open_window and not back
                )
        for (person, portfolio), hit in repeating.items():
            self._add("repeat_people", person, portfolio, hit=hit)

    def _unanswered(self, contact: UUID, reason: str) -> bool:
        return any(
            one.contact_id == contact
            and one.reason in ("", reason)
            and one.state != "cancelled"
            and (one.first_answered_at is None or one.reopened > 0)
            for one in self.world.interventions
        )

    def _suffered(self, contact: UUID, reason: str, rows: list[ContactReason]) -> bool:
        at, number = rows[0].happened_at, self.contacts[contact].number
        if reason in self.complaints or any(row.sub_reason == "no-news" for row in rows):
            return True
        if any(
            one.person_id == rows[0].person_id
            and one.opened_at < at
            and one.due_at < at
            and one.state != "cancelled"
            and (one.first_answered_at is None or one.first_answered_at > at)
            for one in self.world.interventions
        ):
            return True
        return bool(number) and any(
            one.number == number and one.state == "missed" and at - timedelta(days=2) <= one.happened_at < at
            for one in self.world.contacts
        )

    def _answers(self) -> None:
        for one in self.world.interventions:
            if not self._inside(one.first_answered_at) or one.first_answered_at is None:
                continue
            promised = one.first_due_at if one.reopened else max(one.due_at, one.first_due_at)
            hours = (one.first_answered_at - one.opened_at).total_seconds() / 3600
            self._add("delay", one.person_id, one.portfolio_id, row=one.pk, hit=True, value=hours)
            self._add(
                "kept", one.person_id, one.portfolio_id, row=one.pk, hit=one.first_answered_at <= promised
            )
            unmet = one.outcome in ("impossible", "redirected")
            self._add("unmet", one.person_id, one.portfolio_id, row=one.pk, hit=unmet)

    def _calls(self) -> None:
        for call in self.world.calls:
            if self._inside(call.rang_at) and call.state != "ringing":
                self._add("missed", None, 0, hit=call.state == "missed")
        for owed in self.world.call_backs:
            if self._inside(owed.last_attempt_at):
                reached = owed.state == "done" and owed.done_at == owed.last_attempt_at
                for number in range(1, owed.attempts + 1):
                    there = reached and number == owed.attempts
                    self._add("absent", owed.person_id, owed.portfolio_id, hit=not there)

    def _present(self) -> None:
        if not self.period.since <= self.at < self.period.until:
            return
        for person in self.world.persons:
            self._add("people", person.pk, person.portfolio_id, hit=True)
        for one in self.world.interventions:
            if one.state == "in_progress":
                self._add("late", one.person_id, one.portfolio_id, hit=one.due_at < self.at)

    def _add(
        self,
        measure: str,
        person: UUID | None,
        portfolio: int,
        *,
        hit: bool,
        pending: bool = False,
        value: float | None = None,
        row: UUID | None = None,
    ) -> None:
        if row is not None:
            self.rows[measure, hit].add(row)
        for group, key in self._groups(self.persons.get(person) if person else None, portfolio):
            tally = self.tallies[measure, group, key]
            tally.counted += 1
            tally.hits += hit
            tally.pending += pending
            if value is not None:
                tally.values.append(value)

    def _groups(self, person: Person | None, portfolio: int) -> list[tuple[str, str]]:
        found = [("all", "")]
        if portfolio:
            found.append(("team", str(self.world.cast.team.pk)))
        if person is not None:
            # All but the last live in Revel.
            if person is not self.world.persons[-1]:
                found += [("commune", "31451"), ("zone", self.zone)]
            found.append(("age", self._age(person.birth_date)))
            found += [("need", need) for need in self.needs[person.pk]]
        return found

    def _age(self, born: date | None) -> str:
        if born is None:
            return "unknown"
        day = min(self.at, self.period.until - timedelta(seconds=1)).astimezone(PARIS).date()
        years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return "0-59" if years < 60 else "60-74" if years < 75 else "75-84" if years < 85 else "85+"
