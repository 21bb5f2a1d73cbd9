"""``gruppetto doctor``: what is missing, late or wrongly set, in plain words, each with what to do about it."""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import psycopg

from gruppetto.cli.places import PACKAGE, PROJECT
from gruppetto.gateways.identity.discovery import look_up, look_up_keys
from gruppetto.gateways.identity.lines import Unreachable
from gruppetto.gateways.identity.providers import read
from gruppetto.launcher.binaries import OLDEST_MAJOR
from gruppetto.launcher.roles import OWNER, SEALER, VARIABLES, WEB, WORKER
from gruppetto.launcher.sealing import FILE as SEAL_KEY

Level = Literal["well", "advice", "fault"]
ROLES = {"web": WEB, "owner": OWNER, "worker": WORKER, "sealer": SEALER}
SECRETS = {
    "GRUPPETTO_SECRET_KEY": "each process signs cookies that the others refuse, and a restart signs everybody out",
    "GRUPPETTO_SERVICE_KEY": "the telephony cannot sign in to the database",
}
LATE_FACTS = 30
LATE_JOBS = 300
LATE_CALLS = 120
# An entry that no leaf covers after a minute is a fault (decisions 14); the worker seals three times a minute.
LATE_SEALS = 60
# The death of a worker is known after 30 s, its jobs are taken back within the minute that follows.
LATE_ORPHANS = 300
# The job that raises the alarm of a silent visitor runs each minute; somebody takes an alarm within minutes.
LATE_ALARMS = 120
LATE_HELP = 600


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``fault`` stops the service or loses something, ``advice`` does not."""

    level: Level
    subject: str
    sentence: str


def main(argv: Sequence[str]) -> int:
    """Print every finding, faults last; exit status 1 when there is a fault."""
    parser = argparse.ArgumentParser(prog="gruppetto doctor")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    asked = parser.parse_args(argv)
    findings = sorted(
        examine(os.environ), key=lambda finding: ("well", "advice", "fault").index(finding.level)
    )
    if asked.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.level:>6}  {finding.subject}: {finding.sentence}")
    return 1 if any(finding.level == "fault" for finding in findings) else 0


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """All findings for these settings."""
    yield from secrets(environment)
    yield from files(environment)
    yield from scanner(environment)
    yield from programs()
    for word, variable in VARIABLES.items():
        yield from database(variable, ROLES[word], environment.get(variable, ""))
    if address := environment.get("GRUPPETTO_OWNER_DATABASE_URL"):
        yield from delays(address)
        yield from seals(address, environment)
    if address := environment.get("GRUPPETTO_DATABASE_URL"):
        yield from telephony(address, environment.get("GRUPPETTO_SERVICE_KEY", ""))
    yield from calls_kept(environment)
    yield from providers(environment)


def secrets(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Keys that must be there, long enough, and the same for all processes."""
    for variable, otherwise in SECRETS.items():
        if len(environment.get(variable, "")) >= 32:
            yield Finding("well", variable, "set")
        else:
            yield Finding(
                "fault", variable, f"set it to 32 random characters or more: without it {otherwise}."
            )
    try:
        keys = [item.split(":", 1) for item in environment.get("GRUPPETTO_FILES_KEY", "").split(",") if item]
        sizes = {name: len(base64.b64decode(value, validate=True)) for name, value in keys}
    except (ValueError, binascii.Error):
        sizes = {"?": 0}
    if sizes and set(sizes.values()) == {32}:
        yield Finding("well", "GRUPPETTO_FILES_KEY", f"{len(sizes)} key(s)")
    else:
        yield Finding(
            "fault",
            "GRUPPETTO_FILES_KEY",
            "set it to NAME:KEY, the key being 32 random bytes in base64: without it no document can be stored.",
        )


