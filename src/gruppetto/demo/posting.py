"""What becomes of the messages of a life: most arrive, some come back, one is uncertain, one waits for its budget."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from gruppetto.demo.past.book import Row
from gruppetto.demo.past.sending import Sending
from gruppetto.demo.people import Known
from gruppetto.demo.working import Working

WRONG_NUMBER, RETURNED = 0.02, 0.01
ON_ITS_WAY, BROUGHT_BACK = timedelta(hours=20), timedelta(days=6)
# Somebody still has to decide of what is as recent as that.
RECENT = timedelta(days=5)


class Posting(Working):
    """``doubted``, ``held``: the one courriel that was cut and the one letter beyond its budget, once they are told."""

    doubted: Sending | None = None
    held: Sending | None = None

    def _send(self, at: datetime, message: Row, person: Known) -> None:
        sending = self.past.sendings.route(message, person, at)
        if sending is not None and len(sending.messages) == 1:
            self._at(self.past.sendings.leaves(sending), partial(self.leave, sending=sending))

    def leave(self, at: datetime, sending: Sending) -> None:
        """The worker takes it up."""
        sendings, channel = self.past.sendings, sending.row["channel"]
        recent = at > self.until - RECENT
        if channel == "letter" and recent and self.held is None:
            sendings.hold(sending)
            self.held = sending
            return
        sendings.claim(sending, at)
        at += timedelta(seconds=1)
        if channel == "email" and recent and self.doubted is None:
            sendings.doubt(sending, at, "cut")
            self.doubted = sending
        elif channel == "sms" and self.chance.random() < WRONG_NUMBER:
            self._fails(at, sending, "wrong-number")
        else:
            sendings.accept(sending, at)
            self._arrives(at, sending)

    def arrive(self, at: datetime, sending: Sending) -> None:
        """The carrier says that it is there."""
        self.past.sendings.arrive(sending, at)

    def come_back(self, at: datetime, sending: Sending) -> None:
        """The letter comes back."""
        self._fails(at, sending, "returned")

    def _fails(self, at: datetime, sending: Sending, why: str) -> None:
        after = self.past.sendings.fail(sending, at, why)
        if after is not None:
            self._at(self.past.sendings.leaves(after), partial(self.leave, sending=after))

    def _arrives(self, at: datetime, sending: Sending) -> None:
        """A mail server never says; a telephone does within a minute, the printer the day after."""
        match sending.row["channel"]:
            case "sms":
                self._at(self._later(at, 2, 60), partial(self.arrive, sending=sending))
            case "letter" if self.chance.random() < RETURNED:
                self._at(at + BROUGHT_BACK, partial(self.come_back, sending=sending))
            case "letter":
                self._at(at + ON_ITS_WAY, partial(self.arrive, sending=sending))
