"""Pasts of many: those of the first subscribers are told one by one, the others live the same days (benches).

Telling a year of one subscriber takes Python a tenth of a second and gives some 1 200 rows; thirty thousand would take
an hour. Copied inside the database they take minutes. An echo has its own keys, references, numbers, portfolio and
correspondent; its moments and its words are those of the past it repeats. What is sealed to its own row (telephony's
events, protected records) has no echo, and relatives have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from django.db import connection, models, transaction

from gruppetto.demo.past.book import OWNER, TABLES
from gruppetto.demo.people import Known
from gruppetto.demo.progress import Bar
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import acting
from gruppetto.kernel.identifiers.keys import SHELVES
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.kernel.journal.models import Body, Entry, Pending
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.registry.people.models import IdentityCheck
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, LineCall
from gruppetto.service.finding.models import Story
from gruppetto.service.interventions.models import Attempt, Intervention, Move, Note, Paper, TimeSpent

# By which row the others are about a person; those not named here name the person themselves.
THROUGH: dict[type[models.Model], tuple[type[models.Model], str]] = {
    **dict.fromkeys((LineCall, ContactReason, IdentityCheck, CallBack), (Contact, "contact_id")),
    **dict.fromkeys((Move, Note, Paper, TimeSpent, Attempt), (Intervention, "intervention_id")),
    Body: (Entry, "entry_id"),
}
# The map of the people is drawn already: only what happened to them has echoes.
HAPPENED = TABLES[TABLES.index(Contact) :]
# So many echoes of each past in one transaction, so many stories told.
AT_ONCE = 4
STORIES_AT_ONCE = 5_000

MAKE = """
CREATE TEMPORARY TABLE echo (
    template uuid, person uuid, shelf smallint, portfolio int, department text, number text, masked text,
    holder uuid, worker uuid, was_portfolio int, round int
);
CREATE TEMPORARY TABLE echo_reference (number bigint PRIMARY KEY, reference text);
"""


def echo(
    told: list[Known], others: list[Known], holders: dict[int, UUID], references: Iterator[str]
) -> Counter[type[models.Model]]:
    """Give each of ``others`` the past of one of ``told``, in turn; returns how many rows of each table.

    ``holders``: account by portfolio. ``references``: of interventions, as many as one likes. As the owner, after the
    told pasts are written; commits every few rounds.
    """
    rounds = [others[begin : begin + len(told)] for begin in range(0, len(others), len(told))]
    bar, count = Bar("echoes", len(rounds)), Counter[type[models.Model]]()
    accounts = list(Account.objects.values_list("pk", flat=True))
    each = Intervention.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        with cursor.copy("COPY echo_reference (number, reference) FROM STDIN") as copy:
            for row in enumerate(islice(references, each * len(rounds)), 1):
                copy.write_row(row)
        for begin in range(0, len(rounds), AT_ONCE):
            with acting(OWNER), transaction.atomic():
                cursor.execute("TRUNCATE echo")
                with cursor.copy("COPY echo FROM STDIN") as copy:
                    for number, round_ in enumerate(rounds[begin : begin + AT_ONCE], begin + 1):
                        for one, other in zip(told, round_, strict=False):
                            copy.write_row(_pair(one, other, holders, number))
                cursor.execute("ANALYZE echo; SET CONSTRAINTS ALL IMMEDIATE")
                for model in HAPPENED:
                    if not any(isinstance(field, EncryptedTextField) for field in model._meta.fields):
                        with _without_triggers(model):
                            cursor.execute(_repeat(model), {"accounts": accounts, "each": each})
                        count[model] += cursor.rowcount
            bar.at(min(begin + AT_ONCE, len(rounds)))
        cursor.execute("DROP TABLE echo, echo_reference")
    bar.done()
    return count


UNTOLD = """
WITH untold AS (
    SELECT id FROM {table} t WHERE id > %s AND {worth} AND NOT EXISTS (SELECT 1 FROM finding_story s WHERE s.id = t.id)
    ORDER BY id LIMIT %s)
