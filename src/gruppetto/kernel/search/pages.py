"""Lists read page by page, at the same cost on the first page and on the thousandth (decisions 7).

A cursor is the id of the last row seen, never a value of it: no name in an address. The values are read again from
that row; if they changed meanwhile, the list goes on from where the row is now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused

LARGEST_PAGE = 200
FEW = 3
COUNT_CAP = 10_000

# One page of each key, merged.
WHOLE = """
SELECT {id} FROM unnest({keys}) AS one({parts}) CROSS JOIN LATERAL ({page}) AS page ORDER BY {sort} LIMIT %s
"""
# The first few of each key, merged. A key with fewer on the page than it gave has none further on it; the others are
# asked for a page.
FEW_FIRST = """
WITH keys AS MATERIALIZED (SELECT * FROM unnest({keys}) WITH ORDINALITY AS one({parts}, key)),
first AS MATERIALIZED (
    SELECT one.key, {names} FROM keys AS one CROSS JOIN LATERAL ({first}) AS page ORDER BY {sort} LIMIT %s
),
more AS MATERIALIZED (
    SELECT keys.* FROM keys JOIN (SELECT key FROM first GROUP BY key HAVING count(*) >= %s) AS several USING (key)
)
SELECT {id} FROM (
    SELECT {names} FROM first WHERE key NOT IN (SELECT key FROM more)
    UNION ALL
    SELECT {names} FROM more AS one CROSS JOIN LATERAL ({page}) AS page
) AS merged ORDER BY {sort} LIMIT %s
"""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """``rows`` in order, and ``cursor``: the id to ask the next page with, None on the last."""

    rows: list[Row]
    cursor: object | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows, counted up to a cap only; shown as ``10 000 +`` beyond it."""

    number: int
    capped: bool

    def __str__(self) -> str:
        number = f"{self.number:,}".replace(",", "\u202f")
        return f"{number}\u00a0+" if self.capped else number


@dataclass(frozen=True, slots=True)
class _Order:
    """The columns of an order, the primary key last, and whether each goes down."""

    fields: tuple[Field[Any, Any], ...]
    downs: tuple[bool, ...]

    @classmethod
    def of(cls, model: type[Model], order: Sequence[str]) -> _Order:
        names = [name.removeprefix("-") for name in order]
        downs = [name.startswith("-") for name in order]
        if names[-1:] not in (["pk"], [model._meta.pk.name]):
            names, downs = [*names, "pk"], [*downs, downs[-1] if downs else False]
        fields = tuple(_column(model, name) for name in names)
        return cls(fields, tuple(downs))

    @property
    def terms(self) -> list[str]:
        """As ``order_by`` wants them."""
        return [f"{'-' * down}{field.attname}" for field, down in zip(self.fields, self.downs, strict=True)]

    def after(self, values: Sequence[Any]) -> Q | Func:
        """The condition for rows strictly after the one with these values.

        All columns going one way: a comparison of rows, which PostgreSQL follows on one index. Else the same
        written out, with a bound on the first column for the index.
        """
        if len(set(self.downs)) == 1:
            columns = _Tuple(*(F(field.attname) for field in self.fields))
            known = _Tuple(*(Value(v, output_field=f) for f, v in zip(self.fields, values, strict=True)))
            sign = " < " if self.downs[0] else " > "
            return Func(
                columns, known, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField()
            )
        names = [field.attname for field in self.fields]
        compare = ["lt" if down else "gt" for down in self.downs]
        steps = (
            Q(
                **dict(zip(names[:index], values, strict=False)),
                **{f"{names[index]}__{compare[index]}": values[index]},
            )
            for index in range(len(names))
        )
        return Q(**{f"{names[0]}__{compare[0]}e": values[0]}) & reduce(or_, steps)


