"""Tables of the catalogue: dated rows. What was in force at a moment can always be shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id
from gruppetto.service.catalogue.vocabulary import LineChannel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ANOTHER_CHECKS = _("Une autre personne que l’auteur doit vérifier.")
ANOTHER_PUBLISHES = _("Une autre personne que l’auteur doit publier.")
LIFETIME = Func(F("valid_from"), F("valid_until"), function="TSTZRANGE", output_field=DateTimeRangeField())


def one_at_a_time(
    name: str, message: str | _StrPromise, *fields: str, condition: Q | None = None
) -> ExclusionConstraint:
    """No two rows alike on ``fields`` in force at the same moment."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            (LIFETIME, RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
    )


class Dated(models.Model):
    """In force from a moment (included) to a moment (excluded), or for good; ``created_by`` empty: from a file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid_from = models.DateTimeField(_("en vigueur depuis"))
    valid_until = models.DateTimeField(_("en vigueur jusqu’au"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="a_%(class)s_ends_after_it_begins",
                violation_error_message=_("La date de fin vient après la date de début."),
            )
        ]


class Coded(Dated):
    """Known by a stable code, which other rooms keep."""

    code = models.CharField(max_length=40)

    class Meta(Dated.Meta):
        abstract = True


class Checked(models.Model):
    """Vouched for by a human; until then the screen says « à vérifier ». ``checker``: the account, not the author's."""

    checked_by = models.CharField(_("vérifié par"), max_length=120, blank=True, db_default="", default="")
    checked_on = models.DateField(_("vérifié le"), null=True, blank=True)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by="", checked_on=None) | (~Q(checked_by="") & ~Q(checked_on=None)),
                name="a_%(class)s_is_checked_by_somebody_on_a_day",
                violation_error_message=_("Une vérification a un auteur et une date."),
            ),
            models.CheckConstraint(
                condition=Q(checker=None) | Q(created_by=None) | ~Q(checker=F("created_by")),
                name="a_%(class)s_is_checked_by_somebody_else",
                violation_error_message=ANOTHER_CHECKS,
            ),
        ]

    @property
    def is_checked(self) -> bool:
        """Whether a human vouched for this row."""
        return self.checked_on is not None


class Published(models.Model):
    """Written by one person, brought into force by another (four eyes); from a file, by nobody."""

    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(_("ce qui change"), max_length=200, blank=True, db_default="", default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(created_by=None)
                | (Q(published_by__isnull=False) & ~Q(published_by=F("created_by"))),
                name="a_%(class)s_is_published_by_somebody_else",
                violation_error_message=ANOTHER_PUBLISHES,
            )
        ]


class Reason(Coded):
    """Why a person contacts us, as shown at a time; contacts keep its code."""

    label = models.CharField(_("motif"), max_length=80)
    hint = models.CharField(_("aide"), max_length=120)
    shortcut = models.CharField(_("touche"), max_length=1)
    repeat_days = models.SmallIntegerField(_("délai de réitération, en jours"))
    complaint = models.BooleanField(_("réclamation"), default=False)
    protected = models.BooleanField(_("protégé"), default=False)
    position = models.SmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("motif de contact")
        ordering = ["position", "id"]
        constraints = [
            *Dated.Meta.constraints,
            one_at_a_time("one_row_per_reason_at_a_time", _("Ce motif est déjà en vigueur."), "code"),
            one_at_a_time(
                "one_reason_per_key_at_a_time", _("Un autre motif a déjà cette touche."), "shortcut"
            ),
            models.CheckConstraint(
                condition=Q(repeat_days__gte=1, repeat_days__lte=365),
                name="a_reason_repeats_within_a_year",
                violation_error_message=_("Le délai de réitération va de 1 à 365 jours."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SubReason(Coded):
    """A finer reason, within its reason."""

    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="sub_reasons")
    label = models.CharField(_("sous-motif"), max_length=80)
    protected = models.BooleanField(_("protégé"), default=False)
    position = models.SmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("sous-motif")
        ordering = ["position", "id"]
        constraints = [
            *Dated.Meta.constraints,
            one_at_a_time(
                "one_row_per_sub_reason_at_a_time", _("Ce sous-motif est déjà en vigueur."), "reason", "code"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class RequestKind(models.Model):
    """A type of request; everything about it is in its versions."""

    code = models.CharField(primary_key=True, max_length=60)

    class Meta:
        verbose_name = _("type de démarche")

    def __str__(self) -> str:
        return self.code


class KindVersion(Dated, Checked, Published):
    """One version of a kind: content as its file says it, judged by ``content.Kind`` before it is stored."""

    kind = models.ForeignKey(RequestKind, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField(_("version"))
    content = models.JSONField(_("contenu"))
    published = models.BooleanField(_("publiée"), default=False)

    class Meta:
        verbose_name = _("version d’un type de démarche")
        constraints = [
            *Dated.Meta.constraints,
            *Checked.Meta.constraints,
            *Published.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="a_version_of_a_kind_is_numbered_once",
                violation_error_message=_("Cette version existe déjà."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="versions_of_a_kind_are_numbered_from_one",
                violation_error_message=_("Les versions se comptent à partir de 1."),
            ),
            one_at_a_time(
                "one_version_of_a_kind_in_force_at_a_time",
                _("Une autre version de cette démarche est en vigueur à ces dates."),
                "kind",
                condition=Q(published=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.number}"


class HelpLine(Coded, Checked, Published):
    """A number of the distress panel."""

    number = models.CharField(_("numéro"), max_length=20)
    label = models.CharField(_("nom"), max_length=80)
    purpose = models.CharField(_("utilité"), max_length=120)
    channel = models.CharField(_("canal"), max_length=4, choices=LineChannel.choices)
    position = models.SmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("numéro d’aide")
        ordering = ["position", "id"]
        constraints = [
            *Dated.Meta.constraints,
            *Checked.Meta.constraints,
            *Published.Meta.constraints,
            one_at_a_time(
                "one_row_per_help_line_at_a_time", _("Ce numéro d’aide est déjà en vigueur."), "code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class DistressGuide(Coded, Checked, Published):
    """What to do for somebody in distress; content as its file says it, judged by ``guides.Guide``."""

    content = models.JSONField(_("contenu"))
    position = models.SmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("aide en situation grave")
        ordering = ["position", "id"]
        constraints = [
            *Dated.Meta.constraints,
            *Checked.Meta.constraints,
            *Published.Meta.constraints,
            one_at_a_time(
                "one_row_per_distress_guide_at_a_time", _("Cette aide est déjà en vigueur."), "code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Draft(models.Model):
    """What somebody prepares: a kind, a help line, a guide, an article; nothing of it is shown before it is published.

    ``table`` and ``code`` say what it will be the next version of; ``based_on`` the version it was copied from (0:
    from scratch). ``created_by`` is the author: whoever takes it over becomes it, and cannot publish it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    table = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    content = models.JSONField(_("contenu"))
    based_on = models.IntegerField(default=0)
    why = models.CharField(_("ce qui change"), max_length=200, blank=True, db_default="", default="")
    returned = models.CharField(_("à revoir"), max_length=300, blank=True, db_default="", default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True, blank=True)
    edition = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("brouillon")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "code"],
                name="one_draft_of_a_thing_at_a_time",
                violation_error_message=_("Un brouillon existe déjà."),
            ),
        ]
        indexes = [models.Index(fields=["-saved_at", "-id"], name="drafts_by_date")]

    def __str__(self) -> str:
        return f"{self.table} {self.code}"
