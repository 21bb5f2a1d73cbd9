"""Two interventions made one, and undone; one made two; two that have to do with each other."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.identifiers.references import new_reference
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import (
    Attachment,
    Follow,
    Intervention,
    Link,
    Merge,
    Note,
    Paper,
    State,
)
from gruppetto.service.interventions.verbs.drawing import redrawn
from gruppetto.service.interventions.verbs.opening import trace_opening
from gruppetto.service.interventions.verbs.steps import (
    get,
    record,
    same_person,
    step,
    tell_followers,
    who_am_i,
    write,
)

Keys = Sequence[UUID]


# --- two made one -------------------------------------------------------------------------------------


@verb
def merge(kept_id: UUID, absorbed_id: UUID, why: str) -> Merge:
    """Make ``absorbed_id`` a part of ``kept_id``, of the same person: papers, documents, times, followers, story.

    The promise of the one kept is the earlier of the two; the other is « réunie », with the way to the one kept.
    Raises ``Refused`` (why-missing, same-intervention, other-person, state-forbidden), ``NotYours``, ``TooLate``.
    """
    if not why.strip():
        raise Refused(
            _("Dites pourquoi ces deux demandes n’en font qu’une."), code="why-missing", field="why"
        )
    if kept_id == absorbed_id:
        raise Refused(_("Choisissez deux demandes différentes."), code="same-intervention", field="other")
    kept, absorbed = get(kept_id), get(absorbed_id)
    if kept.subject_id != absorbed.subject_id:
        raise Refused(
            _("Ces deux demandes ne sont pas de la même personne : liez-les plutôt."),
            code="other-person",
            field="other",
        )
    states.check("merge", absorbed.state, who_am_i(absorbed))
    states.check_beside("absorb", kept.state, who_am_i(kept))
    at = now()
    before = {"kept": _dated(kept), "absorbed": {**_dated(absorbed), "state": absorbed.state}}
    given = _earlier_promise(kept, absorbed, at)
    # From the state it was in, told with the reason: undone, it is to be begun again.
    step(absorbed, "merge", why=why, at=at, merged_into_id=kept.pk)
    moved = {**_take_over(kept, absorbed), "clock": given["clock"], "seconds": absorbed.seconds_spent}
    write(kept, {**given, "seconds_spent": kept.seconds_spent + absorbed.seconds_spent})
    for account_id in Follow.objects.filter(intervention=absorbed).values_list("account_id", flat=True):
        Follow.objects.get_or_create(
            intervention=kept, account_id=account_id, defaults={**same_person(kept), "at": at}
        )
    done = Merge.objects.create(
        **same_person(kept),
        kept=kept,
        absorbed=absorbed,
        before=before,
        moved=moved,
        at=at,
        account_id=current_actor().account_id,
    )
    record("intervention.absorbed", kept, other=absorbed.pk)
    outbox.publish(events.MOVED, kept.pk, portfolio_id=kept.portfolio_id)
    tell_followers(kept, at)
    return done


def _dated(intervention: Intervention) -> dict[str, Any]:
    return {
        "clock": intervention.clock,
        "due_at": intervention.due_at.isoformat(),
        "first_due_at": intervention.first_due_at.isoformat(),
    }


def _earlier_promise(kept: Intervention, absorbed: Intervention, at: datetime) -> dict[str, Any]:
    """The clock that falls due first, as it runs in the state of the one kept."""
    fell = []
    for one in (kept, absorbed):
        promise = Promise.from_json(one.clock).entering(kept.state, at)
        fell.append((promise.due(unless_stopped=one.due_at), promise))
    due_at, promise = min(fell, key=lambda pair: pair[0])
    return {
        "clock": promise.to_json(),
        "due_at": due_at,
        "first_due_at": min(kept.first_due_at, absorbed.first_due_at),
    }


def _take_over(kept: Intervention, absorbed: Intervention) -> dict[str, Any]:
    """Papers and documents that the one kept does not have go to it; a paper both list is received if one is."""
    own = {paper.code: paper for paper in Paper.objects.filter(intervention=kept)}
    papers, filled = [], []
    for paper in Paper.objects.filter(intervention=absorbed).order_by("id"):
        same = own.get(paper.code)
        if same is None:
            papers.append(paper.pk)
        elif paper.state == Paper.State.RECEIVED and same.state != Paper.State.RECEIVED:
            filled.append([str(same.pk), same.state, same.file_id and str(same.file_id)])
            same.state, same.file_id = paper.state, paper.file_id
            same.save(update_fields=["state", "file_id"])
    Paper.objects.filter(pk__in=papers).update(intervention=kept)
    held = Attachment.objects.filter(intervention=kept).values("file_id")
    documents = list(
        Attachment.objects.filter(intervention=absorbed)
        .exclude(file_id__in=held)
        .values_list("pk", flat=True)
    )
    Attachment.objects.filter(pk__in=documents).update(intervention=kept)
    return {"papers": list(map(str, papers)), "documents": list(map(str, documents)), "filled": filled}


@verb
def unmerge(absorbed_id: UUID, why: str) -> Intervention:
    """Undo a merge: the intervention lives again, confided as before, with its papers, documents and promise.

    What was written on the one kept since stays there. Its own promise comes back unless it was stopped, taken up
    again or changed meanwhile: then the earlier one stays. Raises ``Refused`` (not-merged, kept-is-over, why-missing),
    ``NotYours``, ``TooLate``.
    """
    if not why.strip():
        raise Refused(_("Dites pourquoi ce sont bien deux demandes."), code="why-missing", field="why")
    absorbed, at = get(absorbed_id), now()
    undo = "unmerge" if absorbed.worker_id else "unmerge_to_queue"
    states.check(undo, absorbed.state, who_am_i(absorbed))
    done = Merge.objects.select_related("kept").filter(absorbed=absorbed, undone_at=None).first()
    if done is None:
        raise Refused(_("Cette demande n’est pas réunie à une autre."), code="not-merged")
    kept = done.kept
    if kept.state not in states.BEFORE_ANSWER:
        raise Refused(
            _("La demande gardée est %(state)s : rouvrez-la d’abord.")
            % {"state": states.LIFE.states[kept.state].label},
            code="kept-is-over",
        )
    step(
        absorbed,
        undo,
        why=why,
        at=at,
        promise=Promise.from_json(done.before["absorbed"]["clock"]),
        merged_into_id=None,
    )
    if not Merge.objects.filter(pk=done.pk, undone_at=None).update(
        undone_at=at, undone_by=current_actor().account_id
    ):
        raise TooLate(_("Un collègue vient de séparer ces demandes."), code="merge-undone")
    _give_back(done, kept, absorbed)
    values: dict[str, Any] = {"seconds_spent": max(kept.seconds_spent - done.moved["seconds"], 0)}
    if kept.clock == done.moved["clock"]:
        was = done.before["kept"]
        promise = Promise.from_json(was["clock"]).entering(kept.state, at)
        values |= {
            "clock": promise.to_json(),
            "due_at": promise.due(unless_stopped=datetime.fromisoformat(was["due_at"])),
            "first_due_at": datetime.fromisoformat(was["first_due_at"]),
        }
    write(kept, values)
    outbox.publish(events.MOVED, kept.pk, portfolio_id=kept.portfolio_id)
    tell_followers(kept, at)
    return absorbed


def _give_back(done: Merge, kept: Intervention, absorbed: Intervention) -> None:
    Paper.objects.filter(pk__in=done.moved["papers"], intervention=kept).update(intervention=absorbed)
    Attachment.objects.filter(pk__in=done.moved["documents"], intervention=kept).update(intervention=absorbed)
    theirs = dict(Paper.objects.filter(intervention=absorbed).values_list("code", "file_id"))
    for key, state, file_id in done.moved["filled"]:
        paper = Paper.objects.filter(pk=key, state=Paper.State.RECEIVED).first()
        # Sent since for the one kept: it is theirs.
        if paper is not None and paper.file_id == theirs.get(paper.code):
            paper.state, paper.file_id = state, file_id
            paper.save(update_fields=["state", "file_id"])


# --- one made two -------------------------------------------------------------------------------------


@redrawn
@verb
def split(
    intervention_id: UUID,
    title: str,
    *,
    kind: str = "",
    papers: Keys = (),
    documents: Keys = (),
    notes: Keys = (),
) -> Intervention:
    """Make a second intervention of a part of this one, with the same promise and the same worker.

    ``kind``: the catalogue code of the second one, the same unless said. ``papers`` and ``documents`` go to it;
    ``notes`` are repeated there, with their author and date. Raises ``Refused`` (title-missing, state-forbidden),
    ``NotYours``, ``Unknown`` (no such kind).
    """
    if not title.strip():
        raise Refused(_("Dites ce qui est demandé dans la deuxième."), code="title-missing", field="title")
    first, at = get(intervention_id), now()
    states.check_beside("split", first.state, who_am_i(first))
    promise = Promise.from_json(first.clock).entering(State.ASSIGNED, at)
    second = Intervention(
        **same_person(first),
        **_same_request(first) if kind in ("", first.kind) else _other_kind(kind, at),
        person_id=first.subject_id,
        contact_id=first.contact_id,
        reference=new_reference("I", secrets.randbelow),
        title=title.strip()[:160],
        urgent=first.urgent,
        state=State.ASSIGNED if first.worker_id else State.OPENED,
        worker_id=first.worker_id,
        queue_reason=first.queue_reason,
        opened_at=first.opened_at,
        state_since=at,
        clock=promise.to_json(),
        due_at=promise.due(unless_stopped=first.due_at),
        first_due_at=first.first_due_at,
    )
    second.save(force_insert=True)
    moved = {
        "papers": Paper.objects.filter(intervention=first, pk__in=papers).update(intervention=second),
        "documents": Attachment.objects.filter(intervention=first, pk__in=documents).update(
            intervention=second
        ),
        "notes": _repeat_notes(first, second, notes),
    }
    if second.kind != first.kind:
        _list_missing_papers(second, at)
    trace_opening(second, at, _("séparée de %(reference)s") % {"reference": first.reference})
    _link(second, first, Link.Kind.SPLIT, at)
    record("intervention.split", first, other=second.pk, **moved)
    outbox.publish(events.MOVED, first.pk, portfolio_id=first.portfolio_id)
    tell_followers(first, at)
    return second


def _same_request(first: Intervention) -> dict[str, Any]:
    names = ("kind", "kind_version", "domain", "grade", "price_class", "sensitivity", "reason", "answers")
    return {name: getattr(first, name) for name in names}


def _other_kind(kind: str, at: datetime) -> dict[str, Any]:
    content = kind_in_force(kind, at)
    return {
        "kind": content.code,
        "kind_version": content.version,
        "domain": content.domain,
        "grade": script.effects(content, {}).grade,
        "price_class": content.price_class,
        "sensitivity": content.sensitivity,
        "reason": content.reason,
        "answers": {},
    }


def _repeat_notes(first: Intervention, second: Intervention, notes: Keys) -> int:
    chosen = Note.objects.filter(intervention=first, pk__in=notes).order_by("at", "id")
    copies = [
        Note(
            **same_person(second),
            intervention=second,
            whom=note.whom,
            text=note.text,
            at=note.at,
            account_id=note.account_id,
            author=note.author,
            copied_from=note.pk,
        )
        for note in chosen
    ]
    return len(Note.objects.bulk_create(copies))


def _list_missing_papers(second: Intervention, at: datetime) -> None:
    listed = set(Paper.objects.filter(intervention=second).values_list("code", flat=True))
    Paper.objects.bulk_create(
        Paper(
            **same_person(second),
            intervention=second,
            code=paper.code,
            label=paper.label[:160],
            reason=paper.why[:300],
        )
        for paper in script.papers(kind_in_force(second.kind, at), {})
        if paper.code not in listed
    )


# --- two that have to do with each other --------------------------------------------------------------


@verb
def link(intervention_id: UUID, other_id: UUID, kind: str) -> Link:
    """Note that ``intervention_id`` has to do with ``other_id`` (``Link.Kind``); both must be in sight.

    Raises ``Refused`` (link-kind, or the constraint's sentence: linked already, to itself), ``NotYours``, ``Unknown``.
    """
    if kind not in Link.Kind.values or kind == Link.Kind.SPLIT:
        raise Refused(_("Dites quel rapport ont ces deux demandes."), code="link-kind", field="kind")
    one, other = get(intervention_id), get(other_id)
    states.check_beside("link", one.state, who_am_i(one))
    drawn = _link(one, other, kind, now())
    for seen in (one, other):
        outbox.publish(events.MOVED, seen.pk, portfolio_id=seen.portfolio_id)
    return drawn


def _link(one: Intervention, other: Intervention, kind: str, at: datetime) -> Link:
    drawn = Link.objects.create(
        **same_person(one),
        intervention=one,
        other=other,
        kind=kind,
        at=at,
        account_id=current_actor().account_id,
    )
    record("intervention.linked", one, other=other.pk, kind=kind)
    return drawn


@verb
def unlink(link_id: UUID) -> None:
    """These two have nothing to do with each other after all. Raises ``Unknown``, ``NotYours``."""
    drawn = Link.objects.select_related("intervention").filter(pk=link_id).first()
    if drawn is None:
        raise Unknown(_("Ce lien n’existe plus."), code="link-unknown")
    one = get(drawn.intervention_id)
    states.check_beside("link", one.state, who_am_i(one))
    drawn.delete()
    record("intervention.unlinked", one, other=drawn.other_id, kind=drawn.kind)
    outbox.publish(events.MOVED, one.pk, portfolio_id=one.portfolio_id)
