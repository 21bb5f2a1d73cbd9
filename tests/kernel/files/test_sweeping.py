"""The folder keeps what rows name, for as long as it may, under the current key."""

import base64
import os
from datetime import timedelta

import pytest
from django.db import transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.files import jobs, shelving, sweeping
from gruppetto.kernel.files.models import File
from gruppetto.kernel.files.verbs import open_clean, receive, remove, scan
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from tests.kernel.files.samples import PDF, PNG
from tests.kernel.files.stage import PORTFOLIO, Straw, as_worker, given_by
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def aged(path, days):
    moment = (now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_a_content_is_durable_before_its_row_and_left_over_without_it(alice, person):
    with acting(alice.actor):
        file = receive("facture.pdf", [PDF], person, portfolio_id=PORTFOLIO)
        assert shelving.path_of(file.id).exists()
        transaction.set_rollback(True)
    with as_owner():
        assert not File.objects.exists()
    assert shelving.path_of(file.id).exists()
    aged(shelving.path_of(file.id), days=8)
    with as_worker():
        assert sweeping.remove_orphans() == 1
    assert not shelving.path_of(file.id).exists()


def test_only_old_contents_that_no_row_names_are_orphans(alice, person):
    named = given_by(alice, person)
    aged(shelving.path_of(named.id), days=400)
    young, cut = new_id(), new_id()
    shelving.write(young, b"x")
    shelving.write(cut, b"x")
    draft = shelving.path_of(cut).rename(shelving.path_of(cut).with_suffix(".part"))
    aged(draft, days=8)
    with as_worker():
        assert sweeping.remove_orphans() == 1
    assert shelving.path_of(named.id).exists()
    assert shelving.path_of(young).exists()
    assert not draft.exists()


def test_who_does_not_see_all_rows_sweeps_nothing(alice, person):
    given_by(alice, person)
    with pytest.raises(RuntimeError, match="worker"), acting(alice.actor):
        sweeping.remove_orphans()


def test_a_file_goes_when_its_time_is_over(alice, person, django_capture_on_commit_callbacks):
    with acting(alice.actor):
        over = receive("a.pdf", [PDF], person, portfolio_id=PORTFOLIO, kept_until=now() - timedelta(days=1))
        kept = receive("a.png", [PNG], person, portfolio_id=PORTFOLIO, kept_until=now() + timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True), as_worker():
        assert sweeping.remove_expired() == 1
        assert sweeping.remove_expired() == 0
        assert list(File.objects.values_list("pk", flat=True)) == [kept.id]
        assert shelving.path_of(over.id).exists()  # until the commit
    assert not shelving.path_of(over.id).exists()
    with as_owner():
        assert Entry.objects.get(verb="file.removed").subject_id == over.id


def test_a_removal_that_is_undone_leaves_the_content(alice, person, django_capture_on_commit_callbacks):
    file = given_by(alice, person)
    with django_capture_on_commit_callbacks(execute=True), as_worker():
        with transaction.atomic():
            remove(file.id, "erasure")
            transaction.set_rollback(True)
        assert File.objects.filter(pk=file.id).exists()
    assert shelving.path_of(file.id).exists()


def test_keys_are_replaced_and_the_old_one_can_go(alice, person, settings):
    file = given_by(alice, person)
    new = "b:" + base64.b64encode(b"b" * 32).decode()
    content = shelving.read(file.id)
    settings.GRUPPETTO_FILES_KEY = f"{new},{settings.GRUPPETTO_FILES_KEY}"
    with as_worker():
        assert sweeping.replace_old_keys() == 1
        assert sweeping.replace_old_keys() == 0
    settings.GRUPPETTO_FILES_KEY = new
    assert shelving.read(file.id) == content
    with as_worker():
        scan(file.id, Straw())
    with acting(alice.actor):
        kept, plain = open_clean(file.id)
    assert (kept.name, plain) == ("facture.pdf", PDF)


def test_what_waited_too_long_is_scanned_again(alice, person, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, **identifiers: asked.append((name, identifiers)))
    file = given_by(alice, person)
    with as_worker():
        jobs.waiting_again()
    assert asked == []
    monkeypatch.setattr(jobs, "now", lambda: now() + timedelta(minutes=11))
    with as_worker():
        jobs.waiting_again()
    assert asked == [(jobs.SCAN, {"subject_id": str(file.id)})]
