"""The stage of an ordinary day: one person for each scene, so that scenes play in any order on one platform."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.people.duplicates import finding
from gruppetto.registry.people.models import Person
from gruppetto.service.interventions.models import Paper
from tests.browser.stage import Stage, scene
from tests.service.conftest import Cast
from tests.service.interventions.stage import put
from tests.support import factories as make
from tests.support.races import as_owner_of

# The line of the one who complains, one that nobody knows, one whose caller gives up.
LUCIENNES, UNKNOWN, GAVE_UP = "+33561000002", "+33639980042", "+33639980050"
BOBS = (("Puech", "Paul"), ("Lacroix", "Josette"))
LONG_SINCE = timedelta(days=20)


def day(database: str) -> Stage:
    """``scene``, and: who complains, who calls from elsewhere, who waits too long, who is twice on record, Bob's."""
    stage = scene(database)
    assert stage.cast is not None
    cast = stage.cast
    with as_owner_of(database):
        lucienne = _settled(cast, "Fabre", "Lucienne")
        make.phone(lucienne, LUCIENNES)
        _settled(cast, "Gayraud", "Renée", within=cast.other)
        marcel, yvette = _settled(cast, "Delmas", "Marcel", title="mr"), _settled(cast, "Estève", "Yvette")
        bobs = [_settled(cast, *names, within=cast.other) for names in BOBS]
        for usage_name in ("", "Bouscatel"):
            _settled(cast, "Vidal", "Odette", usage_name=usage_name, birth_date=date(1938, 5, 3))
    with clock.at(clock.now() - LONG_SINCE):
        waits = make.intervention(marcel, cast.alice, complete=False, title="Sa retenue d’impôt")
    for one in (lucienne, yvette):
        make.intervention(one, cast.alice, "phone-contract", complete=False)
    for one in bobs:
        make.intervention(one, cast.bob, "train-ticket", complete=False)
    with as_owner_of(database):
        put(waits, "in_progress")
        Paper.objects.update(state=Paper.State.RECEIVED)
        with acting(Actor.job("people.compare")):
            finding.sweep()
    return stage


def _settled(cast: Cast, family_name: str, given_names: str, **more: Any) -> Person:
    """Somebody of Revel, followed by Alice unless said otherwise."""
    made = make.person(family_name, given_names, **{"within": cast.portfolio, **more})
    make.home(made, make.commune())
    return made
