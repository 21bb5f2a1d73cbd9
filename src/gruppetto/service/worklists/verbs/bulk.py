"""One act on many interventions: chosen and counted, done in chunks line by line, undone once within minutes.

Each chunk is a transaction of the one who acts, under their own row security: the worker of the platform sees
everything and must not act in somebody's place. A chunk that is lost is done again by the next; a line is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.access.rules import abilities_of
from gruppetto.kernel.actors import current_actor, human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.service.interventions.events import MOVED
from gruppetto.service.interventions.models import Intervention, Move
from gruppetto.service.interventions.verbs.steps import same_person
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.acts import act_of
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import BulkAct, BulkLine

MOST = 500
CHUNK = 50
UNDO_WITHIN = timedelta(minutes=10)
# What undoing puts back: column → its type in SQL.
PUT_BACK = {
    "state": "text",
    "worker_id": "uuid",
    "queue_reason": "text",
    "clock": "jsonb",
    "due_at": "timestamptz",
    "state_since": "timestamptz",
    "back_at": "timestamptz",
    "snoozed_until": "timestamptz",
    "snooze_why": "text",
}


@verb
def prepare(*, filters: Filters | None = None, ids: Iterable[UUID] = ()) -> BulkAct:
    """Choose the interventions ``ids``, or all those that ``filters`` ask, in the order of the list.

    Raises ``Refused`` (bulk-empty, bulk-too-big).
    """
    if filters is not None:
        asked = reads.ask(filters)
        if reads.total(asked, cap=MOST).capped:
            raise Refused(
                _("On agit sur %(most)s demandes à la fois au plus : ajoutez un filtre.") % {"most": MOST},
                code="bulk-too-big",
            )
        found = [row.pk for chunk in reads.in_order(asked) for row in chunk]
    else:
        wanted = list(dict.fromkeys(ids))[:MOST]
        visible = set(Intervention.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        found = [key for key in wanted if key in visible]
    if not found:
        raise Refused(_("Choisissez au moins une demande de la liste."), code="bulk-empty")
    bulk = BulkAct.objects.create(
        account_id=human(),
        query=filters.query() if filters is not None else "",
        prepared_at=now(),
    )
    BulkLine.objects.bulk_create(
        BulkLine(bulk=bulk, intervention_id=key, rank=rank) for rank, key in enumerate(found, start=1)
    )
    return bulk


@verb
def decide(bulk_id: UUID, code: str, arguments: Mapping[str, str]) -> BulkAct:
    """Say what is to be done to them; ``go_on`` does it. Twice the same decision is one.

    Raises ``Refused`` (act-unknown, …-missing), ``NotYours`` (ability-missing), ``TooLate`` (bulk-decided).
    """
    bulk, act = get(bulk_id), act_of(code)
    given = act.check(arguments)
    if act.ability not in abilities_of(current_actor().role):
        raise NotYours(_("Votre rôle ne permet pas ce geste."), code="ability-missing", field="act")
    decided = BulkAct.objects.filter(pk=bulk.pk, state=BulkAct.State.PREPARED)
    if not decided.update(state=BulkAct.State.RUNNING, act=code, arguments=given):
        raise TooLate(_("Ce geste est déjà décidé : regardez où il en est."), code="bulk-decided")
    return get(bulk_id)


@verb
def go_on(bulk_id: UUID, most: int = CHUNK) -> BulkAct:
    """Do the next ``most`` lines of an act under way; when none is left, it is done. Safe to call again."""
    bulk = get(bulk_id)
    if bulk.state != BulkAct.State.RUNNING:
        return bulk
    act = act_of(bulk.act)
    to_do = bulk.lines.select_for_update(skip_locked=True, of=("self",))
    lines = list(to_do.filter(state=BulkLine.State.TO_DO).order_by("rank")[:most])
    rows = Intervention.objects.in_bulk([line.intervention_id for line in lines])
    for line in lines:
        _do(line, rows.get(line.intervention_id), lambda one: act.run(one, bulk.arguments))
    BulkLine.objects.bulk_update(lines, ["state", "code", "why", "before", "version"])
    if not bulk.lines.filter(state=BulkLine.State.TO_DO).exists():
        _finish(bulk)
    return bulk


@verb
def undo(bulk_id: UUID) -> BulkAct:
    """Put back what it was, once, within ten minutes: only what nobody touched since; the rest is kept and named.

    Raises ``Refused`` (bulk-not-undone, undo-too-late), ``TooLate`` (bulk-undone).
    """
    bulk = get(bulk_id)
    if not act_of(bulk.act).undone:
        raise Refused(_("Une note écrite ne s’efface pas."), code="bulk-not-undone")
    if bulk.done_at is None or now() - bulk.done_at > UNDO_WITHIN:
        raise Refused(_("Il est trop tard pour annuler ce geste d’un coup."), code="undo-too-late")
    if not BulkAct.objects.filter(pk=bulk.pk, state=BulkAct.State.DONE).update(
        state=BulkAct.State.UNDONE, undone_at=now()
    ):
        raise TooLate(_("Ce geste est déjà annulé."), code="bulk-undone")
    done = bulk.lines.filter(state=BulkLine.State.DONE)
    after = dict(done.values_list("intervention_id", "intervention__state"))
    back = _put_back(bulk)
    for row in Intervention.objects.filter(pk__in=back).order_by("pk"):
        _trace(row, after[row.pk])
    done.filter(intervention_id__in=back).update(state=BulkLine.State.UNDONE)
    kept = done.update(
        state=BulkLine.State.KEPT, code="changed-since", why=_("Quelqu’un y a travaillé depuis : gardée.")
    )
    journal.act(
        "bulk.undone",
        subject=("worklists.bulkact", bulk.pk),
        body={"act": bulk.act, "lines": len(after), "undone": len(back), "kept": kept},
    )
    return get(bulk_id)


def get(bulk_id: UUID) -> BulkAct:
    """One's own bulk act. Raises ``Unknown``."""
    bulk = BulkAct.objects.filter(pk=bulk_id).first()
    if bulk is None:
        raise Unknown(_("Ce geste groupé n’existe pas."), code="bulk-unknown")
    return bulk


