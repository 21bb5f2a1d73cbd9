"""Pasts of many: those of the first subscribers are told one by one, the others live the same days (benches).

Telling a year of one subscriber takes Python a fifth of a second and gives some 1 200 rows; thirty thousand would take
two hours. Copied inside the database they take minutes. An echo has its own keys, references, numbers, portfolio and
correspondent; its moments and its words are those of the past it repeats. What is sealed to its own row (telephony's
events, protected records) has no echo, and relatives have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from uuid import UUID

from django.db import connection, models, transaction

from gruppetto.demo.bare import bare
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
WRITTEN: tuple[type[models.Model], ...] = (*TABLES[TABLES.index(Contact) :], Story)
HAPPENED = [
    model
    for model in WRITTEN
    if not any(isinstance(field, EncryptedTextField) for field in model._meta.fields)
]
# So many people in one transaction.
AT_ONCE = 3_000

MAKE = """
CREATE TEMPORARY TABLE echo (
    template uuid, person uuid, shelf smallint, portfolio int, department text, number text, masked text,
    holder uuid, worker uuid, was_portfolio int, round int, tail text, names tsvector, team uuid
);
CREATE TEMPORARY TABLE echo_reference (number bigint PRIMARY KEY, reference text);
"""
PAIRED = (
    "template, person, shelf, portfolio, department, number, masked, holder, worker, was_portfolio, round"
)
# By what each echo is known, once for all its rows: its name as search hears it, its team.
KNOWN = """
UPDATE echo SET tail = lpad(to_hex(round), 4, '0'),
    team = (SELECT team_id FROM coverage_portfolio WHERE id = portfolio),
    names = (SELECT setweight(to_tsvector('finding.french', concat_ws(' ', given_names, usage_name, family_name)), 'D')
             FROM people_person WHERE id = person);