class _Tuple(Func):
    """A row of expressions: ``(a, b)``."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # of no meaning for a row, but Django asks for one


def keyset(queryset: QuerySet[Row], order: Sequence[str], cursor: object | None, size: int) -> Page[Row]:
    """One page of ``queryset`` in ``order`` after the row whose id is ``cursor`` (None: the first page).

    ``order``: columns of the model itself, NOT NULL, ``"-due_at"`` to go down; the primary key is added to settle
    ties. ``size``: 1 to ``LARGEST_PAGE``. One query, two with a cursor. Raises ``Refused`` (cursor-gone) when that row
    is no longer seen, ``ValueError`` on an order that cannot be followed.
    """
    way = _Order.of(queryset.model, order)
    rows = list(_from(queryset, way, cursor)[: _size(size) + 1])
    return _page(rows, size)


def lateral(
    queryset: QuerySet[Row],
    column: str | Sequence[str],
    keys: Iterable[Any],
    order: Sequence[str],
    cursor: object | None,
    size: int,
) -> Page[Row]:
    """One page of ``queryset`` limited to rows whose ``column`` is one of ``keys``, as ``keyset`` does.

    For each key the index on (column, *order, id) gives at most one page, then these are merged: with several
    portfolios a plain ``IN`` reads and sorts all their rows (304 ms against 0.9 ms, decisions 7). Of more keys
    than rows each gives a few first, and a page only when all its few are on it. With several columns a key is a
    tuple (a portfolio and a state). Two queries, three with a cursor; none without keys.
    """
    columns = (column,) if isinstance(column, str) else tuple(column)
    wanted = list(dict.fromkeys((key,) if isinstance(column, str) else tuple(key) for key in keys))
    if not wanted:
        return Page([], None)
    way, connection = _Order.of(queryset.model, order), connections[queryset.db]
    names = [f"page_{index}" for index in range(len(way.fields))]
    inner = (
        _from(queryset.select_related(None), way, cursor)
        .filter(*(Exact(F(name), _key(index)) for index, name in enumerate(columns)))
        .annotate(**{name: F(field.attname) for name, field in zip(names, way.fields, strict=True)})
        .values_list(*names)
    )
    most = _size(size) + 1
    page, page_params = inner[:most].query.get_compiler(using=queryset.db).as_sql()
    first, first_params = inner[:FEW].query.get_compiler(using=queryset.db).as_sql()
    kinds = [_column(queryset.model, name).db_type(connection) for name in columns]
    shape = {
        "keys": ", ".join(f"%s::{kind}[]" for kind in kinds),
        "parts": ", ".join(f"key_{index}" for index in range(len(columns))),
        "sort": ", ".join(f"{name}{' DESC' * down}" for name, down in zip(names, way.downs, strict=True)),
        "names": ", ".join(names),
        "id": names[-1],
        "page": page,
        "first": first,
    }
    keys_by_part = [list(values) for values in zip(*wanted, strict=True)]
    with connection.cursor() as asked:
        if len(wanted) < most:
            asked.execute(WHOLE.format(**shape), [*keys_by_part, *page_params, most])
        else:
            asked.execute(
                FEW_FIRST.format(**shape), [*keys_by_part, *first_params, most, FEW, *page_params, most]
            )
        ids = [row[0] for row in asked.fetchall()]
    found = {row.pk: row for row in queryset.order_by().filter(pk__in=ids)}
    return _page([found[pk] for pk in ids if pk in found], size)


def count(queryset: QuerySet[Any], cap: int = COUNT_CAP) -> Count:
    """How many rows, reading at most ``cap`` + 1 of them."""
    number = queryset.order_by()[: cap + 1].count()
    return Count(min(number, cap), capped=number > cap)


@dataclass(frozen=True, slots=True)
class Counting:
    """Rows to count: those of ``queryset`` whose column is one of ``keys``, up to ``cap`` of them."""

    queryset: QuerySet[Any]
    keys: Collection[Any]
    cap: int = COUNT_CAP


def counts(wanted: Sequence[Counting], column: str) -> list[Count]:
    """How many rows each has where ``column`` is one of its keys. One query for all; none when nobody has keys.

    Key by key, as ``lateral`` does: with a plain ``IN`` and a cap PostgreSQL may read the table from its beginning.
    """
    if not any(one.keys for one in wanted):
        return [Count(0, capped=False) for _each in wanted]
    parts: list[str] = []
    params: list[Any] = []
    for one in wanted:
        kind = _column(one.queryset.model, column).db_type(connections[one.queryset.db])
        branch = one.queryset.order_by().filter(Exact(F(column), _key(0))).values("pk")[: one.cap + 1]
        each, given = branch.query.get_compiler(using=one.queryset.db).as_sql()
        parts.append(
            f"(SELECT count(*) FROM (SELECT 1 FROM unnest(%s::{kind}[]) AS one(key_0)"  # noqa: S608  # names are ours
            f" CROSS JOIN LATERAL ({each}) AS branch LIMIT %s) AS counted)"
        )
        params += [list(dict.fromkeys(one.keys)), *given, one.cap + 1]
    with connections[wanted[0].queryset.db].cursor() as asked:
        asked.execute(f"SELECT {', '.join(parts)}", params)
        return [
            Count(min(number, one.cap), capped=number > one.cap)
            for one, number in zip(wanted, asked.fetchone(), strict=True)
        ]


def _key(index: int) -> RawSQL:
    """The key of a branch, its part number ``index``."""
    return RawSQL(f'"one"."key_{index}"', ())  # noqa: S611  # a number of ours


def _from(queryset: QuerySet[Row], way: _Order, cursor: object | None) -> QuerySet[Row]:
    ordered = queryset.order_by(*way.terms)
    if cursor is None:
        return ordered
    gone = Refused(_("La liste a changé depuis : reprenez-la au début."), code="cursor-gone")
    seen = queryset.model._base_manager.using(queryset.db)
    try:
        values = seen.filter(pk=cursor).values_list(*(field.attname for field in way.fields)).first()
    except (ValueError, ValidationError) as error:
        raise gone from error
    if values is None:
        raise gone
    return ordered.filter(way.after(values))


def _page(rows: list[Row], size: int) -> Page[Row]:
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def _size(size: int) -> int:
    if not 1 <= size <= LARGEST_PAGE:
        raise ValueError(f"a page has 1 to {LARGEST_PAGE} rows, not {size}")
    return size


def _column(model: type[Model], name: str) -> Field[Any, Any]:
    """The model's own column of that name (``pk`` too), NOT NULL."""
    for field in model._meta.concrete_fields:
        names = {field.name, field.attname, *(["pk"] if field.primary_key else [])}
        if name in names and not field.null:
            return field
    raise ValueError(f"{model.__name__}.{name} is not a NOT NULL column of its own")
