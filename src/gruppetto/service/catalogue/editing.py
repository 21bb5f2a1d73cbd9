"""How kinds, help lines and distress guides are edited: their errors in a draft, and their coming into force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.organisations.models import Organisation
from gruppetto.service.catalogue import drafts
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.files import Known, unknown_references
from gruppetto.service.catalogue.guides import Guide, LineEntry
from gruppetto.service.catalogue.models import (
    DistressGuide,
    Draft,
    HelpLine,
    KindVersion,
    RequestKind,
)
from gruppetto.service.catalogue.reads import (
    guides_in_force,
    help_lines_in_force,
    in_force,
    kinds_in_force,
    reasons_in_force,
)
from gruppetto.service.catalogue.sheets import KEBAB, Sheet

DRAFT = "brouillon"
CHECK = ("checked_by", "checked_on")

journal.declare(
    "catalogue.unscheduled", _("a retiré une version qui n’avait pas commencé"), ("code", "number")
)
journal.declare("catalogue.withdrawn", _("a retiré une démarche du catalogue"), ("code", "number", "why"))


def known_codes(at: datetime) -> Known:
    """What a kind may name at ``at``. Five queries."""
    kinds = KindVersion.objects.filter(published=True).filter(Q(valid_until=None) | Q(valid_until__gt=at))
    return Known(
        reasons={
            reason.code: [sub.code for sub in reason.sub_reasons.all()] for reason in reasons_in_force(at)
        },
        kinds=frozenset(kinds.values_list("kind_id", flat=True)),
        guides=frozenset(guide.code for guide in guides_in_force(at)),
        providers=frozenset(Organisation.objects.exclude(key="").values_list("key", flat=True)),
    )


def kind_errors(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of a kind, as « key : what is expected »."""
    try:
        kind = Kind.from_dict(content, DRAFT)
    except Refused as refused:
        return _plain(refused)
    return unknown_references(kind, known_codes(now()))


