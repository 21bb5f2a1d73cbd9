"""Complaints, what was done of them, and how long an answer may take."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.service.catalogue.models import Dated, one_at_a_time

LONGEST = 5_000


class Terms(Dated):
    """In how many open days we answer, and which mediator one may turn to (Code de la consommation, L612-1, L616-1)."""

    days = models.SmallIntegerField(_("jours ouvrés pour répondre"), default=10)
    mediator = models.CharField(_("médiateur"), max_length=160, blank=True)
    mediator_address = models.TextField(_("adresse du médiateur"), max_length=400, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("délai des réclamations et médiateur")
        constraints = [
            *Dated.Meta.constraints,
            one_at_a_time("one_term_for_complaints_at_a_time", _("Un délai est déjà en vigueur."), "one"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=40),
                name="a_complaint_is_answered_within_two_months",
                violation_error_message=_("Le délai va de 1 à 40 jours ouvrés : deux mois au plus."),
            ),
        ]

    # The same for all rows: only one is in force at a time.
    one = models.BooleanField(default=True, editable=False)

    def __str__(self) -> str:
        return f"{self.days}"


class Complaint(PersonRow):
    """One complaint. ``concerned``: accounts it is about, who never see it; ``handler_id``: who answers it."""

    class About(models.TextChoices):
        DELAY = "delay", _("délai")
        WRONG_ANSWER = "wrong-answer", _("réponse fausse")
        CONDUCT = "conduct", _("comportement")
        LOST_PAPER = "lost-paper", _("papier perdu")
        OTHER = "other", _("autre")

    class State(models.TextChoices):
        RECEIVED = "received", _("reçue")
        IN_HAND = "in_hand", _("en cours")
        ANSWERED = "answered", _("répondue")
        MEDIATION = "mediation", _("chez le médiateur")
        CLOSED = "closed", _("close")

    class Finding(models.TextChoices):
        FOUNDED = "founded", _("justifiée")
        PARTLY = "partly", _("justifiée en partie")
        UNFOUNDED = "unfounded", _("non justifiée")

    class Ending(models.TextChoices):
        SATISFIED = "satisfied", _("la personne est satisfaite")
        DISSATISFIED = "dissatisfied", _("la personne n’est pas satisfaite")
        SILENT = "silent", _("sans nouvelle de la personne")
        WITHDRAWN = "withdrawn", _("la personne y renonce")

    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    contact_id = models.UUIDField(null=True)
    intervention_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=16, unique=True)
    about = models.CharField(_("sujet"), max_length=12, choices=About.choices)
    words = EncryptedTextField(_("ce que dit la personne"))
    wish = EncryptedTextField(_("ce qu’elle souhaite"), blank=True)
    concerned = ArrayField(models.UUIDField(), default=list)
    written_by = models.UUIDField()
    received_at = models.DateTimeField()
    state = models.CharField(_("état"), max_length=9, choices=State.choices, default=State.RECEIVED)
    # Chosen by the database among those it does not concern; empty when there is nobody.
    handler_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("réponse promise"))
    finding = models.CharField(_("avis"), max_length=9, choices=Finding.choices, blank=True)
    answer = EncryptedTextField(_("réponse"), blank=True)
    change = EncryptedTextField(_("ce que nous changeons"), blank=True)
    answered_at = models.DateTimeField(null=True)
    ending = models.CharField(_("fin"), max_length=12, choices=Ending.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("réclamation")
        indexes = [
            # Those to answer, nearest first.
            models.Index(
                fields=["due_at", "id"],
                name="complaints_to_answer",
                condition=Q(state__in=["received", "in_hand"]),
            ),
            models.Index(fields=["-received_at", "-id"], name="complaints_by_time"),
            models.Index(fields=["subject_id", "-received_at"], name="complaints_of_person"),
            # Which contacts hide their reason from whom it is about: asked by row security.
            models.Index(fields=["contact_id"], name="complaints_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="complaint_on_shelf"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "in_hand"], answered_at=None)
                | Q(state__in=["answered", "mediation"], answered_at__isnull=False)
                | Q(state="closed"),
                name="a_complaint_answered_has_its_answer",
                violation_error_message=_("Une réclamation répondue a une réponse datée."),
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(ending="")
                | ~Q(state="closed") & Q(closed_at=None, ending=""),
                name="a_complaint_closed_says_how_it_ended",
                violation_error_message=_("Une réclamation close dit comment elle finit, et quand."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Step(PersonRow):
    """What was done of a complaint, by whom; append-only, as closed as the complaint itself."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    account_id = models.UUIDField()

    class Meta:
        verbose_name = _("étape d’une réclamation")
        indexes = [models.Index(fields=["complaint", "at"], name="steps_of_complaint")]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="complaint_step_on_shelf")]

    def __str__(self) -> str:
        return self.verb
