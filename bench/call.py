"""``gruppetto bench call``: from the webhook that says a phone rings to the row on the agent's open page.

Open loop: each call is sent at its own instant, whatever became of the others, and is measured from that instant.
One real browser shows the call desk; other signed-in staff hear the same events on connections of their own. One
clock: the sender's, and the browser's on the same machine.
"""

from __future__ import annotations

import http.client
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from bench.tools.browser import chromium
from bench.tools.listeners import Listeners
from bench.tools.measure import Report, arguments, progress
from bench.tools.platform import Platform, platform
from gruppetto.demo.keys import LINE
from gruppetto.gateways.telephony.sending import Line, new_call_id
from gruppetto.kernel.access.sessions import COOKIE

# Nobody answers: the call leaves the pane, which so holds about rate × RINGS calls.
RINGS = 2.0
WARM_UP = 2.0
LATEST = 10.0
SENDERS = 16
KNOWN, WITHHELD = 0.7, 0.1
TOPIC = "line.changed"
SAMPLED_EVERY = 0.1

OLDEST = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0) FROM outbox_fact"

WATCH = """() => {
    window.shown = {};
    const pane = document.querySelector("#line");
    const look = () => {
        const at = performance.timeOrigin + performance.now();
        for (const row of pane.querySelectorAll("[data-ringing]")) window.shown[row.dataset.key.slice(5)] ??= at;
    };
    performance.setResourceTimingBufferSize(20000);
    new MutationObserver(look).observe(pane, { childList: true, subtree: true });
}"""
READS = """() => performance.getEntriesByType("resource").filter(one => one.name.endsWith("/ligne/"))
    .map(one => one.responseEnd - one.startTime)"""
CLOCK = "() => performance.timeOrigin + performance.now()"


@dataclass
class Call:
    """One call: when it was due to be sent and when its answer came (seconds since 1970), what the answer was."""

    number: str | None
    due: float
    call_id: str
    answered: float = 0.0
    status: int = 0
    contact: str = ""


class Sender:
    """A provider that sends each event at its instant, on as many connections as it needs."""

    def __init__(self, house: Platform) -> None:
        self.house, self.own = house, threading.local()
        self.pool, self.lines = ThreadPoolExecutor(SENDERS), list[Line]()
        self.late = 0.0

    def close(self) -> None:
        """Hang up all the connections."""
        self.pool.shutdown()
        for line in self.lines:
            line.close()

    def play(self, calls: Sequence[Call]) -> None:
        """Ring each call when it is due, let it go ``RINGS`` seconds later; returns when all is answered."""
        events = sorted(
            [(call.due, self._ring, call) for call in calls]
            + [(call.due + RINGS, self._let_go, call) for call in calls],
            key=lambda event: event[0],
        )
        waiting = []
        with progress("calls", len(calls)) as done:
            for number, (due, act, call) in enumerate(events, 1):
                time.sleep(max(0.0, due - time.time()))
                waiting.append(self.pool.submit(act, call))
                if number % 10 == 0:
                    done(number // 2)
        for one in waiting:
            one.result()

    def _ring(self, call: Call) -> None:
        self.late = max(self.late, time.time() - call.due)
        call.status, answer = self._send("ringing", call)
        call.answered = time.time()
        call.contact = str(answer.get("contact", ""))

    def _let_go(self, call: Call) -> None:
        self._send("missed", call)

    def _send(self, state: str, call: Call) -> tuple[int, dict[str, object]]:
        line: Line | None = getattr(self.own, "line", None)
        if line is None:
            line = self.own.line = Line(self.house.url, LINE, self.house.secret, provider="bench", timeout=30)
            self.lines.append(line)
        try:
            return line.send(state, call.call_id, call.number)
        except (OSError, http.client.HTTPException):
            line.close()
            return 0, {}


def main(argv: Sequence[str]) -> int:
    """Run the bench; 0 when every bar is reached."""
    parser = arguments("call", __doc__ or "")
    parser.add_argument("--subscribers", type=int, default=900, help="quality.md asks for 30000")
    parser.add_argument("--years", type=int, default=0, help="of history, 0: a month; quality.md asks for 1")
    parser.add_argument("--scale", type=int, default=1, help="times as many years")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=float, default=10, help="calls a second")
    parser.add_argument("--clients", type=int, default=19, help="event clients beside the browser")
    parser.add_argument("--folder", type=Path, help="keep the platform there, and use it again")
    asked = parser.parse_args(argv)
    years = asked.years * asked.scale
    scale = {"subscribers": asked.subscribers, "years": years, "rate": asked.rate}
    report = Report("call", scale | {"seconds": asked.seconds, "clients": asked.clients})
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-call-")))
        house = stack.enter_context(platform(folder, subscribers=asked.subscribers, years=years))
        measure(house, report, asked.seconds, asked.rate, asked.clients)
    return report.say(asked.json)


