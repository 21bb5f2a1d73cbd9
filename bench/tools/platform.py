"""A whole platform to measure: the demo, its territory and its past, run by the demo's own pieces.

It stays in its folder: the same demo asked again is not written again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

import psycopg

from gruppetto.demo.running import running
from gruppetto.launcher.roles import VARIABLES

COUNTED = {
    "people": "people_person",
    "contacts": "contacts_contact",
    "interventions": "interventions_intervention",
    "journal_entries": "journal_entry",
}
Cookies = dict[str, str]


@dataclass(frozen=True)
class Platform:
    """``url``: where it answers; ``secret``: of its telephone line; ``owner``: address of its database as the owner.

    Its web process has the web role; this process, which sets the stage and looks at the end, is the owner.
    """

    url: str
    secret: str = field(repr=False)
    owner: str = field(repr=False)
    processes: dict[str, int]

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time that each of our processes has had so far (Linux)."""
        ticks = os.sysconf("SC_CLK_TCK")
        stats = {name: Path(f"/proc/{pid}/stat").read_text() for name, pid in self.processes.items()}
        # After the name, which may hold anything: utime and stime are the 12th and 13th.
        spent = {name: stat.rpartition(")")[2].split()[11:13] for name, stat in stats.items()}
        return {name: sum(map(int, both)) / ticks for name, both in spent.items()}

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """The database as its owner, outside row security: to draw numbers, to count, to look."""
        return psycopg.connect(self.owner, autocommit=True)

    def counts(self) -> dict[str, int]:
        """How much there is of what a bench's size is told by."""
        with self.connect() as owner:
            found = {name: owner.execute(f"SELECT count(*) FROM {table}") for name, table in COUNTED.items()}
            return {name: int(str(rows.fetchone()[0])) for name, rows in found.items()}  # type: ignore[index]

    def numbers(self, count: int) -> list[str]:
        """Numbers of people on file, drawn at random."""
        drawn = "SELECT number FROM people_phone WHERE ended_at IS NULL ORDER BY random() LIMIT %s"
        with self.connect() as owner:
            return [str(row[0]) for row in owner.execute(drawn, [count])]

    def signed_in(self, count: int, *, agent: bool = False) -> list[Cookies]:
        """Cookies of ``count`` open sessions, second factor shown: of the agent, or of all the others in turn."""
        from gruppetto.kernel.access.models import Account

        people = Account.objects.filter(kind=Account.Kind.HUMAN, is_active=True).order_by("email")
        chosen = people.filter(role="agent") if agent else people.exclude(role="agent")
        return [cookies_of(account.pk) for account in islice(cycle(chosen), count)]


def cookies_of(account_id: UUID) -> Cookies:
    """Open a session of that account, second factor shown; its cookies. As the owner."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from gruppetto.kernel.access import second_factor, sessions
    from gruppetto.kernel.access.models import Account

    account = Account.objects.get(pk=account_id)
    key, page = sessions.new_key(), import_module(settings.SESSION_ENGINE).SessionStore()
    sessions.open_session(account.pk, key)
    page[SESSION_KEY] = str(account.pk)
    page[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    page[HASH_SESSION_KEY] = account.get_session_auth_hash()
    page[second_factor.SHOWN] = str(account.pk)
    page.save()
    return {sessions.COOKIE: key, settings.SESSION_COOKIE_NAME: str(page.session_key)}


@contextmanager
def platform(folder: Path, *, subscribers: int, years: int) -> Iterator[Platform]:
    """The demo of ``folder``, made if need be, without callers, on a free port; all stops at the end."""
    folder = folder.resolve()
    with running(folder, port=0, subscribers=subscribers, years=years, fresh=False, say=_say) as demo:
        import django

        django.setup()
        pids = {name: child.pid for name, child in demo.children.items()}
        yield Platform(demo.url, demo.keys.line, demo.environment[VARIABLES["owner"]], pids)


def _say(words: str) -> None:
    print(words, file=sys.stderr)
