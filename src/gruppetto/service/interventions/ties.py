"""What ties interventions together and people to them: links, merges, hand-overs, notices, followers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow

INTERVENTION = "interventions.Intervention"


class Link(PersonRow):
    """Two interventions that have to do with each other. Seen from both; drawn once, whatever the side."""

    class Kind(models.TextChoices):
        RELATED = "related", _("a un rapport avec")
        SAME = "same", _("même affaire que")
        FOLLOWS = "follows", _("fait suite à")
        SPLIT = "split", _("séparée de")

    intervention = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("lien entre interventions")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="link_on_shelf"),
            models.UniqueConstraint(
                Least("intervention", "other"),
                Greatest("intervention", "other"),
                name="two_interventions_are_linked_once",
                violation_error_message=_("Ces deux demandes sont déjà liées."),
            ),
            models.CheckConstraint(
                condition=~Q(intervention=F("other")),
                name="a_link_joins_two_interventions",
                violation_error_message=_("Une demande ne se lie pas à elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Merge(PersonRow):
    """Two interventions of one person made one. What changed hands is written down, so that it can be undone.

    ``before``: state, clock and dates of both as they were. ``moved``: the papers and documents taken over, the clock
    given to the one kept. What is never rewritten (notes, times, moves) stays and is read with the one kept.
    """

    kept = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="merged")
    before = models.JSONField()
    moved = models.JSONField()
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("réunion de deux interventions")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="merge_on_shelf"),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="an_intervention_is_merged_once",
                violation_error_message=_("Cette demande est déjà réunie à une autre."),
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("absorbed")),
                name="a_merge_joins_two_interventions",
                violation_error_message=_("Une demande ne se réunit pas à elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"


class Handover(PersonRow):
    """Work offered to a colleague, with a note. Until they accept, whoever has it keeps it: nothing is left between."""

    class State(models.TextChoices):
        OFFERED = "offered", _("proposée")
        ACCEPTED = "accepted", _("acceptée")
        DECLINED = "declined", _("refusée")
        WITHDRAWN = "withdrawn", _("retirée")

    intervention = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="handovers")
    from_id = models.UUIDField(null=True)
    to_id = models.UUIDField()
    words = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    # Why it was declined.
    why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("passage de relais")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="handover_on_shelf"),
            models.UniqueConstraint(
                fields=["intervention"],
                condition=Q(state="offered"),
                name="work_is_offered_to_one_at_a_time",
                violation_error_message=_("Cette demande est déjà proposée à quelqu’un."),
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at__isnull=True)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
                name="an_offer_answered_has_its_date",
                violation_error_message=_("Une proposition qui a sa réponse a une date."),
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Notice(PersonRow):
    """Something a colleague should know of an intervention: a mention, an offer, its return, what is new."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("vous cite dans une note")
        OFFERED = "offered", _("vous propose de prendre la suite")
        ACCEPTED = "accepted", _("prend la suite")
        DECLINED = "declined", _("ne prend pas la suite")
        BACK = "back", _("revient à la date que vous aviez choisie")
        NEWS = "news", _("a du nouveau")

    intervention = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="notices")
    account_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The note that mentions, when there is one.
    note_id = models.UUIDField(null=True)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("avis à un collègue")
        indexes = [
            models.Index(
                fields=["account_id", "-at", "id"], name="notices_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["account_id", "-at", "id"], name="notices_of_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="notice_on_shelf"),
            # However much happens, « du nouveau » is said once until it is read.
            models.UniqueConstraint(
                fields=["intervention", "account_id"],
                condition=Q(kind="news", read_at__isnull=True),
                name="news_is_told_once_until_read",
                violation_error_message=_("Cet avis attend déjà d’être lu."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Follow(PersonRow):
    """A colleague who wants to hear what becomes of an intervention that is not theirs to work."""

    intervention = models.ForeignKey(INTERVENTION, on_delete=models.CASCADE, related_name="followers")
    account_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suivi d’une intervention")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="follow_on_shelf"),
            models.UniqueConstraint(
                fields=["intervention", "account_id"],
                name="one_follows_an_intervention_once",
                violation_error_message=_("Vous suivez déjà cette demande."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_id)
