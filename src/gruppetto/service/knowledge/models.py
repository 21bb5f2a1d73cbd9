"""Articles by versions, what staff think of them, what they searched in vain, what they propose to correct."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id
from gruppetto.service.catalogue.models import Checked, Dated, Published, one_at_a_time


class Article(models.Model):
    """A subject; everything about it is in its versions."""

    code = models.CharField(primary_key=True, max_length=60)

    class Meta:
        verbose_name = _("article")

    def __str__(self) -> str:
        return self.code


class ArticleVersion(Dated, Checked, Published):
    """One version of an article: content as its file says it, judged by ``article.Article``.

    ``title``, ``kinds`` and ``see_also`` repeat the content for lists and links; ``search`` is filled by a trigger.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField(_("version"))
    content = models.JSONField(_("contenu"))
    title = models.CharField(_("titre"), max_length=80)
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    see_also = ArrayField(models.CharField(max_length=60), default=list)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("version d’un article")
        constraints = [
            *Dated.Meta.constraints,
            *Checked.Meta.constraints,
            *Published.Meta.constraints,
            models.UniqueConstraint(
                fields=["article", "number"],
                name="a_version_of_an_article_is_numbered_once",
                violation_error_message=_("Cette version existe déjà."),
            ),
            one_at_a_time(
                "one_version_of_an_article_in_force_at_a_time",
                _("Une autre version de cet article est en vigueur."),
                "article",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="articles_by_words"),
            GinIndex(fields=["kinds"], name="articles_by_kind"),
            GinIndex(fields=["see_also"], name="articles_that_lead_here"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


class Rating(models.Model):
    """What a member of staff thinks of a version: useful or not; the last opinion counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="ratings")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    useful = models.BooleanField(_("utile"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("avis sur un article")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "account"],
                name="one_opinion_per_person_on_a_version",
                violation_error_message=_("Vous avez déjà donné votre avis."),
            )
        ]

    def __str__(self) -> str:
        return str(self.useful)


class Reading(models.Model):
    """How often an article was read in a month; never by whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="readings")
    month = models.DateField(_("mois"))
    times = models.IntegerField(_("fois"), default=1)

    class Meta:
        verbose_name = _("lectures d’un article")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "month"],
                name="readings_of_an_article_are_counted_once_a_month",
                violation_error_message=_("Les lectures de ce mois sont déjà comptées."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.month} {self.times}"


class VainSearch(models.Model):
    """Words searched that led to nothing, counted; never who searched, nor anything with figures in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    words = models.CharField(_("mots"), max_length=80)
    times = models.IntegerField(_("fois"), default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recherche sans réponse")
        indexes = [
            models.Index(fields=["-times", "-id"], name="vain_searches_left", condition=Q(settled_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["words"],
                name="words_searched_in_vain_are_counted_once",
                violation_error_message=_("Cette recherche est déjà comptée."),
            )
        ]

    def __str__(self) -> str:
        return self.words


class Correction(models.Model):
    """What a member of staff proposes to correct, and what they were told; answered within 48 hours."""

    class About(models.TextChoices):
        KIND = "kind", _("démarche")
        ARTICLE = "article", _("article")
        ORGANISATION = "organisation", _("organisme")

    class State(models.TextChoices):
        OPEN = "open", _("en attente")
        ACCEPTED = "accepted", _("acceptée")
        DECLINED = "declined", _("non retenue")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    about = models.CharField(_("à propos de"), max_length=12, choices=About.choices)
    code = models.CharField(max_length=60)
    title = models.CharField(_("ce qui était lu"), max_length=120)
    words = models.TextField(_("proposition"), max_length=1000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("réponse"), max_length=1000, blank=True, db_default="", default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposition de correction")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answered_by=None, answer="")
                | (
                    ~Q(state="open") & Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")
                ),
                name="a_correction_is_answered_by_somebody_in_words",
                violation_error_message=_("Une réponse a un auteur et des mots."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("proposed_by")),
                name="a_correction_is_answered_by_somebody_else",
                violation_error_message=_("Une autre personne doit répondre à votre proposition."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="corrections_to_answer", condition=Q(state="open")),
            models.Index(fields=["-proposed_at", "-id"], name="corrections_by_date"),
            models.Index(fields=["proposed_by", "-proposed_at", "-id"], name="corrections_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.code}"
