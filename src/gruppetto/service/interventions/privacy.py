"""What the interventions room keeps about persons: five years after closing, then the words go, the dates stay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.interventions.models import (
    Attachment,
    Attempt,
    Follow,
    Handover,
    Intervention,
    Link,
    Merge,
    Move,
    Note,
    Notice,
    Paper,
    TimeSpent,
)

YEARS = 5 * 365
WITH_IT = _("5 ans après la clôture de l’intervention")

declare_rows(
    Intervention,
    why=_("faire ce que la personne demande et pouvoir le lui raconter"),
    kept=_("5 ans après la clôture"),
    days=YEARS,
    erased="blanked",
    blank=("title", "answers", "answer", "queue_reason", "details", "snooze_why"),
)

HUNG: tuple[tuple[type[models.Model], object, str, tuple[str, ...]], ...] = (
    (Move, _("savoir qui a fait avancer la demande, et pourquoi"), "blanked", ("why",)),
    (Note, _("se souvenir de ce qui a été dit"), "deleted", ()),
    (Paper, _("réunir les papiers nécessaires"), "deleted", ()),
    (Attachment, _("garder les documents reçus"), "deleted", ()),
    (Attempt, _("prouver que la réponse a été proposée à la personne"), "kept", ()),
    (TimeSpent, _("mesurer le temps passé"), "kept", ()),
    (Link, _("retrouver ce qui concerne la même affaire"), "deleted", ()),
    (Handover, _("savoir qui a passé le relais à qui, et pourquoi"), "deleted", ()),
    (Notice, _("prévenir un collègue qui doit savoir"), "deleted", ()),
    (Follow, _("tenir au courant un collègue qui aide"), "deleted", ()),
)
for model, why, erased, blank in HUNG:
    declare_rows(
        model, "intervention__person_id", why=why, kept=WITH_IT, days=YEARS, erased=erased, blank=blank
    )
declare_rows(
    Merge,
    "kept__person_id",
    why=_("pouvoir séparer de nouveau deux demandes réunies par erreur"),
    kept=WITH_IT,
    days=YEARS,
)
