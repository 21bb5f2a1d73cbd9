"""The promise of an intervention: a business-time clock whose rules are stored with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gruppetto.kernel.calendars import PLATFORM_HOURS, Amount, Clock, OpeningRules, due
from gruppetto.service.interventions.models import State

# The clock stops while waiting for the person or the paper, not for the provider (tables.md).
STOPPED = (State.WAITING_PERSON, State.WAITING_PAPER)


@dataclass(frozen=True)
class Promise:
    """A clock with the opening rules it was promised under."""

    clock: Clock
    rules: OpeningRules

    @classmethod
    def begin(cls, at: datetime, target: Amount, rules: OpeningRules = PLATFORM_HOURS) -> Promise:
        """A promise of ``target`` made at ``at`` (aware)."""
        return cls(Clock(at, target), rules)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Promise:
        """What ``to_json`` wrote."""
        return cls(Clock.from_json(stored["clock"]), OpeningRules.from_json(stored["rules"]))

    def to_json(self) -> dict[str, Any]:
        """Stored with the intervention: a change of hours never moves a promise already given."""
        return {"clock": self.clock.to_json(), "rules": self.rules.to_json()}

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
