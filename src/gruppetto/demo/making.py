"""The demo's database: migrated, staged and filled the first time; found again, or made anew, the next ones."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from gruppetto.launcher import LauncherError, Server, prepare

DATABASE = "demo"
FILE = "demo.json"
# What decides how the stage and the past are written; a change there makes the demo anew.
MADE_OF = (
    "demo/**/*.py",
    "**/migrations/*.py",
    "kernel/access/walls.py",
    "service/catalogue/content/**/*.toml",
    "service/knowledge/content/**/*.toml",
)
NOT_MADE_OF = (
    "play.py",
    "check.py",
    "running.py",
    "child.py",
    "calling.py",
    "browser.py",
    "crawl.py",
    "progress.py",
)
MONTH = timedelta(days=31)
# Figures are counted so far back: enough to compare a quarter with those of the year before.
COUNTED = timedelta(days=400)
# Of many people (benches) less: to count a year of a million requests lasts longer than to write it.
COUNTED_OF_MANY = timedelta(days=100)


@dataclass(frozen=True)
class Made:
    """What a folder's demo is made of; ``code``: fingerprint of what made it, ``on``: the day it was made.

    ``journal``: False when the past has no journal (benches).
    """

    code: str
    subscribers: int
    years: int
    on: str
    journal: bool = True

    @classmethod
    def wanted(cls, subscribers: int, years: int, journal: bool = True) -> Made:
        """As this code would make it today."""
        today = date.today()  # noqa: DTZ011  (the wall's day)
        return cls(fingerprint(), subscribers, years, today.isoformat(), journal)

    @classmethod
    def read(cls, folder: Path) -> Made | None:
        """As the folder says; None when nothing was finished there."""
        try:
            return cls(**json.loads((folder / FILE).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Say that it is finished."""
        (folder / FILE).write_text(json.dumps(asdict(self)))

    def same_but_for_the_day(self, other: Made | None) -> bool:
        """Would it be made alike?"""
        return other is not None and replace(other, on=self.on) == self


def fingerprint() -> str:
    """Changes with the migrations, the catalogue and the code that writes the demo."""
    source, digest = Path(__file__).resolve().parents[1], hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(source.glob(pattern)):
            if path.name not in NOT_MADE_OF or path.parent.name != "demo":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def clear(folder: Path, server: Server) -> None:
    """An empty database in the place of what was there."""
    (folder / FILE).unlink(missing_ok=True)
    server.psql(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE);')
    prepare(server, DATABASE)


def check_empty() -> None:
    """A database that was given (not ours) is only filled when nothing is in it; Django is set up as the owner.

    Raises ``LauncherError`` in words for the person at the terminal.
    """
    from django.db import connection

    if connection.introspection.table_names():
        raise LauncherError(
            "The database of GRUPPETTO_OWNER_DATABASE_URL is not empty, and was not made by this version of the demo: "
            "give an empty one."
        )


def make(password: str, service_key: str, subscribers: int, years: int, *, journal: bool = True) -> str:
    """Migrate, set the stage, write the past; returns what was made, in a sentence. Django is set up as the owner.

    ``journal``: False to leave out the acts and looks of the past (benches: half of the rows).
    """
    from django.core.management import call_command

    from gruppetto.demo import colleagues, history, territory
    from gruppetto.demo.cast import STAFF
    from gruppetto.demo.second_factor import give_codes
    from gruppetto.insight.indicators.busy import refresh_calls
    from gruppetto.insight.indicators.counting import count_all
    from gruppetto.kernel.access.models import Account
    from gruppetto.kernel.access.sessions import register_service
    from gruppetto.kernel.actors import Actor, acting
    from gruppetto.kernel.clock import PARIS, now
    from gruppetto.kernel.journal import act
    from gruppetto.kernel.journal.models import Origin
    from gruppetto.service.coordinates.weighing import weigh_all
    from gruppetto.service.finding.jobs import learn
    from gruppetto.service.interventions.promises import measure

    call_command("migrate", verbosity=0)
    until = now()
    today = until.astimezone(PARIS).date()
    first = today - (timedelta(days=365 * years) if years else MONTH)
    since = datetime.combine(first, time(0), PARIS).astimezone(UTC)
    passwords = {member.email: password for member in STAFF}
    with acting(Actor.command("demo")):
        Origin.objects.create(origin="demo")
        act("journal.begun", body={"origin": "demo"})
        register_service(TELEPHONY, "Téléphonie", service_key)
        stage = territory.set_up(subscribers, passwords, today, since)
        give_codes(member.email for member in STAFF)
    told = history.write(
        stage,
        subscribers=subscribers,
        since=since,
        until=until,
        telephony=Account.objects.get(email=TELEPHONY).pk,
        # More would take longer to write than it is worth: looks and acts of the last month are there.
        journal_since=(until - MONTH if years else None) if journal else until,
    )
    colleagues.meet()
    with acting(Actor.command("demo")):
        counted = max(first, today - (COUNTED if subscribers <= history.ALL_TOLD else COUNTED_OF_MANY))
        refresh_calls(counted, today)
        for _period, _figures in count_all(counted):
            pass
        measure(until)
        # What the night would have done: coordinates weighed, words learnt.
        weigh_all()
        learn(since)
    return (
        f"{stage.inhabitants:,} inhabitants, {told.subscribers:,} subscribers, {told.calls:,} calls received and "
        f"{told.interventions:,} interventions since {first:%d %B %Y}: {told.rows:,} rows in {told.seconds:.0f} s "
        f"({told.speed:,} rows/s)."
    )


TELEPHONY = "telephony@gruppetto.invalid"
