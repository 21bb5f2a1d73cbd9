"""The piece of work a person asked for, until an answer they confirm (G4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField


class State(models.TextChoices):
    """States of an intervention; the way from one to another is the table of ``states.py``."""

    OPENED = "opened", _("ouverte")
    ASSIGNED = "assigned", _("confiée")
    IN_PROGRESS = "in_progress", _("en cours")
    WAITING_PERSON = "waiting_person", _("en attente de la personne")
    WAITING_PROVIDER = "waiting_provider", _("en attente de l’organisme")
    WAITING_PAPER = "waiting_paper", _("en attente d’un papier")
    ANSWERED = "answered", _("répondue")
    CONFIRMED = "confirmed", _("confirmée par la personne")
    NOT_CONFIRMED = "not_confirmed", _("répondue, non confirmée")
    CLOSED = "closed", _("close")
    CANCELLED = "cancelled", _("annulée")
    MERGED = "merged", _("réunie à une autre")


ACTIVE = (
    State.OPENED,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.WAITING_PERSON,
    State.WAITING_PROVIDER,
    State.WAITING_PAPER,
)


class Outcome(models.TextChoices):
    DONE = "done", _("faite")
    PARTLY = "partly", _("faite en partie")
    IMPOSSIBLE = "impossible", _("impossible")
    WITHDRAWN = "withdrawn", _("la personne y renonce")
    REDIRECTED = "redirected", _("orientée ailleurs")


class Intervention(PersonRow):
    """One request of one person; what the promise rests on (kind version, opening rules) is stored with it."""

    person_id = models.UUIDField()
    subject_id = SubjectField()
    contact_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=60)
    kind_version = models.IntegerField()
    title = models.CharField(_("demande"), max_length=160)
    domain = models.CharField(max_length=20)
    grade = models.CharField(max_length=12)
    price_class = models.CharField(max_length=1)
    sensitivity = models.CharField(max_length=20)
    urgent = models.BooleanField(_("urgent"), default=False)
    answers = models.JSONField(_("réponses"), default=dict)
    reason = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("état"), max_length=16, choices=State.choices, default=State.OPENED)
    # The account that works it (holder or substitute that day); empty in the supervisor's queue, with the reason.
    worker_id = models.UUIDField(null=True)
    queue_reason = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    # Clock: rules (JSON of OpeningRules), target, pauses; ``due_at`` is computed from them.
    clock = models.JSONField()
    due_at = models.DateTimeField(_("échéance"))
    first_due_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("issue"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("réponse donnée"), blank=True)
    # Who recorded that the person said yes (anyone but a machine).
    confirmed_at = models.DateTimeField(null=True)
    confirmed_to = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Since when it is in this state; filled by trigger when a writer says nothing.
    state_since = models.DateTimeField(default=None, editable=False)
    # Put aside until a date; the promise runs on. ``back_at``: it came back, and nobody has done anything since.
    snoozed_until = models.DateTimeField(_("mise de côté jusqu’au"), null=True)
    snooze_why = models.CharField(max_length=300, blank=True, default="", db_default="")
    back_at = models.DateTimeField(null=True)
    # The one of the same person that it was joined to.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="absorbed")
    # What whoever opens it should know first; corrected by any of those who work it.
    details = models.TextField(_("ce qu’il faut savoir"), blank=True, default="", db_default="")
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.UUIDField(null=True)
    reopened = models.SmallIntegerField(default=0)
    seconds_spent = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("intervention")
        indexes = [
            # The work of a portfolio, oldest due first.
            models.Index(
                fields=["portfolio_id", "due_at", "id"],
                name="interventions_to_work",
                condition=Q(state__in=[state.value for state in ACTIVE]),
            ),
            models.Index(fields=["portfolio_id", "state", "due_at", "id"], name="interventions_by_state"),
            # Promises about to be broken, wherever they are (every ten minutes).
            models.Index(
                fields=["due_at", "id"],
                name="interventions_soon_due",
                condition=Q(state__in=[state.value for state in ACTIVE]),
            ),
            models.Index(fields=["subject_id", "-opened_at"], name="interventions_of_person"),
            models.Index(
                fields=["worker_id", "due_at", "id"],
                name="interventions_of_worker",
                condition=Q(state__in=[state.value for state in ACTIVE]),
            ),
            # What silence must not close, and what closes after fifteen days (nightly jobs). Not of what is to be done:
            # the planner would cross it with the index of each portfolio.
            models.Index(
                fields=["state", "answered_at"],
                name="interventions_answered",
                condition=Q(state__in=["answered", "confirmed", "not_confirmed", "closed"]),
            ),
            models.Index(fields=["contact_id"], name="interventions_of_contact"),
            # Lists: longest open, longest in a state, opened between, in which portfolios somebody works.
            models.Index(
                fields=["portfolio_id", "opened_at", "id"],
                name="interventions_longest_open",
                condition=Q(state__in=[state.value for state in ACTIVE]),
            ),
            # All of them, whatever became of them.
            models.Index(fields=["portfolio_id", "opened_at", "id"], name="interventions_by_portfolio"),
            models.Index(
                fields=["portfolio_id", "state", "state_since", "id"], name="interventions_by_state_since"
            ),
            models.Index(
                fields=["portfolio_id", "state", "opened_at", "id"], name="interventions_by_opening"
            ),
            models.Index(fields=["worker_id", "portfolio_id"], name="interventions_worker_in"),
            # What is to wake, and what came back.
            models.Index(
                fields=["snoozed_until"],
                name="interventions_asleep",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["worker_id", "back_at"],
                name="interventions_back",
                condition=Q(back_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="intervention_on_shelf"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="closed_means_a_closing_date",
                violation_error_message=_("Une intervention close a une date de clôture."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "confirmed", "not_confirmed", "closed"])
                | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                name="an_answer_has_an_outcome",
                violation_error_message=_("Une réponse dit son issue."),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, confirmed_to__isnull=False),
                name="a_confirmation_was_said_to_someone",
                violation_error_message=_("Une confirmation a été dite à quelqu’un."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "in_progress"]) | Q(worker_id__isnull=False),
                name="work_in_progress_has_a_worker",
                violation_error_message=_("Une intervention en cours a quelqu’un qui s’en occupe."),
            ),
            models.CheckConstraint(
                condition=Q(worker_id__isnull=False) | ~Q(state="opened") | ~Q(queue_reason=""),
                name="an_unassigned_intervention_says_why",
                violation_error_message=_("Une intervention sans correspondant dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="merged_means_into_another",
                violation_error_message=_("Une intervention réunie dit à laquelle."),
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True)
                | (~Q(snooze_why="") & Q(state__in=[state.value for state in ACTIVE])),
                name="what_is_put_aside_says_why",
                violation_error_message=_("Ce qui est mis de côté dit pourquoi, et reste à faire."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Move(PersonRow):
    """One change of state: from, to, who, why. Append-only: the life as it was."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="moves")
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16, choices=State.choices)
    verb = models.CharField(max_length=30)
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("changement d’état")
        indexes = [models.Index(fields=["intervention", "at"], name="moves_of_intervention")]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="move_on_shelf")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Note(PersonRow):
    """A note: for us only, or said to the person; never one taken for the other."""

    class For(models.TextChoices):
        US = "us", _("note interne")
        PERSON = "person", _("dit à la personne")

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="notes")
    whom = models.CharField(max_length=6, choices=For.choices)
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())
    account_id = models.UUIDField(null=True)
    author = models.CharField(max_length=120)
    # The note of another intervention, split in two, that this one repeats.
    copied_from = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["intervention", "at"], name="notes_of_intervention")]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="note_on_shelf")]

    def __str__(self) -> str:
        return self.whom


