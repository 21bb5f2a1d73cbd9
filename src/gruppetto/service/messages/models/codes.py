"""A code sent to a verified number and said again by who speaks: level 3 of identity."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField


class Code(PersonRow):
    """One code of six digits. It is made by the worker, given to the carrier and kept by nobody: only its seal."""

    class How(models.TextChoices):
        SMS = "sms", _("par SMS")
        VOICE = "voice", _("par un appel qui le dit")

    class State(models.TextChoices):
        ASKED = "asked", _("part")
        SENDING = "sending", _("part")
        SENT = "sent", _("envoyé")
        # Perhaps sent: if the person has it, it is good.
        UNKNOWN = "unknown", _("peut-être envoyé")
        FAILED = "failed", _("pas parti")
        MATCHED = "matched", _("redit juste")

    person_id = models.UUIDField()
    subject_id = SubjectField()
    contact_id = models.UUIDField()
    phone_id = models.UUIDField()
    how = models.CharField(max_length=5, choices=How.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    seal = models.BinaryField(max_length=32, null=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name = _("code d’identité")
        indexes = [models.Index(fields=["contact_id", "-asked_at"], name="codes_of_contact")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="code_on_shelf"),
            models.CheckConstraint(
                condition=models.Q(tries__range=(0, 3)),
                name="a_code_is_tried_three_times",
                violation_error_message=_("Ce code a été essayé trois fois : envoyez-en un autre."),
            ),
        ]

    def __str__(self) -> str:
        return self.state
