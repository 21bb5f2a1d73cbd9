"""Facts written in the transaction of the act they follow from; the relay turns them into jobs and live notices."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors.lines import Books
from gruppetto.kernel.identifiers import new_id


class Fact(models.Model):
    """Something happened: ``topic`` (declared in a room's ``events.py``) about ``subject_id``; identifiers only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    portfolio_id = models.IntegerField(null=True)
    about = models.JSONField(default=dict)
    written_at = models.DateTimeField(db_default=Now())

    objects = Books()

    class Meta:
        verbose_name = _("fait")

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_id}"