def files(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What set-up puts beside the code."""
    sheets = PACKAGE / "desks/shared/static/vendor"
    fonts = Path(environment.get("GRUPPETTO_FONTS_FOLDER", PROJECT / ".var/fonts"))
    for subject, place, otherwise in (
        ("style sheets", sheets / "bootstrap.min.css", "pages have no style"),
        ("fonts of documents", fonts / "AtkinsonHyperlegible-Regular.ttf", "no letter can be printed"),
    ):
        if place.exists():
            yield Finding("well", subject, "in place")
        else:
            yield Finding("fault", subject, f"run `make assets`: {otherwise}.")


def scanner(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether files received can ever leave quarantine."""
    if environment.get("GRUPPETTO_CLAMD"):
        yield Finding("well", "GRUPPETTO_CLAMD", "set")
    else:
        yield Finding("advice", "GRUPPETTO_CLAMD", "not set: files that people give stay in quarantine.")


def programs() -> Iterator[Finding]:
    """Programs that some features use."""
    for program, otherwise in (
        ("chromium", "browser tests and pictures cannot run here"),
        ("pdftotext", "tests of documents cannot read them here"),
    ):
        if shutil.which(program):
            yield Finding("well", program, "installed")
        else:
            yield Finding("advice", program, f"not installed: {otherwise}.")


def database(variable: str, role: str, address: str) -> Iterator[Finding]:
    """One address: set, reached, and with no more rights than its role should have."""
    if not address:
        yield Finding("fault", variable, "not set (`gruppetto db url` gives it for a server of our own).")
        return
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            found = connection.execute(
                "SELECT current_user, rolsuper OR rolbypassrls, pg_has_role(current_user, %s, 'MEMBER')"
                " FROM pg_roles WHERE rolname = current_user",
                [OWNER],
            ).fetchone()
    except psycopg.Error as refusal:
        yield Finding("fault", variable, f"the database does not answer: {str(refusal).strip()}")
        return
    user, above, owns = found or ("?", True, True)
    if version < OLDEST_MAJOR:
        yield Finding("fault", variable, f"PostgreSQL {version} is too old, {OLDEST_MAJOR} is the oldest.")
    elif above:
        yield Finding("fault", variable, f"{user} is above row security: use the role {role}.")
    elif owns and role != OWNER:
        yield Finding("fault", variable, f"{user} can become the owner: use the role {role}.")
    else:
        yield Finding("well", variable, f"PostgreSQL {version} as {user}")


def delays(address: str) -> Iterator[Finding]:
    """Migrations not run, facts not relayed, jobs that wait, were cut or gave up; as the owner."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            ready = connection.execute("SELECT to_regclass('outbox_fact') IS NOT NULL").fetchone()
            if ready != (True,):
                yield Finding("fault", "tables", "missing: run `gruppetto manage migrate`.")
                return
            facts = connection.execute(
                "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::int"
                " FROM outbox_fact"
            ).fetchone()
            jobs = connection.execute(
                "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::int FROM ("
                " SELECT coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e"
                "  WHERE e.job_id = j.id)) AS since FROM procrastinate_jobs j WHERE j.status = 'todo'"
                ") waiting WHERE since <= clock_timestamp()"
            ).fetchone()
            cut = connection.execute(
                "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min((SELECT max(e.at)"
                "  FROM procrastinate_events e WHERE e.job_id = j.id))), 0)::int"
                " FROM procrastinate_jobs j WHERE j.status = 'doing' AND NOT EXISTS ("
                "  SELECT FROM procrastinate_workers w"
                "  WHERE w.id = j.worker_id AND w.last_heartbeat > clock_timestamp() - interval '30 seconds')"
            ).fetchone()
            failed = connection.execute(
                "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
            ).fetchall()
            silent, unheard = (
                connection.execute(
                    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::int FROM ("
                    " SELECT CASE state WHEN 'raised' THEN raised_at ELSE alarm_at END AS since FROM visits_visit"
                    " WHERE state = %s) waiting WHERE since <= clock_timestamp()",
                    [state],
                ).fetchone()
                or (0, 0)
                for state in ("under_way", "raised")
            )
            astray = connection.execute(
                'SELECT "table", astray FROM people_shelfcheck WHERE astray > 0 ORDER BY 1'
            ).fetchall()
            looked = connection.execute(
                "SELECT coalesce(min(checked_at) > clock_timestamp() - interval '2 days', false)"
                " FROM people_shelfcheck"
            ).fetchone()
    except psycopg.Error as refusal:
        yield Finding("fault", "delays", f"could not be measured: {str(refusal).strip()}")
        return
    yield from _delay("facts to relay", facts or (0, 0), LATE_FACTS)
    yield from _delay("jobs", jobs or (0, 0), LATE_JOBS)
    yield from _delay("jobs of a worker that died", cut or (0, 0), LATE_ORPHANS)
    yield from _delay("alarms of silent visitors to raise", silent, LATE_ALARMS)
    count, oldest = unheard
    if oldest > LATE_HELP:
        words = f"{count} that nobody took, the oldest for {oldest} s: telephone a supervisor now."
        yield Finding("fault", "alarms of visitors", words)
    else:
        yield Finding("well", "alarms of visitors", f"{count} to take")
    if failed:
        names = ", ".join(f"{name} ({count})" for name, count in failed)
        words = f"{names} gave up after all tries: read the worker's log, mend, then"
        yield Finding(
            "fault", "jobs failed", f"{words} `gruppetto manage procrastinate shell`, `retry NUMBER`."
        )
    else:
        yield Finding("well", "jobs failed", "none")
    if astray:
        words = ", ".join(f"{table} ({count})" for table, count in astray)
        yield Finding("fault", "rows and their persons", f"rows name nobody, or another shelf: {words}.")
    elif looked and looked[0]:
        yield Finding("well", "rows and their persons", "none astray, when last looked at")
    else:
        yield Finding(
            "advice",
            "rows and their persons",
            "not looked at in the last two days: does the worker run at night?",
        )


def telephony(address: str, key: str) -> Iterator[Finding]:
    """The service key opens the session that writes calls; asked as the web, as a call would."""
    subject = "telephony service"
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            connection.execute("SELECT set_config('gruppetto.session', %s, true)", [key])
            known = connection.execute("SELECT access.everything()").fetchone()
    except psycopg.Error:
        return  # said already: the database does not answer, or has no tables
    if known == (True,):
        yield Finding("well", subject, "may write calls")
    else:
        yield Finding("fault", subject, "no call can be written: run `gruppetto manage register_telephony`.")


def calls_kept(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Calls received while the database was away, still on this machine's disk."""
    spool = Path(environment.get("GRUPPETTO_SPOOL_FOLDER") or folder_of(environment) / "spool") / "telephony"
    kept = sorted(spool.glob("*.event"))
    if not kept:
        yield Finding("well", "calls kept on disk", "none")
        return
    waited = int(time.time() - kept[0].stat().st_mtime)
    words = f"{len(kept)} waiting, the oldest for {waited} s"
    if waited > LATE_CALLS:
        yield Finding(
            "fault", "calls kept on disk", f"{words}: is `gruppetto worker` running on this machine?"
        )
    else:
        yield Finding("advice", "calls kept on disk", words)


def providers(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Identity providers: well described, reached, with keys that sign. None is well too: passwords serve."""
    described, faults = read(environment)
    for fault in faults:
        yield Finding("fault", fault.variable, f"{fault.sentence} This provider is not offered.")
    for provider in described:
        subject = f"identity provider {provider.code}"
        try:
            doors = look_up(provider)
            keys = look_up_keys(doors.keys)
        except Unreachable as error:
            words = (
                f"{provider.issuer} gives no sound description of itself ({error}): only passwords open now."
            )
            yield Finding("fault", subject, words)
            continue
        if not keys:
            yield Finding("fault", subject, "it publishes no key that signs: nobody can come in by it.")
        elif not doors.end_session:
            words = (
                "reached; it has no page to sign out, so that signing out here leaves people signed in there."
            )
            yield Finding("advice", subject, words)
        else:
            yield Finding("well", subject, f"reached, {len(keys)} key(s)")
        if provider.emails_verified:
            words = "all its e-mails are believed: is its issuer your organisation's alone?"
            yield Finding("advice", f"{subject}, e-mails", words)


def seals(address: str, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The journal: entries without a leaf, and the key that seals; as the owner."""
    from gruppetto.cli.seals import key_in_force, waiting

    place = Path(environment.get("GRUPPETTO_SEAL_KEY_FILE") or folder_of(environment) / SEAL_KEY)
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            ready = connection.execute("SELECT to_regclass('journal_leaf') IS NOT NULL").fetchone()
            if ready != (True,):
                return  # said already
            count, oldest, strange = waiting(connection)
            told = key_in_force(connection, place)
    except psycopg.Error as refusal:
        yield Finding("fault", "journal", f"could not be looked at: {str(refusal).strip()}")
        return
    yield from _delay("entries of the journal to seal", (count, oldest), LATE_SEALS)
    if strange:
        words = f"{strange} wait that are no entry, or are sealed already: nothing of ours puts them there."
        yield Finding("fault", "journal", words)
    yield Finding("fault" if told else "well", "key of the journal", told or f"{place}, in force")


def folder_of(environment: Mapping[str, str]) -> Path:
    """Where the files of this machine are, for these settings."""
    return Path(environment.get("GRUPPETTO_FOLDER") or PROJECT / ".var")


def _delay(subject: str, figures: tuple[int, ...], late: int) -> Iterator[Finding]:
    count, oldest = figures
    if oldest > late:
        words = f"{count} waiting, the oldest for {oldest} s: is `gruppetto worker` running?"
        yield Finding("fault", subject, words)
    else:
        yield Finding("well", subject, f"{count} waiting")
