"""What we promise to everybody, and how well it was kept: read from rows, counted by a job beforehand (Q12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import promises, wording
from gruppetto.kernel.calendars import Amount, OpeningRules
from gruppetto.kernel.clock import PARIS
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.catalogue.vocabulary import Grade
from gruppetto.service.commitments.models import Measure
from gruppetto.service.commitments.reads import (
    PLATFORM,
    commitments,
    first_answers,
    hours_of,
    measures,
    usual,
)
from gruppetto.service.contacts.models import Contact

LEAST = 11
"""Fewer promises than this are not published apart: behind a small figure there are people."""

# How each channel's first answer is said.
CHANNELS = {
    Contact.Channel.PHONE: gettext_lazy("Au téléphone, quelqu’un décroche"),
    Contact.Channel.COUNTER: gettext_lazy("À l’accueil, quelqu’un vous reçoit"),
    Contact.Channel.CHAT: gettext_lazy("En discussion, quelqu’un vous répond"),
    Contact.Channel.SMS: gettext_lazy("À un SMS, quelqu’un vous répond"),
    Contact.Channel.EMAIL: gettext_lazy("À un courriel, quelqu’un vous répond"),
    Contact.Channel.PORTAL: gettext_lazy("Dans votre espace, quelqu’un vous répond"),
    Contact.Channel.SOCIAL: gettext_lazy("Sur un réseau social, quelqu’un vous répond"),
    Contact.Channel.LETTER: gettext_lazy("À une lettre, quelqu’un vous répond"),
}
GRADES = {
    Grade.SIMPLE: gettext_lazy("Demande simple"),
    Grade.ORDINARY: gettext_lazy("Demande courante"),
    Grade.COMPLEX: gettext_lazy("Demande complexe"),
    Grade.VERY_COMPLEX: gettext_lazy("Demande très complexe"),
}


@dataclass(frozen=True)
class Result:
    """Promises of one sort that ended in the window: how many, how many kept."""

    made: int
    kept: int

    @property
    def share(self) -> int:
        """Whole percents, never rounded up: 99.9 % is not « all »."""
        return self.kept * 100 // self.made

    @property
    def words(self) -> str:
        """``92 % tenus (sur 1 204)``."""
        return _("%(share)s %% tenus (sur %(made)s)") % {
            "share": self.share,
            "made": wording.number(self.made),
        }


@dataclass(frozen=True)
class Line:
    """One promise as published; ``result`` None when too few ended, or when it is not ``measured`` yet."""

    code: str
    label: str
    target: Amount
    result: Result | None
    measured: bool = True

    @property
    def delay(self) -> str:
        """``3 jours ouvrés``."""
        return promises.amount(self.target)

    @property
    def said(self) -> str:
        """The result in words, or why there is none."""
        if self.result:
            return self.result.words
        return (
            _("moins de %(least)s demandes : non publié") % {"least": LEAST}
            if self.measured
            else _("pas encore mesuré")
        )


@dataclass(frozen=True)
class Published:
    """Everything the page and the JSON show."""

    at: datetime
    measured_at: datetime | None
    days: int
    overall: Result | None
    grades: list[Line]
    channels: list[Line]
    kinds: list[Line]
    hours: OpeningRules


def published(at: datetime) -> Published:
    """What is promised at ``at`` with the figures taken last (6 queries)."""
    rows, taken = commitments(at), measures()
    found = {(one.sort, one.code): one for one in taken}
    first = first_answers(rows)

    def line(sort: str, code: str, label: str, target: Amount, *, measured: bool = True) -> Line:
        return Line(code, label, target, _result(found.get((sort, code))), measured and bool(taken))

    pressing = usual("", Grade.SIMPLE, rows, urgent=True)
    return Published(
        at=at,
        measured_at=taken[0].at if taken else None,
        days=taken[0].days if taken else 0,
        overall=_result(found.get(("all", ""))),
        grades=[
            line("grade", "urgent", _("Demande urgente"), pressing),
            *(
                line("grade", grade.value, str(label), usual("", grade, rows))
                for grade, label in GRADES.items()
            ),
        ],
        channels=[
            line("first", code.value, str(label), first[code], measured=code == Contact.Channel.PHONE)
            for code, label in CHANNELS.items()
            if code in first
        ],
        kinds=[
            line("kind", kind.code, kind.label, usual(kind.code, kind.grade, rows, urgent=kind.urgent))
            for kind in kinds_in_force(at)
        ],
        hours=hours_of(PLATFORM, at),
    )


def _result(one: Measure | None) -> Result | None:
    return Result(one.made, one.kept) if one and one.made >= LEAST else None


def as_json(shown: Published) -> dict[str, Any]:
    """The same, for machines: times in ISO 8601, delays as count and unit, a share with its two numbers."""
    today = shown.at.astimezone(PARIS).date()
    return {
        "at": shown.at.isoformat(),
        "measured": {
            "at": shown.measured_at and shown.measured_at.isoformat(),
            "days": shown.days,
            "least_published": LEAST,
            "all": _result_json(shown.overall),
        },
        "answers": [_line_json(line) for line in shown.grades],
        "first_answers": [_line_json(line) for line in shown.channels],
        "kinds": [_line_json(line) for line in shown.kinds],
        "opening": [
            {"day": day.isoformat(), "hours": [str(period) for period in shown.hours.periods(day)]}
            for day in (today + timedelta(days=n) for n in range(14))
        ],
        "time_zone": shown.hours.zone,
    }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "code": str(line.code),
        "label": line.label,
        "delay": {"count": line.target.count, "unit": f"business_{line.target.unit}"},
        "result": _result_json(line.result),
    }


def _result_json(result: Result | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {"made": result.made, "kept": result.kept, "share": round(result.kept / result.made, 4)}
