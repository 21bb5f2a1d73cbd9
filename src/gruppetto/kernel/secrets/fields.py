"""A text column that only its own row can read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from gruppetto.kernel.secrets.envelope import Sealed, open_, seal


class SealedText(bytes):
    """What the database holds: still encrypted, and shown so by ``values()`` and raw queries."""

    def __repr__(self) -> str:
        return f"<sealed text, {len(self)} bytes>"


class _OpenedOnRead(DeferredAttribute):
    """Decrypts when the attribute is read: the row's key is known then, and an unread secret stays closed."""

    field: EncryptedTextField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, SealedText):
            return open_(Sealed.from_bytes(value), self.field.object_id(instance)).decode()
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):
    """Text sealed as "app.model.field:primary key": a value copied to another row or column does not open.

    Written by ``save`` or ``bulk_create`` only (``update()`` does not know the row, and is refused); the
    primary key must be known before saving (UUIDv7). Not searchable: add a ``blind_index`` column for that.
    """

    # For the type checker: text in, text out, though the column holds bytes.
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]  # bytes in the base: the column, not the attribute

    description = "Encrypted text"
    descriptor_class = _OpenedOnRead

    def object_id(self, instance: models.Model) -> str:
        """What the value is sealed to. Raises ValueError when the row has no key yet."""
        if instance.pk is None:
            raise ValueError(f"{self.name}: a row needs its key before a secret is sealed to it")
        return f"{self.model._meta.label_lower}.{self.name}:{instance.pk}"

    def get_default(self) -> Any:
        """Text when nothing is said: the base would give ``b""``, and the words « b'' » would be sealed."""
        default = super().get_default()
        return "" if default == b"" else default

    def from_db_value(self, value: Any, expression: object, connection: object) -> SealedText | None:
        """Keep the column closed until it is read."""
        return None if value is None else SealedText(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> SealedText | None:
        """Seal what was assigned; leave alone what was never opened to write."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedText):
            return value
        return SealedText(seal(str(value).encode(), self.object_id(model_instance)).to_bytes())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Pass sealed bytes to the driver. Raises FieldError on clear text: it would be stored readable."""
        if value is not None and not isinstance(value, SealedText):
            raise FieldError(f"{self.name} is encrypted: write it by saving its row, and do not search it")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse serialisation: a fixture would carry the clear text."""
        raise FieldError(f"{self.name} is encrypted and is not serialised")