class Paper(PersonRow):
    """A paper or fact needed before filing (completeness, Q13)."""

    class State(models.TextChoices):
        NEEDED = "needed", _("à demander")
        ASKED = "asked", _("demandé")
        RECEIVED = "received", _("reçu")
        NOT_NEEDED = "not_needed", _("inutile ici")

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=160)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEEDED)
    file_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("papier")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="paper_on_shelf"),
            models.UniqueConstraint(
                fields=["intervention", "code"],
                name="a_paper_is_listed_once",
                violation_error_message=_("Ce papier est déjà dans la liste."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Attachment(PersonRow):
    """A document of the intervention."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="attachments")
    file_id = models.UUIDField()
    label = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(db_default=Now())
    account_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("pièce jointe")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="attachment_on_shelf"),
            models.UniqueConstraint(
                fields=["intervention", "file_id"],
                name="a_document_is_attached_once",
                violation_error_message=_("Ce document est déjà joint."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class TimeSpent(PersonRow):
    """Measured working time on an intervention, in seconds; append-only."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="times")
    account_id = models.UUIDField()
    seconds = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("temps passé")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="time_spent_on_shelf"),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, seconds__lte=4 * 3600),
                name="time_spent_is_measured_in_one_sitting",
                violation_error_message=_("Le temps passé se compte en une séance, de 1 seconde à 4 heures."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"


class Attempt(PersonRow):
    """One try at having the answer confirmed: two calls, then a letter (silence never closes)."""

    class How(models.TextChoices):
        CALL = "call", _("appel sans réponse")
        LETTER = "letter", _("lettre préparée")

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="attempts")
    how = models.CharField(max_length=6, choices=How.choices)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("essai de confirmation")
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="attempt_on_shelf")]

    def __str__(self) -> str:
        return self.how


# Half of the room's tables are written beside; Django looks for them here.
from gruppetto.service.interventions.ties import Follow, Handover, Link, Merge, Notice  # noqa: E402

__all__ = [
    "ACTIVE",
    "Attachment",
    "Attempt",
    "Follow",
    "Handover",
    "Intervention",
    "Link",
    "Merge",
    "Move",
    "Note",
    "Notice",
    "Outcome",
    "Paper",
    "State",
    "TimeSpent",
]
