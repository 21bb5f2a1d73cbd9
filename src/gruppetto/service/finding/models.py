"""The words of requests and contacts, ready to be found; made by triggers from the rows themselves, never by verbs."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField


class Story(PersonRow):
    """The words of one intervention (title, answers, answer, notes) or contact (summary), with the person's names.

    ``id``: that of the row told. ``words`` also holds the marks of its portfolio and of its week: asked in the same
    index as the words, they keep a search as fast for one portfolio as for all (see 0002_walls).
    """

    class What(models.TextChoices):
        INTERVENTION = "intervention", _("intervention")
        CONTACT = "contact", _("contact")

    what = models.CharField(max_length=12, choices=What.choices)
    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    at = models.DateTimeField()
    words = SearchVectorField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("histoire à retrouver")
        indexes = [
            # The list of what waits to be filed is short, since each search reads it.
            GinIndex(fields=["words"], name="stories_by_words", gin_pending_list_limit=512),
            models.Index(fields=["subject_id", "-at"], name="stories_of_person"),
            BrinIndex(fields=["changed_at"], name="stories_changed"),
        ]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="story_on_shelf")]

    def __str__(self) -> str:
        return f"{self.what} {self.id}"


class Word(models.Model):
    """A word that some story holds, reduced to its stem: what a misspelt one may have meant."""

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        verbose_name = _("mot connu")
        indexes = [GinIndex(fields=["word"], name="words_by_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
