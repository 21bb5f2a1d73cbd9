"""Acts on many: told line by line, never beyond one's rights, undone once, and only what is untouched."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.interventions.models import Intervention, Note
from gruppetto.service.interventions.verbs import start
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import BulkAct
from gruppetto.service.worklists.verbs import bulk as bulk_verbs
from gruppetto.service.worklists.verbs import decide, go_on, prepare, undo
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY, days
from tests.service.worklists.conftest import Work
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def done(who: make.Colleague, keys: list[UUID], act: str, **arguments: str) -> BulkAct:
    """An act on these interventions, from the choice to the end."""
    with acting(who.actor):
        bulk = prepare(ids=keys)
        decide(bulk.pk, act, arguments)
        return go_on(bulk.pk)


def told(bulk: BulkAct) -> list[tuple[str, str]]:
    """(state, code) of each line, in order."""
    return list(bulk.lines.order_by("rank").values_list("state", "code"))


def workers(*keys: UUID) -> list[UUID | None]:
    with as_owner():
        found = dict(Intervention.objects.values_list("pk", "worker_id"))
    return [found[key] for key in keys]


def test_several_are_entrusted_at_once_and_put_back_at_once(cast: Cast, work: Work) -> None:
    alice, bob = cast.alice.account.pk, cast.bob.account.pk
    with as_owner():
        before = list(
            Intervention.objects.order_by("pk").values("pk", "state", "worker_id", "due_at", "state_since")
        )
    bulk = done(
        cast.sylvie, [*work.jeanne, work.paul], "confier", account=str(cast.sylvie.account.pk), why="absences"
    )
    with acting(cast.sylvie.actor):
        assert told(bulk) == [("done", "")] * 4
    assert set(workers(*work.jeanne, work.paul)) == {cast.sylvie.account.pk}
    with acting(cast.sylvie.actor):
        assert undo(bulk.pk).state == "undone"
        assert told(bulk) == [("undone", "")] * 4
    assert workers(*work.jeanne, work.paul) == [alice, alice, alice, bob]
    with as_owner():
        assert before == list(
            Intervention.objects.order_by("pk").values("pk", "state", "worker_id", "due_at", "state_since")
        )
        assert Entry.objects.filter(verb="intervention.put_back").count() == 4
        entry = Entry.objects.get(verb="bulk.done")
        assert Body.objects.get(entry_id=entry.pk).data.count('"done":4') == 1


def test_each_goes_to_who_works_its_portfolio_today(cast: Cast, work: Work) -> None:
    done(
        cast.sylvie, [*work.jeanne, work.paul], "confier", account=str(cast.sylvie.account.pk), why="absences"
    )
    done(cast.sylvie, [*work.jeanne, work.paul], "confier", account="titulaire", why="retour")
    assert workers(work.jeanne[0], work.paul) == [cast.alice.account.pk, cast.bob.account.pk]


def test_what_is_refused_is_named_and_stops_nothing(cast: Cast, work: Work) -> None:
    stage.put(Intervention(pk=work.jeanne[1]), "answered", worker=cast.alice)
    # Bob does not see Jeanne's portfolio.
    bulk = done(
        cast.sylvie, [*work.jeanne, work.paul], "confier", account=str(cast.bob.account.pk), why="partage"
    )
    with acting(cast.sylvie.actor):
        assert told(bulk) == [
            ("refused", "cannot-see-it"),
            ("refused", "cannot-see-it"),
            ("refused", "cannot-see-it"),
            ("done", ""),
        ]
        assert all(bulk.lines.filter(state="refused").values_list("why", flat=True))
    assert workers(*work.jeanne) == [cast.alice.account.pk] * 3
    again = done(cast.sylvie, work.jeanne[:2], "confier", account=str(cast.sylvie.account.pk), why="partage")
    with acting(cast.sylvie.actor):
        assert told(again) == [("done", ""), ("refused", "state-forbidden")]


def test_only_the_untouched_is_put_back_once_and_soon(cast: Cast, work: Work) -> None:
    bulk = done(cast.alice, work.jeanne[:2], "commencer")
    with acting(cast.alice.actor):
        stage.put(Intervention(pk=work.jeanne[1]), "in_progress", worker=cast.alice)
    bulk_two = done(cast.alice, work.jeanne[:1], "attendre", awaited="paper", why="l’attestation")
    with acting(cast.alice.actor):
        undo(bulk.pk)
        assert told(bulk) == [("kept", "changed-since"), ("undone", "")]
        with pytest.raises(TooLate):
            undo(bulk.pk)
        with clock.at(clock.now() + bulk_verbs.UNDO_WITHIN * 1.01), pytest.raises(Refused, match="trop tard"):
            undo(bulk_two.pk)


def test_several_are_put_aside_and_taken_back(cast: Cast, work: Work) -> None:
    day = (clock.today() + days(7)).isoformat()
    bulk = done(cast.alice, work.jeanne, "cote", day=day, why="la mairie est fermée")
    with acting(cast.alice.actor):
        assert told(bulk) == [("done", "")] * 3
        assert Intervention.objects.filter(snoozed_until__isnull=False).count() == 3
        undo(bulk.pk)
        assert Intervention.objects.filter(snoozed_until__isnull=True, snooze_why="").count() == 3


def test_a_note_is_written_to_all_and_stays(cast: Cast, work: Work) -> None:
    bulk = done(cast.alice, work.jeanne, "noter", text="La caisse est fermée jusqu’à lundi.")
    with acting(cast.alice.actor):
        assert Note.objects.filter(whom="us").count() == 3
        with pytest.raises(Refused, match="ne s’efface pas"):
            undo(bulk.pk)


def test_nobody_acts_beyond_their_rights(cast: Cast, work: Work) -> None:
    with acting(cast.alice.actor):
        # Out of sight: as if it did not exist.
        bulk = prepare(ids=[work.paul, *work.jeanne, uuid4()])
        assert bulk.lines.count() == 3
        with pytest.raises(NotYours):
            decide(bulk.pk, "confier", {"account": str(cast.bob.account.pk), "why": "partage"})
        with pytest.raises(Refused, match="au moins une"):
            prepare(ids=[work.paul])
    for other in (cast.bob, cast.sylvie, cast.charlie):
        with acting(other.actor), pytest.raises(Unknown):
            go_on(bulk.pk)
    # A correspondent whose portfolio was lost between the choice and the act.
    with acting(cast.alice.actor):
        decide(bulk.pk, "commencer", {})
    with as_owner():
        cast.alice.record.holdings.all().delete()
    with acting(cast.alice.actor):
        assert set(told(go_on(bulk.pk))) == {("refused", "intervention-unknown")}


def test_a_big_one_is_done_in_chunks_and_goes_on_where_it_stopped(cast: Cast, work: Work) -> None:
    with acting(cast.alice.actor), clock.at(MONDAY + days(5)):
        bulk = prepare(filters=Filters.of(qui="moi"))
        assert bulk.query == "qui=moi"
        decide(bulk.pk, "commencer", {})
        with pytest.raises(TooLate):
            decide(bulk.pk, "commencer", {})
        assert go_on(bulk.pk, most=2).state == "running"
        assert [state for state, _code in told(bulk)] == ["done", "done", "to_do"]
        # Somebody else does one meanwhile.
        start(work.jeanne[2])
        assert go_on(bulk.pk, most=2).state == "done"
        assert told(bulk)[2] == ("refused", "state-forbidden")
        assert go_on(bulk.pk).state == "done"


def test_too_many_at_once_are_refused_before_anything(
    cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_verbs, "MOST", 2)
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refused:
            prepare(filters=Filters())
        assert refused.value.code == "bulk-too-big"
        assert not BulkAct.objects.exists()
        bulk = prepare(ids=work.jeanne)
        for act, given, code in (
            ("rien", {}, "act-unknown"),
            ("attendre", {"awaited": "paper"}, "why-missing"),
            ("noter", {"text": "  "}, "text-missing"),
        ):
            with pytest.raises(Refused) as refused:
                decide(bulk.pk, act, given)
            assert refused.value.code == code
