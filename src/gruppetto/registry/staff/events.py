"""Verbs of the journal for accounts and staff records."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("account.created", _("a créé un compte"), ("role",))
declare("account.role_changed", _("a changé le rôle d’un compte"), ("before", "after", "why"))
declare("account.stopped", _("a fermé un compte"), ("why", "sessions"))
declare("account.reopened", _("a rouvert un compte"), ("why",))
declare("account.sessions_closed", _("a fermé les sessions d’un compte"), ("why", "sessions"))
declare("account.second_factor_reset", _("a remis à zéro la double clé d’un compte"), ("why", "removed"))
declare("account.password_given", _("a donné un mot de passe provisoire"), ("why",))
declare("staff.hired", _("a ouvert la fiche d’un membre de l’équipe"), ("starts", "hours"))
declare("staff.changed", _("a modifié la fiche d’un membre de l’équipe"), ("fields",))
declare("staff.hours_changed", _("a changé les horaires d’un membre de l’équipe"), ("hours",))
declare("rota.day_changed", _("a changé un jour de planning"), ("day", "hours", "why"))
declare("rota.day_reset", _("a remis un jour de planning comme d’habitude"), ("day",))
