"""Interventions follow their person; the same request open on both records is for a human to see."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.registry.people.merging import BOTH, Choice, Conflict, Fact, Pair, Part, declare_merging
from gruppetto.service.interventions.models import ACTIVE, Intervention

MOST = 1_000


def interventions(pair: Pair) -> Part:
    """Those open on each side; two of one kind must be seen before merging, they stay two until joined by hand."""
    open_ = Intervention.objects.filter(subject_id__in=pair.ids, state__in=ACTIVE).order_by("opened_at", "id")
    ours, theirs = pair.split(open_[:MOST])
    counts = [Intervention.objects.filter(subject_id=one).order_by()[:MOST].count() for one in pair.ids]
    conflicts = []
    for one in ours:
        for other in theirs:
            if one.kind == other.kind:
                conflicts.append(
                    Conflict(
                        f"intervention_{other.reference}",
                        _("%(one)s et %(other)s : est-ce la même demande ?")
                        % {"one": _shown(one), "other": _shown(other)},
                        (
                            Choice(BOTH, _("Ce sont deux demandes : je garde les deux.")),
                            Choice(
                                "same", _("C’est la même : je les réunirai depuis la page de la demande.")
                            ),
                        ),
                    )
                )
    return Part(
        _("Demandes"),
        (
            Fact(_("Toutes les demandes"), *(_count(number) for number in counts)),
            Fact(_("Demandes ouvertes"), _list(ours), _list(theirs)),
        ),
        tuple(conflicts),
    )


def _shown(one: Intervention) -> str:
    return f"{one.reference} ({one.title})"


def _list(rows: list[Intervention]) -> str:
    return ", ".join(_shown(row) for row in rows)


def _count(number: int) -> str:
    return (
        ngettext("%(number)s demande", "%(number)s demandes", number) % {"number": number} if number else ""
    )


declare_merging("interventions", interventions, order=30)
