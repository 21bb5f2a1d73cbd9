"""Saved views of the lists, and what was done to many interventions at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.coverage.models import Team, Territory
from gruppetto.service.interventions.models import Intervention


class SavedView(models.Model):
    """A list kept under a name: for oneself, or shown to a team or a territory. It narrows, it never shows more."""

    class Audience(models.TextChoices):
        ME = "me", _("moi")
        TEAM = "team", _("une équipe")
        TERRITORY = "territory", _("un territoire")

    class Opens(models.TextChoices):
        NOBODY = "", _("personne")
        ME = "me", _("moi")
        CORRESPONDENTS = "correspondent", _("les correspondants")
        SUPERVISORS = "supervisor", _("les responsables")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField()
    name = models.CharField(_("nom"), max_length=60)
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.ME)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    territory = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="+")
    # As ``Filters.to_json``: read back through ``Filters.parse``, as an address is.
    filters = models.JSONField(default=dict)
    # In the rail, with its count.
    pinned = models.BooleanField(_("épinglée"), default=True)
    # Whose list opens on this view, of those it is shown to.
    opens_for = models.CharField(max_length=13, choices=Opens.choices, blank=True, default=Opens.NOBODY)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("vue")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "name"],
                name="a_view_has_its_own_name",
                violation_error_message=_("Une de vos vues porte déjà ce nom."),
            ),
            models.CheckConstraint(
                condition=Q(audience="me", team__isnull=True, territory__isnull=True)
                | Q(audience="team", team__isnull=False, territory__isnull=True)
                | Q(audience="territory", team__isnull=True, territory__isnull=False),
                name="a_shared_view_says_with_whom",
                violation_error_message=_("Dites à quelle équipe ou à quel territoire la vue est montrée."),
            ),
            models.CheckConstraint(
                condition=Q(opens_for="")
                | Q(audience="me", opens_for="me")
                | (~Q(audience="me") & Q(opens_for__in=["correspondent", "supervisor"])),
                name="a_view_opens_for_those_it_is_shown_to",
                violation_error_message=_("Une vue s’ouvre d’abord pour ceux à qui elle est montrée."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[*fields, "opens_for"],
                    condition=~Q(opens_for="") & Q(audience=audience),
                    name=f"one_view_opens_first_for_{audience}",
                    violation_error_message=_("Une autre vue s’ouvre déjà d’abord."),
                )
                for audience, fields in (
                    ("me", ["owner_id"]),
                    ("team", ["team"]),
                    ("territory", ["territory"]),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BulkAct(models.Model):
    """One act on many interventions: chosen, decided, done line by line, undone once if need be."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("préparé")
        RUNNING = "running", _("en cours")
        DONE = "done", _("fait")
        UNDONE = "undone", _("annulé")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    # The list they were taken from, as an address says it; empty when they were picked one by one.
    query = models.TextField(blank=True)
    act = models.CharField(max_length=20, blank=True)
    arguments = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("geste groupé")
        indexes = [models.Index(fields=["account_id", "-prepared_at", "-id"], name="bulk_acts_of_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared") | ~Q(act=""),
                name="a_bulk_act_under_way_says_what_it_does",
                violation_error_message=_("Choisissez ce qu’il faut faire."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.state}"


class BulkLine(models.Model):
    """One intervention of a bulk act: what became of it, and what it was before."""

    class State(models.TextChoices):
        TO_DO = "to_do", _("à faire")
        DONE = "done", _("fait")
        REFUSED = "refused", _("refusé")
        UNDONE = "undone", _("annulé")
        KEPT = "kept", _("gardé")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bulk = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="lines", db_index=False)
    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="+")
    rank = models.IntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.TO_DO)
    # Why it was refused, or kept when the rest was undone.
    code = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=300, blank=True)
    # What undoing puts back, if the intervention is still at ``version``.
    before = models.JSONField(default=dict)
    version = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("ligne d’un geste groupé")
        constraints = [
            models.UniqueConstraint(
                fields=["bulk", "rank"],
                name="a_line_has_its_place_in_a_bulk_act",
                violation_error_message=_("Cette ligne est déjà dans le geste."),
            ),
        ]
        indexes = [models.Index(fields=["bulk", "state", "rank"], name="lines_of_bulk_act")]

    def __str__(self) -> str:
        return f"{self.rank} {self.state}"
