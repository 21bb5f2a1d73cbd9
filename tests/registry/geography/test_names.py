"""How place names are compared."""

from __future__ import annotations

import pytest

from gruppetto.registry.geography.names import name_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("L’Haÿ les roses", "l hay les roses"),
        ("SAINT-LYS", "saint lys"),
        ("st lys", "saint lys"),
        ("Ste. Foy-d'Aigrefeuille", "sainte foy d aigrefeuille"),
        ("Bœurs-en-Othe", "boeurs en othe"),
        ("Aÿ-Champagne", "ay champagne"),
        ("Villeneuve s/ Lot", "villeneuve sur lot"),
        ("S", "s"),
        ("Y", "y"),
        ("  --  ", ""),
    ],
)
def test_two_ways_to_write_a_name_have_one_key(typed: str, key: str) -> None:
    assert name_key(typed) == key
