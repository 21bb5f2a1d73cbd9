"""Questions to the map; each has a fixed number of queries."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Prefetch, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.geography.models import Commune, CommunePostcode
from gruppetto.registry.geography.names import name_key

# A chain of mergers longer than this would be a fault of the data.
LONGEST_CHAIN = 6


def communes_of(postcode: str) -> list[Commune]:
    """The communes in force that ``postcode`` (5 digits, spaces ignored) serves, largest first; one query."""
    return list(
        Commune.objects.filter(nature="current", postcodes__postcode="".join(postcode.split()))
        .select_related("department")
        .order_by(F("population").desc(nulls_last=True), "code")
    )


def propose(text: str, limit: int = 8) -> list[Commune]:
    """Communes in force for what a person is typing: a name, or the first digits of a postcode.

    Whole name first, then names that begin so, then names with a word alike (slips forgiven); within each
    the most populated first. Each commune carries its postcodes (``commune.postcodes.all()``) and its
    department, so that namesakes can be told apart. At most four queries; nothing for an empty text.
    """
    digits = "".join(text.split())
    if digits.isdigit():
        parts = CommunePostcode.objects.filter(postcode__startswith=digits[:5])
        return list(_shown(Commune.objects.filter(code__in=parts.values("commune")))[:limit])
    key = name_key(text)
    if not key:
        return []
    # A range, not LIKE: it uses the plain index whatever the pattern holds ("C" order, so "{" follows "z").
    begins = Commune.objects.filter(name_key__gte=key, name_key__lt=key + "{")
    whole = Case(When(name_key=key, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(_shown(begins, whole)[:limit])
    if len(found) < limit and len(key) >= 3:
        alike = (
            Commune.objects.filter(TrigramWordSimilar(F("name_key"), Value(key)))
            .alias(likeness=TrigramWordSimilarity(key, "name_key"))
            .exclude(code__in=[c.code for c in found])
        )
        found += _shown(alike, F("likeness").desc())[: limit - len(found)]
    return found


def resolve(code: str, on: date | None = None) -> Commune:
    """The commune that ``code`` (Insee) meant on the day ``on`` (today in Paris unless said).

    A code merged away gives its successor from the day of the merger, itself before; a city district gives
    its city. A merger whose day we do not know counts as done. Raises ``Unknown`` when no list has the code.
    """
    day = on or now().astimezone(PARIS).date()
    wanted = code.strip().upper()
    for _step in range(LONGEST_CHAIN):
        commune = Commune.objects.select_related("department", "region").filter(code=wanted).first()
        if commune is None:
            break
        if commune.merged_into_id is None or (commune.valid_until and day < commune.valid_until):
            return commune
        wanted = commune.merged_into_id
    raise Unknown(
        _("Aucune commune n’a le code « %(code)s ».") % {"code": code},
        code="unknown-commune",
        field="commune",
    )


def _shown(communes: QuerySet[Commune], *first: Combinable) -> QuerySet[Commune]:
    return (
        communes.filter(nature="current")
        .select_related("department")
        .prefetch_related(Prefetch("postcodes", CommunePostcode.objects.order_by("postcode")))
        .order_by(*first, F("population").desc(nulls_last=True), "code")
    )
