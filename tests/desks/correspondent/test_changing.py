"""The correspondent changes the kind or the urgency: the promise follows, and says so."""

from __future__ import annotations

import pytest

from gruppetto.kernel.clock import now
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.interventions.models import Intervention
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def test_another_kind_then_urgent(cast: Cast) -> None:
    one = make.intervention(cast.jeanne, cast.alice)
    address = f"/correspondant/interventions/{one.pk}/changer/"
    browser = cast.alice.signed_in.client()
    assert "Réponse promise avant" in browser.get(address).content.decode()
    other = next(kind.code for kind in kinds_in_force(now()) if kind.code != one.kind and not kind.urgent)
    missing = browser.post(address, {"form": "kind", "kind": other, "why": ""})
    assert missing.status_code == 422
    done = browser.post(address, {"form": "kind", "kind": other, "why": "c’est la mutuelle"})
    assert done["Location"] == f"/correspondant/interventions/{one.pk}/"
    assert browser.post(address, {"form": "urgency", "why": "coupure demain"}).status_code == 303
    with as_owner():
        changed = Intervention.objects.get(pk=one.pk)
    assert (changed.kind, changed.urgent) == (other, True)
    assert changed.due_at <= one.due_at


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    one = make.intervention(cast.jeanne, cast.alice)
    stranger = make.colleague("Zoé")
    found = stranger.signed_in.client().get(f"/correspondant/interventions/{one.pk}/changer/")
    assert found.status_code == 404
