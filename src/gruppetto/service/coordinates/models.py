"""When each coordinate was last confirmed or came back, and what is to be verified with whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField


class What(models.TextChoices):
    """A kind of coordinate."""

    PHONE = "phone", _("téléphone")
    EMAIL = "email", _("courriel")
    HOME = "home", _("domicile")
    MAIL = "mail", _("adresse de courrier")


class Confirmation(PersonRow):
    """The person said that a coordinate is right, or what was sent there came back. Append-only.

    ``value``: the coordinate as it was; once it is changed, what was confirmed no longer counts.
    """

    person_id = models.UUIDField()
    what = models.CharField(max_length=5, choices=What.choices)
    value = models.CharField(max_length=600)
    returned = models.BooleanField(default=False)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("confirmation d’une coordonnée")
        indexes = [models.Index(fields=["person_id", "-at"], name="confirmations_of_person")]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="confirmation_on_shelf")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"


class Standing(PersonRow):
    """How the coordinates of a person we follow stand, weighed each night and at each change.

    ``due_at``: since when, or from when, something is to be verified. ``old``: what; ``returned``: what came back;
    ``missing``: no number, no home. ``filled``: a home and a number.
    """

    person_id = models.UUIDField(unique=True)
    subject_id = SubjectField()
    filled = models.BooleanField()
    due_at = models.DateTimeField()
    old = ArrayField(models.CharField(max_length=5, choices=What.choices), default=list)
    returned = ArrayField(models.CharField(max_length=5, choices=What.choices), default=list)
    missing = ArrayField(models.CharField(max_length=5, choices=What.choices), default=list)

    class Meta:
        verbose_name = _("état des coordonnées")
        indexes = [
            models.Index(fields=["portfolio_id", "due_at", "id"], name="coordinates_to_verify"),
            models.Index(fields=["subject_id"], name="standing_of_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="standing_on_shelf")]

    def __str__(self) -> str:
        return f"{self.due_at:%Y-%m-%d}"
