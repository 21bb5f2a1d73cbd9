"""Words typed: the spaces around go, what is missing is asked for, what is too long is refused with its measure."""

from __future__ import annotations

import pytest

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.typed import written


def test_the_spaces_around_go_and_do_not_count() -> None:
    assert written("  deux  mots\n", "words", 10) == "deux  mots"


def test_what_may_be_empty_is_and_what_is_missing_is_asked_for() -> None:
    assert written(" \n", "words", 10) == ""
    with pytest.raises(Refused, match="Dites pourquoi") as refused:
        written(" \n", "why", 10, "Dites pourquoi.")
    assert (refused.value.code, refused.value.field) == ("empty", "why")


def test_what_is_too_long_is_refused_with_the_most_there_may_be() -> None:
    assert len(written("a" * 5_000, "words", 5_000)) == 5_000
    with pytest.raises(Refused, match="5\u202f000 caractères") as refused:
        written("a" * 5_001, "words", 5_000)
    assert (refused.value.code, refused.value.field) == ("too-long", "words")
