"""The words of standard texts, by versions, and what colleagues ask to change in them (Q18)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id


class TextVersion(models.Model):
    """A version of the text of ``kind`` in force from a moment on; never rewritten. Version 0 is the one shipped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    version = models.IntegerField()
    title = models.CharField(_("objet"), max_length=160)
    body = models.TextField(_("texte"))
    short = models.TextField(_("texte court pour les SMS"), blank=True)
    why = models.CharField(_("pourquoi ce changement"), max_length=200)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.UUIDField()

    class Meta:
        verbose_name = _("version d’un texte type")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"],
                name="a_version_has_one_number",
                violation_error_message=_("Quelqu’un vient d’écrire une autre version : relisez-la."),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="versions_begin_at_one",
                violation_error_message=_("La première version écrite ici porte le numéro 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class TextRequest(models.Model):
    """A colleague asks to change a standard text; answered within 48 hours."""

    class Answer(models.TextChoices):
        WAITING = "waiting", _("attend une réponse")
        DONE = "done", _("accepté")
        REFUSED = "refused", _("refusé")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    words = models.TextField(_("ce qu’il faudrait changer"))
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.WAITING)
    reply = models.TextField(_("réponse"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("demande de correction d’un texte")
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="text_requests_to_answer", condition=Q(answer="waiting")
            ),
            models.Index(fields=["kind", "-asked_at"], name="text_requests_of_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_at__isnull=True)
                | (~Q(answer="waiting") & ~Q(reply="") & Q(answered_at__isnull=False)),
                name="an_answered_request_says_what",
                violation_error_message=_("Une réponse dit ce qui est décidé et pourquoi."),
            )
        ]

    def __str__(self) -> str:
        return self.kind
