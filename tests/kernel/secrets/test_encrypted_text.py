"""The encrypted column: read by its own row, closed to everything else (the round trip is in the files' tests)."""

import base64

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets import CannotOpen
from gruppetto.kernel.secrets.fields import EncryptedTextField, SealedText


@pytest.fixture(autouse=True)
def ring(settings):
    settings.GRUPPETTO_FILES_KEY = "a:" + base64.b64encode(bytes(32)).decode()


@pytest.fixture
def note():
    """A model of its own, known to this test only."""
    with isolate_apps("gruppetto.kernel.files"):

        class Note(models.Model):
            id = models.UUIDField(primary_key=True, default=new_id)
            word = EncryptedTextField(null=True)
            other = EncryptedTextField(null=True)
            none_yet = EncryptedTextField(blank=True)

            class Meta:
                app_label = "files"

            def __str__(self):
                return str(self.id)

        yield Note


def field(model, name="word"):
    return model._meta.get_field(name)


def stored(row, name="word"):
    """What the database would get, and give back."""
    return SealedText(bytes(field(type(row), name).pre_save(row, add=True)))


def test_a_word_is_sealed_when_saved_and_opened_when_read(note):
    row = note(word="mimosa")
    sealed = stored(row)
    assert b"mimosa" not in sealed
    assert row.word == "mimosa"
    assert note(id=row.id, word=sealed).word == "mimosa"


def test_a_word_not_yet_said_is_read_as_nothing(note):
    row = note()
    assert row.none_yet == ""
    assert note(id=row.id, none_yet=stored(row, "none_yet")).none_yet == ""


def test_what_was_not_read_is_saved_as_it_was(note):
    row = note(word="mimosa")
    sealed = stored(row)
    again = note(id=row.id, word=sealed)
    assert stored(again) == sealed
    again.word = "lilas"
    assert stored(again) != sealed


def test_a_value_copied_to_another_row_or_column_does_not_open(note):
    row = note(word="mimosa")
    sealed = stored(row)
    with pytest.raises(CannotOpen):
        assert note(word=sealed).word
    with pytest.raises(CannotOpen):
        assert note(id=row.id, other=sealed).other


def test_nothing_is_kept_as_nothing(note):
    row = note(word=None)
    assert row.word is None
    assert field(note).pre_save(row, add=True) is None
    assert field(note).from_db_value(None, None, None) is None


def test_a_row_without_a_key_is_refused(note):
    with pytest.raises(ValueError, match="needs its key"):
        field(note).pre_save(note(id=None, word="mimosa"), add=True)


def test_clear_text_never_reaches_the_database_by_a_side_door(note):
    with pytest.raises(FieldError):
        note.objects.filter(word="mimosa").query.sql_with_params()
    with pytest.raises(FieldError):
        field(note).get_db_prep_save("mimosa", connection)
    with pytest.raises(FieldError):
        field(note).value_to_string(note(word="mimosa"))


def test_a_closed_value_does_not_show_itself(note):
    assert repr(stored(note(word="mimosa"))).startswith("<sealed text")
