"""A file is received, waits in quarantine, is scanned, then opened: in that order, by those who may."""

import io

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.gateways.antivirus.fake import EICAR, fake_clamd
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.files import jobs, shelving, verbs
from gruppetto.kernel.files.downloads import download_headers
from gruppetto.kernel.files.kinds import MAX_BYTES
from gruppetto.kernel.files.models import File, State
from gruppetto.kernel.files.ports import Verdict
from gruppetto.kernel.files.verbs import INFECTED_KEPT, give, open_clean, receive, scan
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox import subscribers
from tests.kernel.files.samples import PDF, PNG, TEXT
from tests.kernel.files.stage import PORTFOLIO, Straw, as_worker, given_by, may_see
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def refused(code, kind=Refused):
    """What follows is refused with ``code``."""
    return pytest.raises(kind, check=lambda error: error.code == code)


def scanned(file, scanner=None):
    with as_worker():
        return scan(file.id, scanner or Straw())


def opened(who, file):
    with acting(who.actor):
        return open_clean(file.id)


def contents(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_received_scanned_and_opened(alice, person):
    file = given_by(alice, person)
    assert (file.media_type, file.size, file.state) == ("application/pdf", len(PDF), State.QUARANTINED)
    straw = Straw()
    assert scanned(file, straw) == State.CLEAN
    assert straw.shown == [PDF]
    kept, content = opened(alice, file)
    assert (kept.name, content) == ("facture.pdf", PDF)


def test_nothing_readable_lies_on_the_disk_or_in_the_row(alice, person, folder):
    file = given_by(alice, person, TEXT, "secret-medical.txt")
    [path] = contents(folder)
    assert path == shelving.path_of(file.id)
    assert path.stat().st_mode & 0o077 == 0
    assert TEXT not in path.read_bytes()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT f::text, name FROM files_file f WHERE id = %s", [file.id])
        row, name = cursor.fetchone()
    assert "secret" not in row
    assert b"secret" not in bytes(name)


def test_a_file_in_quarantine_is_not_opened(alice, person):
    file = given_by(alice, person)
    with refused("file-in-quarantine", TooLate):
        opened(alice, file)


def test_a_dangerous_file_is_never_opened_nor_taken_again(alice, person):
    file = given_by(alice, person, TEXT + EICAR, "note.txt")
    assert scanned(file) == State.INFECTED
    with refused("file-infected"):
        opened(alice, file)
    with refused("file-infected"):
        given_by(alice, person, TEXT + EICAR, "autre.txt")
    with as_worker():
        kept = File.objects.get(pk=file.id)
    assert kept.ground == "Eicar-Test-Signature"
    assert kept.kept_until == (kept.scanned_at or now()) + INFECTED_KEPT


def test_without_an_antivirus_a_file_waits(alice, person):
    file = given_by(alice, person)
    assert scanned(file, Straw(Verdict.UNAVAILABLE)) == State.QUARANTINED
    assert scanned(file) == State.CLEAN


def test_a_scan_may_run_twice(alice, person):
    file = given_by(alice, person)
    scanned(file)
    again = Straw(Verdict.INFECTED)
    assert scanned(file, again) == State.CLEAN
    assert again.shown == []


def test_a_second_scan_at_the_same_moment_changes_nothing(alice, person):
    file = given_by(alice, person)

    class Slow(Straw):
        def scan(self, content):
            scan(file.id, Straw(Verdict.INFECTED))
            return super().scan(content)

    assert scanned(file, Slow(Verdict.CLEAN)) == State.INFECTED


def test_the_configured_antivirus_is_asked_over_its_real_protocol(alice, person, settings):
    good, bad = given_by(alice, person), given_by(alice, person, TEXT + EICAR, "note.txt")
    with fake_clamd() as settings.GRUPPETTO_CLAMD, as_worker():
        assert [scan(good.id), scan(bad.id)] == [State.CLEAN, State.INFECTED]


def test_a_content_altered_on_the_disk_is_refused(alice, person):
    file, later = given_by(alice, person), given_by(alice, person, PNG, "a.png")
    shelving.path_of(file.id).write_bytes(b"x" * 100)
    assert scanned(file) == State.REFUSED
    scanned(later)
    shelving.path_of(later.id).write_bytes(b"x" * 100)
    for one in (file, later):
        with refused("file-unreadable"):
            opened(alice, one)
    assert given_by(alice, person).id != file.id  # the same content may be given again


def test_a_content_that_went_missing_is_said_so(alice, person):
    file = given_by(alice, person)
    scanned(file)
    shelving.remove(file.id)
    with refused("file-unreadable"):
        opened(alice, file)


def test_a_key_missing_from_the_settings_condemns_no_file(alice, person, settings):
    file, right = given_by(alice, person), settings.GRUPPETTO_FILES_KEY
    settings.GRUPPETTO_FILES_KEY = "b" + right[1:]
    assert scanned(file) == State.QUARANTINED
    settings.GRUPPETTO_FILES_KEY = right
    assert scanned(file) == State.CLEAN


def test_the_same_file_of_the_same_person_is_kept_once(alice, person, folder):
    first, second = given_by(alice, person), given_by(alice, person, name="copie.pdf")
    assert first.id == second.id
    assert second.name == "facture.pdf"
    assert len(contents(folder)) == 1


def test_two_who_give_the_same_file_at_once_give_it_once(alice, person, folder, monkeypatch):
    first = given_by(alice, person)
    look, looks = verbs._given_before, []

    def too_early(*args):
        looks.append(args)
        return look(*args) if len(looks) > 1 else None

    monkeypatch.setattr(verbs, "_given_before", too_early)
    assert given_by(alice, person).id == first.id
    assert len(looks) == 2
    assert contents(folder) == [shelving.path_of(first.id)]


def test_two_people_may_give_the_same_file(alice, bob, person):
    assert given_by(alice, person).id != given_by(alice, alice.account.pk).id
    assert given_by(alice, None).id != given_by(bob, None).id


@pytest.mark.parametrize("chunks", [[], [b""], io.BytesIO()])
def test_an_empty_file_is_refused(alice, person, chunks, folder):
    with refused("file-empty"), acting(alice.actor):
        receive("facture.pdf", chunks, person, portfolio_id=PORTFOLIO)
    assert contents(folder) == []


def test_a_file_too_large_is_given_up_on_the_way(alice, person, folder):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1024 * 1024
            yield bytes(1024 * 1024)

    with refused("file-too-large"), acting(alice.actor):
        receive("facture.pdf", endless(), person, portfolio_id=PORTFOLIO)
    assert taken <= MAX_BYTES + 1024 * 1024
    assert contents(folder) == []


def test_a_file_of_exactly_the_limit_is_taken(alice, person):
    content = PDF + bytes(MAX_BYTES - len(PDF))
    file = given_by(alice, person, content)
    assert file.size == MAX_BYTES
    scanned(file)
    assert opened(alice, file)[1] == content


def test_a_refusal_of_a_lying_name_leaves_nothing_but_its_trace(alice, person, folder):
    with refused("file-type-mismatch"):
        given_by(alice, person, PNG, "facture.pdf")
    assert contents(folder) == []
    with as_owner():
        assert not File.objects.exists()
        assert Entry.objects.filter(kind="refusal", account_id=alice.account.pk).count() == 1


def test_a_full_disk_is_said_plainly(alice, person, folder):
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("not a folder")
    with refused("file-not-kept"):
        given_by(alice, person)


def test_every_step_leaves_its_trace(alice, person):
    file = given_by(alice, person)
    scanned(file)
    opened(alice, file)
    with as_owner():
        story = Entry.objects.filter(subject_id=file.id, person_id=person).order_by("recorded_at")
        assert list(story.values_list("kind", "verb")) == [
            ("act", "file.received"),
            ("act", "file.scanned"),
            ("look", "file.opened"),
        ]


def test_a_received_file_is_scanned_by_a_job():
    assert jobs.SCAN in subscribers("files.received")
    assert jobs.scan_received.name == jobs.SCAN


def test_a_stranger_sees_no_file(alice, bob, person):
    file = given_by(alice, person)
    scanned(file)
    with refused("file-unknown", Unknown):
        opened(bob, file)
    may_see(bob, person_id=person)
    assert opened(bob, file)[1] == PDF


def test_nobody_gives_a_file_to_a_person_out_of_their_sight(bob, person):
    with refused("out-of-scope"):
        given_by(bob, person)


def test_a_file_of_nobody_is_its_givers_until_it_is_somebodys(alice, bob, person):
    file = given_by(bob, None)
    scanned(file)
    assert opened(bob, file)[1] == PDF
    with refused("file-unknown", Unknown):
        opened(alice, file)
    may_see(bob, person_id=person)
    with acting(bob.actor):
        give(file.id, person, portfolio_id=PORTFOLIO)
    assert opened(alice, file)[1] == PDF
    with refused("file-given", TooLate), acting(bob.actor):
        give(file.id, bob.account.pk, portfolio_id=PORTFOLIO)


def test_the_web_cannot_declare_a_file_clean(alice, person):
    file = given_by(alice, person)
    with pytest.raises(DatabaseError, match="permission denied"), acting(alice.actor):
        File.objects.filter(pk=file.id).update(state=State.CLEAN)
    with acting(alice.actor):
        forged = File.objects.get(pk=file.id)
        forged.pk, forged.sha256, forged.state, forged.scanned_at = (
            person,
            b"x" * 32,
            State.CLEAN,
            file.created_at,
        )
        forged.created_by = "job:someone-else"
        forged.name = "copie.pdf"
        forged.save(force_insert=True)
        forged.refresh_from_db()
        assert forged.state == State.QUARANTINED
        assert forged.scanned_at is None
        assert forged.created_by == f"account:{alice.account.pk}"


def test_what_was_received_does_not_change_even_for_the_worker(alice, person):
    file = given_by(alice, person)
    scanned(file)
    for change in (
        {"sha256": b"y" * 32},
        {"state": State.QUARANTINED, "scanned_at": None},
        {"state": State.INFECTED},
    ):
        with pytest.raises(DatabaseError, match="a file"), as_worker(), transaction.atomic():
            File.objects.filter(pk=file.id).update(**change)


def test_a_download_is_saved_never_shown(alice, person):
    file = given_by(alice, person, name="reçu d’été.pdf")
    headers = download_headers(file)
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert "re%C3%A7u" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/pdf"
    assert "no-store" in headers["Cache-Control"]
