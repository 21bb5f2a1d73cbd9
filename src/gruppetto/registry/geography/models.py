"""The official map: regions, departments, communes by their Insee code, and their postcodes.

Reference tables: filled by the owner role from a derived seed, read by everybody, written by nobody else.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A region, or the collectivity overseas that stands in its place (``975``)."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(_("nom"), max_length=60)

    class Meta:
        verbose_name = _("région")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department (``31``, ``2A``, ``971``), or the collectivity overseas that stands in its place."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(_("nom"), max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("région"))

    class Meta:
        verbose_name = _("département")

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A code of the official list, in force or not; what is not known is null or empty, never zero.

    A code no longer in force keeps its row and points to the commune that stands for it. A district of
    Paris, Lyon or Marseille has a code of its own too: it points to its city.
    """

    class Nature(models.TextChoices):
        CURRENT = "current", _("commune en vigueur")
        FORMER = "former", _("ancienne commune")
        DELEGATED = "delegated", _("commune déléguée")
        ASSOCIATED = "associated", _("commune associée")
        DISTRICT = "district", _("arrondissement municipal")

    class Precision(models.TextChoices):
        OFFICIAL = "official", _("centre officiel")
        COMMUNE = "commune", _("chef-lieu de la commune")
        EPCI = "epci", _("centre de l’intercommunalité")
        DEPARTMENT = "department", _("centre du département")
        NONE = "", _("inconnue")

    code = models.CharField(_("code Insee"), primary_key=True, max_length=5, db_collation="C")
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.CURRENT)
    # Empty for a few codes abolished long ago, whose name no recent list has.
    name = models.CharField(_("nom"), max_length=60, blank=True)
    name_key = models.CharField(max_length=60, blank=True, editable=False, db_collation="C")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, verbose_name=_("département"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("région"))
    epci_code = models.CharField(_("code de l’intercommunalité"), max_length=9, blank=True)
    epci_name = models.CharField(_("intercommunalité"), max_length=120, blank=True)
    population = models.PositiveIntegerField(_("habitants"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    precision = models.CharField(
        _("précision de la position"), max_length=10, choices=Precision.choices, blank=True
    )
    # Null: always so, as far as the yearly lists from 2021 on can tell.
    valid_from = models.DateField(_("en vigueur depuis"), null=True, blank=True)
    # Null on a code not in force: it ceased before those lists.
    valid_until = models.DateField(_("en vigueur jusqu’au"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

    class Meta:
        verbose_name = _("commune")
        indexes = [
            models.Index(fields=["name_key"], name="commune_by_name"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="commune_by_trigram"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^([0-9]{2}|2[AB])[0-9]{3}$"),
                name="an_insee_code_has_five_characters",
                violation_error_message=_("Un code Insee a cinq caractères, par exemple 31555 ou 2A004."),
            ),
            models.CheckConstraint(
                condition=Q(nature="current", merged_into=None)
                | (~Q(nature="current") & ~Q(merged_into=None)),
                name="a_code_not_in_force_has_a_successor",
                violation_error_message=_(
                    "Une commune qui n’est plus en vigueur indique celle qui la remplace."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("code")),
                name="no_commune_succeeds_itself",
                violation_error_message=_("Une commune ne peut pas se remplacer elle-même."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, precision="")
                | Q(
                    # Said aloud: a CHECK that comes to NULL lets the row pass.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                    precision__in=["official", "commune", "epci", "department"],
                ),
                name="a_position_is_whole_and_says_its_precision",
                violation_error_message=_(
                    "Une position a une latitude, une longitude et une précision, ou rien."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gt=F("valid_from")),
                name="a_commune_begins_before_it_ends",
                violation_error_message=_("La fin de validité vient après le début."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class CommunePostcode(models.Model):
    """A part of the map: what one postcode serves in one commune (decisions 19).

    ``estimated_population``: the commune's where it has one postcode, the city district's where that is
    known, else an equal share; ``is_estimate`` says when it is only a share. Null when not known.
    """

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="postcodes")
    postcode = models.CharField(_("code postal"), max_length=5, db_collation="C")
    estimated_population = models.PositiveIntegerField(_("habitants (estimation)"), null=True, blank=True)
    is_estimate = models.BooleanField(_("estimation"), default=False)

    class Meta:
        verbose_name = _("code postal d’une commune")
        ordering = ["postcode", "commune"]
        indexes = [models.Index(fields=["postcode", "commune"], name="communes_of_postcode")]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "postcode"],
                name="a_commune_has_each_postcode_once",
                violation_error_message=_("Cette commune a déjà ce code postal."),
            ),
            models.CheckConstraint(
                condition=Q(postcode__regex=r"^[0-9]{5}$"),
                name="a_postcode_has_five_digits",
                violation_error_message=_("Un code postal a cinq chiffres, par exemple 31000."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.commune_id}"
