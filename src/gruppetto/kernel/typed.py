"""Words that somebody typed: kept without the spaces around them, asked for when missing, never too long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused


def written(text: str, field: str, longest: int, missing: object = None) -> str:
    """``text`` of form field ``field`` as kept, at most ``longest`` characters; ``missing``: what to say when empty.

    Without ``missing`` it may be empty. Raises ``Refused``: empty, too-long.
    """
    words = text.strip()
    if missing is not None and not words:
        raise Refused(missing, code="empty", field=field)
    if len(words) > longest:
        most = f"{longest:,}".replace(",", "\u202f")
        raise Refused(
            _("C’est trop long : écrivez %(most)s caractères au plus.") % {"most": most},
            code="too-long",
            field=field,
        )
    return words
