"""Who serves where: territories, zones made of dated parts, teams, portfolios and who holds them (decisions 19)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import SubjectField
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.staff.models import Staff


class Territory(models.Model):
    """The organisation's own area, led by a supervisor; may be part of a larger one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nom"), max_length=120, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        verbose_name = _("territoire")

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A dated set of parts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="zones")
    name = models.CharField(_("nom"), max_length=120)

    class Meta:
        verbose_name = _("zone")
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                name="one_zone_per_name_in_a_territory",
                violation_error_message=_("Une zone de ce territoire porte déjà ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ZonePart(models.Model):
    """One (commune, postcode), by dates; a whole commune is one row per postcode. Two zones never share a part."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="parts")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT)
    postcode = models.CharField(_("code postal"), max_length=5)
    during = DateRangeField(_("période"))

    class Meta:
        verbose_name = _("part de zone")
        constraints = [
            ExclusionConstraint(
                name="two_zones_never_share_a_part",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    ("postcode", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Cette commune et ce code postal sont déjà dans une zone à ces dates."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.postcode}"


class UnservedPart(models.Model):
    """A part of the map that no zone or no team serves; kept by a job, after each change of the map and each night."""

    class Why(models.TextChoices):
        NO_ZONE = "no_zone", _("dans aucune zone")
        NO_TEAM = "no_team", _("zone sans équipe")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+")
    postcode = models.CharField(max_length=5)
    why = models.CharField(max_length=7, choices=Why.choices)
    since = models.DateField()

    class Meta:
        verbose_name = _("part que personne ne sert")
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "postcode"],
                name="a_part_is_unserved_once",
                violation_error_message=_("Cette part est déjà notée comme non servie."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.commune_id}"


class Team(models.Model):
    """Staff who serve zones together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("nom"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("équipe")

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Membership by dates; ``leads``: the supervisor who sees the team's portfolios."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    leads = models.BooleanField(_("responsable de l’équipe"), default=False)
    during = DateRangeField(_("période"))

    class Meta:
        verbose_name = _("membre d’équipe")
        constraints = [
            ExclusionConstraint(
                name="one_membership_of_a_team_at_a_time",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("staff", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Cette personne est déjà dans l’équipe à ces dates."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} @ {self.team_id}"


class Coverage(models.Model):
    """Zone → team, by dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="coverages")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="coverages")
    during = DateRangeField(_("période"))

    class Meta:
        verbose_name = _("couverture")
        constraints = [
            ExclusionConstraint(
                name="a_zone_is_served_by_one_team_a_day",
                expressions=[("zone", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Cette zone est déjà servie par une équipe à ces dates."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} → {self.team_id}"


class Portfolio(models.Model):
    """About 150 people held by one named correspondent.

    Number 0 is « À répartir »: those nobody holds yet, seen by the supervisors.
    """

    id = models.IntegerField(primary_key=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="portfolios")
    name = models.CharField(_("nom"), max_length=120)
    target_size = models.IntegerField(_("taille visée"), default=150)
    # Nobody is in it any more, nor ever again; its number and its past stay.
    closed_on = models.DateField(_("fermé le"), null=True)
    # Steps in when the holder is away: an absence makes a dated substitution out of it.
    standing_substitute = models.ForeignKey(
        Staff,
        null=True,
        on_delete=models.PROTECT,
        related_name="stands_in_for",
        verbose_name=_("remplaçant habituel"),
    )

    class Meta:
        verbose_name = _("portefeuille")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=0) ^ Q(team__isnull=False),
                name="a_portfolio_belongs_to_a_team",
                violation_error_message=_("Un portefeuille appartient à une équipe."),
            ),
            models.UniqueConstraint(
                fields=["team", "name"],
                name="one_portfolio_per_name_in_a_team",
                violation_error_message=_("Un portefeuille de l’équipe porte déjà ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """Who holds a portfolio, by dates: one holder a day; substitutes hold beside them for the days they stand in."""

    class Capacity(models.TextChoices):
        HOLDER = "holder", _("titulaire")
        SUBSTITUTE = "substitute", _("remplaçant")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="holdings")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="holdings")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    during = DateRangeField(_("période"))
    why = models.CharField(_("raison"), max_length=200)

    class Meta:
        verbose_name = _("tenue de portefeuille")
        constraints = [
            ExclusionConstraint(
                name="a_portfolio_has_one_holder_a_day",
                expressions=[("portfolio", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(capacity="holder"),
                violation_error_message=_("Ce portefeuille a déjà un titulaire à ces dates."),
            ),
            ExclusionConstraint(
                name="a_portfolio_has_one_substitute_a_day",
                expressions=[("portfolio", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(capacity="substitute"),
                violation_error_message=_("Ce portefeuille a déjà un remplaçant à ces dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio_id} {self.capacity} {self.staff_id}"


class Placement(models.Model):
    """Which portfolio a person is in, by dates, with why it was proposed and why it was changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    subject_id = SubjectField()
    shelf = models.SmallIntegerField()
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="placements")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(_("raison"), max_length=200)
    # What the proposal weighed: team of the address, load and working time of each portfolio.
    weighed = models.JSONField(default=dict)
    decided_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("affectation")
        indexes = [models.Index(fields=["subject_id", "-since"], name="placements_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="placement_on_shelf"),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=Q(until__isnull=True),
                name="a_person_is_in_one_portfolio",
                violation_error_message=_("Cette personne est déjà dans un portefeuille."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_placement_ends_after_it_begins",
                violation_error_message=_("Une affectation finit après son début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.portfolio_id}"
