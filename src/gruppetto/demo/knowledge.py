"""What a team that reads and corrects leaves behind: opinions, searches in vain, proposals, a draft to publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from gruppetto.kernel.clock import now
from gruppetto.registry.staff.models import Staff
from gruppetto.service.catalogue import drafts
from gruppetto.service.catalogue.models import Draft, KindVersion
from gruppetto.service.knowledge.corrections import WITHIN
from gruppetto.service.knowledge.models import ArticleVersion, Correction, Rating, VainSearch
from gruppetto.service.knowledge.verbs import load

SEARCHES = (("abonnement salle sport", 3), ("cheque energie", 7), ("permis bateau", 2))
# Hours ago, what was read, what was proposed, what was answered.
PROPOSALS = (
    (70, "health-card-renewal", "Préciser qu’une photo prise au téléphone suffit.", ""),
    (20, "train-ticket", "Demander d’abord si la personne a une carte de réduction.", ""),
    (
        200,
        "tax-return",
        "Ajouter le mot « impôts » aux mots qui la trouvent.",
        "Merci : les mots sont ajoutés.",
    ),
)
KIND, LABEL = "medical-appointment", "Prendre un rendez-vous chez un médecin"


def set_up(records: Mapping[str, Staff], since: datetime) -> None:
    """Load the articles, in force since then, and what the staff made of them; owner role, inside ``acting``."""
    load(since)
    at = now()
    readers = [one.account for one in records.values() if one.account.role in ("agent", "correspondent")]
    keepers = [one.account for one in records.values() if one.account.role == "back_office"]
    if not readers or not keepers:
        return
    for words, times in SEARCHES:
        VainSearch.objects.create(
            words=words, times=times, first_at=at - timedelta(days=9), last_at=at - timedelta(hours=times)
        )
    labels = dict(
        KindVersion.objects.filter(published=True, valid_until=None).values_list("kind_id", "content__label")
    )
    for rank, (hours, code, words, answer) in enumerate(PROPOSALS):
        proposed = at - timedelta(hours=hours)
        said = (
            {"state": Correction.State.ACCEPTED, "answer": answer, "answered_by": keepers[0]}
            | {"answered_at": proposed + timedelta(hours=5)}
            if answer
            else {}
        )
        Correction.objects.create(
            about=Correction.About.KIND,
            code=code,
            title=labels[code],
            words=words,
            proposed_by=readers[rank % len(readers)],
            proposed_at=proposed,
            due_at=proposed + WITHIN,
            **said,
        )
    for number, version in enumerate(ArticleVersion.objects.order_by("title", "id")[:20]):
        for reader in readers[: 1 + number % 3]:
            Rating.objects.create(version=version, account=reader, useful=number % 5 != 4, at=at)
    current = KindVersion.objects.get(kind_id=KIND, published=True, valid_until=None)
    Draft.objects.create(
        table=drafts.KIND,
        code=KIND,
        content={**current.content, "label": LABEL},
        based_on=current.number,
        why="Un nom que les gens disent.",
        created_by=keepers[0],
        started_at=at - timedelta(days=1),
        saved_at=at - timedelta(hours=3),
        proposed_at=at - timedelta(hours=2),
    )
