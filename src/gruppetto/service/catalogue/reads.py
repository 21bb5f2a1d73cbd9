"""Questions about the catalogue; the number of queries is fixed and said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.search.text import sort_key
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.guides import Guide
from gruppetto.service.catalogue.models import DistressGuide, HelpLine, KindVersion, Reason, SubReason

# Little words that say nothing of the request.
EMPTY_WORDS = frozenset(
    [
        "a",
        "ai",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cette",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "faire",
        "faut",
        "il",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "ma",
        "me",
        "mes",
        "mon",
        "m",
        "n",
        "ne",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "se",
        "ses",
        "son",
        "sur",
        "t",
        "un",
        "une",
        "veut",
        "veux",
        "voudrait",
        "voudrais",
        "votre",
        "vous",
        "y",
    ]
)

# Kinds already read, by version and check: the content of a published version never changes (walls).
# Each time a reason is noted: written by hand, since to compile it took longer than to run it.
TO_NOTE = """
SELECT r.*, ARRAY(
    SELECT s.code FROM catalogue_subreason s
    WHERE s.reason_id = r.id AND s.valid_from <= %(at)s AND (s.valid_until IS NULL OR s.valid_until > %(at)s)) AS subs
FROM catalogue_reason r
WHERE r.code = ANY (%(codes)s) AND r.valid_from <= %(at)s AND (r.valid_until IS NULL OR r.valid_until > %(at)s)
ORDER BY r.position, r.id
"""
_parsed: dict[tuple[UUID, str, date | None], Kind] = {}


# Versions with their content as text: published, it never changes, and is read once in a process.
_unread = KindVersion.objects.defer("content").annotate(text=Cast("content", TextField()))


def in_force(at: datetime) -> Q:
    """Rows in force at the moment ``at`` (aware)."""
    return Q(valid_from__lte=at) & (Q(valid_until=None) | Q(valid_until__gt=at))


def kind_in_force(code: str, at: datetime) -> Kind:
    """The kind ``code`` as it was at ``at``; raises ``Unknown`` (unknown-kind). One query."""
    return _kind(_unread.filter(in_force(at), kind_id=code, published=True).first())


def kind_version(code: str, number: int) -> Kind:
    """The version of a kind that an intervention was opened with; raises ``Unknown``. One query."""
    return _kind(_unread.filter(kind_id=code, number=number).first())


def kinds_in_force(at: datetime) -> tuple[Kind, ...]:
    """All kinds at ``at``, by label. One query."""
    versions = _unread.filter(in_force(at), published=True)
    return tuple(sorted(map(_kind, versions), key=lambda kind: sort_key(kind.label)))


def search_kinds(text: str, at: datetime, limit: int = 8) -> tuple[Kind, ...]:
    """Kinds whose label or words begin with the words typed, accents and little words ignored; best first.

    An empty text gives them all, by label. One query.
    """
    kinds = kinds_in_force(at)
    typed = [word for word in sort_key(text).split() if word not in EMPTY_WORDS]
    if not typed:
        return kinds if not text.strip() else ()
    found = [(_score(kind, typed), kind) for kind in kinds]
    best = sorted((pair for pair in found if pair[0] > (0, 0)), key=lambda pair: pair[0], reverse=True)
    return tuple(kind for _points, kind in best[:limit])


def _score(kind: Kind, typed: Iterable[str]) -> tuple[int, int]:
    """How many typed words are found anywhere, then how many in the label."""
    label = sort_key(kind.label).split()
    anywhere = [*label, *sort_key(" ".join((*kind.words, str(kind.sub_domain.label)))).split()]
    return (
        sum(any(word.startswith(begun) for word in anywhere) for begun in typed),
        sum(any(word.startswith(begun) for word in label) for begun in typed),
    )


def reasons_in_force(at: datetime) -> list[Reason]:
    """The reasons on the screen at ``at``, in order, each with its ``sub_reasons`` then in force. Two queries."""
    subs = SubReason.objects.filter(in_force(at)).order_by("position", "id")
    return list(
        Reason.objects.filter(in_force(at))
        .prefetch_related(Prefetch("sub_reasons", queryset=subs))
        .order_by("position", "id")
    )


def reasons_to_note(codes: Iterable[str], at: datetime) -> list[tuple[Reason, list[str]]]:
    """Those of the reasons ``codes`` in force at ``at``, each with the codes of its sub-reasons then. One query."""
    found: Any = Reason.objects.raw(TO_NOTE, {"codes": sorted(set(codes)), "at": at})
    return [(one, one.subs) for one in found]


def repeat_days(code: str, at: datetime) -> int:
    """Days within which the reason ``code`` again is a repeat; raises ``Unknown`` (unknown-reason). One query."""
    days = Reason.objects.filter(in_force(at), code=code).values_list("repeat_days", flat=True).first()
    if days is None:
        raise Unknown(_("Ce motif de contact n’existe pas."), code="unknown-reason")
    return days


def help_lines_in_force(at: datetime) -> QuerySet[HelpLine]:
    """The numbers of the distress panel at ``at``, in order. One query."""
    return HelpLine.objects.filter(in_force(at)).order_by("position", "id")


def guides_in_force(at: datetime) -> tuple[Guide, ...]:
    """What to do for somebody in distress, in the order of the panel. One query."""
    rows = DistressGuide.objects.filter(in_force(at)).order_by("position", "id")
    return tuple(_parsed_guide(row) for row in rows)


def _kind(version: Any) -> Kind:
    if version is None:
        raise Unknown(_("Cette démarche n’existe pas."), code="unknown-kind")
    check = {"checked_by": version.checked_by, "checked_on": version.checked_on}
    key = (version.pk, version.checked_by, version.checked_on)
    kind = _parsed.get(key)
    if kind is None:
        kind = Kind.from_dict({**json.loads(version.text), **check}, version.kind_id, version=version.number)
        if version.published:
            _parsed[key] = kind
    return kind


def _parsed_guide(row: DistressGuide) -> Guide:
    check = {"checked_by": row.checked_by, "checked_on": row.checked_on}
    return Guide.from_dict({**row.content, **check}, row.code)
