"""Lists page by page: every row once, in order, at a cost that does not grow with the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import Counting, Page, count, counts, keyset, lateral

with isolate_apps("gruppetto.kernel.files"):

    class Task(models.Model):
        id = models.UUIDField(primary_key=True)
        portfolio_id = models.IntegerField()
        due = models.IntegerField()
        name_key = models.TextField(db_collation="C")
        note = models.TextField(null=True)  # noqa: DJ001  # an order may not follow a column that can be NULL

        objects: ClassVar[models.Manager[Task]] = models.Manager()

        class Meta:
            app_label = "tests"
            db_table = "task_of_the_tests"

        def __str__(self) -> str:
            return str(self.id)


ROWS, PORTFOLIOS = 6000, 30
ORDERS = [
    ("due",),
    ("-due",),
    ("due", "name_key"),
    ("-due", "name_key"),
    ("name_key", "-due", "-id"),
    ("id",),
    ("-pk",),
]


@pytest.fixture
def tasks(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            f"""
            CREATE TABLE task_of_the_tests (id uuid PRIMARY KEY, portfolio_id int NOT NULL, due int NOT NULL,
                name_key text COLLATE "C" NOT NULL, note text);
            INSERT INTO task_of_the_tests SELECT md5(n::text)::uuid, n % {PORTFOLIOS}, n * 7919 % 400,
                chr(97 + n % 26), NULL FROM generate_series(1, {ROWS}) AS n;
            CREATE INDEX ON task_of_the_tests (portfolio_id, due, id);
            CREATE INDEX ON task_of_the_tests (due, id);
            ANALYZE task_of_the_tests;
            GRANT SELECT, DELETE ON task_of_the_tests TO gruppetto_web;
            """
        )
        cursor.execute("SET LOCAL ROLE gruppetto_web")


def walk(read: Callable[[object | None], Page[Any]]) -> list[UUID]:
    """All ids, page after page, the cursor going through text as it does in an address."""
    ids, cursor = [], None
    while True:
        page = read(cursor)
        ids += [row.pk for row in page.rows]
        if page.cursor is None:
            return ids
        cursor = str(page.cursor)


def plain(order: tuple[str, ...], portfolios: list[int]) -> list[UUID]:
    chosen = Task.objects.filter(portfolio_id__in=portfolios)
    last = "-" if order[-1].startswith("-") else ""
    return list(
        chosen.order_by(*order, *([] if "id" in order[-1] else [f"{last}id"])).values_list("id", flat=True)
    )


def plans(queries: CaptureQueriesContext) -> list[str]:
    """The plans of the queries captured, as text."""
    found = []
    with connection.cursor() as cursor:
        for query in list(queries.captured_queries):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            found.append(json.dumps(cursor.fetchone()))
    return found


def rows_read(plan: str) -> int:
    """The most rows that one node of the plan gave, all its loops together."""
    nodes = re.findall(r'"Actual Rows": ([\d.]+), "Actual Loops": (\d+)', plan)
    return max(int(float(rows) * int(loops)) for rows, loops in nodes)


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize("order", ORDERS)
def test_every_row_comes_once_and_in_order(order: tuple[str, ...]) -> None:
    chosen = Task.objects.filter(portfolio_id__in=[3, 4])
    assert walk(lambda cursor: keyset(chosen, order, cursor, 70)) == plain(order, [3, 4])
    assert walk(
        lambda cursor: lateral(Task.objects.all(), "portfolio_id", [3, 4], order, cursor, 70)
    ) == plain(order, [3, 4])


@pytest.mark.usefixtures("tasks")
def test_a_full_last_page_announces_no_other() -> None:
    page = keyset(Task.objects.filter(portfolio_id=1), ("due",), None, 200)
    assert (len(page.rows), page.cursor) == (200, None)


@pytest.mark.usefixtures("tasks")
def test_a_deep_page_reads_no_more_rows_than_the_first() -> None:
    deep = plain(("due",), list(range(PORTFOLIOS)))[ROWS // 2]
    with CaptureQueriesContext(connection) as queries:
        keyset(Task.objects.all(), ("due",), deep, 50)
    assert len(queries) == 2
    page = plans(queries)[-1]
    assert "Seq Scan" not in page
    assert "Sort" not in page
    assert rows_read(page) <= 51


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize("width", [1, 13])
def test_a_page_over_several_portfolios_reads_one_page_of_each(width: int) -> None:
    portfolios = list(range(width))
    deep = plain(("due",), portfolios)[90 * width]
    with CaptureQueriesContext(connection) as queries:
        lateral(Task.objects.all(), "portfolio_id", portfolios, ("due",), deep, 20)
    assert len(queries) == 3
    merged = plans(queries)[1]
    assert "Seq Scan" not in merged
    assert rows_read(merged) <= 21 * width


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("crowded", [[], [3], [3, 4, 29], list(range(30))])
def test_of_many_portfolios_some_with_most_of_what_comes_first(
    order: tuple[str, ...], crowded: list[int]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "RESET ROLE; UPDATE task_of_the_tests SET due = due / 40, name_key = 'a' WHERE portfolio_id = ANY (%s);"
            "UPDATE task_of_the_tests SET due = 400 - due, name_key = 'z' WHERE portfolio_id = ANY (%s) AND due < 5;"
            "SET LOCAL ROLE gruppetto_web",
            [crowded, crowded],
        )
    expected = plain(order, list(range(PORTFOLIOS)))
    for first, size in ((0, 20), (0, 3), (1_000, 40), (ROWS - 11, 10)):
        after = str(expected[first - 1]) if first else None
        page = lateral(Task.objects.all(), "portfolio_id", range(PORTFOLIOS), order, after, size)
        assert [row.pk for row in page.rows] == expected[first : first + size]
        assert page.cursor == page.rows[-1].pk


@pytest.mark.usefixtures("tasks")
def test_of_many_portfolios_few_rows_of_each_are_read() -> None:
    with CaptureQueriesContext(connection) as queries:
        lateral(Task.objects.all(), "portfolio_id", range(PORTFOLIOS), ("due",), None, 20)
    assert rows_read(plans(queries)[0]) <= PORTFOLIOS * 21 // 4


@pytest.mark.usefixtures("tasks")
def test_portfolios_may_be_none_or_said_twice() -> None:
    read = Task.objects.filter(due__lt=40)
    assert lateral(read, "portfolio_id", [], ("due",), None, 20).rows == []
    once, twice = (lateral(read, "portfolio_id", keys, ("due",), None, 20).rows for keys in ([2], [2, 2]))
    assert once
    assert once == twice


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize("cursor", ["0", "Roux", "'; --", uuid4()])
def test_a_cursor_that_leads_nowhere_is_refused(cursor: object) -> None:
    with pytest.raises(Refused) as refusal:
        keyset(Task.objects.all(), ("due",), cursor, 10)
    assert refusal.value.code == "cursor-gone"


@pytest.mark.usefixtures("tasks")
def test_a_row_gone_between_two_pages_is_told() -> None:
    page = keyset(Task.objects.all(), ("due",), None, 10)
    Task.objects.filter(pk=page.cursor).delete()
    with pytest.raises(Refused, match="reprenez-la au début"):
        lateral(Task.objects.all(), "portfolio_id", [1], ("due",), page.cursor, 10)


@pytest.mark.parametrize(
    ("order", "size", "fault"),
    [
        (("note",), 10, "note is not a NOT NULL column"),
        (("owner__name",), 10, "owner__name is not a NOT NULL column"),
        (("due",), 0, "a page has 1 to 200 rows"),
        (("due",), 201, "a page has 1 to 200 rows"),
    ],
)
def test_an_order_that_cannot_be_followed_is_our_mistake(
    order: tuple[str, ...], size: int, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        keyset(Task.objects.all(), order, None, size)


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    ("cap", "shown"),
    [(ROWS, "6\u202f000"), (ROWS - 1, "5\u202f999\u00a0+"), (10, "10\u00a0+"), (ROWS + 1, "6\u202f000")],
)
def test_counts_stop_at_their_cap(cap: int, shown: str) -> None:
    assert str(count(Task.objects.order_by("due"), cap)) == shown


@pytest.mark.usefixtures("tasks")
def test_several_lists_are_counted_at_once_key_by_key() -> None:
    early, late = Task.objects.filter(due__lt=40), Task.objects.filter(due__gte=40)
    with CaptureQueriesContext(connection) as queries:
        found = counts(
            [Counting(each, [1, 2, 2], 100) for each in (early, late, Task.objects.all())], "portfolio_id"
        )
    assert len(queries) == 1
    inside = Task.objects.filter(portfolio_id__in=[1, 2])
    assert [one.number for one in found] == [
        min(each.filter(pk__in=inside).count(), 100) for each in (early, late, inside)
    ]
    both = counts([Counting(early, []), Counting(late, [1], 1)], "portfolio_id")
    assert [(one.number, one.capped) for one in both] == [(0, False), (1, True)]
    with CaptureQueriesContext(connection) as queries:
        assert counts([Counting(early, [])], "portfolio_id")[0].number == 0
    assert not queries


@pytest.mark.usefixtures("tasks")
def test_a_key_may_have_two_parts() -> None:
    pairs = [(portfolio, due) for portfolio in (1, 2) for due in range(60)]
    page = lateral(Task.objects.all(), ("portfolio_id", "due"), pairs, ("due",), None, 50)
    expected = Task.objects.filter(portfolio_id__in=[1, 2], due__lt=60).order_by("due", "pk")
    assert [row.pk for row in page.rows] == list(expected.values_list("pk", flat=True)[:50])
    assert len(page.rows) == 50
