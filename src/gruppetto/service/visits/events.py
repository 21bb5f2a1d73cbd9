"""Verbs of the journal about visits made alone, and the topic that tells the pages of an alarm."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

# Without a portfolio: whoever may be called reads again what the database shows them; no name is in the notice.
ALARM = "visit.alarm"

declare("visit.begin", _("a commencé une visite"), ("minutes", "grace"))
declare("visit.extend", _("a prolongé sa visite"), ("minutes",))
declare("visit.out", _("a dit être sorti d’une visite"))
declare("visit.raise", _("a donné l’alarme d’une visite"), ("how", "alerted"))
declare("visit.widen", _("a étendu l’alarme d’une visite à d’autres"), ("circle", "alerted"))
declare("visit.take", _("s’est chargé de l’alarme d’une visite"))
declare("visit.take_over", _("a repris l’alarme d’une visite"), ("from",))
declare("visit.close", _("a clos l’alarme d’une visite"), ("finding",))
declare("visit.alarm_read", _("a ouvert l’alarme d’une visite"))
