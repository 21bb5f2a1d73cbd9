"""The benches of pages and requests, small and whole: a demo of a few people, its own pages, its own verbs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bench.desk import READ
from bench.drivers.ours_desk import pages
from bench.drivers.ours_open import opening
from bench.tools.driven import Counted
from gruppetto.cli.places import PROJECT
from gruppetto.kernel.actors import acting
from gruppetto.service.contacts.models import ContactReason
from gruppetto.service.interventions.models import Intervention
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.support import factories as make


def run(name: str, folder: Path, *words: str) -> dict[str, dict[str, float]]:
    """As the command line does, in a process of its own: a bench is the owner of its database."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GRUPPETTO", "DJANGO"))
    }
    call = "import sys; from gruppetto.cli import main; sys.exit(main(sys.argv[1:]))"
    asked = ["bench", name, "--json", "--scale", "40", "--folder", str(folder), "--no-peers", *words]
    said = subprocess.run(
        [sys.executable, "-c", call, *asked],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=environment,
        timeout=240,
    )
    assert said.returncode in (0, 1), said.stderr
    found: dict[str, dict[str, float]] = json.loads(said.stdout)
    return found


@pytest.mark.django_db
def test_every_page_of_the_bench_can_be_read(cast: Cast) -> None:
    row = make.intervention(cast.jeanne, cast.alice)
    scope = {
        "cookies": {name: one.value for name, one in cast.sylvie.signed_in.client().cookies.items()},
        "deep": str(row.pk),
        "worker": str(cast.alice.account.pk),
        "interventions": [str(row.pk)],
        "persons": [str(cast.jeanne.pk)],
        "words": {"frequent": "carte", "rare": "ornithorynque", "person": "Roux", "absent": "xylophoniste"},
    }
    acts = pages(scope)
    assert set(acts) == {*READ, "send"}
    for turn, act in enumerate(acts.values()):
        act(turn)


@pytest.mark.django_db
def test_the_act_of_the_bench_opens_a_request_of_a_contact(cast: Cast) -> None:
    act, counted = opening(cast.charlie.actor, [cast.jeanne.pk]), Counted()
    with connection.execute_wrapper(counted):
        opened = act(0)
    # One more here than in the bench: after the act, the test's transaction goes on and is given its actor back.
    assert counted.queries <= 15 + 1
    with acting(cast.alice.actor):
        assert Intervention.objects.get(contact_id=opened.contact_id).worker_id == cast.alice.account.pk
        assert ContactReason.objects.filter(contact_id=opened.contact_id, person_id=cast.jeanne.pk).exists()


@pytest.mark.soak
def test_pages_are_read_and_requests_opened(tmp_path: Path) -> None:
    told = run("desk", tmp_path, "--rounds", "1")
    assert set(told["not_measured"]) == {"django-helpdesk", "escalated-django"}
    figures = told["figures"]
    for act in READ:
        assert {f"{act}_{scope}_ms_p50" for scope in ("1", "13", "all")} <= set(figures)
        assert figures[f"{act}_all_queries"] >= 4
    assert figures["portfolios_1"] < figures["portfolios_all"]
    # The same database again: nothing is made anew.
    opened = run("open", tmp_path, "--times", "2")["figures"]
    assert opened["interventions"] == figures["interventions"] + 3
    assert opened["open_per_s"] > 0
