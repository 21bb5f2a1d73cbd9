"""The database stops during a call: the event is on disk before we answer, and taken up in order afterwards."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from gruppetto import launcher
from gruppetto.gateways.telephony import spool
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact, TelephonyEvent
from gruppetto.settings.databases import from_url
from tests.gateways.telephony.conftest import body_of, send
from tests.service.conftest import on_stage
from tests.support.races import as_owner_of
from tests.support.telephony import in_service


@contextmanager
def stopped(server: launcher.Server, name: str) -> Iterator[None]:
    """The database away: whoever is connected is cut, nobody comes in."""
    connection.close()
    with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def as_worker_of(server: launcher.Server, name: str) -> Iterator[None]:
    """Connected as the worker's login, which takes up the spool."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(from_url(server.worker_url(name)))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def test_a_call_survives_the_database(
    committed: str, server: launcher.Server, spool_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_owner_of(committed):
        cast, _gateway = on_stage(), in_service()
    assert send(body_of("ringing")).status_code == 200
    with as_owner_of(committed):
        ringing = Contact.objects.get()
    with acting(cast.charlie.actor):
        verbs.take(ringing.pk)
    with stopped(server, committed):
        ended = body_of("ended")
        for _attempt in range(2):
            answer = send(ended)
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert (answer.json()["code"], answer.json()["kept"]) == ("database-away", True)
        assert send(body_of("ringing", "c2")).status_code == 503
        assert send(body_of("missed", "c2")).status_code == 503
        assert send(body_of("ended", "c2"), secret="guessed").status_code == 401
        assert [len(spool.waiting()), spool.replay_spool().left] == [3, 3]
    with acting(cast.charlie.actor):
        assert Contact.objects.get(pk=ringing.pk).state == "taken"
    with as_worker_of(server, committed):
        call_command("replay_spool")
    assert capsys.readouterr().out == "3 taken up, 0 refused, 0 set aside, 0 left\n"
    assert spool.waiting() == []
    assert send(ended).status_code == 200
    with as_owner_of(committed):
        states = dict(Contact.objects.values_list("call_id", "state"))
        assert states == {"c1": "wrapping", "c2": "missed"}
        assert TelephonyEvent.objects.count() == 4
        assert CallBack.objects.filter(state="due").count() == 1


def test_what_is_kept_is_sealed_and_ours_alone(spool_folder: Path) -> None:
    path = spool.keep("main", json.dumps(body_of()).encode(), now())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"561000001" not in path.read_bytes()
    assert [one.name for one in spool_folder.iterdir()] == [path.name]


def test_the_file_is_on_disk_before_we_answer(spool_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    spool.keep("main", b"{}", now())
    assert synced == ["file", "folder"]


def test_a_disk_that_refuses_leaves_the_event_to_the_sender(
    committed: str, server: launcher.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(spool, "keep", full)
    with stopped(server, committed):
        answer = send(body_of())
    assert (answer.status_code, answer.json()["kept"]) == (503, False)


def test_our_own_key_forgotten_loses_no_call(
    committed: str,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GRUPPETTO_SERVICE_KEY", settings.GRUPPETTO_SERVICE_KEY)
    answer = send(body_of())
    assert (answer.status_code, len(spool.waiting())) == (503, 1)
    assert spool.replay_spool().left == 1
    with as_owner_of(committed):
        call_command("register_telephony")
    assert capsys.readouterr().out == "the telephony service may write calls\n"
    assert spool.replay_spool().kept == 1
    with as_owner_of(committed):
        assert Contact.objects.count() == 1


def test_a_file_that_cannot_be_read_is_set_aside_and_the_rest_taken_up(
    committed: str, spool_folder: Path
) -> None:
    with as_owner_of(committed):
        in_service()
    broken = spool.keep("main", json.dumps(body_of(call_id="c0")).encode(), now())
    broken.write_bytes(broken.read_bytes()[:-1] + b"\0")
    spool.keep("main", json.dumps(body_of()).encode(), now())
    done = spool.replay_spool()
    assert (done.kept, done.aside, done.left) == (1, 1, 0)
    assert broken.with_suffix(".aside").exists()
    assert spool.oldest() is None


def test_an_event_that_contradicts_one_taken_meanwhile_is_dropped_on_record(committed: str) -> None:
    with as_owner_of(committed):
        in_service()
    spool.keep("main", json.dumps(body_of(to="elsewhere")).encode(), now())
    assert send(body_of()).status_code == 200
    done = spool.replay_spool()
    assert (done.kept, done.refused, spool.waiting()) == (0, 1, [])


def test_a_key_is_registered_only_when_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRUPPETTO_SERVICE_KEY", "short")
    with pytest.raises(CommandError, match="32 random characters"):
        call_command("register_telephony")
