"""What messages cost, and how much a territory may spend on them: dated rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.models import Channel


class Price(models.Model):
    """What one part costs by a channel from a day on, in thousandths of a euro (an SMS is counted by parts)."""

    channel = models.CharField(_("moyen"), max_length=6, choices=Channel.choices)
    mills = models.IntegerField(_("prix en millièmes d’euro"))
    valid_from = models.DateField(_("à partir du"))
    source = models.CharField(_("source"), max_length=200)
    set_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("prix d’un envoi")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "valid_from"],
                name="a_price_changes_once_a_day",
                violation_error_message=_("Un prix commence déjà ce jour-là pour ce moyen."),
            ),
            models.CheckConstraint(
                condition=Q(mills__gte=0),
                name="a_price_is_not_negative",
                violation_error_message=_("Un prix n’est pas négatif."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.mills}"


class Budget(models.Model):
    """How much a team, or else a department, may spend a month from a month on; none: no limit."""

    team_id = models.UUIDField(null=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    mills = models.BigIntegerField(_("budget du mois en millièmes d’euro"))
    from_month = models.DateField(_("à partir de"))
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("budget des messages")
        constraints = [
            models.UniqueConstraint(
                fields=["team_id", "department", "from_month"],
                nulls_distinct=False,
                name="a_budget_changes_once_a_month",
                violation_error_message=_("Un budget commence déjà ce mois-là pour ce territoire."),
            ),
            models.CheckConstraint(
                condition=Q(mills__gte=0)
                & (Q(team_id__isnull=False, department="") | (Q(team_id__isnull=True) & ~Q(department=""))),
                name="a_budget_is_of_one_territory",
                violation_error_message=_(
                    "Un budget est celui d’une équipe ou d’un département, jamais négatif."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id or self.department} {self.mills}"


class Spending(models.Model):
    """What a team spent by a channel in a month: a counter, with nobody's name in it."""

    team_id = models.UUIDField(null=True)
    department = models.CharField(max_length=3, blank=True)
    month = models.DateField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    deliveries = models.IntegerField(default=0)
    parts = models.IntegerField(default=0)
    mills = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("dépense de messages")
        constraints = [
            models.UniqueConstraint(
                fields=["team_id", "department", "month", "channel"],
                nulls_distinct=False,
                name="one_counter_per_team_month_and_channel",
                violation_error_message=_("Ce compteur existe déjà."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.channel}"
