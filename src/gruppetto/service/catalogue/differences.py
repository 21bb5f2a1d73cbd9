"""What changes between two versions of a content, told line by line for a human who must agree to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gruppetto.service.catalogue.sheets import typeset

# The key by which one recognises the same element of a list in both versions.
NAMED_BY = ("id", "code", "title", "label", "say", "text", "says")


@dataclass(frozen=True)
class Change:
    """``path``: keys from the top, elements of a list by their name; ``before`` or ``after`` empty: added, removed."""

    path: tuple[str, ...]
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every change, in the order of the new version; nothing for what only changed its typing (apostrophes, spaces)."""
    return list(_of_mappings((), before, after))


def _of_mappings(
    path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for key in dict.fromkeys((*after, *before)):
        yield from _of_values((*path, key), before.get(key), after.get(key))


def _of_values(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    lists = [value for value in (before, after) if isinstance(value, list)]
    if any(isinstance(one, Mapping) for value in lists for one in value):
        yield from _of_lists(path, _elements(before), _elements(after))
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_mappings(path, before, after)
    elif (said := _said(before)) != (now := _said(after)):
        yield Change(path, said, now)


def _elements(value: Any) -> Sequence[Mapping[str, Any]]:
    """A list of tables; one text alone is a list of one sentence, as the reader takes it."""
    if isinstance(value, str):
        return [{"say": value}]
    return [one for one in value or () if isinstance(one, Mapping)]


def _of_lists(
    path: tuple[str, ...], before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    old, new = _by_name(before), _by_name(after)
    for name, element in new.items():
        if name in old:
            yield from _of_mappings((*path, name), old[name], element)
        else:
            yield Change((*path, name), "", _said(element))
    for name, element in old.items():
        if name not in new:
            yield Change((*path, name), _said(element), "")
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    if kept_before != kept_after:
        yield Change(path, " · ".join(kept_before), " · ".join(kept_after))


def _by_name(elements: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    named: dict[str, Mapping[str, Any]] = {}
    for rank, element in enumerate(elements, 1):
        name = next((str(element[key]) for key in NAMED_BY if element.get(key)), str(rank))
        named[name if name not in named else f"{name} ({rank})"] = element
    return named


def _said(value: Any) -> str:
    match value:
        case None | False | "" | []:
            return ""
        case True:
            return "oui"
        case str():
            return typeset(value.strip())
        case Mapping():
            return " ; ".join(f"{key} : {_said(one)}" for key, one in value.items() if _said(one))
        case list() | tuple():
            return ", ".join(_said(one) for one in value)
        case _:
            return str(value)
