"""References people can say on the phone, and that a slip of the tongue cannot turn into another."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.references import ALPHABET, new_reference, read_reference, spell


def drawing(seed: int) -> Callable[[int], int]:
    """A source of numbers that always draws the same, in the base of whatever is asked."""
    left = abs(seed)

    def draw(size: int) -> int:
        nonlocal left
        left, drawn = divmod(left, size)
        return drawn

    return draw


references = st.builds(
    lambda kind, seed: new_reference(kind, drawing(seed)), st.sampled_from("CIM"), st.integers(0, 19**7)
)


@given(references)
def test_a_reference_is_read_however_it_is_typed(reference: str) -> None:
    assert read_reference(reference) == reference
    assert read_reference(reference.lower().replace("-", " ")) == reference
    assert read_reference(f" {reference.replace('-', '')} ", kind=reference[0]) == reference


@given(references, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(reference: str, position: int, other: str) -> None:
    characters = list(reference.replace("-", ""))
    if characters[position + 1] == other:
        return
    characters[position + 1] = other
    with pytest.raises(Refused) as refusal:
        read_reference("".join(characters))
    assert refusal.value.code == "reference-wrong"


@given(references, st.integers(1, 8), st.integers(1, 8))
def test_two_characters_swapped_are_found(reference: str, one: int, other: int) -> None:
    characters = list(reference.replace("-", ""))
    if characters[one] == characters[other]:
        return
    characters[one], characters[other] = characters[other], characters[one]
    with pytest.raises(Refused, match="erreur"):
        read_reference("".join(characters))


def test_the_kind_is_part_of_what_is_checked() -> None:
    reference = new_reference("I", drawing(1))
    with pytest.raises(Refused, match="erreur"):
        read_reference("C" + reference[1:])


def test_a_reference_of_another_kind_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        read_reference(new_reference("C", drawing(1)), kind="I", field="reference")
    assert (refusal.value.code, refusal.value.field) == ("reference-other-kind", "reference")


@pytest.mark.parametrize(
    "text", ["", "I", "I-7K3F-92Q", "I-7K3F-92QXX", "I-0O1I-LSBZ", "7-7K3F-92QX", "I/7K3F/92QX"]
)
def test_what_has_not_its_shape_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_reference(text)
    assert refusal.value.code == "reference-unreadable"


def test_no_character_can_be_taken_for_another() -> None:
    assert len(set(ALPHABET)) == 19
    assert not set(ALPHABET) & set("01OILSZ5BEAU") - {"5"}
    for alike in ("BCDGPTV", "FS", "MN", "IJ1", "O0Q"[:2], "Z2"):
        assert len(set(alike) & set(ALPHABET)) <= 1


def test_a_reference_is_spelt_with_the_french_alphabet() -> None:
    assert (
        spell("I-7K3F-92QX")
        == "I comme Irma, 7, K comme Kléber, 3, F comme François, 9, 2, Q comme Quintal, X comme Xavier"
    )


def test_the_random_source_is_the_one_passed_in() -> None:
    assert new_reference("I", lambda _size: 0) == "I-2222-222J"
    assert new_reference("I", drawing(7)).startswith("I-9222-222")
    with pytest.raises(ValueError, match="capital letter"):
        new_reference("i", drawing(7))
