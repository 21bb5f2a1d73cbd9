"""Two people on one intervention at the same time: exactly one effect (quality.md, « Reliability »)."""

from __future__ import annotations

from threading import Barrier, Thread

from django.db import connection

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.launcher import Server
from gruppetto.service.interventions.models import Intervention, Move
from gruppetto.service.interventions.verbs import wait
from gruppetto.settings.databases import from_url
from tests.service.conftest import on_stage
from tests.service.interventions import stage
from tests.support import factories as make


def test_of_two_who_act_at_once_one_is_first_and_the_other_is_told(committed: str, server: Server) -> None:
    connection.close()
    connection.settings_dict.update(from_url(server.owner_url(committed)))
    cast = on_stage()
    key = stage.put(make.intervention(cast.jeanne, cast.alice), "in_progress").pk
    connection.close()
    connection.settings_dict.update(from_url(server.web_url(committed)))
    gate, outcomes = Barrier(2), []

    def hold(awaited: str) -> None:
        try:
            with acting(cast.alice.actor):
                Intervention.objects.get(pk=key)
                gate.wait(60)
                wait(key, awaited, "ce qu’il faut")
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=hold, args=(awaited,)) for awaited in ("person", "provider")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    # The slower one read the old state, or already the new one: either way it is told, and nothing is overwritten.
    assert sorted(outcomes) in (["done", "intervention-changed"], ["done", "state-forbidden"])
    with acting(cast.alice.actor):
        assert Move.objects.filter(intervention=key, verb__startswith="wait").count() == 1
        assert Intervention.objects.get(pk=key).version == 2
