"""A line on the error output for what lasts more than two seconds."""

from __future__ import annotations

import sys
import time

PATIENCE, EVERY, WIDTH = 2.0, 0.5, 30


class Bar:
    """How much of ``total`` is done, and how long the rest takes; silent when it is quick."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total = label, max(total, 1)
        self.began = self.shown = time.monotonic()
        self.visible = False

    def at(self, count: int) -> None:
        """So many are done."""
        now = time.monotonic()
        if now - self.began < PATIENCE or now - self.shown < EVERY:
            return
        self.shown, self.visible = now, True
        share = min(count / self.total, 1)
        left = (now - self.began) * (1 - share) / max(share, 0.001)
        filled = "█" * round(share * WIDTH)
        sys.stderr.write(f"\r{self.label:<10} {filled:·<{WIDTH}} {share:4.0%}  {left:.0f} s left ")
        sys.stderr.flush()

    def done(self) -> None:
        """The line goes."""
        if self.visible:
            sys.stderr.write(f"\r{'':<{WIDTH + 40}}\r")
            sys.stderr.flush()
