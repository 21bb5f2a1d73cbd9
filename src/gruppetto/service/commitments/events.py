"""Verbs of the journal and topics of the outbox about what we promise.

Another room listens with ``subscribe(NEAR, "its.job")``; the job gets ``subject_id`` (the intervention) and
``portfolio_id``, reads ``due_at`` on the row and sends at most one message per (intervention, due_at): a fact may
be published twice.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

# Topics about one intervention (``subject_id``), heard by who sees its portfolio.
# The promise will be broken within a few open hours, nobody outside is awaited: the person is told before.
NEAR = "commitment.near"
# The promise was moved later than what the person was told (``due_at`` is the new one): a message is due.
MOVED = "commitment.moved"

# Topics about what is promised: no person in them. ``subject_id``: the recomputation asked for.
RECOMPUTE_ASKED = "commitment.recompute_asked"
RECOMPUTED = "commitment.recomputed"

declare("commitment.promised", _("a changé un engagement de délai"), ("channel", "kind", "grade", "target"))
declare("commitment.ended", _("a mis fin à un engagement de délai"), ("channel", "kind", "grade", "target"))
declare("commitment.place_opened", _("a ajouté un lieu à horaires propres"), ("place",))
declare("commitment.hours_changed", _("a changé des horaires d’ouverture"), ("place", "why"))
declare(
    "commitment.day_set", _("a fixé une ouverture ou une fermeture exceptionnelle"), ("place", "day", "why")
)
declare("commitment.day_withdrawn", _("a retiré un jour exceptionnel"), ("place", "day"))
declare("commitment.recompute_asked", _("a demandé de recalculer les délais en cours"), ("why", "later"))
