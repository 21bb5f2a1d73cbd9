"""What happens in this room: verbs of the journal, topics of the outbox."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

ADDED = "people.added"
CHANGED = "people.changed"
MOVED_HOME = "people.moved_home"
CONSENT_WITHDRAWN = "people.consent_withdrawn"
# Three wrong answers in one contact: the supervisor sees it, a call-back is proposed.
IDENTITY_FAILED = "people.identity_failed"
# Two records look like one person; a human decides.
SUSPECTED = "people.suspected"
MERGED = "people.merged"
UNMERGED = "people.unmerged"
LIST_RECEIVED = "people.list_received"
LIST_TO_LOAD = "people.list_to_load"
LIST_LOADED = "people.list_loaded"

# What a person orders is written with how we know: the contact and its level, else how they asked (``Asked``).
HOW_WE_KNOW = ("contact", "level", "asked")

declare("person.opened", _("a ouvert la fiche d’une personne"))
declare("person.searched", _("a cherché une personne"))
declare("person.audited", _("a cherché les traces sur une personne"))
declare("person.added", _("a créé la fiche d’une personne"), ("list",))
declare("person.corrected", _("a corrigé la fiche d’une personne"), ("fields", *HOW_WE_KNOW))
declare("person.visited", _("a noté une visite"), ("on",))
declare("person.subscribed", _("a noté les dates d’abonnement"), ("since", "until"))
declare("person.compared", _("a comparé deux fiches qui se ressemblent"))
declare("person.merged", _("a réuni deux fiches de la même personne"), ("merge", "choices"))
declare("person.unmerged", _("a séparé deux fiches réunies"), ("merge", "left"))
declare("person.told_apart", _("a dit que deux fiches sont deux personnes différentes"), ("other",))
declare("phone.added", _("a ajouté un numéro de téléphone"), HOW_WE_KNOW)
declare("phone.ended", _("a retiré un numéro de téléphone"), HOW_WE_KNOW)
declare("phone.verified", _("a vérifié un numéro de téléphone"), ("how",))
declare("email.verified", _("a vérifié une adresse de courriel"), ("holds",))
declare("phone.main", _("a choisi le numéro principal"), HOW_WE_KNOW)
declare("home.moved", _("a noté un déménagement"), ("kind", *HOW_WE_KNOW))
declare("home.corrected", _("a corrigé une adresse"), ("kind", *HOW_WE_KNOW))
declare("consent.given", _("a noté un accord"), ("purpose", "source"))
declare("consent.withdrawn", _("a noté le retrait d’un accord"), ("purpose",))
declare("need.noted", _("a noté un besoin particulier"), ("kind",))
declare("need.reviewed", _("a revu un besoin particulier"), ("kind",))
declare("need.ended", _("a retiré un besoin particulier"), ("kind",))
declare("relative.added", _("a ajouté un proche"), ("rights", "trusted", *HOW_WE_KNOW))
declare("relative.changed", _("a changé les droits d’un proche"), ("rights", "trusted", *HOW_WE_KNOW))
declare("relative.ended", _("a retiré un proche"), HOW_WE_KNOW)
declare("word.chosen", _("a noté le mot choisi par la personne"), HOW_WE_KNOW)
declare("word.said", _("a lu le mot choisi pour le dire à la personne"))
declare("identity.asked", _("a posé des questions d’identité"), ("facts", "round"))
declare("identity.answered", _("a noté une réponse d’identité"), ("fact", "result"))
declare("list.received", _("a reçu une liste de départ"), ("lines", "bad"))
declare("list.previewed", _("a relu une liste de départ"))
declare("list.decided", _("a décidé d’une ligne de la liste"), ("decision", "number"))
declare("list.ordered", _("a demandé le chargement d’une liste de départ"), ("only_good", "lines"))
declare("list.dropped", _("a abandonné une liste de départ"))
declare("list.chunk", _("a chargé une partie de la liste de départ"), ("lines", "left"))
