"""Communes as a list names them, found from the postcode and the name; two queries for a whole file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.names import same_but_for_slips
from gruppetto.registry.geography.models import Commune, CommunePostcode
from gruppetto.registry.geography.names import name_key

SHOWN = 4
"""Communes named in a refusal."""


def clean_postcode(typed: str) -> str:
    """Five digits; the zero that a spreadsheet ate is put back (``1000`` → ``01000``)."""
    digits = "".join(typed.split())
    return digits.zfill(5) if digits.isdecimal() and len(digits) == 4 else digits


class Places:
    """The communes that the postcodes of a file serve, and those that were merged into them."""

    def __init__(self, wanted: Iterable[tuple[str, str]]) -> None:
        """``wanted``: (postcode, commune) as typed, of all the lines that will be asked."""
        typed = [(clean_postcode(postcode), name_key(commune)) for postcode, commune in wanted]
        self._by_postcode: dict[str, dict[str, Commune]] = defaultdict(dict)
        parts = CommunePostcode.objects.filter(postcode__in={postcode for postcode, _key in typed})
        for part in parts.select_related("commune").order_by("postcode", "commune"):
            if part.commune.merged_into_id is None:
                self._by_postcode[part.postcode][part.commune.name_key] = part.commune
        self._merged: dict[tuple[str, str], Commune] = {}
        unknown = {key for postcode, key in typed if key not in self._by_postcode[postcode]}
        former = Commune.objects.filter(name_key__in=unknown, merged_into__isnull=False).order_by("code")
        for commune in former.select_related("merged_into"):
            heir = commune.merged_into
            if heir is not None:
                self._merged.setdefault((commune.name_key, heir.code), heir)

    def find(self, postcode: str, name: str) -> Commune:
        """The commune in force of this postcode and name, as typed; one merged away gives its successor.

        Slips, "Cedex" and numbers of districts are forgiven. Raises ``Refused``: unknown-postcode,
        commune-not-of-postcode (with those that are).
        """
        known, key = self._by_postcode.get(clean_postcode(postcode), {}), name_key(name)
        if not known:
            raise Refused(
                _("Ce code postal n’est celui d’aucune commune (un code « Cedex » ne convient pas)."),
                code="unknown-postcode",
                field="code_postal",
            )
        if key in known:
            return known[key]
        for commune in known.values():
            if (heir := self._merged.get((key, commune.code))) is not None:
                return heir
        near = [
            commune
            for its_key, commune in known.items()
            if key and (same_but_for_slips(its_key, key) or f"{key} ".startswith(f"{its_key} "))
        ]
        if len(near) == 1:
            return near[0]
        names = sorted(commune.name for commune in known.values())
        raise Refused(
            _("Cette commune n’a pas ce code postal. À ce code : %(names)s.")
            % {"names": ", ".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")},
            code="commune-not-of-postcode",
            field="commune",
        )
