"""Verbs of the journal for messages."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("message.prepared", _("a préparé un message"), ("kind", "channel"))
declare("message.sent", _("a remis un message"), ("kind", "channel"))
declare("message.read", _("a ouvert un message préparé"))
