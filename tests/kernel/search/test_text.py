"""Text without accents or case (its equality with PostgreSQL is proved in test_sql)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.search.text import normalise, sort_key


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Élève Œuvre", "eleve oeuvre"),
        ("ÇA ET LÀ", "ca et la"),
        ("L’Haÿ-les-Roses", "l'hay-les-roses"),
        ("Straße Łódź Ærø", "strasse lodz aero"),
        ("« 1\u202f234 »", "<< 1 234 >>"),
        ("NUN\u0303EZ", "nunez"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_accents_case_and_ligatures_go(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text())
def test_it_does_not_matter_how_the_text_was_encoded_nor_how_often_it_is_done(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))
    assert normalise(normalise(text)) == normalise(text)


def test_names_are_filed_without_their_signs() -> None:
    assert sort_key("  D’Haÿ -  Œillet, J.-P. ") == "d hay oeillet j p"
    assert sorted(["Éloi", "Zoé", "Emma", "élan"], key=sort_key) == ["élan", "Éloi", "Emma", "Zoé"]
