"""Nothing is said to be done while a paper that the kind requires is missing, unless somebody says why (Q13)."""

from __future__ import annotations

from uuid import UUID

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.models import Intervention, Move, Paper
from gruppetto.service.interventions.verbs import answer, set_paper, start, wait_for_papers
from tests.service.conftest import Cast
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def begun(cast: Cast, kind: str = "health-card-renewal") -> UUID:
    key = make.intervention(cast.jeanne, cast.alice, kind, complete=False).pk
    with acting(cast.alice.actor):
        start(key)
    return key


def states(key: UUID) -> dict[str, str]:
    return dict(Paper.objects.filter(intervention_id=key).values_list("code", "state"))


@pytest.mark.parametrize("outcome", ["done", "partly"])
def test_filed_without_its_papers_it_needs_a_reason_that_is_kept(cast: Cast, outcome: str) -> None:
    key = begun(cast)
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refused:
            answer(key, outcome, "La carte arrive mardi.", without_papers="  ")
        assert (refused.value.code, refused.value.field) == ("papers-missing", "without_papers")
        assert "Photo d’identité récente" in str(refused.value.message)
        assert Intervention.objects.get(pk=key).state == "in_progress"
        answer(key, outcome, "La carte arrive mardi.", without_papers="la caisse a déjà la photo")
        said = Move.objects.get(intervention_id=key, verb="answer").why
    assert "sans tous les papiers (la caisse a déjà la photo). La carte arrive mardi." in said


@pytest.mark.parametrize("outcome", ["impossible", "withdrawn", "redirected"])
def test_what_is_not_filed_needs_no_paper(cast: Cast, outcome: str) -> None:
    key = begun(cast)
    with acting(cast.alice.actor):
        assert answer(key, outcome, "Nous arrêtons là.").state == "answered"


def test_received_or_useless_nothing_is_missing_and_no_reason_is_told(cast: Cast) -> None:
    key = begun(cast)
    with acting(cast.alice.actor):
        for number, paper in enumerate(Paper.objects.filter(intervention_id=key)):
            set_paper(paper.pk, "received" if number else "not_needed")
        answer(key, "done", "La carte arrive mardi.", without_papers="inutile")
        said = Move.objects.get(intervention_id=key, verb="answer").why
    assert "papiers" not in said


def test_papers_that_only_help_are_not_waited_for(cast: Cast) -> None:
    key = begun(cast, "medical-appointment")
    with acting(cast.alice.actor):
        assert states(key)["health-card"] == "needed"
        for paper in Paper.objects.filter(intervention_id=key, code__in=("referral", "prescription")):
            set_paper(paper.pk, "received")
        assert answer(key, "done", "Mardi à 10 h.").state == "answered"


def test_one_gesture_asks_for_what_is_missing_and_waits_for_it(cast: Cast) -> None:
    key = begun(cast)
    with acting(cast.alice.actor):
        had = Paper.objects.get(intervention_id=key, code="photo")
        set_paper(had.pk, "received")
        assert wait_for_papers(key).state == "waiting_paper"
        why = Move.objects.get(intervention_id=key, verb="wait_paper").why
        assert "Photo" not in why
        assert "pièce d’identité" in why
        assert states(key)["identity"] == "asked"
        assert states(key)["photo"] == "received"


def test_when_nothing_is_missing_there_is_nothing_to_wait_for(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with acting(cast.alice.actor):
        start(key)
        with pytest.raises(Refused) as refused:
            wait_for_papers(key)
    assert refused.value.code == "nothing-missing"
