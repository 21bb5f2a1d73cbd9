"""Money as whole cents: shared, rounded, shown and read without losing any.

Amounts are ``int`` cents of euro everywhere; a ``float`` is refused. One rounding rule: to the nearest cent, half a
cent away from zero (regulation (EC) 1103/97, article 5), so that a credit note mirrors its invoice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused

NO_BREAK, NARROW_NO_BREAK, MINUS = "\u00a0", "\u202f", "\u2212"
LARGEST = 10**14
"""Cents: a million million euros; beyond, somebody typed something else than an amount."""


def rounded(cents: int | Decimal | Fraction) -> int:
    """Whole cents nearest to an exact number of cents; half a cent goes away from zero."""
    exact = _exact(cents)
    sign = -1 if exact < 0 else 1
    return sign * int(abs(exact) + Fraction(1, 2))


def part(cents: int, rate: Decimal | Fraction) -> int:
    """That share of an amount, rounded: ``part(1999, Decimal("0.20"))`` is the 20 % VAT on 19.99 €."""
    return rounded(_exact(cents) * _exact(rate))


def split(cents: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """An amount shared in proportion to ``weights`` (none negative), in their order; the shares add up exactly.

    Largest remainders: each gets the whole cents of its exact share, the cents left go one by one to the largest
    fractions dropped, the first in order when equal. A negative amount is shared as its opposite. A weight of zero
    gets nothing. Raises ``Refused`` (split-nobody) when no weight is positive.
    """
    parts = [_exact(weight) for weight in weights]
    total = sum(parts)
    if any(weight < 0 for weight in parts) or not total:
        raise Refused(_("Aucune part ne permet de répartir cette somme."), code="split-nobody")
    sign = -1 if cents < 0 else 1
    exact = [abs(cents) * weight / total for weight in parts]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: abs(cents) - sum(shares)]:
        shares[index] += 1
    return [sign * share for share in shares]


def euros(cents: int, *, document: bool = False) -> str:
    """``euros(123456)`` is ``1 234,56 €``, no space of which can break a line.

    On screen thousands are apart by a narrow no-break space (U+202F) and the sign by U+00A0, as French typography
    wants; a ``document`` has U+00A0 everywhere, since its typeface lacks the other. The minus sign is U+2212.
    """
    whole, rest = divmod(abs(cents), 100)
    thousands = f"{whole:,}".replace(",", NO_BREAK if document else NARROW_NO_BREAK)
    return f"{MINUS if cents < 0 else ''}{thousands},{rest:02}{NO_BREAK}€"


def parse_euros(text: str, *, negative: bool = False, field: str | None = None) -> int:
    """Cents from an amount as typed: ``1 234,56``, ``1234.56 €``, ``12``, ``12,5``, ``12 € 50``, ``1.234,56``.

    What could be read two ways (``1.234``, ``1,234``) is refused, not guessed. Raises ``Refused``: amount-empty,
    amount-unreadable, amount-negative (unless ``negative``), amount-too-large.
    """
    bare = re.sub(r"\s+", " ", text.replace(MINUS, "-").lower()).strip() if len(text) <= 40 else "?"
    if not bare:
        raise Refused(_("Donnez un montant."), code="amount-empty", field=field)
    found = re.fullmatch(
        r"(?P<sign>-? ?)(?P<whole>\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+(?=,))"
        r"(?:[.,](?P<rest>\d{1,2}))? ?(?:(?:€|euros?|eur) ?(?P<after>\d{2})?)?",
        bare,
        re.ASCII,
    )
    if not found or (found["rest"] and found["after"]):
        raise Refused(_("Écrivez le montant comme « 1234,56 »."), code="amount-unreadable", field=field)
    whole = int(re.sub(r"\D", "", found["whole"]))
    cents = whole * 100 + int((found["rest"] or found["after"] or "0").ljust(2, "0"))
    if found["sign"].strip():
        if not negative:
            raise Refused(_("Ce montant ne peut pas être négatif."), code="amount-negative", field=field)
        cents = -cents
    if abs(cents) > LARGEST:
        raise Refused(_("Ce montant est trop grand."), code="amount-too-large", field=field)
    return cents


def _exact(number: int | Decimal | Fraction) -> Fraction:
    if isinstance(number, float):
        raise TypeError("money is never a float")
    return Fraction(number)
