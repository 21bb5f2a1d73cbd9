"""People who call: through the real signed webhook, at a human pace, and who hang up when nobody answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from gruppetto.demo import names
from gruppetto.demo.keys import LINE
from gruppetto.gateways.telephony.sending import Line, new_call_id

# Seconds: between two calls, longer when nobody is there to take them; of ringing; of talking.
BETWEEN, BETWEEN_MISSED = (25, 60), (120, 240)
RINGS, TALKS = (35, 50), (150, 420)
MISSED_BEFORE_SLOWER = 3
AT_ONCE = 3
TICK = 1.0
TAKEN, OVER = ("taken", "wrapping"), ("done", "missed")


@dataclass
class Ringing:
    """A call under way. ``asked_at``: as sent, so that the same event again only asks where it is."""

    call_id: str
    number: str | None
    asked_at: datetime
    began: float
    patience: float
    talks_until: float = 0.0
    voice: object = None


class Callers:
    """Calls until ``stop`` is set. ``subscribers``, ``relatives``: their numbers, in E.164.

    ``voice_of``: who speaks behind a number; ``on_line``: told of those on the telephone whenever that changes.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        subscribers: Sequence[str],
        relatives: Sequence[str],
        chance: Random,
        voice_of: Callable[[str | None], object] = lambda number: number,
        on_line: Callable[[list[object]], None] = lambda voices: None,
    ) -> None:
        self.line = Line(url, LINE, secret, provider="demo")
        self.voice_of, self.on_line = voice_of, on_line
        self.subscribers, self.relatives, self.chance = subscribers, relatives, chance
        self.calls: list[Ringing] = []
        self.missed = 0
        self.next_at = 0.0
        self.clock: Callable[[], float] = time.monotonic
        self.talks: tuple[float, float] = TALKS

    def run(self, stop: threading.Event) -> None:
        """Play until told to stop; a platform that does not answer is tried again."""
        self.next_at = self.clock() + self.chance.uniform(5, 10)
        while not stop.wait(TICK):
            try:
                self.tick()
            except OSError:
                self.line.close()
        self.line.close()

    def tick(self) -> None:
        """One turn: somebody new calls if it is time, the others wait, talk, hang up."""
        now, before = self.clock(), list(self.calls)
        for call in before:
            self._go_on(call, now)
        if now >= self.next_at and len(self.calls) < AT_ONCE:
            self._ring(now)
            slower = self.missed >= MISSED_BEFORE_SLOWER
            self.next_at = now + self.chance.uniform(*(BETWEEN_MISSED if slower else BETWEEN))
        if self.calls != before:
            self.on_line([call.voice for call in self.calls])

    def _ring(self, now: float) -> None:
        patience = self.chance.uniform(*RINGS)
        number = self._number()
        call = Ringing(new_call_id(), number, datetime.now(UTC), now, patience, voice=self.voice_of(number))
        self._tell(call, "ringing", call.asked_at)
        self.calls.append(call)

    def _go_on(self, call: Ringing, now: float) -> None:
        if call.talks_until:
            if now >= call.talks_until:
                self._tell(call, "ended")
                self.calls.remove(call)
            return
        # The same event again changes nothing, and says where the call is.
        state = self._tell(call, "ringing", call.asked_at)
        if state in TAKEN:
            self._tell(call, "answered")
            call.talks_until, self.missed = now + self.chance.uniform(*self.talks), 0
        elif state in OVER:
            self.calls.remove(call)
        elif now - call.began > call.patience:
            self._tell(call, "missed")
            self.calls.remove(call)
            self.missed += 1

    def _tell(self, call: Ringing, state: str, at: datetime | None = None) -> str:
        """Send an event; the state of the call as the platform knows it."""
        _status, answer = self.line.send(state, call.call_id, call.number, at=at)
        return str(answer.get("state", ""))

    def _number(self) -> str | None:
        """Mostly subscribers; sometimes a relative, a stranger, a hidden number."""
        draw = self.chance.random()
        if draw < 0.78:
            return self.chance.choice(self.subscribers)
        if draw < 0.88 and self.relatives:
            return self.chance.choice(self.relatives)
        if draw < 0.95:
            return names.mobile(names.STRANGERS + self.chance.randrange(names.STAFF - names.STRANGERS))
        return None