def line_errors(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of a help line."""
    errors: list[str] = []
    LineEntry.from_sheet(Sheet(content, f"{DRAFT} : ", errors))
    return [error.removeprefix(f"{DRAFT} : ") for error in errors]


def guide_errors(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of a distress guide; its numbers and its key are looked at too."""
    try:
        guide = Guide.from_dict(content, f"{DRAFT} : ")
    except Refused as refused:
        return _plain(refused)
    at = now()
    lines = set(help_lines_in_force(at).values_list("code", flat=True))
    errors = [f"help_lines : « {code} » n’existe pas" for code in guide.help_lines if code not in lines]
    taken = {one.key: one.label for one in guides_in_force(at) if one.code != guide.code}
    if guide.key in taken:
        errors.append(f"key : la touche « {guide.key} » ouvre déjà « {taken[guide.key]} »")
    return errors


def _plain(refused: Refused) -> list[str]:
    errors = cast(list[str], refused.facts["errors"])  # put there by refuse_if_any
    return [error.removeprefix(f"{DRAFT} : ").removeprefix(f"{DRAFT} : ") for error in errors]


def publish_kind(found: Draft, begins: datetime, publisher: Account) -> KindVersion:
    """The next version of a kind, in force from ``begins``; the one before ends there, its interventions keep it."""
    kind, _new = RequestKind.objects.get_or_create(code=found.code)
    versions = KindVersion.objects.filter(kind=kind)
    later = versions.filter(published=True, valid_from__gte=begins).order_by("valid_from").first()
    if later is not None:
        raise Refused(
            _("La version %(number)d est déjà prévue : retirez-la d’abord.") % {"number": later.number},
            code="already-planned",
            field="valid_from",
        )
    for row in versions.filter(Q(valid_until=None) | Q(valid_until__gt=begins), published=True):
        row.valid_until = begins
        row.save(update_fields=["valid_until"])
    return KindVersion.objects.create(
        kind=kind,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        content=_without_check(found.content),
        published=True,
        valid_from=begins,
        **_signed(found, publisher),
    )


def publish_line(found: Draft, begins: datetime, publisher: Account) -> HelpLine:
    """The help line as the draft says it; the one before ends now. It is to be checked again."""
    entry = LineEntry.from_sheet(Sheet(found.content, DRAFT, []))
    facts = {name: getattr(entry, name) for name in ("number", "label", "purpose", "channel")}
    last = HelpLine.objects.aggregate(last=Max("position"))["last"] or 0
    before = _close(HelpLine, found.code, begins)
    return HelpLine.objects.create(
        code=found.code,
        valid_from=begins,
        position=before.position if before else last + 1,
        **facts,
        **_signed(found, publisher),
    )


def publish_guide(found: Draft, begins: datetime, publisher: Account) -> DistressGuide:
    """The guide as the draft says it; the one before ends now. It is to be checked again."""
    last = DistressGuide.objects.aggregate(last=Max("position"))["last"] or 0
    before = _close(DistressGuide, found.code, begins)
    return DistressGuide.objects.create(
        code=found.code,
        valid_from=begins,
        content=_without_check(found.content),
        position=before.position if before else last + 1,
        **_signed(found, publisher),
    )


def _close(
    model: type[HelpLine] | type[DistressGuide], code: str, at: datetime
) -> HelpLine | DistressGuide | None:
    row = model._default_manager.filter(in_force(at), code=code).first()
    if row is not None:
        row.valid_until = at
        row.save(update_fields=["valid_until"])
    return row


def _signed(found: Draft, publisher: Account) -> dict[str, Any]:
    return {
        "created_by_id": found.created_by_id,
        "published_by": publisher,
        "published_at": now(),
        "why": found.why,
    }


def _without_check(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in CHECK}


@verb
def edit_kind(code: str) -> Draft:
    """Begin the next version of a kind from the one in force. Raises ``Unknown``, ``Refused`` (a draft exists)."""
    version = KindVersion.objects.filter(in_force(now()), kind_id=code, published=True).first()
    if version is None:
        raise Unknown(_("Cette démarche n’existe pas."), code="unknown-kind")
    return drafts.begin(drafts.KIND, code, version.content, version.number)


@verb
def new_kind(code: str, label: str, copy_of: str = "") -> Draft:
    """Begin a new kind, from nothing or as a copy. Raises ``Refused`` (code-taken, code-wrong), ``Unknown``."""
    if not KEBAB.fullmatch(code) or len(code) > 60:
        raise Refused(_("Quelques lettres sont attendues."), code="code-wrong", field="label")
    if RequestKind.objects.filter(pk=code).exists():
        raise Refused(_("Une démarche porte déjà ce nom."), code="code-taken", field="label")
    content: dict[str, Any] = {}
    if copy_of:
        version = KindVersion.objects.filter(in_force(now()), kind_id=copy_of, published=True).first()
        if version is None:
            raise Unknown(_("Cette démarche n’existe pas."), code="unknown-kind")
        content = dict(version.content)
    return drafts.begin(drafts.KIND, code, {**content, "code": code, "label": label})


@verb
def unschedule_kind(code: str, number: int) -> None:
    """Take back a version that has not begun: the one before goes on. Raises ``Unknown``, ``Refused`` (has-begun)."""
    row = KindVersion.objects.filter(kind_id=code, number=number, published=True).first()
    if row is None:
        raise Unknown(_("Cette version n’existe pas."), code="unknown-version")
    if row.valid_from <= now():
        raise Refused(_("Cette version a déjà commencé."), code="has-begun")
    begins = row.valid_from
    row.delete()
    for before in KindVersion.objects.filter(kind_id=code, published=True, valid_until=begins):
        before.valid_until = None
        before.save(update_fields=["valid_until"])
    journal.act("catalogue.unscheduled", body={"code": code, "number": number})


@verb
def withdraw_kind(code: str, why: str) -> None:
    """Offer a kind no more; interventions under way keep it. Raises ``Refused`` when other kinds lead to it."""
    if not why.strip():
        raise Refused(_("Dites pourquoi."), code="why-missing", field="why")
    at = now()
    if KindVersion.objects.filter(kind_id=code, published=True, valid_from__gt=at).exists():
        raise Refused(_("Une version est prévue : retirez-la d’abord."), code="already-planned")
    row = KindVersion.objects.filter(in_force(at), kind_id=code, published=True).first()
    if row is None:
        raise Unknown(_("Cette démarche n’existe pas."), code="unknown-kind")
    leading = [
        one.label
        for one in kinds_in_force(at)
        if one.code != code
        and (code in one.see_also or any(code == after.see_kind for after in one.consequences))
    ]
    if leading:
        raise Refused(
            _("D’autres démarches y renvoient : %(labels)s.") % {"labels": ", ".join(leading)},
            code="kind-still-named",
        )
    row.valid_until = at
    row.save(update_fields=["valid_until"])
    journal.act("catalogue.withdrawn", body={"code": code, "number": row.number, "why": why.strip()[:200]})


@verb
def edit_line(code: str) -> Draft:
    """Begin the next row of a help line. Raises ``Unknown``, ``Refused`` (a draft exists)."""
    row = HelpLine.objects.filter(in_force(now()), code=code).first()
    if row is None:
        raise Unknown(_("Ce numéro d’aide n’existe pas."), code="unknown-line")
    fields = ("code", "number", "label", "purpose", "channel")
    return drafts.begin(drafts.LINE, code, {name: getattr(row, name) for name in fields})


@verb
def edit_guide(code: str) -> Draft:
    """Begin the next row of a distress guide. Raises ``Unknown``, ``Refused`` (a draft exists)."""
    row = DistressGuide.objects.filter(in_force(now()), code=code).first()
    if row is None:
        raise Unknown(_("Cette aide n’existe pas."), code="unknown-guide")
    return drafts.begin(drafts.GUIDE, code, row.content)


def begin_again(table: str, code: str) -> UUID:
    """The draft of a thing: the one under way, else a new one from what is in force."""
    found = drafts.draft_of(table, code)
    if found is None:
        begin = {drafts.KIND: edit_kind, drafts.LINE: edit_line, drafts.GUIDE: edit_guide}
        if table not in begin:
            raise Unknown(_("Cette entrée du catalogue n’existe pas."), code="unknown-entry")
        found = begin[table](code)
    return found.pk


def declare_tables() -> None:
    """Tell the drafts; called once when the room opens."""
    for table in (
        drafts.Table(drafts.KIND, _("démarche"), kind_errors, publish_kind, dated=True),
        drafts.Table(drafts.LINE, _("numéro d’aide"), line_errors, publish_line),
        drafts.Table(drafts.GUIDE, _("conduite à tenir"), guide_errors, publish_guide),
    ):
        drafts.declare(table)
