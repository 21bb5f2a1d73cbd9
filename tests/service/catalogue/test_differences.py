"""What changes between two versions is told line by line; how it was typed does not count."""

from __future__ import annotations

from typing import Any

import pytest

from gruppetto.service.catalogue.differences import Change, differences

QUESTION = {"id": "lost", "ask": "Est-elle perdue ?", "kind": "yes_no"}
OTHER = {"id": "when", "ask": "Quand ?", "kind": "date"}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"label": "L'un"}, {"label": "L’un "}, []),
        ({"label": "Un"}, {"label": "Deux"}, [Change(("label",), "Un", "Deux")]),
        ({"urgent": False}, {}, []),
        ({}, {"urgent": True}, [Change(("urgent",), "", "oui")]),
        ({"words": ["a", "b"]}, {"words": ["a", "c"]}, [Change(("words",), "a, b", "a, c")]),
        ({"read_back": {"asks": "Oui."}}, {"read_back": {"asks": [{"say": "Oui."}]}}, []),
        (
            {"questions": [QUESTION]},
            {"questions": [{**QUESTION, "ask": "Perdue ?"}]},
            [Change(("questions", "lost", "ask"), "Est-elle perdue\u00a0?", "Perdue\u00a0?")],
        ),
        (
            {"questions": [QUESTION]},
            {"questions": [OTHER]},
            [
                Change(("questions", "when"), "", "id : when ; ask : Quand\u00a0? ; kind : date"),
                Change(("questions", "lost"), "id : lost ; ask : Est-elle perdue\u00a0? ; kind : yes_no", ""),
            ],
        ),
        (
            {"questions": [QUESTION, OTHER]},
            {"questions": [OTHER, QUESTION]},
            [Change(("questions",), "lost · when", "when · lost")],
        ),
    ],
)
def test_a_change_says_where_what_was_and_what_is(
    before: dict[str, Any], after: dict[str, Any], changes: list[Change]
) -> None:
    assert differences(before, after) == changes
    assert differences(after, after) == []
