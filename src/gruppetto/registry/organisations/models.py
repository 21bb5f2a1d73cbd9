"""The bodies of the trade: ourselves, providers, partners, funders, town welfare offices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.geography.models import Commune


class Organisation(models.Model):
    """A body that we are, work for, work with, or deal with in a person's name.

    Facts about it say where they were read (``source_url``, ``seen_on``) and which human vouched for them
    (``checked_by``, ``checked_on``); until then the screen says "à vérifier".
    """

    class Kind(models.TextChoices):
        OWN = "own", _("notre coopérative")
        PROVIDER = "provider", _("prestataire / organisme")
        PARTNER = "partner", _("partenaire")
        FUNDER = "funder", _("financeur")
        TOWN_WELFARE_OFFICE = "town_welfare_office", _("centre communal d’action sociale")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The stable name by which the catalogue and the seed know it ("caf"); empty for those added on screen.
    key = models.CharField(max_length=40, blank=True, db_default="", default="", editable=False)
    kind = models.CharField(_("nature"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("nom"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_collation="C")
    siren = models.CharField(_("SIREN"), max_length=9, blank=True, db_default="", default="")
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, db_default="", default="")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("rattachée à"),
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("commune")
    )
    phone = models.CharField(_("téléphone"), max_length=16, blank=True, db_default="", default="")
    website = models.URLField(_("site internet"), max_length=200, blank=True, db_default="", default="")
    active_from = models.DateField(_("active depuis"), null=True, blank=True)
    active_until = models.DateField(_("active jusqu’au"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True, db_default="", default="")
    source_url = models.URLField(_("source"), max_length=300, blank=True, db_default="", default="")
    seen_on = models.DateField(_("source lue le"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_on = models.DateField(_("vérifié le"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisme")
        indexes = [
            models.Index(fields=["kind", "name_key"], name="organisations_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(key=""),
                name="an_organisation_key_is_used_once",
                violation_error_message=_("Un autre organisme porte déjà cette clé."),
            ),
            models.UniqueConstraint(
                fields=["kind", "name_key", "commune"],
                condition=Q(active_until=None),
                nulls_distinct=False,
                name="one_active_organisation_per_kind_name_and_commune",
                violation_error_message=_("Cet organisme existe déjà."),
            ),
            models.UniqueConstraint(
                fields=["kind", "siret"],
                condition=Q(active_until=None) & ~Q(siret=""),
                name="one_active_organisation_per_siret",
                violation_error_message=_("Un organisme a déjà ce numéro SIRET."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["own", "provider", "partner", "funder", "town_welfare_office"]),
                name="an_organisation_has_a_known_kind",
                violation_error_message=_("Choisissez la nature de l’organisme."),
            ),
            models.CheckConstraint(
                condition=~Q(name_key=""),
                name="an_organisation_has_a_name",
                violation_error_message=_("Donnez un nom à l’organisme."),
            ),
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^[0-9]{9}$"),
                name="a_siren_has_nine_digits",
                violation_error_message=_("Un numéro SIREN a neuf chiffres."),
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$", siret__startswith=F("siren")),
                name="a_siret_begins_with_its_siren",
                violation_error_message=_("Un numéro SIRET a quatorze chiffres et commence par le SIREN."),
            ),
            models.CheckConstraint(
                # E.164, or a short national number such as 3230.
                condition=Q(phone="") | Q(phone__regex=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{1,5})$"),
                name="an_organisation_phone_is_a_number",
                violation_error_message=_("Ce numéro de téléphone n’est pas valable."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | (Q(kind="own") & ~Q(parent=F("id"))),
                name="only_our_own_companies_have_a_parent",
                violation_error_message=_("Seules nos propres sociétés sont rattachées à une autre."),
            ),
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_from=None) | Q(active_until__gte=F("active_from")),
                name="an_organisation_begins_before_it_ends",
                violation_error_message=_("La date de fin vient après la date de début."),
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_on=None) | (~Q(checked_by=None) & ~Q(checked_on=None)),
                name="a_check_has_a_person_and_a_date",
                violation_error_message=_("Une vérification a un auteur et une date."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_checked(self) -> bool:
        """Whether a human vouched for these facts; if not, the screen says "à vérifier"."""
        return self.checked_on is not None
