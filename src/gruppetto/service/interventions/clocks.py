"""The promise of an intervention: a business-time clock whose rules are stored with it.

What was promised before is stored too: a promise kept or broken stays in the figures when the work is reopened,
or when its delay changes after it was broken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from gruppetto.kernel.calendars import PLATFORM_HOURS, Amount, Clock, OpeningRules, due
from gruppetto.kernel.calendars.arithmetic import open_time_between
from gruppetto.service.commitments.reads import Terms
from gruppetto.service.interventions.models import State

# The clock stops while waiting for the person or the paper, not for the provider (tables.md).
STOPPED = (State.WAITING_PERSON, State.WAITING_PAPER)


@dataclass(frozen=True)
class Past:
    """A promise that is over: when it fell due, and when it was answered (None: never, it was broken)."""

    due: datetime
    answered: datetime | None


@dataclass(frozen=True)
class Promise:
    """A clock with the opening rules it was promised under.

    ``commitment``: the back office's row it rests on, None for the shipped delay. ``past``: the promises before.
    ``origin``: the clock from the first day on, when the running one was started again by a change of delay.
    ``near``: the date whose nearness was announced, so that it is announced once.
    """

    clock: Clock
    rules: OpeningRules
    commitment: UUID | None = None
    past: tuple[Past, ...] = ()
    near: datetime | None = None
    origin: Clock | None = None

    @classmethod
    def begin(cls, at: datetime, target: Amount, rules: OpeningRules = PLATFORM_HOURS) -> Promise:
        """A promise of ``target`` made at ``at`` (aware)."""
        return cls(Clock(at, target), rules)

    @classmethod
    def on(cls, terms: Terms, at: datetime) -> Promise:
        """A promise made at ``at`` (aware) on the terms then in force."""
        return cls(Clock(at, terms.target), terms.rules, terms.commitment)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Promise:
        """What ``to_json`` wrote."""
        commitment, near = stored.get("commitment"), stored.get("near")
        return cls(
            Clock.from_json(stored["clock"]),
            _rules(json.dumps(stored["rules"], sort_keys=True)),
            UUID(commitment) if commitment else None,
            tuple(
                Past(datetime.fromisoformat(fell), datetime.fromisoformat(answered) if answered else None)
                for fell, answered in stored.get("past", ())
            ),
            datetime.fromisoformat(near) if near else None,
            Clock.from_json(stored["origin"]) if "origin" in stored else None,
        )

    def to_json(self) -> dict[str, Any]:
        """Stored with the intervention: a change of hours never moves a promise already given."""
        stored: dict[str, Any] = {"clock": self.clock.to_json(), "rules": self.rules.to_json()}
        if self.commitment:
            stored["commitment"] = str(self.commitment)
        if self.past:
            stored["past"] = [
                [
                    one.due.astimezone(UTC).isoformat(),
                    one.answered and one.answered.astimezone(UTC).isoformat(),
                ]
                for one in self.past
            ]
        if self.near:
            stored["near"] = self.near.isoformat()
        if self.origin:
            stored["origin"] = self.origin.to_json()
        return stored

    def entering(self, state: str, at: datetime) -> Promise:
        """The promise once the intervention is in ``state``: stopped or running as the table says."""
        if state in STOPPED and not self.clock.is_paused:
            return replace(self, clock=self.clock.pause(at))
        if state not in STOPPED and self.clock.is_paused:
            return replace(self, clock=self.clock.resume(at))
        return self

    def due(self, unless_stopped: datetime) -> datetime:
        """When it falls due (UTC); while stopped, the date last known (``unless_stopped``)."""
        return due(self.clock, self.rules) or unless_stopped

    def expected(self, at: datetime) -> datetime:
        """When it falls due (UTC); while stopped, when it would if the clock ran again from ``at``."""
        running = self.clock.resume(at) if self.clock.is_paused else self.clock
        return due(running, self.rules) or at

    def left(self, at: datetime) -> timedelta:
        """Opening time from ``at`` until it falls due; negative once it is broken."""
        return open_time_between(at, self.expected(at), self.rules)

    def renewed(self, at: datetime, terms: Terms, fell: datetime, answered: datetime | None) -> Promise:
        """A new promise made at ``at``; the one that fell due at ``fell`` stays in the figures."""
        return replace(Promise.on(terms, at), past=(*self.past, Past(fell, answered)))

    def changed(self, at: datetime, terms: Terms) -> Promise:
        """The promise on other terms from ``at`` on; what has run and what was stopped count as before.

        It counts from where the promise began. When that moment has passed already, it counts from ``at``, but
        never later than what was promised. A promise broken before ``at`` was broken: it stays in the figures, and
        the new one is counted beside it.
        """
        told, clock = self.expected(at), self.clock
        if self.origin:
            clock = replace(self.origin, pauses=(*self.origin.pauses, *clock.pauses))
        past = (*self.past, Past(told, None)) if told < at else self.past
        new = replace(self, rules=terms.rules, commitment=terms.commitment)
        moved = replace(new, clock=replace(clock, target=terms.target), past=past, origin=None)
        if moved.expected(at) > at:
            return moved
        fresh = replace(new, clock=Clock(at, terms.target), origin=clock)
        if clock.is_paused:
            fresh = replace(fresh, clock=fresh.clock.pause(at), origin=clock.resume(at))
        return min((self, fresh), key=lambda one: one.expected(at))


@lru_cache(maxsize=256)
def _rules(stored: str) -> OpeningRules:
    """Rules as they are stored: a list shows many promises made under the same ones."""
    return OpeningRules.from_json(json.loads(stored))
