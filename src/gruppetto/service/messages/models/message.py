"""What is said to a person, once, whatever the way it takes (``sending.py``)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.registry.people.models import Channel


class Message(PersonRow):
    """One message to one person, prepared once per ``key`` whatever runs twice."""

    class State(models.TextChoices):
        # Nothing can carry it by itself: a human hands it over.
        PREPARED = "prepared", _("préparé")
        # The platform sends it: see its delivery.
        QUEUED = "queued", _("en cours d’envoi")
        SENT = "sent", _("remis")
        DROPPED = "dropped", _("abandonné")

    person_id = models.UUIDField()
    subject_id = SubjectField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    # Idempotency: "placement:<id>", "not-confirmed:<intervention>".
    key = models.CharField(max_length=120)
    title = models.CharField(_("objet"), max_length=160)
    text = models.TextField(_("texte"))
    # The same in one or two sentences, for an SMS; empty when it must not be said there.
    short = models.TextField(_("texte court"), blank=True, db_default="")
    # The version of the standard text it was made from; 0: as shipped.
    text_version = models.IntegerField(db_default=0, default=0)
    delivery_id = models.UUIDField(null=True)
    # The date that this message promises, when it promises one.
    promised_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    intervention_id = models.UUIDField(null=True)
    prepared_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    sent_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("message")
        indexes = [
            models.Index(fields=["subject_id", "-prepared_at"], name="messages_of_person"),
            # The letters and messages that a human still has to hand over.
            models.Index(
                fields=["portfolio_id", "prepared_at", "id"],
                name="messages_to_hand_over",
                condition=Q(state="prepared"),
            ),
            models.Index(
                fields=["delivery_id"],
                name="messages_of_delivery",
                condition=Q(delivery_id__isnull=False),
            ),
            models.Index(
                fields=["promised_until"],
                name="messages_that_promise",
                condition=Q(kind="delay", promised_until__isnull=False),
            ),
            models.Index(
                fields=["intervention_id", "prepared_at"],
                name="messages_of_intervention",
                condition=Q(intervention_id__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="message_on_shelf"),
            models.UniqueConstraint(
                fields=["key"],
                name="a_message_is_prepared_once",
                violation_error_message=_("Ce message est déjà préparé."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="a_sent_message_has_its_date",
                violation_error_message=_("Un message remis a une date."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
