"""Contact reasons edited as dated rows: at most ten on the screen, one key each, what was shown before is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.catalogue.models import Reason, SubReason
from gruppetto.service.catalogue.reads import in_force, kinds_in_force
from gruppetto.service.catalogue.sheets import KEBAB

journal.declare("catalogue.reason_changed", _("a changé un motif de contact"), ("code",))
journal.declare("catalogue.reason_ended", _("a retiré un motif de contact"), ("code",))


@dataclass(frozen=True)
class Facts:
    """What a keeper says of a reason; ``subs``: (code, label) in order."""

    label: str
    hint: str
    shortcut: str
    repeat_days: int
    subs: Sequence[tuple[str, str]]


@verb
def change_reason(code: str, facts: Facts, *, new: bool = False) -> Reason:
    """Show the reason so from now on; the row before ends, contacts keep their code.

    Raises ``Unknown``; ``Refused``: code-taken, sub-reason-twice, sub-reason-named (a kind in force uses one that
    would go), or the rules of the database (ten at most, one key each).
    """
    at = now()
    before = Reason.objects.filter(in_force(at), code=code).first()
    if new and (not KEBAB.fullmatch(code) or len(code) > 40 or Reason.objects.filter(code=code).exists()):
        raise Refused(_("Un motif porte déjà ce nom."), code="code-taken", field="label")
    if before is None and not new:
        raise Unknown(_("Ce motif de contact n’existe pas."), code="unknown-reason")
    codes = [sub for sub, _label in facts.subs]
    if len(set(codes)) < len(codes):
        raise Refused(_("Deux sous-motifs portent le même nom."), code="sub-reason-twice", field="subs")
    _still_named(code, set(codes))
    kept = {} if before is None else _end(before)
    reason = Reason.objects.create(
        code=code,
        label=facts.label,
        hint=facts.hint,
        shortcut=facts.shortcut,
        repeat_days=facts.repeat_days,
        complaint=bool(before and before.complaint),
        protected=bool(before and before.protected),
        position=before.position if before else (Reason.objects.aggregate(m=Max("position"))["m"] or 0) + 1,
        valid_from=(before and before.valid_until) or at,
        created_by_id=current_actor().account_id,
    )
    for rank, (sub, label) in enumerate(facts.subs, 1):
        SubReason.objects.create(
            reason=reason,
            code=sub,
            label=label,
            protected=kept.get(sub, False),
            position=rank,
            valid_from=reason.valid_from,
            created_by_id=current_actor().account_id,
        )
    journal.act("catalogue.reason_changed", body={"code": code})
    return reason


@verb
def end_reason(code: str) -> None:
    """Show the reason no more. Raises ``Unknown``; ``Refused`` (reason-named: kinds in force belong to it)."""
    before = Reason.objects.filter(in_force(now()), code=code).first()
    if before is None:
        raise Unknown(_("Ce motif de contact n’existe pas."), code="unknown-reason")
    if before.complaint:
        raise Refused(_("On peut toujours se plaindre : ce motif reste."), code="complaint-stays")
    _still_named(code, None)
    _end(before)
    journal.act("catalogue.reason_ended", body={"code": code})


def _end(before: Reason) -> dict[str, bool]:
    """Close the reason and its sub-reasons now; returns which of these were protected."""
    at = now()
    subs = list(SubReason.objects.filter(reason=before, valid_until=None))
    SubReason.objects.filter(pk__in=[sub.pk for sub in subs]).update(valid_until=at)
    before.valid_until = at
    before.save(update_fields=["valid_until"])
    return {sub.code: sub.protected for sub in subs}


def _still_named(code: str, left: set[str] | None) -> None:
    """Refuse when a kind in force belongs to the reason, or to one of its sub-reasons that would go."""
    naming = [
        kind.label
        for kind in kinds_in_force(now())
        if kind.reason == code and (left is None or kind.sub_reason not in left)
    ]
    if naming:
        raise Refused(
            _("Des démarches en vigueur y sont rangées : %(labels)s.") % {"labels": ", ".join(naming)},
            code="reason-named",
            field="subs",
        )
