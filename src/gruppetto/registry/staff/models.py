"""Members of staff: who they are at work, when they work, when they are away. Their role is their account's."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id


class Role(models.TextChoices):
    """What an account is in the trade; abilities in ``abilities.py``."""

    AGENT = "agent", _("agent de plate-forme")
    CORRESPONDENT = "correspondent", _("correspondant local")
    SUPERVISOR = "supervisor", _("responsable")
    BACK_OFFICE = "back_office", _("gestion")
    AUDITOR = "auditor", _("auditeur")
    ADMINISTRATOR = "administrator", _("administrateur")


class Staff(models.Model):
    """A member of staff, from a first day to a last."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff")
    phone = models.CharField(_("téléphone"), max_length=16, blank=True)
    starts = models.DateField(_("premier jour"))
    ends = models.DateField(_("dernier jour"), null=True, blank=True)
    takes_calls = models.BooleanField(_("prend des appels"), default=False)
    languages = ArrayField(
        models.CharField(max_length=5), verbose_name=_("langues"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("membre de l’équipe")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="the_last_day_comes_after_the_first",
                violation_error_message=_("Le dernier jour vient après le premier."),
            )
        ]

    def __str__(self) -> str:
        return self.account.name


class WorkingTime(models.Model):
    """A usual working period of a weekday (1 Monday to 7 Sunday), local time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="working_times")
    weekday = models.SmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name = _("horaire de travail")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) & Q(weekday__range=(1, 7)),
                name="a_working_period_ends_after_it_starts",
                violation_error_message=_("Une période de travail finit après son début."),
            ),
            models.UniqueConstraint(
                fields=["staff", "weekday", "starts"],
                name="one_working_period_per_start",
                violation_error_message=_("Deux périodes de travail commencent à la même heure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"


class Absence(models.Model):
    """Days away, both ends included on screen, half-open in the range."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("congé")
        SICK = "sick", _("maladie")
        TRAINING = "training", _("formation")
        OTHER = "other", _("autre")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="absences")
    during = DateRangeField(_("période"))
    reason = models.CharField(_("motif"), max_length=10, choices=Reason.choices)

    class Meta:
        verbose_name = _("absence")
        constraints = [
            ExclusionConstraint(
                name="absences_of_one_person_do_not_overlap",
                expressions=[("staff", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Une absence est déjà notée sur ces jours."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.during}"
