"""Visits made alone, and the alarms raised during them. Nothing is tracked: only what the visitor says."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.kernel.secrets.fields import EncryptedTextField

LONGEST = 2_000
# How many minutes a visit may last, and how long after its end we wait for a word.
SHORTEST, LENGTHIEST = 5, 480
MOST_GRACE = 60


class Visit(PersonRow):
    """One visit. Seen by who makes it; once the alarm is raised, by those whom the database calls (``alerted``).

    ``account_id`` visits; ``whose`` and ``place``: as said before going in; ``alarm_at``: expected end and grace.
    ``circle``: how far the alarm was sent (1 who leads the team, 2 all supervisors, 3 everybody at work).
    """

    class State(models.TextChoices):
        UNDER_WAY = "under_way", _("visite en cours")
        RAISED = "raised", _("alarme donnée")
        TAKEN = "taken", _("quelqu’un s’en occupe")
        CLOSED = "closed", _("alarme close")
        ENDED = "ended", _("visite finie")

    class How(models.TextChoices):
        HELP = "help", _("a demandé de l’aide")
        DISCREET = "discreet", _("a demandé de l’aide sans que cela se voie")
        SILENCE = "silence", _("n’a pas donné de nouvelles à l’heure dite")

    class Finding(models.TextChoices):
        SAFE = "safe", _("tout va bien, la personne a eu de l’aide ou n’en avait plus besoin")
        FORGOTTEN = "forgotten", _("tout va bien, elle a oublié de prévenir")
        RESCUED = "rescued", _("les secours ou la police sont venus")
        HURT = "hurt", _("la personne est blessée ou a été menacée")

    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    account_id = models.UUIDField()
    whose = EncryptedTextField(_("chez qui"), blank=True)
    place = EncryptedTextField(_("adresse"))
    phone = models.CharField(_("numéro où vous joindre"), max_length=16)
    begun_at = models.DateTimeField()
    expected_at = models.DateTimeField(_("fin prévue"))
    grace_minutes = models.SmallIntegerField(_("minutes d’attente"))
    alarm_at = models.DateTimeField()
    # The last word of the visitor; when they said that they are out.
    said_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True)
    state = models.CharField(_("état"), max_length=9, choices=State.choices, default=State.UNDER_WAY)
    how = models.CharField(_("raison de l’alarme"), max_length=8, choices=How.choices, blank=True)
    raised_at = models.DateTimeField(null=True)
    circle = models.SmallIntegerField(default=1)
    alerted = ArrayField(models.UUIDField(), default=list)
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    finding = models.CharField(_("ce qui s’est passé"), max_length=9, choices=Finding.choices, blank=True)
    found = EncryptedTextField(_("précisions"), blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("visite")
        indexes = [
            # Whose time is over: asked each minute.
            models.Index(fields=["alarm_at"], name="visits_to_watch", condition=Q(state="under_way")),
            # Alarms that somebody must answer: asked by each page.
            models.Index(
                fields=["raised_at"], name="alarms_to_answer", condition=Q(state__in=["raised", "taken"])
            ),
            models.Index(fields=["-begun_at", "-id"], name="alarms_closed", condition=Q(state="closed")),
            # What is kept no longer: asked each night.
            models.Index(fields=["out_at"], name="visits_ended", condition=Q(state="ended")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="visit_on_shelf"),
            models.UniqueConstraint(
                fields=["account_id"],
                condition=Q(out_at=None, closed_at=None),
                name="one_visit_at_a_time",
                violation_error_message=_(
                    "Vous avez déjà une visite en cours : dites d’abord que vous en êtes sorti."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["under_way", "ended"], how="", raised_at=None)
                | ~Q(state__in=["under_way", "ended"]) & ~Q(how="") & Q(raised_at__isnull=False),
                name="an_alarm_says_why_and_since_when",
                violation_error_message=_("Une alarme dit pourquoi et depuis quand."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "closed"], taken_by__isnull=False, taken_at__isnull=False)
                | ~Q(state__in=["taken", "closed"]) & Q(taken_by=None, taken_at=None),
                name="an_alarm_taken_says_by_whom",
                violation_error_message=_("Une alarme prise dit qui s’en occupe, et depuis quand."),
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | ~Q(taken_by=F("account_id")),
                name="nobody_answers_their_own_alarm",
                violation_error_message=_("Une alarme est traitée par quelqu’un d’autre que qui l’a donnée."),
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(finding="")
                | ~Q(state="closed") & Q(closed_at=None, finding=""),
                name="an_alarm_closed_says_what_was_found",
                violation_error_message=_("Une alarme close dit ce qui s’est passé, et quand."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(out_at__isnull=False),
                name="a_visit_ended_says_when",
                violation_error_message=_("Une visite finie dit à quelle heure."),
            ),
            models.CheckConstraint(
                condition=Q(alarm_at__gte=F("expected_at"), expected_at__gt=F("begun_at")),
                name="a_visit_ends_after_it_begins",
                violation_error_message=_("Une visite finit après son début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"
