"""What we promise, where we are open, and how well it was kept: dated rows, none of them about a person."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.calendars import Amount, Unit
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.catalogue.models import LIFETIME, Dated
from gruppetto.service.catalogue.vocabulary import Grade
from gruppetto.service.contacts.models import Contact

LONGEST = {Unit.MINUTES: 10 * 24 * 60, Unit.DAYS: 120}
"""A promise beyond this is no promise."""


class Commitment(Dated):
    """What is promised to whoever asks, from a moment on. An empty ``channel``, ``kind`` or ``grade`` means any."""

    class Nature(models.TextChoices):
        FIRST = "first", _("premier contact")
        ANSWER = "answer", _("réponse")

    class In(models.TextChoices):
        MINUTES = Unit.MINUTES.value, _("minutes d’ouverture")
        DAYS = Unit.DAYS.value, _("jours ouvrés")

    nature = models.CharField(_("promesse"), max_length=6, choices=Nature.choices)
    channel = models.CharField(_("canal"), max_length=10, choices=Contact.Channel.choices, blank=True)
    kind = models.CharField(_("démarche"), max_length=60, blank=True)
    grade = models.CharField(_("difficulté"), max_length=12, choices=Grade.choices, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    count = models.IntegerField(_("délai"))
    unit = models.CharField(_("compté en"), max_length=7, choices=In.choices)
    why = models.CharField(_("motif"), max_length=200)

    class Meta(Dated.Meta):
        verbose_name = _("engagement de délai")
        ordering = ["nature", "channel", "kind", "grade", "urgent", "-valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="one_commitment_for_a_case_at_a_time",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in ("nature", "channel", "kind", "grade")),
                    (Cast("urgent", models.IntegerField()), RangeOperators.EQUAL),
                    (LIFETIME, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Un engagement est déjà en vigueur pour ce cas."),
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(grade=""),
                name="a_commitment_is_for_a_kind_or_a_grade",
                violation_error_message=_("Choisissez une démarche ou une difficulté, pas les deux."),
            ),
            models.CheckConstraint(
                condition=~Q(nature="first") | (Q(kind="", grade="", urgent=False) & ~Q(channel="")),
                name="a_first_answer_is_promised_for_a_channel",
                violation_error_message=_("Un premier contact se promet pour un canal, et rien d’autre."),
            ),
            models.CheckConstraint(
                condition=Q(unit="minutes", count__gte=1, count__lte=LONGEST[Unit.MINUTES])
                | Q(unit="days", count__gte=1, count__lte=LONGEST[Unit.DAYS]),
                name="a_commitment_is_neither_empty_nor_endless",
                violation_error_message=_("Un délai va de 1 minute à 120 jours ouvrés."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.channel or self.kind or self.grade} {self.amount}"

    @property
    def amount(self) -> Amount:
        """The business time promised."""
        return Amount(self.count, Unit(self.unit))


class Place(Dated):
    """A place with opening hours of its own: a counter, or a department whose people have their own holidays.

    Its hours are the rows of ``OpeningHours`` of the same name. ``department``: whose requests count by them.
    """

    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("lieu"), max_length=80)
    department = models.CharField(_("département"), max_length=3, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("lieu d’accueil")
        ordering = ["label", "id"]
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="one_place_of_a_name_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), (LIFETIME, RangeOperators.OVERLAPS)],
                violation_error_message=_("Un lieu porte déjà ce nom."),
            ),
            ExclusionConstraint(
                name="one_place_for_a_department_at_a_time",
                expressions=[("department", RangeOperators.EQUAL), (LIFETIME, RangeOperators.OVERLAPS)],
                condition=~Q(department=""),
                violation_error_message=_("Un autre lieu compte déjà pour ce département."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SpecialDay(models.Model):
    """A day unlike the others, at one place or (``place`` empty) everywhere; no hours means closed all day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.CharField(_("lieu"), max_length=40, blank=True)
    day = models.DateField(_("jour"))
    hours = models.CharField(_("horaires"), max_length=120, blank=True)
    why = models.CharField(_("motif"), max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    created_by_id = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("jour exceptionnel")
        ordering = ["day", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "place"],
                condition=Q(withdrawn_at=None),
                name="a_day_is_special_once_at_a_place",
                violation_error_message=_("Ce jour a déjà un horaire exceptionnel ici. Retirez-le d’abord."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("created_at")),
                name="a_day_is_withdrawn_after_it_was_set",
                violation_error_message=_("Un jour se retire après avoir été fixé."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hours or '–'}"


class Recomputation(models.Model):
    """Counting the promises under way again under what is now in force; asked for, never by itself.

    ``later``: may move a promise later than what the person was told (who is then told). ``cursor``: the last
    intervention seen; ``total`` is counted when it begins.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("demandé")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    why = models.CharField(_("motif"), max_length=200)
    later = models.BooleanField(_("peut reporter une promesse"), default=False)
    state = models.CharField(_("état"), max_length=7, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    cursor = models.UUIDField(null=True)
    total = models.IntegerField(null=True)
    seen = models.IntegerField(default=0)
    sooner = models.IntegerField(default=0)
    moved_later = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recalcul des délais")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=~Q(state="done"),
                name="one_recomputation_at_a_time",
                violation_error_message=_("Un recalcul est déjà en cours. Attendez qu’il soit terminé."),
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
                name="a_recomputation_that_is_done_says_when",
                violation_error_message=_("Un recalcul terminé a une date de fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.state}"


class Measure(models.Model):
    """How many promises of one sort were kept over ``days`` days before ``at``; counted by a job, never in a page.

    ``sort``: "all", "channel", "grade", "kind" or "first"; ``code``: which one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    days = models.SmallIntegerField()
    sort = models.CharField(max_length=8)
    code = models.CharField(max_length=60, blank=True)
    made = models.IntegerField()
    kept = models.IntegerField()

    class Meta:
        verbose_name = _("mesure d’un engagement")
        ordering = ["-at", "sort", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["at", "sort", "code"],
                name="a_measure_is_taken_once",
                violation_error_message=_("Cette mesure est déjà prise."),
            ),
            models.CheckConstraint(
                condition=Q(kept__gte=0, made__gte=F("kept")),
                name="no_more_kept_than_made",
                violation_error_message=_("On ne tient pas plus de promesses qu’on n’en fait."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.code}: {self.kept}/{self.made}"
