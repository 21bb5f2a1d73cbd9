"""Members of staff: who they are at work, when they work, when they are away. Their role is their account's."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
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


class Skill(models.TextChoices):
    """Whom somebody was trained to help; the same words as the needs of persons where there are."""

    HEARING = "hearing", _("personnes qui entendent mal")
    SIGHT = "sight", _("personnes qui voient mal")
    READING = "reading", _("personnes qui lisent mal")
    MEMORY = "memory", _("personnes qui perdent la mémoire")
    MONEY = "money", _("difficultés d’argent")
    DISTRESS = "distress", _("personnes en détresse")


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
    skills = ArrayField(
        models.CharField(max_length=10, choices=Skill.choices),
        verbose_name=_("sait accueillir"),
        default=list,
        blank=True,
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


class ChangedDay(models.Model):
    """A day of somebody's rota that is not as usual: the pattern leaves it alone; its shifts say what it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="changed_days")
    day = models.DateField(_("jour"))
    why = models.CharField(_("raison"), max_length=200)
    decided_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("jour de planning changé")
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "day"],
                name="a_day_of_the_rota_is_changed_once",
                violation_error_message=_("Ce jour a déjà été changé."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.day}"


class Shift(models.Model):
    """A dated period of work, made from the usual week or by a change of that day; absences stand beside it."""

    class MadeFrom(models.TextChoices):
        PATTERN = "pattern", _("semaine habituelle")
        CHANGE = "change", _("changement du jour")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="shifts")
    # The day in France; ``during`` lies in it.
    day = models.DateField()
    during = DateTimeRangeField()
    takes_calls = models.BooleanField(_("prend des appels"), default=False)
    made_from = models.CharField(max_length=7, choices=MadeFrom.choices)

    class Meta:
        verbose_name = _("période de travail")
        indexes = [models.Index(fields=["day", "staff"], name="shifts_of_day")]
        constraints = [
            ExclusionConstraint(
                name="nobody_works_two_shifts_at_once",
                expressions=[("staff", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Cette personne travaille déjà à ces heures."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="a_shift_begins_and_ends",
                violation_error_message=_("Une période de travail a un début et une fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.during}"
