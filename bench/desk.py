"""``gruppetto bench desk``: the pages people read all day, at 50 000 and a million interventions, and the peers' own.

Each page is read whole, by Django's client in the process of the web role with row security on, by readers who see one
portfolio, 13, and all. The peers have the same requests in the same words, on the same server, and are asked in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from bench.tools.driving import Driver, Part, driver, in_turn, ratio, tell
from bench.tools.measure import Report, arguments
from bench.tools.peers import environment, peers
from bench.tools.platform import cookies_of
from bench.tools.raw import Raw
from bench.tools.scale import ABSENT, RARE, House, house, sized

READ = (
    "list",
    "filtered",
    "deep",
    "search_frequent",
    "search_rare",
    "search_person",
    "search_absent",
    "detail",
    "person",
)
# Over these is the ratio: the list of all, its deep page, three searches that find something.
COMPARED = ("list", "deep", "search_frequent", "search_rare", "search_person")
OF_PEERS = (
    "list",
    "filtered",
    "deep",
    "search_frequent",
    "search_rare",
    "search_person",
    "search_absent",
    "detail",
)
BARS = {"helpdesk": 20.0, "escalated": 8.0}
LARGE = 500_000
OPENED_IN_TURN = 50

STATES = "SELECT array_agg(DISTINCT state) FROM interventions_intervention"
DEEP = """
SELECT id FROM interventions_intervention WHERE portfolio_id = ANY (%(portfolios)s) ORDER BY opened_at DESC, id DESC
OFFSET (SELECT count(*) * 4 / 5 FROM interventions_intervention WHERE portfolio_id = ANY (%(portfolios)s)) LIMIT 1
"""
SOME = """
SELECT id, subject_id FROM interventions_intervention WHERE portfolio_id = ANY (%s) ORDER BY md5(id::text) LIMIT %s
"""
HOLDER = "SELECT worker_id FROM interventions_intervention WHERE portfolio_id = %s AND worker_id IS NOT NULL LIMIT 1"
TITLES = "SELECT title FROM interventions_intervention ORDER BY md5(id::text) LIMIT 5000"
NAMED = "SELECT given_names, family_name FROM people_person WHERE id = %s"


def main(argv: Sequence[str]) -> int:
    """Run the bench; 0 when every bar is reached."""
    parser = arguments("desk", __doc__ or "")
    sized(parser, 50_000)
    parser.add_argument("--rounds", type=int, default=40, help="times each page of ours is read (default 40)")
    parser.add_argument(
        "--peer-rounds", type=int, default=5, help="times each page of a peer is read (default 5)"
    )
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    asked = parser.parse_args(argv)
    report = Report(
        "desk", {"interventions": asked.scale, "rounds": asked.rounds, "peer_rounds": asked.peer_rounds}
    )
    with ExitStack() as stack:
        made = stack.enter_context(house(asked, "desk"))
        scopes = made.scopes()
        made.plant(scopes["1"][1][0])
        readers = {name: reader(made, *scope) for name, scope in scopes.items()}
        for name, (_account, portfolios) in scopes.items():
            report.figure(f"portfolios_{name}", len(portfolios))
        others = peers(made, readers["all"]["words"], report, wanted=not asked.no_peers)
        found = stack.enter_context(others)
        ours = stack.enter_context(driver("ours_desk", environment({"scopes": readers}, ours=True)))
        raw = stack.enter_context(Raw("desk", made.owner, raw_of(made, scopes["all"][1], readers["all"])))
        pages = [f"{act}/{scope}" for scope in readers for act in (*READ, "send")]
        parts = [Part(ours.do, pages, asked.rounds), Part(raw.do, list(raw.statements), asked.rounds)]
        in_turn("pages", parts + [Part(one.do, OF_PEERS, asked.peer_rounds) for one in found])
        tell_all(report, made, ours, found, raw, asked.scale)
    return report.say(asked.json)


def reader(made: House, account: Any, portfolios: list[int]) -> dict[str, Any]:
    """What one reader reads: their session, a deep page, rows to open in turn, words to look for."""
    with made.connect() as owner:
        known = {"portfolios": portfolios}
        [[deep]] = owner.execute(DEEP, known)
        some = owner.execute(SOME, [portfolios, OPENED_IN_TURN]).fetchall()
        holder = owner.execute(HOLDER, [portfolios[0]]).fetchone()
        named = owner.execute(NAMED, [some[0][1]]).fetchone()
        titles = Counter(word for [title] in owner.execute(TITLES) for word in set(title.lower().split()))
    long = [(count, word) for word, count in titles.items() if len(word) > 5 and word.isalpha()]
    return {
        "cookies": cookies_of(account),
        "deep": str(deep),
        "worker": str(holder[0] if holder else account),
        "interventions": [str(one[0]) for one in some],
        "persons": [str(one[1]) for one in some],
        "words": {
            "frequent": max(long)[1],
            "rare": RARE,
            "person": " ".join(named or ()),
            "absent": ABSENT,
        },
    }


def raw_of(made: House, portfolios: list[int], scope: Mapping[str, Any]) -> dict[str, Any]:
    """What the raw statements name."""
    with made.connect() as owner:
        [[states]] = owner.execute(STATES)
    return {
        "portfolios": portfolios,
        "states": states,
        "deep": scope["deep"],
        "intervention": scope["interventions"][0],
    }


def tell_all(report: Report, made: House, ours: Driver, found: Sequence[Driver], raw: Raw, size: int) -> None:
    """Figures and bars of quality.md; the ratios compare the reader who sees all."""
    slowest = 200.0 if size >= LARGE else 100.0
    for name, measures in ours.measures.items():
        act, scope = name.split("/")
        bars = {} if act == "send" else {"queries": 10.0, "cpu_ms": 40.0, "p95": slowest}
        tell(report, f"{act}_{scope}", measures, **bars)
    for name, measures in raw.measures.items():
        tell(report, f"raw_{name}", measures)
    for one in found:
        for act, measures in one.measures.items():
            tell(report, f"{one.name}_{act}", measures)
        own = [ours.measures[f"{act}/all"] for act in COMPARED]
        times = ratio(own, [one.measures[act] for act in COMPARED])
        report.figure(f"times_{one.name}", times, bar=BARS[one.name], sense=">=")
        report.figure(f"{one.name}_rows", one.about["rows"])
    for name, count in made.counts().items():
        report.figure(name, count)
