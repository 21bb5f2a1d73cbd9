"""Who may open which address of contents, promises and hours: the table is complete and exact."""

from __future__ import annotations

import pytest

from gruppetto.desks.backoffice import message_urls, territory_urls, urls
from gruppetto.kernel.identifiers import new_id
from tests.desks.backoffice import test_permissions
from tests.service.conftest import Cast
from tests.support.permissions import names, statuses

pytestmark = pytest.mark.django_db

# Some of these things do not exist: whoever may ask is told so, the others are refused before anything is looked for.
SOME = new_id()
DRAFT, KIND = f"brouillons/{SOME}/", "catalogue/demarches/health-card-renewal/"
KEEPER = {"back_office"}
KEEPER_AND_LEADER = {"back_office", "supervisor"}
TABLE: dict[str, tuple[str, set[str]]] = {
    "commitments": ("engagements/", KEEPER_AND_LEADER),
    "recompute": ("engagements/recalculer/", KEEPER_AND_LEADER),
    "recomputations": ("engagements/recalculs/", KEEPER_AND_LEADER),
    "end_commitment": (f"engagements/{SOME}/terminer/", KEEPER_AND_LEADER),
    "hours": ("horaires/", KEEPER_AND_LEADER),
    "hours_of_place": ("horaires/platform/", KEEPER_AND_LEADER),
    "withdraw_day": (f"horaires/platform/jours/{SOME}/retirer/", KEEPER_AND_LEADER),
    "drafts": ("brouillons/", KEEPER_AND_LEADER),
    "draft": (DRAFT, KEEPER_AND_LEADER),
    "preview": (f"{DRAFT}apercu/", KEEPER_AND_LEADER),
    "decide_draft": (f"{DRAFT}decision/publier/", KEEPER_AND_LEADER),
    "draft_part": (f"{DRAFT}essentiel/", KEEPER),
    "draft_element": (f"{DRAFT}essentiel/1/", KEEPER),
    "draft_move": (f"{DRAFT}essentiel/1/deplacer/", KEEPER),
    "new_kind": ("brouillons/nouvelle-demarche/", KEEPER),
    "new_article": ("brouillons/nouvel-article/", KEEPER),
    "begin_draft": ("catalogue/demarche/health-card-renewal/modifier/", KEEPER),
    "withdraw_kind": (f"{KIND}retirer/", KEEPER),
    "unschedule_kind": (f"{KIND}versions/2/retirer/", KEEPER),
    "reasons": ("motifs/", KEEPER),
    "new_reason": ("motifs/nouveau/", KEEPER),
    "settle_otherwise": ("motifs/dits-autrement/traites/", KEEPER),
    "reason": ("motifs/complaint/", KEEPER),
    "end_reason": ("motifs/complaint/retirer/", KEEPER),
    "articles": ("articles/", KEEPER),
    "settle_search": (f"articles/recherches/{SOME}/", KEEPER),
    "corrections": ("corrections/", KEEPER),
    "correction": (f"corrections/{SOME}/", KEEPER),
    "to_check": ("a-verifier/", KEEPER),
}


def test_each_address_of_the_back_office_is_in_one_table(cast: Cast) -> None:
    elsewhere = names(message_urls.urlpatterns) | names(territory_urls.urlpatterns)
    assert set(TABLE) | set(test_permissions.OFFICE) | elsewhere == names(urls.urlpatterns)


def test_who_is_refused_and_who_is_not(cast: Cast) -> None:
    found = statuses({name: f"/gestion/{path}" for name, (path, _roles) in TABLE.items()})
    let_in = {
        name: {role for role, status in answers.items() if status not in (302, 403)}
        for name, answers in found.items()
    }
    assert let_in == {name: roles for name, (_path, roles) in TABLE.items()}
    assert all(status < 500 for answers in found.values() for status in answers.values())
