"""``gruppetto demo-check``: the demo played without a browser in a temporary folder; one JSON line, nothing left."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from gruppetto.demo import strict
from gruppetto.demo.cast import PILOT, STAFF
from gruppetto.demo.running import Running, running
from gruppetto.launcher import LauncherError

if TYPE_CHECKING:
    from gruppetto.demo.browser import Browser
    from gruppetto.demo.scene import Caller, Scene

CALLS = 10
SEED = 7


@dataclass
class Report:
    """What is printed; ``errors`` empty: all went as it should."""

    seconds_to_first_page: float = 0.0
    calls_played: int = 0
    interventions_closed: int = 0
    pages_checked: int = 0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)


def main(argv: Sequence[str]) -> int:
    """Play, look, report; 0 only without errors."""
    parser = argparse.ArgumentParser(prog="gruppetto demo-check", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=PILOT)
    parser.add_argument("--calls", type=int, default=CALLS, help=f"to closed interventions; default: {CALLS}")
    asked = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, report = time.monotonic(), Report()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="gruppetto-check-") as folder,
            _demo(folder, asked.subscribers) as demo,
        ):
            report.seconds_to_first_page = round(demo.seconds, 1)
            _check(demo, asked.calls, report)
        report.errors += [f"left behind: {one}" for one in left_behind(folder)]
    except LauncherError as refusal:
        report.errors.append(str(refusal))
    report.seconds = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(report.__dict__, ensure_ascii=False) + "\n")
    return 1 if report.errors else 0


def left_behind(folder: str) -> list[str]:
    """What still stands of a platform that was stopped: its folder, the processes that know of it (Linux)."""
    found = [folder] if Path(folder).exists() else []
    for process in Path("/proc").glob("[0-9]*"):
        # Gone in between, or somebody else's.
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if folder.encode() in command + (process / "environ").read_bytes():
                found.append(
                    f"process {process.name}: {command.replace(bytes(1), b' ').decode(errors='replace')}"
                )
    return found


@contextmanager
def _demo(folder: str, subscribers: int) -> Iterator[Running]:
    """A demo whose templates are strict, on free ports, that leaves nothing."""
    with running(
        Path(folder) / "demo",
        port=0,
        subscribers=subscribers,
        years=0,
        fresh=False,
        say=lambda words: None,
        keep=False,
        more={strict.VARIABLE: "1"},
    ) as demo:
        yield demo


def _check(demo: Running, calls: int, report: Report) -> None:
    import django

    django.setup()
    from django.db import connection

    from gruppetto.demo.browser import Ear, Lost
    from gruppetto.demo.crawl import Crawl

    try:
        browsers = {member.email: _signed_in(demo, member.email) for member in STAFF}
        first = {member.role: browsers[member.email] for member in reversed(STAFF)}
        ear = Ear(first["supervisor"], "/direct/faits")
        _play(_scene(demo, browsers, ear), calls, report)
        ear.close()
        crawl = Crawl()
        for role, browser in first.items():
            crawl.follow(browser, role)
        for role, browser in first.items():
            crawl.knock(browser, role)
        report.pages_checked = crawl.pages
        report.errors += crawl.errors
    except Lost as lost:
        report.errors.append(str(lost))
    finally:
        connection.close()
    if fallen := demo.fallen():
        report.errors.append(f"the {fallen} has stopped")
    for name in demo.children:
        report.errors += _faults(demo, name)


def _signed_in(demo: Running, email: str) -> Browser:
    """A browser signed in by the front door: password, then the code of the second factor."""
    from gruppetto.demo.browser import Browser, Lost
    from gruppetto.demo.second_factor import codes
    from gruppetto.kernel.access.models import Account

    browser = Browser(demo.url)
    page = browser.get("/compte/connexion/")
    page = browser.submit(page, page.form("/connexion/"), {"login": email, "password": demo.keys.password})
    account = Account.objects.get(email=email)
    page = browser.submit(page, page.form("/connexion/code/"), {"code": codes([account])[account.pk]})
    if page.status != 200 or "/compte/" in page.path:
        raise Lost(f"{email} cannot sign in: {page.path} {page.status}")
    return browser


def _scene(demo: Running, browsers: dict[str, Browser], ear: object) -> Scene:
    from gruppetto.demo import voices
    from gruppetto.demo.keys import LINE
    from gruppetto.demo.scene import Scene
    from gruppetto.gateways.telephony.sending import Line
    from gruppetto.kernel.clock import today

    agent = next(browsers[member.email] for member in STAFF if member.role == "agent")
    chance = Random(SEED)  # noqa: S311  (the same scene each time)
    line = Line(demo.url, LINE, demo.keys.line, provider="check")
    return Scene(line, agent, browsers, ear, voices.answer_to, chance, today())  # type: ignore[arg-type]


def _play(scene: Scene, calls: int, report: Report) -> None:
    """Ten kinds, ten people, six correspondents."""
    from gruppetto.demo.browser import Lost
    from gruppetto.kernel.clock import now
    from gruppetto.service.catalogue.reads import kinds_in_force

    kinds = kinds_in_force(now())
    for number, caller in enumerate(_callers(calls)):
        kind = kinds[number % len(kinds)]
        try:
            scene.play(caller, kind)
        except (Lost, LookupError) as lost:
            report.errors.append(f"call {number + 1}, {kind.code}: {lost}")
        report.calls_played += 1
    report.interventions_closed = len(scene.closed)
    scene.line.close()


def _callers(calls: int) -> list[Caller]:
    """Subscribers of all the portfolios in turn, each with a number of their own."""
    from django.db.models import Count

    from gruppetto.demo.scene import Caller
    from gruppetto.registry.people.models import Phone

    holders = {number: member.email for member in STAFF for number in member.portfolios}
    shared = Phone.objects.values("number").annotate(owners=Count("id")).filter(owners__gt=1).values("number")
    mine = Phone.objects.filter(main=True, subject__subscriber_since__isnull=False).exclude(number__in=shared)
    found: list[Caller] = []
    for rank in range(calls):
        portfolio = list(holders)[rank % len(holders)]
        phone = mine.filter(portfolio_id=portfolio).order_by("id")[rank // len(holders)]
        found.append(Caller(phone.subject_id, phone.number, holders[portfolio]))
    return found


def _faults(demo: Running, name: str) -> list[str]:
    """What a process wrote that looks like a fault."""
    lines = (demo.folder / f"{name}.log").read_text(errors="replace").splitlines()
    return [
        f"{name}: {line}"
        for line in lines
        if " ERROR " in line or line.startswith(("Traceback", "gruppetto."))
    ]
