"""The same normalisation in SQL, and the column that keeps lists in alphabetical order (decisions 9).

A generated column on ``unaccent`` is refused by PostgreSQL (it is only STABLE), and the server has no ICU: a BEFORE
trigger fills a ``COLLATE "C"`` column instead, which an index can follow. In the model::

    name_key = models.TextField(db_collation="C", editable=False, default="")
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def normalised(expression: str) -> str:
    """SQL for ``text.normalise`` of a text expression: no accents, lower case; U+00A0 and thin spaces as spaces.

    ``expression`` is SQL of ours, never something typed.
    """
    spaces = r"U&'\00A0\202F\2009'"
    return f"lower(public.unaccent(translate(normalize({expression}, NFC), {spaces}, '   ')))"


def sort_key(expression: str) -> str:
    """SQL for ``text.sort_key``: normalised, runs of spaces, dashes, apostrophes, dots and commas as one space."""
    return rf"btrim(regexp_replace({normalised(expression)}, '[ \t\n\r''.,_/-]+', ' ', 'g'))"


def sort_key_trigger(table: str, column: str, sources: Sequence[str]) -> str:
    """SQL that makes ``column`` of ``table`` the sort key of its ``sources`` columns, in order, for ever.

    The key is set on every INSERT and UPDATE, whoever writes and whatever they give it. Rows already there get
    theirs at their next UPDATE. Raises ``ValueError`` on a name that is not a plain lower-case identifier.
    """
    for name in (table, column, *sources):
        if not re.fullmatch("[a-z_][a-z0-9_]{0,62}", name):
            raise ValueError(f"not a plain identifier: {name!r}")
    given = f"concat_ws(' ', {', '.join(f'NEW.{source}' for source in sources)})"
    function = f"public.{table}_{column}"[:63]
    return f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.{column} := {sort_key(given)};
            RETURN NEW;
        END $$;
        CREATE TRIGGER sort_key_{column} BEFORE INSERT OR UPDATE ON public.{table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
    """