SELECT count(finding.tell_{what}(id)), (SELECT id FROM untold ORDER BY id DESC LIMIT 1) FROM untold
"""
TOLD = (
    ("interventions_intervention", "intervention", "true"),
    ("contacts_contact", "contact", "summary <> ''"),
)


def tell() -> int:
    """The words of the echoes, which no trigger told: to be found by search; returns how many stories were told.

    As the owner; commits every few thousand. The index of the words is made at the end (3 times quicker).
    """
    index = next(one for one in Story._meta.indexes if one.name == "stories_by_words")
    with acting(OWNER), connection.schema_editor() as editor:
        editor.remove_index(Story, index)
    told, bar = 0, Bar("stories", Intervention.objects.count() + Contact.objects.exclude(summary="").count())
    for table, what, worth in TOLD:
        last: UUID | None = UUID(int=0)
        while last is not None:
            with acting(OWNER), connection.cursor() as cursor:
                untold = UNTOLD.format(table=table, what=what, worth=worth)
                cursor.execute(untold, [last, STORIES_AT_ONCE])
                count, last = cursor.fetchone()
            told += count
            bar.at(told)
    with acting(OWNER), connection.schema_editor() as editor:
        editor.add_index(Story, index)
    bar.done()
    return told


@contextmanager
def _without_triggers(model: type[models.Model]) -> Iterator[None]:
    """What they would fill or refuse was filled and judged when the past itself was told (6 times quicker)."""
    table = f'ALTER TABLE "{model._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(f"{table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"{table} ENABLE TRIGGER USER")


def _pair(one: Known, other: Known, holders: dict[int, UUID], number: int) -> tuple[object, ...]:
    return (
        *(one.id, other.id, other.shelf, other.portfolio, other.department, other.number, mask(other.number)),
        *(holders[one.portfolio], holders[other.portfolio], one.portfolio, number),
    )


def _repeat(model: type[models.Model]) -> str:
    """INSERT … SELECT of the rows of ``model`` about the templates, each column as its echo has it."""
    table, person = model._meta.db_table, "t.person_id"
    source = f'"{table}" AS t'
    if model is Intervention:
        # Numbered, each has a reference of its own in each round.
        numbered = "SELECT *, row_number() OVER (ORDER BY id) AS number FROM"
        source = f'({numbered} "{table}" WHERE person_id IN (SELECT template FROM echo)) AS t'  # noqa: S608  (as below)
    parent, link = THROUGH.get(model, (None, ""))
    if parent is not None:
        source += f' LEFT JOIN "{parent._meta.db_table}" AS p ON p.id = t.{link}'
        person = f"coalesce(p.person_id, {person})" if _names_a_person(model) else "p.person_id"
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, parent) for field in fields)
    copied = (
        f'INSERT INTO "{table}" ({columns}) SELECT {values}'  # noqa: S608  (names of our own models)
        f" FROM {source} JOIN echo AS e ON e.template = {person}"
    )
    if model is Entry:
        pending = Pending._meta.db_table
        copied = f"WITH made AS ({copied} RETURNING id) INSERT INTO {pending} (entry_id) SELECT id FROM made"  # noqa: S608
    return copied


def _names_a_person(model: type[models.Model]) -> bool:
    return any(field.column == "person_id" for field in model._meta.concrete_fields)


def _value(model: type[models.Model], field: models.Field[object, object], parent: object) -> str:
    name, was = field.column, f't."{field.column}"'
    own = model is Contact
    if name == "shelf":
        if own:
            return _shelf(_key("t.id"))
        if parent is Contact:
            # Written on the shelf of the contact, unless it is on the person's.
            return f"CASE WHEN {was} = p.shelf THEN {_shelf(_key('p.id'))} ELSE e.shelf END"
        return "e.shelf"
    replaced = {
        "person_shelf": "e.shelf",
        # Relatives have no echo: the person called themselves.
        "caller_id": "NULL",
        "caller_link": "''",
        "portfolio_id": f"CASE WHEN {was} = e.was_portfolio THEN e.portfolio ELSE {was} END",
        "department": f"CASE WHEN {was} = '' THEN '' ELSE e.department END",
        "number": f"CASE WHEN {was} = '' THEN '' ELSE e.number END",
        "masked": f"CASE WHEN {was} = '' THEN '' ELSE e.masked END",
        "call_id": f"CASE WHEN {was} = '' THEN '' ELSE {was} || '/' || e.round END",
        "key": f"{was} || '/' || e.person",
        "team_id": "(SELECT team_id FROM coverage_portfolio WHERE id = e.portfolio)",
        "batch_id": was,
        "recipient": f"CASE WHEN t.channel = 'sms' THEN e.number ELSE {was} END",
        "coordinate": f"CASE WHEN t.channel = 'sms' THEN e.number ELSE {was} END",
        "actor": f"CASE WHEN t.account_id = e.holder THEN 'account:' || e.worker ELSE {was} END",
        "reference": (
            "(SELECT reference FROM echo_reference WHERE number = t.number + (e.round - 1) * %(each)s)"
        ),
    }
    if name in replaced:
        return replaced[name]
    return _key(was) if field.db_type(connection) == "uuid" else was


def _shelf(key: str) -> str:
    """As ``shelf_of``."""
    return f"('x' || encode(substr(sha256(uuid_send({key})), 1, 2), 'hex'))::bit(16)::int %% {SHELVES}"


def _key(was: str) -> str:
    """The key of the echo of ``was``: the person, their correspondent, another account, or a row of its own."""
    # The same for the same row of the same echo: of the same moment and rank in it (RFC 9562), with another tail.
    tail = f"overlay(left(md5({was}::text || e.person::text), 16) PLACING '-' FROM 4 FOR 1)"
    return (
        f"CASE WHEN {was} IS NULL THEN NULL WHEN {was} = e.template THEN e.person WHEN {was} = e.holder THEN e.worker"
        f" WHEN {was} = ANY (%(accounts)s) THEN {was} ELSE (left({was}::text, 18) || '-9' || {tail})::uuid END"
    )
