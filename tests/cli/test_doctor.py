"""The doctor: silent about nothing, alarmed only by what matters."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gruppetto.cli import doctor, main
from gruppetto.cli.database import environment
from gruppetto.launcher import Server
from gruppetto.launcher.sealing import seal_key
from tests.support import database

KEYS = {
    "GRUPPETTO_SECRET_KEY": "s" * 50,
    "GRUPPETTO_SERVICE_KEY": "s" * 50,
    "GRUPPETTO_FILES_KEY": "first:" + base64.b64encode(b"k" * 32).decode(),
}


@pytest.fixture
def house(server: Server, django_db_blocker: Any) -> Iterator[tuple[Server, str]]:
    """A migrated database of its own: some of these tests leave it late."""
    with django_db_blocker.unblock(), database.copy(server, "doctor") as name:
        yield server, name


def faults(settings: dict[str, str], *, about: str = "") -> list[str]:
    """What the doctor calls a fault, as "subject: sentence"."""
    found = [f"{it.subject}: {it.sentence}" for it in doctor.examine(settings) if it.level == "fault"]
    return [line for line in found if about in line]


def test_a_house_in_order_has_no_fault_but_assets(house: tuple[Server, str], tmp_path: Path) -> None:
    server, name = house
    _register(server, name, KEYS["GRUPPETTO_SERVICE_KEY"])
    settings = KEYS | environment(server, name) | {"GRUPPETTO_FOLDER": str(tmp_path)}
    seal_key(tmp_path / "journal.key")
    assert [line for line in faults(settings) if "make assets" not in line] == []


def _register(server: Server, name: str, key: str) -> None:
    """Stage the telephony service without its command."""
    with psycopg.connect(server.superuser_url(name)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO access_account (id, email, name, kind, role, password, is_active)"
            " VALUES ('00000000-0000-7000-8000-000000000001', 'telephony@gruppetto.invalid', 'T', 'service',"
            " 'service', '!', true) ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO access_session (id, key_hash, account_id, until, everything)"
            " VALUES (gen_random_uuid(), sha256(convert_to(%s, 'UTF8')), '00000000-0000-7000-8000-000000000001',"
            " now() + interval '1 day', true) ON CONFLICT DO NOTHING",
            [key],
        )


def test_a_service_key_the_database_does_not_know_is_a_fault(house: tuple[Server, str]) -> None:
    server, name = house
    settings = KEYS | environment(server, name) | {"GRUPPETTO_SERVICE_KEY": "another key " * 4}
    assert "register_telephony" in faults(settings, about="telephony service")[0]


def test_a_call_kept_for_long_is_a_fault(tmp_path: Path) -> None:
    kept = tmp_path / "spool" / "telephony" / "1-main.event"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"sealed")
    settings = {"GRUPPETTO_FOLDER": str(tmp_path)}
    assert not faults(settings, about="calls kept")
    os.utime(kept, (0, 0))
    assert "1 waiting" in faults(settings, about="calls kept")[0]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRUPPETTO_SECRET_KEY", ""),
        ("GRUPPETTO_SERVICE_KEY", "short"),
        ("GRUPPETTO_FILES_KEY", ""),
        ("GRUPPETTO_FILES_KEY", "without-a-name"),
        ("GRUPPETTO_FILES_KEY", "first:bm90IDMyIGJ5dGVz"),
        ("GRUPPETTO_DATABASE_URL", ""),
    ],
)
def test_a_setting_missing_or_spoilt_is_a_fault(variable: str, value: str) -> None:
    assert len(faults(KEYS | {variable: value}, about=variable)) == 1


def test_a_web_address_above_row_security_is_a_fault(house: tuple[Server, str]) -> None:
    server, name = house
    settings = KEYS | environment(server, name) | {"GRUPPETTO_DATABASE_URL": server.superuser_url(name)}
    assert "above row security" in faults(settings, about="GRUPPETTO_DATABASE_URL")[0]


def test_a_web_address_that_is_the_owner_s_is_a_fault(house: tuple[Server, str]) -> None:
    server, name = house
    settings = KEYS | environment(server, name) | {"GRUPPETTO_DATABASE_URL": server.owner_url(name)}
    assert "can become the owner" in faults(settings, about="GRUPPETTO_DATABASE_URL")[0]


def test_a_database_that_is_away_is_a_fault_without_its_password() -> None:
    said = faults({"GRUPPETTO_DATABASE_URL": "postgresql://web:secret-word@127.0.0.1:1/x"}, about="answer")
    assert said
    assert "secret-word" not in said[0]


def test_tables_not_made_are_a_fault(server: Server) -> None:
    assert faults(environment(server, "postgres"), about="gruppetto manage migrate")


def test_facts_and_jobs_that_wait_too_long_are_faults(house: tuple[Server, str]) -> None:
    server, name = house
    with psycopg.connect(server.superuser_url(name)) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # staged: no actor, no clock of the database
        connection.execute(
            "INSERT INTO outbox_fact (id, topic, about, written_at)"
            " VALUES (gen_random_uuid(), 'test', '{}', now() - interval '2 minutes')"
        )
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at, priority)"
            " VALUES ('work', 'test', '{}', 'todo', now() - interval '1 hour', 0)"
        )
        for state in ("doing", "failed"):
            connection.execute(
                "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('work', 'test.' || %s, %s::procrastinate_job_status) RETURNING id)"
                " INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'started', now() - interval '1 hour'"
                " FROM job",
                [state, state],
            )
    settings = KEYS | environment(server, name)
    assert "1 waiting, the oldest for 12" in faults(settings, about="facts to relay")[0]
    assert "1 waiting, the oldest for 360" in faults(settings, about="jobs:")[0]
    assert "1 waiting, the oldest for 360" in faults(settings, about="a worker that died")[0]
    assert "test.failed (1) gave up" in faults(settings, about="jobs failed")[0]


def test_the_exit_status_tells_a_script(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRUPPETTO_DATABASE_URL", raising=False)
    assert main(["doctor", "--json"]) == 1
    assert '"level": "fault"' in capsys.readouterr().out


def test_an_alarm_that_waits_is_a_fault(house: tuple[Server, str]) -> None:
    server, name = house
    settings = KEYS | environment(server, name)
    with psycopg.connect(server.superuser_url(name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for state, past in (("under_way", "1 minute"), ("under_way", "-1 hour"), ("raised", "5 minutes")):
            how, raised = ("help", "now() - %(past)s::interval") if state == "raised" else ("", "NULL")
            connection.execute(
                "INSERT INTO visits_visit (id, shelf, portfolio_id, department, account_id, whose, place, phone,"
                " begun_at, expected_at, grace_minutes, alarm_at, said_at, state, how, raised_at, circle, alerted,"
                " finding, found) VALUES (gen_random_uuid(), 0, 0, '', gen_random_uuid(), '', '', '',"
                " now() - interval '3 hours', now() - interval '2 hours', 10, now() - %(past)s::interval, now(),"
                f" %(state)s, %(how)s, {raised}, 1, '{{}}', '', '')",
                {"past": past, "state": state, "how": how},
            )
        assert faults(settings, about="alarms of") == []
        connection.execute(
            "UPDATE visits_visit SET alarm_at = alarm_at - interval '2 minutes',"
            " raised_at = raised_at - interval '6 minutes'"
        )
    silent, unheard = sorted(faults(settings, about="alarms of"))
    assert "alarms of silent visitors to raise: 1 waiting, the oldest for 18" in silent
    assert "alarms of visitors: 1 that nobody took, the oldest for 66" in unheard
