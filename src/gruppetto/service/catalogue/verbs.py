"""What can happen to the catalogue: its files are loaded, as new dated rows where they changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import verb
from gruppetto.service.catalogue.files import CONTENT, Catalogue, read_catalogue
from gruppetto.service.catalogue.guides import LineEntry, ReasonEntry
from gruppetto.service.catalogue.models import (
    Checked,
    Coded,
    Dated,
    DistressGuide,
    HelpLine,
    KindVersion,
    Reason,
    RequestKind,
    SubReason,
)

journal.declare("catalogue.loaded", _("a chargé le catalogue"), ("added", "replaced", "kept"))

CHECK = ("checked_by", "checked_on")
Row = TypeVar("Row", bound=Dated)
CodedRow = TypeVar("CodedRow", bound=Coded)


@dataclass
class Loaded:
    """How many entries were new, replaced what was in force, or were already as the files say; by table."""

    added: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        """How many entries were written."""
        return self.added.total() + self.replaced.total()


@verb
def load(at: datetime, folder: Path = CONTENT) -> Loaded:
    """Bring the files of ``folder`` into force from ``at`` (aware); again with the same files, nothing happens.

    An entry is compared with the last one that came from a file: what the back office wrote since stays. Entries
    that the files no longer have stay in force. Raises ``Refused``: ``catalogue-invalid`` with every error of the
    files, or the rule that the database keeps (a version in force later than ``at``).
    """
    return bring(read_catalogue(folder), at)


@verb
def bring(catalogue: Catalogue, at: datetime) -> Loaded:
    """As ``load``, a catalogue already read."""
    loaded = Loaded()
    _load_reasons(catalogue, at, loaded)
    _load_help_lines(catalogue, at, loaded)
    _load_guides(catalogue, at, loaded)
    _load_kinds(catalogue, at, loaded)
    if loaded.changed:
        counts = {name: dict(getattr(loaded, name)) for name in ("added", "replaced", "kept")}
        journal.act("catalogue.loaded", body=counts)
    return loaded


def _load_reasons(catalogue: Catalogue, at: datetime, loaded: Loaded) -> None:
    last = _last_from_files(Reason)
    for position, entry in enumerate(catalogue.reasons, 1):
        facts = _reason_facts(entry, position)
        subs = [(sub.code, sub.label, sub.protected) for sub in entry.sub_reasons]
        before = last.get(entry.code)
        known = [] if before is None else list(before.sub_reasons.values_list("code", "label", "protected"))
        if before is not None and _same(before, facts) and known == subs:
            loaded.kept["reasons"] += 1
            continue
        in_force = _close(Reason, at, code=entry.code)
        SubReason.objects.filter(reason__in=in_force, valid_until=None).update(valid_until=at)
        reason = Reason.objects.create(code=entry.code, valid_from=at, **facts)
        for rank, (code, label, protected) in enumerate(subs, 1):
            SubReason.objects.create(
                reason=reason, code=code, label=label, protected=protected, position=rank, valid_from=at
            )
        (loaded.replaced if in_force else loaded.added)["reasons"] += 1


def _reason_facts(entry: ReasonEntry, position: int) -> dict[str, Any]:
    names = ("label", "hint", "shortcut", "repeat_days", "complaint", "protected")
    return {name: getattr(entry, name) for name in names} | {"position": position}


def _load_help_lines(catalogue: Catalogue, at: datetime, loaded: Loaded) -> None:
    last = _last_from_files(HelpLine)
    for position, entry in enumerate(catalogue.help_lines, 1):
        facts = _line_facts(entry, position)
        check = {name: getattr(entry, name) for name in CHECK}
        _renew(HelpLine, last.get(entry.code), entry.code, facts, check, at, loaded)


def _line_facts(entry: LineEntry, position: int) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("number", "label", "purpose", "channel")} | {
        "position": position
    }


def _load_guides(catalogue: Catalogue, at: datetime, loaded: Loaded) -> None:
    last = _last_from_files(DistressGuide)
    for position, guide in enumerate(catalogue.guides, 1):
        facts = {"content": _without_check(catalogue.guide_data[guide.code]), "position": position}
        check = {name: getattr(guide, name) for name in CHECK}
        _renew(DistressGuide, last.get(guide.code), guide.code, facts, check, at, loaded)


def _load_kinds(catalogue: Catalogue, at: datetime, loaded: Loaded) -> None:
    versions: dict[str, list[KindVersion]] = {}
    for version in KindVersion.objects.order_by("kind_id", "number"):
        versions.setdefault(version.kind_id, []).append(version)
    for kind in catalogue.kinds:
        written = versions.get(kind.code, [])
        from_files = [version for version in written if version.created_by_id is None]
        content = _without_check(catalogue.kind_data[kind.code])
        check = {name: getattr(kind, name) for name in CHECK}
        if from_files and from_files[-1].content == content:
            _check(from_files[-1], check)
            loaded.kept["kinds"] += 1
            continue
        row, _new = RequestKind.objects.get_or_create(code=kind.code)
        number = written[-1].number + 1 if written else 1
        in_force = _close(KindVersion, at, kind=row, published=True)
        KindVersion.objects.create(
            kind=row,
            number=number,
            content=content,
            published=True,
            valid_from=at,
            **check,
        )
        (loaded.replaced if in_force else loaded.added)["kinds"] += 1


def _renew(
    model: type[HelpLine] | type[DistressGuide],
    before: HelpLine | DistressGuide | None,
    code: str,
    facts: Mapping[str, Any],
    check: Mapping[str, Any],
    at: datetime,
    loaded: Loaded,
) -> None:
    """Keep the row that already says this, else close it and open the next."""
    table = model._meta.model_name or ""
    if before is not None and _same(before, facts):
        _check(before, check)
        loaded.kept[table] += 1
        return
    in_force = _close(model, at, code=code)
    model.objects.create(code=code, valid_from=at, **facts, **check)
    (loaded.replaced if in_force else loaded.added)[table] += 1


def _last_from_files(model: type[CodedRow]) -> dict[str, CodedRow]:
    """By code, the last row that came from a file."""
    return {row.code: row for row in model._default_manager.filter(created_by=None).order_by("valid_from")}


def _close(model: type[Row], at: datetime, **which: Any) -> list[Row]:
    """End at ``at`` the rows still open; returns them."""
    rows = list(model._default_manager.filter(valid_until=None, **which))
    for row in rows:
        row.valid_until = at
        row.save(update_fields=["valid_until"])
    return rows


def _same(row: Dated, facts: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in facts.items())


def _check(row: Checked, check: Mapping[str, Any]) -> None:
    """Take the check of the file where nobody vouched for the row yet."""
    if check["checked_on"] and not row.is_checked:
        row.checked_by, row.checked_on = check["checked_by"], check["checked_on"]
        row.save(update_fields=list(CHECK))


def _without_check(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in CHECK}
