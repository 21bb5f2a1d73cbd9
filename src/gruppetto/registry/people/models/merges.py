"""Records that may be one person, those merged, and each value changed by a merge (decisions 18)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import UNASSIGNED, PersonRow
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.registry.people.models.records import Person


class Suspect(PersonRow):
    """Two records that look like one person; ``first_id`` < ``second_id``. A proposal: a human decides.

    ``portfolio_id`` is the first's, ``other_portfolio_id`` the second's: who leads either sees the pair.
    ``reasons`` and ``doubts``: codes of ``duplicates.likeness``.
    """

    class Grade(models.TextChoices):
        SURE = "sure", _("presque sûr")
        LIKELY = "likely", _("probable")
        POSSIBLE = "possible", _("possible")

    class State(models.TextChoices):
        OPEN = "open", _("à regarder")
        REFUSED = "refused", _("deux personnes différentes")
        MERGED = "merged", _("fiches réunies")

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    other_portfolio_id = models.IntegerField(db_default=UNASSIGNED, default=UNASSIGNED)
    grade = models.CharField(_("certitude"), max_length=8, choices=Grade.choices)
    # 0 for the surest: the order of the list.
    rank = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    doubts = ArrayField(models.CharField(max_length=40), default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    # One of the two is merged into a third: nothing to decide as long as it is (filled by ``people.settle``).
    moot = models.BooleanField(db_default=False, default=False, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    why = models.CharField(_("pourquoi"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("doublon possible")
        indexes = [
            models.Index(
                fields=["rank", "found_at", "id"], name="suspects_open", condition=Q(state="open", moot=False)
            ),
            models.Index(fields=["second"], name="suspects_of_second"),
            # Refusals are remembered one year.
            models.Index(fields=["decided_at"], name="suspects_refused", condition=Q(state="refused")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="suspect_on_shelf"),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="a_pair_is_suspected_once",
                violation_error_message=_("Ces deux fiches sont déjà dans la liste."),
            ),
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")),
                name="a_pair_is_two_persons_in_order",
                violation_error_message=_("Une fiche n’est pas son propre doublon."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_pair_has_its_date",
                violation_error_message=_("Une décision a une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≈ {self.second_id}"


class Merge(PersonRow):
    """``lost`` turned out to be ``kept``: when, by whom, why, and whether it was undone.

    ``choices``: what the human decided, by conflict. ``lost_portfolio_id``: where the record goes back to.
    """

    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    lost = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    kept_portfolio_id = models.IntegerField(default=UNASSIGNED)
    lost_portfolio_id = models.IntegerField(default=UNASSIGNED)
    why = models.CharField(_("pourquoi"), max_length=200)
    choices = models.JSONField(default=dict)
    merged_at = models.DateTimeField(db_default=Now())
    merged_by = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("réunion de fiches")
        indexes = [
            models.Index(fields=["kept", "-merged_at"], name="merges_of_kept"),
            models.Index(fields=["-merged_at", "-id"], name="merges_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="merge_of_records_on_shelf"),
            models.UniqueConstraint(
                fields=["lost"],
                condition=Q(undone_at__isnull=True),
                name="a_record_is_merged_once",
                violation_error_message=_("Cette fiche est déjà réunie avec une autre."),
            ),
            models.CheckConstraint(
                condition=~Q(kept_id=F("lost_id")),
                name="a_merge_is_of_two_records",
                violation_error_message=_("On ne réunit pas une fiche avec elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lost_id} → {self.kept_id}"


class MergeLine(models.Model):
    """What a merge changed in one row: its columns before and after, for the undo (encrypted: they are a person's)."""

    class State(models.TextChoices):
        APPLIED = "applied", _("changée")
        RESTORED = "restored", _("remise comme avant")
        LEFT = "left", _("laissée : changée depuis")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="lines")
    place = models.SmallIntegerField()
    model = models.CharField(max_length=60)
    row_id = models.UUIDField()
    label = models.CharField(max_length=120)
    before: Any = EncryptedTextField()
    after: Any = EncryptedTextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.APPLIED)

    class Meta:
        verbose_name = _("ligne d’une réunion")
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "place"],
                name="lines_of_a_merge_are_in_order",
                violation_error_message=_("Deux lignes ont le même rang."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"
