"""PostgreSQL and Python agree on text without accents; the sort column is always right."""

import unicodedata
from typing import Literal

import pytest
from django.db import connection

from gruppetto.kernel.search import sql
from gruppetto.kernel.search.text import normalise, sort_key

pytestmark = pytest.mark.django_db

LATIN = [
    chr(code)
    for code in (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1E00, 0x1EFA))
    if chr(code).isalpha()
]
# Letters whose folding is not the same from one PostgreSQL to the next, none of them of a European language of today.
VARIABLE = set("ªºµſẚẛẜẝẟ")
SIGNS = "'’‘“”«»‹›-‐‑–—.,;:!?()/&@€\u00a0\u202f\u2009"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_and_signs_are_the_same_in_both(form: Literal["NFC", "NFD"]) -> None:
    texts = [unicodedata.normalize(form, text) for text in [*LATIN, *SIGNS] if text not in VARIABLE]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t, {sql.normalised('t')}, {sql.sort_key('t')} FROM unnest(%s::text[]) AS t", [texts]
        )
        rows = cursor.fetchall()
    assert len(rows) == len(texts)
    assert [(text, plain) for text, plain, _key in rows if plain != normalise(text)] == []
    assert [(text, key) for text, _plain, key in rows if key != sort_key(text)] == []


@pytest.fixture
def people() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "CREATE TABLE people_of_the_tests (family text, given text, name_key text COLLATE \"C\" DEFAULT '')"
        )
        cursor.execute(sql.sort_key_trigger("people_of_the_tests", "name_key", ["family", "given"]))
        cursor.execute("GRANT SELECT, INSERT, UPDATE ON people_of_the_tests TO gruppetto_web")
        cursor.execute("SET LOCAL ROLE gruppetto_web")


@pytest.mark.usefixtures("people")
def test_the_sort_column_follows_the_names_whatever_is_written_in_it() -> None:
    names = [("Élan", "Zoé"), ("d’Œillet", "Jean-Paul"), ("EMMA", "Ève"), ("Éloi", None), ("Elan", "Ana")]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO people_of_the_tests VALUES (%s, %s, 'forged')", names)
        cursor.execute("SELECT family, given, name_key FROM people_of_the_tests ORDER BY name_key")
        rows = cursor.fetchall()
        assert [row[0] for row in rows] == ["d’Œillet", "Elan", "Élan", "Éloi", "EMMA"]
        assert all(key == sort_key(" ".join(filter(None, (family, given)))) for family, given, key in rows)
        cursor.execute(
            "UPDATE people_of_the_tests SET name_key = 'forged', given = 'Zoë' WHERE family = 'Éloi'"
        )
        cursor.execute("SELECT name_key FROM people_of_the_tests WHERE family = 'Éloi'")
        assert cursor.fetchone() == ("eloi zoe",)


@pytest.mark.parametrize("name", ["people; DROP TABLE x", "People", "", "a" * 64])
def test_a_name_that_is_not_plain_is_our_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="not a plain identifier"):
        sql.sort_key_trigger(name, "name_key", ["family"])
    with pytest.raises(ValueError, match="not a plain identifier"):
        sql.sort_key_trigger("people", "name_key", ["family", name])