def measure(house: Platform, report: Report, seconds: int, rate: float, clients: int) -> None:
    """Play the calls before the browser and the event clients; put the figures into ``report``."""
    known = house.numbers(500)
    [agent] = house.signed_in(1, agent=True)
    # Everybody hears the line.
    keys = [cookies[COOKIE] for cookies in house.signed_in(clients)]
    with (
        chromium() as browser,
        Listeners(house.url, keys, TOPIC) as listeners,
        lag(house) as lags,
        closing(Sender(house)) as sender,
    ):
        context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
        context.add_cookies(
            [{"name": name, "value": value, "url": house.url} for name, value in agent.items()]
        )
        page = context.new_page()
        page.goto(f"{house.url}/plate-forme/")
        page.wait_for_selector("[data-connection=live]", state="attached")
        page.evaluate(WATCH)
        gaps = [clock_gap(page)]
        sender.play(calls(int(WARM_UP * rate), rate, known))
        lags.clear()
        spent, began = house.cpu_seconds(), time.monotonic()
        played = calls(int(seconds * rate), rate, known)
        sender.play(played)
        lasted = time.monotonic() - began
        for name, seconds_spent in house.cpu_seconds().items():
            report.figure(f"cpu_share_{name}", (seconds_spent - spent[name]) / lasted)
        shown = wait_for(page, [call.contact for call in played if call.contact])
        reads = page.evaluate(READS)
        gaps.append(clock_gap(page))
    delays = [shown[call.contact] - call.due * 1000 for call in played if call.contact in shown]
    report.spread("shown_ms", delays, p95=250, p99=500)
    report.figure("lost", len(played) - len(delays), bar=0)
    report.spread("answered_ms", [(call.answered - call.due) * 1000 for call in played if call.status == 200])
    heard = [
        (times[call.contact] - call.due) * 1000
        for times in listeners.heard
        for call in played
        if call.contact in times
    ]
    report.spread("heard_ms", heard)
    report.figure("events_lost", clients * len(played) - len(heard))
    report.figure("events_received", sum(listeners.events))
    report.spread("relay_lag_ms", lags)
    report.spread("pane_read_ms", reads)
    report.figure("pane_reads", len(reads))
    report.figure("sent_late_ms_max", sender.late * 1000)
    report.figure("clock_gap_ms_max", max(gaps, key=abs))
    for name, count in house.counts().items():
        report.figure(name, count)


def calls(count: int, rate: float, known: Sequence[str]) -> list[Call]:
    """Calls due one after the other from now: subscribers, strangers, withheld numbers."""
    begins = time.time() + 0.5
    return [Call(_number(known), begins + number / rate, new_call_id()) for number in range(count)]


def _number(known: Sequence[str]) -> str | None:
    drawn = random.random()  # noqa: S311  (who calls, not a secret)
    if drawn < WITHHELD:
        return None
    if drawn < WITHHELD + KNOWN:
        return random.choice(known)  # noqa: S311
    return f"+3363998{random.randrange(10_000):04d}"  # noqa: S311  (kept for fiction, ARCEP 2018-0881)


def wait_for(page: Page, contacts: Sequence[str]) -> dict[str, float]:
    """When each contact was first on the page, in milliseconds since 1970; after ``LATEST`` s, those that were."""
    until = time.monotonic() + LATEST
    while True:
        shown: dict[str, float] = page.evaluate("() => window.shown")
        if time.monotonic() > until or all(contact in shown for contact in contacts):
            return shown
        time.sleep(0.2)


def clock_gap(page: Page) -> float:
    """The browser's clock minus ours, in milliseconds, at best (the shortest of some round trips)."""
    trips = []
    for _ in range(10):
        before = time.time()
        theirs = page.evaluate(CLOCK)
        after = time.time()
        trips.append((after - before, theirs - (before + after) * 500))
    return min(trips)[1]


@contextmanager
def lag(house: Platform) -> Iterator[list[float]]:
    """Sample how long the oldest fact has waited to be relayed (milliseconds, 0 when none waits)."""
    samples: list[float] = []
    over = threading.Event()

    def sample() -> None:
        with house.connect() as owner:
            while not over.wait(SAMPLED_EVERY):
                row = owner.execute(OLDEST).fetchone()
                samples.append(float(str(row[0])) * 1000 if row else 0.0)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()
