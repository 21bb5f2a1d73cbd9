"""Tables of the journal. Entries carry identifiers and a salted commitment; bodies live apart and can be forgotten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors.lines import Books
from gruppetto.kernel.identifiers import new_id


class Entry(models.Model):
    """One act, look or refusal: never altered, never removed (decisions 13 to 16).

    ``recorded_at``, ``actor`` and ``account_id`` are filled by the database, whatever is given.
    """

    class Kind(models.TextChoices):
        ACT = "act", _("acte")
        LOOK = "look", _("consultation")
        REFUSAL = "refusal", _("refus")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    account_id = models.UUIDField(null=True)
    request = models.UUIDField(null=True)
    subject = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    portfolio_id = models.IntegerField(null=True)
    commitment = models.BinaryField(max_length=32)

    objects = Books()

    class Meta:
        verbose_name = _("entrée du journal")
        ordering: ClassVar[list[str]] = ["-recorded_at", "-id"]
        indexes = [
            # The story of one person, newest first (person page, statements).
            models.Index(fields=["person_id", "-recorded_at", "-id"], name="entry_of_person"),
            # The story of one thing (intervention page, auditor).
            models.Index(fields=["subject_id", "-recorded_at", "-id"], name="entry_of_subject"),
            # What one staff member did or saw (auditor).
            models.Index(fields=["account_id", "-recorded_at", "-id"], name="entry_of_account"),
            # What one request of a page did and saw, together (auditor).
            models.Index(fields=["request"], name="entry_of_request"),
            # Everything of a period (auditor).
            models.Index(fields=["-recorded_at", "-id"], name="entry_by_time"),
            # Looks whose time is over, the oldest first.
            models.Index(fields=["recorded_at"], name="looks_by_time", condition=models.Q(kind="look")),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M:%S} {self.actor} {self.verb}"


class Body(models.Model):
    """What an entry says beyond identifiers, as canonical JSON; may be forgotten, its commitment stays."""

    entry_id = models.UUIDField(primary_key=True)
    salt = models.BinaryField(max_length=16)
    data = models.TextField()

    objects = Books()

    class Meta:
        verbose_name = _("corps d’entrée")

    def __str__(self) -> str:
        return str(self.entry_id)


class Forgotten(models.Model):
    """An entry whose body was forgotten on purpose: when, by whom, why. Added by the owner alone, never removed.

    Without a body and without a line here, an entry was altered.
    """

    entry_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    why = models.CharField(_("pourquoi"), max_length=200)

    class Meta:
        verbose_name = _("corps oublié")

    def __str__(self) -> str:
        return str(self.entry_id)


class Pending(models.Model):
    """Entries that no seal covers yet; filled by trigger, emptied by the sealer (decisions 14)."""

    entry_id = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = _("entrée à sceller")

    def __str__(self) -> str:
        return str(self.entry_id)


class Leaf(models.Model):
    """A sealed entry's place in the growing tree (decisions 14, 15); it stays when an old look goes.

    ``hash`` is SHA-256(0x00 ‖ ``kind entry recorded_at digest``), ``digest`` being that of the entry's canonical line;
    ``completed``: the hashes of the perfect subtrees that end here, the smallest first (``tree``).
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=7, choices=Entry.Kind.choices)
    recorded_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    completed = models.BinaryField()

    class Meta:
        verbose_name = _("feuille du journal")

    def __str__(self) -> str:
        return str(self.position)


class Key(models.Model):
    """A public key that signs heads: those of more than ``since`` leaves, until the next key's.

    ``announced``: the signature of the key before (empty for the first, and for one that follows a key that was lost);
    ``shown``: its own, over the same words (``verifier.Key``).
    """

    number = models.SmallIntegerField(primary_key=True)
    name = models.BinaryField(max_length=32, unique=True)
    public = models.BinaryField(max_length=32)
    since = models.BigIntegerField()
    at = models.DateTimeField()
    announced = models.BinaryField(max_length=64)
    shown = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("clé du scellé")

    def __str__(self) -> str:
        return bytes(self.name).hex()


class Head(models.Model):
    """A signed root of the first ``size`` leaves; ``previous``: the size of the head before, 0 for the first."""

    size = models.BigIntegerField(primary_key=True)
    previous = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("tête du journal")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=models.F("previous")) & models.Q(previous__gte=0),
                name="a_head_is_larger_than_the_one_before",
                violation_error_message=_("Une tête couvre plus de feuilles que la précédente."),
            )
        ]

    def __str__(self) -> str:
        return str(self.size)


class Origin(models.Model):
    """How this installation's journal began: ``real`` or ``demo``; one row, for ever."""

    only = models.BooleanField(primary_key=True, default=True)
    origin = models.CharField(max_length=4, choices=[("real", _("réel")), ("demo", _("démonstration"))])
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("origine du journal")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(only=True),
                name="a_journal_begins_once",
                violation_error_message=_("Le journal a déjà commencé."),
            )
        ]

    def __str__(self) -> str:
        return self.origin


class Change(models.Model):
    """Before and after of watched columns, written by trigger with who and when; has its own retention."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    request = models.UUIDField(null=True)
    table = models.CharField(max_length=63, db_column="table_name")
    row_id = models.CharField(max_length=40)
    person_id = models.UUIDField(null=True)
    portfolio_id = models.IntegerField(null=True)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("modification")
        # The changes of one row, oldest first (person page, auditor).
        indexes = [models.Index(fields=["table", "row_id", "at"], name="changes_of_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.at:%Y-%m-%d %H:%M:%S}"
