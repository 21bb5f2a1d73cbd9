"""How what is said leaves: one delivery for one or several messages, and what comes back of it (decisions 21)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.registry.people.models import Channel


class Delivery(PersonRow):
    """One sending by one channel. ``key``: its identity on the other side, committed before it leaves.

    ``recipient``, ``title``, ``text`` are resolved and frozen when it leaves; ``due_at``: not before.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("va partir")
        HELD = "held", _("retenu : budget dépassé")
        SENDING = "sending", _("part")
        # It may have been accepted: nobody knows.
        UNKNOWN = "unknown", _("envoi incertain")
        SENT = "sent", _("remis au transporteur")
        ARRIVED = "arrived", _("arrivé")
        FAILED = "failed", _("pas arrivé")
        DROPPED = "dropped", _("abandonné")

    person_id = models.UUIDField()
    subject_id = SubjectField()
    # The team that pays (of the portfolio on the day it is queued), none for a person still to be placed.
    team_id = models.UUIDField(null=True)
    channel = models.CharField(_("moyen"), max_length=6, choices=Channel.choices)
    urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.QUEUED)
    recipient = models.CharField(_("destinataire"), max_length=400, blank=True)
    title = models.CharField(_("objet"), max_length=160, blank=True)
    text = models.TextField(_("texte"), blank=True)
    key = models.CharField(max_length=160, null=True, blank=True, unique=True)
    # What the other side calls it.
    receipt = models.CharField(max_length=160, blank=True)
    parts = models.SmallIntegerField(default=0)
    # Thousandths of a euro, counted when it leaves.
    mills = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    # A code of ``reasons.py``: why it failed, waits or is uncertain.
    why = models.CharField(max_length=40, blank=True)
    # The delivery by another channel that failed before this one.
    replaces_id = models.UUIDField(null=True)
    batch_id = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("envoi")
        indexes = [
            models.Index(fields=["due_at", "id"], name="deliveries_due", condition=Q(state="queued")),
            models.Index(
                fields=["due_at", "id"],
                name="deliveries_under_way",
                condition=Q(state__in=["sending", "unknown"]),
            ),
            # What waits for somebody's decision.
            models.Index(
                fields=["portfolio_id", "queued_at", "id"],
                name="deliveries_to_decide",
                condition=Q(state__in=["held", "unknown"]),
            ),
            models.Index(fields=["subject_id", "-queued_at"], name="deliveries_of_person"),
            models.Index(fields=["receipt"], name="deliveries_by_receipt", condition=~Q(receipt="")),
            models.Index(fields=["batch_id"], name="letters_of_batch", condition=Q(batch_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="delivery_on_shelf"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "held", "dropped", "failed"])
                | (Q(key__isnull=False) & ~Q(recipient="")),
                name="what_leaves_has_its_identity",
                violation_error_message=_("Un envoi part avec son identité et son destinataire."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "arrived"]) | Q(sent_at__isnull=False),
                name="a_delivery_sent_has_its_date",
                violation_error_message=_("Un envoi parti a une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class LetterBatch(models.Model):
    """Letters given to the printer in one file. ``name`` and ``sha256`` are its identity, kept before it is handed."""

    class State(models.TextChoices):
        MADE = "made", _("préparé")
        HANDED = "handed", _("remis à l’imprimeur")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    letters = models.IntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.MADE)
    made_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lot de courriers")
        indexes = [models.Index(fields=["-made_at"], name="batches_by_time")]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """What a carrier tells us, as received: taken up by a job. The same ``key`` twice changes nothing."""

    class Kind(models.TextChoices):
        ARRIVED = "arrived", _("arrivé")
        FAILED = "failed", _("pas arrivé")
        OPT_OUT = "opt_out", _("ne veut plus en recevoir")
        REPLY = "reply", _("réponse")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Our key of the delivery, or the carrier's; empty when it answers no delivery of ours (an SMS received).
    about = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=40, blank=True)
    # The number or the address is wrong: it is of no use to try again.
    for_ever = models.BooleanField(default=False)
    # Who wrote to us, and what; sealed, forgotten once taken up.
    sender = EncryptedTextField(null=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    taken_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("retour d’un transporteur")
        indexes = [
            models.Index(
                fields=["received_at"], name="reports_to_take_up", condition=Q(taken_up_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "key"],
                name="a_report_is_received_once",
                violation_error_message=_("Ce retour est déjà reçu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind}"


class DeadEnd(PersonRow):
    """A coordinate that carries nothing any more: bounced, or the person said stop. Ended when a human checked it."""

    class Why(models.TextChoices):
        BOUNCED = "bounced", _("les messages n’arrivent pas")
        STOPPED = "stopped", _("ne veut plus en recevoir")

    person_id = models.UUIDField()
    subject_id = SubjectField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    coordinate = models.CharField(max_length=400)
    why = models.CharField(max_length=7, choices=Why.choices)
    code = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("coordonnée qui ne répond plus")
        indexes = [
            models.Index(
                fields=["portfolio_id", "since", "id"],
                name="dead_ends_to_check",
                condition=Q(ended_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="dead_end_on_shelf"),
            models.UniqueConstraint(
                fields=["subject_id", "channel", "coordinate"],
                condition=Q(ended_at__isnull=True),
                name="a_dead_end_is_noted_once",
                violation_error_message=_("Cette coordonnée est déjà signalée."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.why}"
