"""The past, written by COPY as the owner: people, and what happened to them until now (decisions 29)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import connection, models

from gruppetto.demo import postage
from gruppetto.demo.asking import Requests
from gruppetto.demo.lives import ASKS, Lives
from gruppetto.demo.moments import Moments
from gruppetto.demo.past.book import TABLES, Book
from gruppetto.demo.past.echoes import echo
from gruppetto.demo.past.interventions import Past
from gruppetto.demo.people import Known, People
from gruppetto.demo.progress import Bar
from gruppetto.demo.tables import in_chunks
from gruppetto.demo.territory import Stage
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS
from gruppetto.service.catalogue.reads import kinds_in_force, reasons_in_force
from gruppetto.service.contacts.models import LineCall
from gruppetto.service.contacts.privacy import EVENT_DAYS
from gruppetto.service.finding.models import Story
from gruppetto.service.interventions.models import Intervention

SEED = 20_261_122
MONTH = 30.44
# A contact lasts less, wrap-up included: whatever began before that is over now.
LONGEST_CONTACT = timedelta(minutes=20)
# About so many rows are held at a time.
CHUNK_OF_ROWS = 60_000
ROWS_OF_AN_ASK = 100
# Beyond so many subscribers, they live the days of a few of them.
ALL_TOLD, TOLD_OF_MANY = 1_000, 400
# Calls of people nobody knows, for each one of a subscriber.
STRANGERS = 0.04


@dataclass(frozen=True)
class Told:
    """What was written. ``rows`` a second in ``speed``."""

    subscribers: int
    calls: int
    interventions: int
    rows: int
    seconds: float

    @property
    def speed(self) -> int:
        """Rows a second."""
        return round(self.rows / max(self.seconds, 0.001))


def write(
    stage: Stage,
    *,
    subscribers: int,
    since: datetime,
    until: datetime,
    telephony: UUID,
    journal_since: datetime | None = None,
    seed: int = SEED,
) -> Told:
    """Write the people of ``stage`` and their history from ``since`` to ``until`` (aware, now or before).

    As the owner, outside any transaction: it commits in chunks, so that memory does not grow with the history. The
    journal must have begun as a demo's. ``telephony``: account of the service. ``journal_since``: acts and looks
    before it are not told (benches). Raises ``ProgrammingError`` on a journal that began as real.
    """
    began = time.monotonic()
    chance = Random(seed)  # noqa: S311  (invents people, guards nothing; the same past each time)
    book = Book(chance, journal_since=journal_since)
    people = People(stage, book, until.astimezone(PARIS).date())
    months = (until - since) / timedelta(days=MONTH)
    past = Past(
        book=book,
        telephony=telephony,
        recognised=people.recognised,
        periods={one.code: timedelta(days=one.repeat_days) for one in reasons_in_force(until)},
        events_since=until - timedelta(days=EVENT_DAYS - 1),
        stage=stage,
        rules=hours_in_force(until),
    )
    moments = Moments(past.rules, since.astimezone(PARIS).date(), until.astimezone(PARIS).date())
    lives = Lives(past, moments, Requests(kinds_in_force(until)), until - LONGEST_CONTACT, months)
    known = _people(people, subscribers, book)
    told = known if subscribers <= ALL_TOLD else known[:TOLD_OF_MANY]
    _lives(lives, told, book, months)
    lives.strangers(round(lives.calls * STRANGERS))
    book.flush()
    postage.write(past.sendings, since.astimezone(PARIS).date(), until, lives.held)
    calls, interventions, rows = lives.calls, past.opened, book.written
    if others := known[len(told) :]:
        copied = echo(told, others, stage.holders, past.references())
        calls, interventions = calls + copied[LineCall], interventions + copied[Intervention]
        rows += copied.total()
    written: tuple[type[models.Model], ...] = (*TABLES, Story)
    with connection.cursor() as cursor:
        for model in written:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    return Told(subscribers, calls, interventions, rows, time.monotonic() - began)


def _people(people: People, subscribers: int, book: Book) -> list[Known]:
    """All are known before anything happens: relatives and neighbours share numbers."""
    known: list[Known] = []
    bar = Bar("people", subscribers)
    for chunk in in_chunks(people.draw(subscribers), 2_000):
        book.flush()
        known += chunk
        bar.at(len(known))
    bar.done()
    return known


def _lives(lives: Lives, known: list[Known], book: Book, months: float) -> None:
    size = max(1, round(CHUNK_OF_ROWS / (ROWS_OF_AN_ASK * ASKS * max(months, 0.1))))
    bar = Bar("lives", len(known))
    for number, person in enumerate(known, 1):
        lives.live(person)
        if number % size == 0:
            book.flush()
            bar.at(number)
    book.flush()
    bar.done()