ANALYZE echo;
"""


def echo(
    told: list[Known], others: list[Known], holders: dict[int, UUID], references: Iterator[str]
) -> Counter[type[models.Model]]:
    """Give each of ``others`` the past of one of ``told``, in turn; returns how many rows of each table.

    ``holders``: account by portfolio. ``references``: of interventions, as many as one likes. As the owner, after the
    told pasts are written; commits every few thousand people.
    """
    rounds = -(-len(others) // len(told))
    bar, count = Bar("echoes", len(others)), Counter[type[models.Model]]()
    known = {"accounts": list(Account.objects.values_list("pk", flat=True))}
    pairs = [(one, other, number) for number, (one, other) in enumerate(_in_turn(told, others), len(told))]
    with bare([*HAPPENED, Pending]), connection.cursor() as cursor:
        cursor.execute(MAKE)
        for model in HAPPENED:
            cursor.execute(_keep(model), {"told": [one.id for one in told]})
        cursor.execute(f'SELECT count(*) FROM "{_kept(Intervention)}"')  # noqa: S608  (names of our own models)
        known["each"] = each = cursor.fetchone()[0]
        with cursor.copy("COPY echo_reference (number, reference) FROM STDIN") as copy:
            for row in enumerate(islice(references, each * rounds), 1):
                copy.write_row(row)
        for begin in range(0, len(pairs), AT_ONCE):
            with acting(OWNER), transaction.atomic():
                cursor.execute("TRUNCATE echo")
                with cursor.copy(f"COPY echo ({PAIRED}) FROM STDIN") as copy:
                    for one, other, number in pairs[begin : begin + AT_ONCE]:
                        copy.write_row(_pair(one, other, holders, number // len(told)))
                cursor.execute(KNOWN)
                for model in HAPPENED:
                    cursor.execute(_repeat(model), known)
                    count[model] += cursor.rowcount
            bar.at(begin + AT_ONCE)
        for table in ("echo", "echo_reference", *map(_kept, HAPPENED)):
            cursor.execute(f'DROP TABLE "{table}"')
    bar.done()
    return count


def _in_turn(told: list[Known], others: list[Known]) -> Iterator[tuple[Known, Known]]:
    return zip(cycle(told), others)


def _pair(one: Known, other: Known, holders: dict[int, UUID], number: int) -> tuple[object, ...]:
    return (
        *(one.id, other.id, other.shelf, other.portfolio, other.department, other.number, mask(other.number)),
        *(holders[one.portfolio], holders[other.portfolio], one.portfolio, number),
    )


def _kept(model: type[models.Model]) -> str:
    return f"told_{model._meta.db_table}"


def _keep(model: type[models.Model]) -> str:
    """The told rows of ``model`` apart, as long as there are few: whose they are, and what their echoes ask of them."""
    table, person, more = model._meta.db_table, "t.person_id", ""
    source = f'"{table}" AS t'
    parent, link = THROUGH.get(model, (None, ""))
    if parent is not None:
        source += f' LEFT JOIN "{parent._meta.db_table}" AS p ON p.id = t.{link}'
        person = f"coalesce(p.person_id, {person})" if _names_a_person(model) else "p.person_id"
        more = f", t.{link} AS parent_id, p.shelf AS parent_shelf" if parent is Contact else ""
    if model is Intervention:
        # Numbered, each has a reference of its own in each round.
        more = ", row_number() OVER (ORDER BY t.id) AS number"
    if model is Story:
        # Names and portfolio are the echo's own: what was said remains, and when.
        more = (
            ", ts_filter(t.words, '{a,b,c}') || ts_delete(finding.marks(t.portfolio_id, t.at), '#p' || t.portfolio_id)"
            " AS said"
        )
    return (
        f'CREATE TEMPORARY TABLE "{_kept(model)}" AS SELECT t.*, {person} AS whose{more}'  # noqa: S608  (as below)
        f" FROM {source} WHERE {person} = ANY (%(told)s)"
    )


def _repeat(model: type[models.Model]) -> str:
    """INSERT … SELECT of the told rows of ``model``, each column as its echo has it."""
    table, parent = model._meta.db_table, THROUGH.get(model, (None, ""))[0]
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, parent) for field in fields)
    copied = (
        f'INSERT INTO "{table}" ({columns}) SELECT {values}'  # noqa: S608  (names of our own models)
        f' FROM "{_kept(model)}" AS t JOIN echo AS e ON e.template = t.whose'
    )
    if model is Entry:
        pending = Pending._meta.db_table
        copied = f"WITH made AS ({copied} RETURNING id) INSERT INTO {pending} (entry_id) SELECT id FROM made"  # noqa: S608
    return copied


def _names_a_person(model: type[models.Model]) -> bool:
    return any(field.column == "person_id" for field in model._meta.concrete_fields)


def _value(model: type[models.Model], field: models.Field[object, object], parent: object) -> str:
    name, was = field.column, f't."{field.column}"'
    if name == "shelf":
        if model is Contact:
            return _shelf(_key("t.id"))
        if parent is Contact:
            # Written on the shelf of the contact, unless it is on the person's.
            return f"CASE WHEN {was} = t.parent_shelf THEN {_shelf(_key('t.parent_id'))} ELSE e.shelf END"
        if model is Story:
            return f"CASE WHEN t.what = 'contact' THEN {_shelf(_key('t.id'))} ELSE e.shelf END"
        return "e.shelf"
    replaced = {
        "person_shelf": "e.shelf",
        # Relatives have no echo: the person called themselves.
        "caller_id": "NULL",
        "caller_link": "''",
        "portfolio_id": _portfolio(was),
        "department": f"CASE WHEN {was} = '' THEN '' ELSE e.department END",
        "number": f"CASE WHEN {was} = '' THEN '' ELSE e.number END",
        "masked": f"CASE WHEN {was} = '' THEN '' ELSE e.masked END",
        "call_id": f"CASE WHEN {was} = '' THEN '' ELSE {was} || '/' || e.round END",
        "key": f"{was} || '/' || e.person",
        "team_id": "e.team",
        "batch_id": was,
        "recipient": f"CASE WHEN t.channel = 'sms' THEN e.number ELSE {was} END",
        "coordinate": f"CASE WHEN t.channel = 'sms' THEN e.number ELSE {was} END",
        "actor": f"CASE WHEN t.account_id = e.holder THEN 'account:' || e.worker ELSE {was} END",
        "words": f"t.said || e.names || array_to_tsvector(ARRAY['#p' || {_portfolio('t.portfolio_id')}])",
        "reference": (
            "(SELECT reference FROM echo_reference WHERE number = t.number + (e.round - 1) * %(each)s)"
        ),
    }
    if name in replaced and (name != "words" or model is Story):
        return replaced[name]
    return _key(was) if field.db_type(connection) == "uuid" else was


def _portfolio(was: str) -> str:
    return f"CASE WHEN {was} = e.was_portfolio THEN e.portfolio ELSE {was} END"


def _shelf(key: str) -> str:
    """As ``shelf_of``."""
    return f"('x' || encode(substr(sha256(uuid_send({key})), 1, 2), 'hex'))::bit(16)::int %% {SHELVES}"


def _key(was: str) -> str:
    """The key of the echo of ``was``: the person, their correspondent, another account, or a row of its own."""
    # Of the same moment and rank in it (RFC 9562), with the round's number in its tail; those that the book draws
    # have 8 or 9 where this has a or b, so that no echo has the key of another told row.
    own = f"(left({was}::text, 19) || translate(substr({was}::text, 20, 1), '89', 'ab')"
    own += f" || substr({was}::text, 21, 12) || e.tail)::uuid"
    return (
        f"CASE WHEN {was} IS NULL THEN NULL WHEN {was} = e.template THEN e.person WHEN {was} = e.holder THEN e.worker"
        f" WHEN {was} = ANY (%(accounts)s) THEN {was} ELSE {own} END"
    )
