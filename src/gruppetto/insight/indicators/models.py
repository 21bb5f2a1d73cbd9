"""Figures already counted, by jobs: nothing here names a person; each can be made again from the rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id


class Figure(models.Model):
    """One measure over one period for one group.

    ``counted``: the denominator; ``hits``: those that have what is measured; ``pending``: those whose window is still
    open, so that the figure may change. ``median``, ``low``, ``high``: of the values, with the interval of the median
    (hours). ``group``: see ``measures.Group``: never one member of staff, nor the portfolio that one of them holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.CharField(max_length=24)
    length = models.CharField(max_length=7)
    first = models.DateField()
    group = models.CharField(max_length=9)
    key = models.CharField(max_length=40, blank=True)
    counted = models.IntegerField()
    hits = models.IntegerField()
    pending = models.IntegerField(default=0)
    median = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("chiffre")
        constraints = [
            models.UniqueConstraint(
                fields=["length", "first", "group", "measure", "key"],
                name="a_figure_is_counted_once",
                violation_error_message=_("Ce chiffre est déjà compté."),
            ),
            models.CheckConstraint(
                condition=Q(hits__lte=F("counted"), hits__gte=0, pending__gte=0, pending__lte=F("counted")),
                name="a_part_is_not_more_than_the_whole",
                violation_error_message=_("Une partie ne dépasse pas le tout."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.length} {self.first} {self.group} {self.key}"


class CallSlot(models.Model):
    """The calls that rang in one half hour: ``slot`` 0 to 47, local time. ``waits``: seconds until taken, sorted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    slot = models.SmallIntegerField()
    offered = models.IntegerField()
    answered = models.IntegerField()
    missed = models.IntegerField()
    waits = ArrayField(models.IntegerField(), default=list)

    class Meta:
        verbose_name = _("demi-heure d’appels")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slot"],
                name="a_half_hour_is_counted_once",
                violation_error_message=_("Cette demi-heure est déjà comptée."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.slot}"


class BusySlot(models.Model):
    """What a half hour of a weekday (1 Monday) was like over the last weeks. ``days``: how many such days we were open.

    ``median`` and ``p90``: seconds of wait of the calls answered, null when none was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    weekday = models.SmallIntegerField()
    slot = models.SmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    days = models.SmallIntegerField()
    offered = models.IntegerField()
    answered = models.IntegerField()
    missed = models.IntegerField()
    median = models.FloatField(null=True)
    p90 = models.FloatField(null=True)

    class Meta:
        verbose_name = _("heure d’affluence")
        constraints = [
            models.UniqueConstraint(
                fields=["weekday", "slot"],
                name="a_half_hour_of_the_week_is_told_once",
                violation_error_message=_("Cette demi-heure de la semaine est déjà comptée."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.slot}"
