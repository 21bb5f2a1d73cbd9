"""Calls asked for by the pages ring through the real webhook, one at a time each, until the trainee hangs up."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path
from secrets import SystemRandom

from gruppetto.demo.calling import OVER, Callers, Ringing
from gruppetto.kernel.clock import now
from gruppetto.training import casting

ASKED = "asked"
# Seconds: a trainee may read the sheet first, and talk as long as they need.
RINGS, TALKS = 300.0, 3_600.0
LEFT = ("wrapping", *OVER)


def ask(folder: Path, call_id: str, code: str) -> None:
    """Ask, from a page, that the scenario rings under that id."""
    box = folder / ASKED
    box.mkdir(exist_ok=True)
    draft = box / f"{call_id}.new"
    draft.write_text(json.dumps({"call_id": call_id, "code": code}))
    draft.replace(box / f"{call_id}.json")


class Trainer(Callers):
    """Those who call when asked, and never by themselves."""

    def __init__(self, folder: Path, url: str, secret: str) -> None:
        super().__init__(url, secret, [], [], SystemRandom())
        self.folder = folder
        self.talks = (TALKS, TALKS)

    def run(self, stop: threading.Event) -> None:
        """Ring when asked, until told to stop."""
        while not stop.wait(0.5):
            try:
                self.tick()
            except OSError:
                self.line.close()
        self.line.close()

    def tick(self) -> None:
        """One turn: what was asked rings, the other calls go on; nobody else calls."""
        self.next_at = math.inf
        for asked in sorted((self.folder / ASKED).glob("*.json")):
            said = json.loads(asked.read_text())
            number = casting.read(self.folder)[said["code"]].number
            call = Ringing(said["call_id"], number, now(), self.clock(), RINGS)
            self._tell(call, "ringing", call.asked_at)
            asked.unlink()
            self.calls.append(call)
        super().tick()

    def _go_on(self, call: Ringing, now: float) -> None:
        """As those of the demo; and once the trainee has hung up, the caller hangs up too."""
        if call.talks_until and self._tell(call, "ringing", call.asked_at) in LEFT:
            call.talks_until = now
        super()._go_on(call, now)