def _do(line: BulkLine, row: Intervention | None, run: Any) -> None:
    """Do one line; a refusal is written beside it and stops nothing."""
    if row is None:
        line.state, line.code = BulkLine.State.REFUSED, "intervention-unknown"
        line.why = _("Elle n’est plus dans votre périmètre.")
        return
    line.before = {name: _plain(getattr(row, name)) for name in PUT_BACK}
    try:
        done = run(row)
    except Refused as refused:
        line.state, line.code, line.why = BulkLine.State.REFUSED, refused.code, str(refused.message)[:300]
        return
    line.state = BulkLine.State.DONE
    line.version = getattr(done, "version", None)


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value if value is None or isinstance(value, (str, dict)) else str(value)


def _finish(bulk: BulkAct) -> None:
    moved = BulkAct.objects.filter(pk=bulk.pk, state=BulkAct.State.RUNNING)
    if not moved.update(state=BulkAct.State.DONE, done_at=now()):
        return
    bulk.refresh_from_db()
    states = list(bulk.lines.values_list("state", flat=True))
    journal.act(
        "bulk.done",
        subject=("worklists.bulkact", bulk.pk),
        body={
            "act": bulk.act,
            "query": bulk.query,
            "lines": len(states),
            "done": states.count(BulkLine.State.DONE),
            "refused": states.count(BulkLine.State.REFUSED),
        },
    )


def _put_back(bulk: BulkAct) -> list[UUID]:
    """Give the interventions that nobody touched since what they had before; their ids (1 query)."""
    columns = ", ".join(f"{name} = (l.before->>'{name}')::{kind}" for name, kind in PUT_BACK.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE interventions_intervention i SET {columns}, version = i.version + 1"  # noqa: S608  # names are ours
            " FROM worklists_bulkline l WHERE l.bulk_id = %s AND l.state = 'done'"
            " AND i.id = l.intervention_id AND i.version = l.version RETURNING i.id",
            [bulk.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def _trace(row: Intervention, source: str) -> None:
    """The move, the journal and the fact of an intervention put back."""
    actor = current_actor()
    Move.objects.create(
        **same_person(row),
        intervention=row,
        source=source,
        target=row.state,
        verb="put_back",
        at=now(),
        account_id=actor.account_id,
        actor=actor.name,
    )
    journal.act(
        "intervention.put_back",
        subject=("interventions.intervention", row.pk),
        person_id=row.person_id,
        portfolio_id=row.portfolio_id,
        body={"source": source, "target": row.state},
    )
    outbox.publish(MOVED, row.pk, portfolio_id=row.portfolio_id)
