"""The content folder read as a whole: each file alone, then what the files say of one another."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from gruppetto.kernel.errors import Refused
from gruppetto.registry.organisations import seeding
from gruppetto.service.catalogue.content import Kind, refuse_if_any
from gruppetto.service.catalogue.guides import Guide, LineEntry, ReasonEntry
from gruppetto.service.catalogue.sheets import Sheet

CONTENT = Path(__file__).parent / "content"
MOST_REASONS = 10
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Catalogue:
    """Everything the folder says. ``kind_data`` and ``guide_data`` are what is stored, by code, dates as ISO text."""

    reasons: tuple[ReasonEntry, ...]
    help_lines: tuple[LineEntry, ...]
    guides: tuple[Guide, ...]
    kinds: tuple[Kind, ...]
    kind_data: Mapping[str, Mapping[str, Any]]
    guide_data: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Known:
    """The codes that a kind may name: sub-reasons by reason, kinds, guides, providers."""

    reasons: Mapping[str, Collection[str]]
    kinds: frozenset[str]
    guides: frozenset[str]
    providers: frozenset[str]


def read_catalogue(folder: Path = CONTENT) -> Catalogue:
    """Read every file of ``folder``. Raises Refused (catalogue-invalid) naming every error of every file."""
    errors: list[str] = []
    reasons = _entries(folder, "reasons.toml", "reasons", ReasonEntry.from_sheet, errors)
    help_lines = _entries(folder, "help_lines.toml", "help_lines", LineEntry.from_sheet, errors)
    guides = _entries(folder, "distress.toml", "guides", Guide.from_sheet, errors)
    kinds, kind_data = [], {}
    for path in sorted((folder / "kinds").glob("*.toml")):
        name = f"kinds/{path.name}"
        data = _load(folder, name, errors)
        try:
            kind = Kind.from_dict(data, name)
        except Refused as refused:
            errors += refused.facts["errors"]  # type: ignore[arg-type]  # a list of str, put there by refuse_if_any
            continue
        if kind.code != path.stem:
            errors.append(f"{name} : code : « {path.stem} », comme le nom du fichier, est attendu")
        kinds.append(kind)
        kind_data[kind.code] = as_json(data)
    guide_data = {
        one.get("code", ""): as_json(one) for one in _load(folder, "distress.toml", []).get("guides", [])
    }
    catalogue = Catalogue(reasons, help_lines, guides, tuple(kinds), kind_data, guide_data)
    refuse_if_any(errors or _broken_references(catalogue), str(folder.name))
    return catalogue


def as_json(value: Any) -> Any:
    """The same content as JSON can hold it: dates become ISO text."""
    match value:
        case Mapping():
            return {key: as_json(one) for key, one in value.items()}
        case list():
            return [as_json(one) for one in value]
        case date():
            return value.isoformat()
        case _:
            return value


def _load(folder: Path, name: str, errors: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        errors.append(f"{name} : ce fichier est attendu, il manque")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        errors.append(f"{name} : ce n’est pas un fichier TOML lisible ({error})")
    return {}


def _entries(
    folder: Path, name: str, key: str, read: Callable[[Sheet], Entry], errors: list[str]
) -> tuple[Entry, ...]:
    sheet = Sheet(_load(folder, name, errors), f"{name} : ", errors)
    entries = tuple(read(one) for one in sheet.sheets(key, least=1))
    sheet.done()
    return entries


def _broken_references(catalogue: Catalogue) -> list[str]:
    broken = []
    reasons = {reason.code: {one.code for one in reason.sub_reasons} for reason in catalogue.reasons}
    lines = {line.code for line in catalogue.help_lines}
    guides = {guide.code for guide in catalogue.guides}
    kinds = {kind.code for kind in catalogue.kinds}
    providers = {entry["key"] for entry in seeding.entries()}
    if len(catalogue.reasons) > MOST_REASONS:
        broken.append(f"reasons.toml : reasons : au plus {MOST_REASONS} motifs sont attendus sur un écran")
    repeated = {
        "reasons.toml : reasons.code": [reason.code for reason in catalogue.reasons],
        "reasons.toml : reasons.shortcut": [reason.shortcut for reason in catalogue.reasons],
        "help_lines.toml : help_lines.code": [line.code for line in catalogue.help_lines],
        "distress.toml : guides.code": [guide.code for guide in catalogue.guides],
        "distress.toml : guides.key": [guide.key for guide in catalogue.guides],
        **{
            f"reasons.toml : {reason.code}.sub_reasons": [one.code for one in reason.sub_reasons]
            for reason in catalogue.reasons
        },
    }
    for where, codes in repeated.items():
        broken += [
            f"{where} : « {code} » est répété" for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
    for guide in catalogue.guides:
        broken += _unknown(f"distress.toml : {guide.code}.help_lines", guide.help_lines, lines)
    known = Known(reasons, frozenset(kinds), frozenset(guides), frozenset(providers))
    for kind in catalogue.kinds:
        broken += [f"kinds/{kind.code}.toml : {error}" for error in unknown_references(kind, known)]
    return broken


def unknown_references(kind: Kind, known: Known) -> list[str]:
    """What ``kind`` names and nobody knows, as « key : what is wrong »."""
    broken = _unknown("reason", [kind.reason], known.reasons)
    if kind.reason in known.reasons:
        broken += _unknown("sub_reason", [kind.sub_reason], known.reasons[kind.reason])
    broken += _unknown("providers", kind.providers, known.providers)
    broken += _unknown("see_also", kind.see_also, known.kinds - {kind.code})
    for n, consequence in enumerate(kind.consequences, 1):
        broken += _unknown(
            f"consequences[{n}].see_kind", filter(None, [consequence.see_kind]), known.kinds - {kind.code}
        )
        broken += _unknown(f"consequences[{n}].distress", filter(None, [consequence.distress]), known.guides)
    return broken


def _unknown(where: str, codes: Iterable[str], known: Iterable[str]) -> list[str]:
    return [f"{where} : « {code} » n’existe pas" for code in codes if code not in set(known)]
