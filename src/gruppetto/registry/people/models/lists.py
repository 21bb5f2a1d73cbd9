"""Lists of people received from a town: looked over line by line, then loaded."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets.fields import EncryptedTextField


class StartingList(models.Model):
    """A list of people received from a town's welfare office, as one file; previewed, then loaded by a job."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("à vérifier")
        LOADING = "loading", _("en cours de chargement")
        LOADED = "loaded", _("chargée")
        DROPPED = "dropped", _("abandonnée")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nom du fichier"), max_length=200)
    sha256 = models.BinaryField(max_length=32)
    source = models.CharField(_("reçue de"), max_length=200)
    encoding = models.CharField(max_length=20)
    # Columns of the file that we have no place for: said on screen, their content is not kept.
    ignored = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PREVIEW)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.UUIDField()
    ordered_by = models.UUIDField(null=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("liste de départ")
        # The lists received, newest first.
        indexes = [models.Index(fields=["-received_at"], name="lists_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(state="dropped"),
                name="a_list_is_received_once",
                violation_error_message=_("Ce fichier a déjà été reçu : il n’est pas chargé deux fois."),
            ),
            models.CheckConstraint(
                condition=Q(state="preview") | Q(state="dropped") | Q(ordered_by__isnull=False),
                name="a_list_is_loaded_on_somebody_s_order",
                violation_error_message=_("Une liste est chargée à la demande de quelqu’un."),
            ),
            models.CheckConstraint(
                condition=Q(state="loaded", loaded_at__isnull=False)
                | (~Q(state="loaded") & Q(loaded_at__isnull=True)),
                name="a_loaded_list_has_its_date",
                violation_error_message=_("Une liste chargée a une date."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StartingLine(models.Model):
    """One line of a list: what was typed, what is wrong with it, whom it looks like, whom it became.

    ``errors``: [{column, why}], never the value typed. ``alike``: [{person | line, certainty, why}], the persons
    known or the earlier lines that it looks like.
    """

    class Decision(models.TextChoices):
        LOAD = "load", _("charger")
        SKIP = "skip", _("écarter")
        ASK = "ask", _("à décider")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starting_list = models.ForeignKey(StartingList, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    typed = EncryptedTextField(null=True)
    errors = models.JSONField(default=list)
    alike = models.JSONField(default=list)
    decision = models.CharField(max_length=4, choices=Decision.choices, default=Decision.LOAD)
    decided_by = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    # Relatives come once all the persons of the list are in: a wife may be her husband's relative and a line herself.
    related = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ligne de liste")
        indexes = [
            # What is still to load, in the order of the file.
            models.Index(
                fields=["starting_list", "number"],
                name="lines_to_load",
                condition=Q(person_id__isnull=True, decision="load", errors=[]),
            ),
            models.Index(
                fields=["starting_list", "number"],
                name="lines_to_relate",
                condition=Q(person_id__isnull=False, related=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["starting_list", "number"],
                name="a_line_has_one_number",
                violation_error_message=_("Une liste a une seule ligne par numéro."),
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=True) | Q(errors=[], decision="load"),
                name="only_a_good_line_becomes_a_person",
                violation_error_message=_("Seule une ligne sans erreur devient une fiche."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starting_list_id}:{self.number}"
