"""A rule of the database is a sentence: its name says it in English, its message in French."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BaseConstraint, Model
from django.utils.translation import override

from gruppetto.kernel.actors.sentences import _sentences
from tests.consistency.telling import nothing

OURS = [model for model in apps.get_models() if model.__module__.startswith("gruppetto.")]
CONSTRAINTS = [(model, constraint) for model in OURS for constraint in model._meta.constraints]


def where(model: type[Model], constraint: BaseConstraint) -> str:
    return f"{model._meta.label}: {constraint.name}"


def test_names_are_sentences() -> None:
    """``a_portfolio_has_one_holder_a_day``: at least three words, small letters."""
    sentence = re.compile(r"^[a-z0-9]+(?:_[a-z0-9]+){2,}$")
    nothing([where(m, c) for m, c in CONSTRAINTS if not sentence.match(c.name)], "name it as a sentence:")


def test_each_has_a_message_in_french() -> None:
    """The person who breaks the rule reads it: ``violation_error_message=_("…")``."""
    default = BaseConstraint.default_violation_error_message
    found = []
    with override("fr"):
        for model, constraint in CONSTRAINTS:
            # (shelf, id) is unique because id is: the distributed engine asks for it, nobody can break it.
            if constraint.name.endswith("_on_shelf"):
                continue
            message = str(constraint.violation_error_message or "")
            if not message or message == str(default) or not message.rstrip().endswith((".", "?")):
                found.append(where(model, constraint))
    nothing(found, 'violation_error_message=_("Une phrase."):')


@pytest.mark.django_db
def test_every_rule_of_a_trigger_has_its_sentence() -> None:
    """``RAISE … USING CONSTRAINT = 'name'`` asks for ``sentence("name", _("…"))`` in the room's apps.ready."""
    query = "SELECT p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        raised = {name for (text,) in cursor.fetchall() for name in re.findall(r"CONSTRAINT = '(\w+)'", text)}
        cursor.execute(
            "SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE tgname IN ('append_only', 'never_emptied')"
        )
        raised |= {text.split("\\000")[0] for (text,) in cursor.fetchall()}
    known = set(_sentences) | {constraint.name for _, constraint in CONSTRAINTS}
    assert len(raised) > 5
    nothing(
        raised - known,
        'kernel.actors.sentences: sentence("name", _("Une phrase.")) in the apps.ready of the room:',
    )


def test_tables_and_columns_have_french_names() -> None:
    nothing(
        [m._meta.label for m in OURS if "verbose_name" not in m._meta.original_attrs],
        'class Meta: verbose_name = _("…"):',
    )
