"""Envelope encryption: what was sealed opens as itself only, and outer keys rotate."""

import base64
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets import CannotOpen, Keyring, Sealed

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
RING = Keyring.parse(f"a:{OLD}")


@given(st.binary(max_size=2000), st.uuids())
def test_what_is_sealed_opens_as_itself(plain, object_id):
    sealed = RING.seal(plain, object_id)
    assert RING.open(Sealed.from_bytes(sealed.to_bytes()), object_id) == plain


@given(st.binary(min_size=8), st.data())
def test_any_changed_byte_is_noticed(plain, data):
    object_id = new_id()
    packed = bytearray(RING.seal(plain, object_id).to_bytes())
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        RING.open(Sealed.from_bytes(bytes(packed)), object_id)


@given(st.binary(max_size=80))
def test_noise_is_refused_and_never_crashes(noise):
    with pytest.raises(CannotOpen):
        RING.open(Sealed.from_bytes(noise), "any")


def test_a_content_moved_to_another_object_does_not_open():
    sealed = RING.seal(b"le jardin", new_id())
    with pytest.raises(CannotOpen, match="altered"):
        RING.open(sealed, new_id())


def test_neither_content_nor_key_is_used_twice():
    first, second = RING.seal(b"mot", "x"), RING.seal(b"mot", "x")
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_key != second.wrapped_key
    assert b"mot" not in first.to_bytes()


def test_a_key_is_rotated_without_touching_the_content():
    object_id = new_id()
    sealed = RING.seal(b"contenu", object_id)
    both = Keyring.parse(f"b:{NEW},a:{OLD}")
    moved = both.rewrap(sealed)
    assert (moved.key_id, moved.ciphertext) == ("b", sealed.ciphertext)
    assert both.rewrap(moved) is moved
    only_new = Keyring.parse(f"b:{NEW}")
    assert only_new.open(moved, object_id) == b"contenu"
    with pytest.raises(CannotOpen, match="unknown-key"):
        only_new.open(sealed, object_id)


def test_a_key_without_a_name_keeps_its_own_through_rotation():
    before, after = Keyring.parse(OLD), Keyring.parse(f"{NEW}, {OLD}")
    sealed = before.seal(b"x", "id")
    assert after.open(sealed, "id") == b"x"
    assert after.current != before.current


def test_a_lost_wrapped_key_loses_the_object():
    sealed = RING.seal(b"x", "id")
    with pytest.raises(CannotOpen, match="altered"):
        RING.open(replace(sealed, wrapped_key=bytes(40)), "id")


def test_a_blind_index_finds_the_same_value_for_the_same_purpose_only():
    index = RING.blind_index("+33612345678", "people.phone")
    assert index == RING.blind_index("+33612345678", "people.phone")
    assert index != RING.blind_index("+33612345678", "people.word")
    assert index != RING.blind_index("+33612345679", "people.phone")
    assert len(index) == 32


def test_a_blind_index_survives_a_new_current_key():
    rotated = Keyring.parse(f"b:{NEW},a:{OLD}")
    assert rotated.blind_index("x", "p") == RING.blind_index("x", "p")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        (" , ", "empty"),
        ("a:pas du base64!", "not base64"),
        (f"a:{OLD[:20]}", "not 32"),
        (f"a:{OLD},a:{NEW}", "twice"),
        (f"é:{OLD}", "unfit"),
    ],
)
def test_a_wrong_setting_is_named_and_never_quoted(text, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint) as caught:
        Keyring.parse(text)
    assert OLD not in str(caught.value)


def test_keys_do_not_show_in_a_trace():
    assert OLD not in repr(RING)
    assert repr(bytes([1]) * 32) not in repr(RING)
