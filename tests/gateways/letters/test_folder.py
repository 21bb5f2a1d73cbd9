"""Batches of letters: whole or not at all, once, each hash right; the printer's answers; a stop at each step."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gruppetto.gateways.letters.fake import Spoiled, print_batches
from gruppetto.gateways.letters.folder import Folder, packed, read_answers
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import at
from gruppetto.registry.people.models import Person
from gruppetto.service.messages import letters, ports
from gruppetto.service.messages.models import DeadEnd, LetterBatch
from gruppetto.service.messages.ports import Printed
from gruppetto.service.messages.returns import receive, take_up_reports
from gruppetto.service.messages.sending import ACTOR
from tests.service.messages.conftest import carriers_put_away, jeanne, leader
from tests.service.messages.stage import delivery_of, job, said, state_of, worker
from tests.support.database import as_owner

__all__ = ["carriers_put_away", "jeanne", "leader"]

# A Tuesday before and after the cut-off of two o'clock.
MORNING, AFTERNOON = (datetime.fromisoformat(f"2026-05-05T{hour}+02:00") for hour in ("10:00", "14:20"))
TWO = [Printed(hashlib.sha256(pdf).hexdigest(), pdf) for pdf in (b"%PDF-1", b"%PDF-2")]


def test_a_batch_is_whole_and_its_hashes_are_right(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    sha256 = place.keep("courriers-1", TWO)
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True
    assert place.hand_over("courriers-1", sha256)
    assert place.hand_over("courriers-1", sha256)
    with zipfile.ZipFile(tmp_path / "out" / "courriers-1.zip") as archive:
        assert archive.namelist() == ["manifest.json", "manifest.csv", "0001.pdf", "0002.pdf"]
        assert b"0002.pdf;" + TWO[1].key.encode() in archive.read("manifest.csv")
    assert print_batches(tmp_path) == [one.key for one in TWO]
    # Taken by the printer, it is not given again.
    assert place.hand_over("courriers-1", sha256)
    assert not list((tmp_path / "out").glob("*"))


def test_the_same_letters_are_the_same_file() -> None:
    assert packed("one", TWO) == packed("one", TWO)


def test_a_batch_that_was_never_kept_is_not_handed_over(tmp_path: Path) -> None:
    assert not Folder(tmp_path).hand_over("courriers-1", "0" * 64)


def test_the_printer_notices_a_spoiled_batch(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    place.hand_over("one", place.keep("one", [Printed("0" * 64, b"%PDF")]))
    with pytest.raises(Spoiled):
        print_batches(tmp_path)


def test_answers_that_say_nothing_known_are_left() -> None:
    told = read_answers(
        "fichier;etat;date\nAB;returned;2026-05-07\nCD;lost;\n;posted;\nEF;posted;hier\n", "one"
    )
    assert [(one.about, one.kind) for one in told] == [("ab", "failed"), ("ef", "arrived")]
    assert read_answers("n’importe quoi", "one") == []


@pytest.mark.django_db
def test_what_is_queued_before_two_leaves_that_day(jeanne: Person, tmp_path: Path) -> None:
    ports.use_printer(Folder(tmp_path))
    with at(MORNING):
        message = said(jeanne, channel="letter")
    assert message.channel == "letter"
    with at(MORNING + timedelta(hours=1)), worker():
        assert letters.send_letters() == 0
    with at(AFTERNOON), worker():
        assert letters.send_letters() == 1
        assert letters.send_letters() == 0
    sent = delivery_of(message)
    assert (sent.state, state_of(message)) == ("sent", "sent")
    assert sent.recipient.splitlines() == ["Mme Jeanne Roux", "12 rue du Temple", "31250 Revel"]
    assert print_batches(tmp_path, returned=[str(sent.key)]) == [sent.key]
    with at(AFTERNOON + timedelta(days=2)), job():
        for _path, told in Folder(tmp_path).answers():
            for one in told:
                receive(one)
        take_up_reports()
    assert delivery_of(message).state == "failed"
    assert state_of(message) == "prepared"
    with as_owner():
        assert DeadEnd.objects.get().coordinate == sent.recipient


@pytest.mark.django_db
def test_a_worker_stopped_before_handing_over_gives_the_same_file_later(
    jeanne: Person, tmp_path: Path
) -> None:
    place = Folder(tmp_path)
    ports.use_printer(place)
    with at(MORNING):
        message = said(jeanne, channel="letter")
    with at(AFTERNOON), worker(), acting(ACTOR):
        batch = letters.make_batch(place, AFTERNOON)
    assert batch
    assert delivery_of(message).state == "sending"
    with at(AFTERNOON + timedelta(minutes=6)), worker():
        letters.finish_batches()
        letters.finish_batches()
    assert state_of(message) == "sent"
    content = (tmp_path / "out" / f"{batch.name}.zip").read_bytes()
    assert hashlib.sha256(content).hexdigest() == batch.sha256


@pytest.mark.django_db
def test_a_batch_whose_file_is_gone_is_uncertain(jeanne: Person, tmp_path: Path) -> None:
    place = Folder(tmp_path)
    ports.use_printer(place)
    with at(MORNING):
        message = said(jeanne, channel="letter")
    with at(AFTERNOON), worker(), acting(ACTOR):
        batch = letters.make_batch(place, AFTERNOON)
    assert batch
    (tmp_path / "aside" / f"{batch.name}.zip").unlink()
    with at(AFTERNOON + timedelta(minutes=6)), worker():
        letters.finish_batches()
    assert delivery_of(message).state == "unknown"
    with as_owner():
        assert LetterBatch.objects.get().state == "handed"
