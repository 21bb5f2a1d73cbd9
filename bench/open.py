"""``gruppetto bench open``: a contact and its intervention, with promise, routing, repeat flag, acknowledgement queued.

Ours in one act of an agent: the visit, the person, the reasons (which say whether they repeat), the request. The
peers by the form they offer, their acknowledgement rendered and not sent. Each is committed for good, asked in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from bench.tools.driving import Driver, Part, driver, in_turn, ratio, tell
from bench.tools.measure import Report, arguments
from bench.tools.peers import environment, peers
from bench.tools.platform import cookies_of
from bench.tools.raw import Raw
from bench.tools.scale import ABSENT, House, house, sized
from gruppetto.kernel.access.sessions import COOKIE

BARS = {"helpdesk": 3.0, "escalated": 1.5}
PERSONS = """
SELECT id FROM people_person WHERE merged_into IS NULL AND subscriber_since IS NOT NULL ORDER BY md5(id::text) LIMIT 500
"""
AGENT = "SELECT id FROM access_account WHERE role = 'agent' ORDER BY id LIMIT 1"


def main(argv: Sequence[str]) -> int:
    """Run the bench; 0 when every bar is reached."""
    parser = arguments("open", __doc__ or "")
    sized(parser, 50_000)
    parser.add_argument("--times", type=int, default=500, help="times each opens a request (default 500)")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    asked = parser.parse_args(argv)
    report = Report("open", {"interventions": asked.scale, "times": asked.times})
    with ExitStack() as stack:
        made = stack.enter_context(house(asked, "open"))
        ours = stack.enter_context(driver("ours_open", environment(agent(made), ours=True)))
        words = dict.fromkeys(("frequent", "rare", "person", "absent"), ABSENT)
        found = stack.enter_context(peers(made, words, report, wanted=not asked.no_peers))
        raw = stack.enter_context(Raw("open", made.owner))
        raw.do("tables", counted=False)
        measured: list[Driver | Raw] = [ours, raw, *found]
        in_turn("requests", [Part(one.do, ["open"], asked.times) for one in measured])
        own = ours.measures["open"]
        tell(report, "open", own, queries=15.0, cpu_ms=15.0)
        report.figure("open_per_s", 1000 * len(own.ms) / sum(own.ms))
        tell(report, "raw_open", raw.measures["open"])
        for one in found:
            theirs = one.measures["open"]
            tell(report, f"{one.name}_open", theirs)
            report.figure(f"{one.name}_open_per_s", 1000 * len(theirs.ms) / sum(theirs.ms))
            report.figure(f"times_{one.name}", ratio([own], [theirs]), bar=BARS[one.name], sense=">=")
            report.figure(f"{one.name}_rows", one.about["rows"])
        for name, count in made.counts().items():
            report.figure(name, count)
    return report.say(asked.json)


def agent(made: House) -> dict[str, object]:
    """Who opens the requests, for whom."""
    with made.connect() as owner:
        [[account]] = owner.execute(AGENT)
        persons = [str(one) for [one] in owner.execute(PERSONS)]
    return {"account": str(account), "key": cookies_of(account)[COOKIE], "persons": persons}
