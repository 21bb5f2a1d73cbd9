"""The verbs of the journal: each is declared once, with its words for people and what its body may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Verb:
    """``name``: dotted (``contact.taken``). ``said``: French, third person. ``body``: the keys its body may have,
    each judged when the verb was designed: whatever is personal there can be forgotten (the body apart from
    the leaf), whatever is not listed is refused."""

    name: str
    said: object
    body: frozenset[str] = frozenset()


_declared: dict[str, Verb] = {}


def declare(name: str, said: object, body: Iterable[str] = ()) -> Verb:
    """Declare a verb; twice the same name with another meaning is an error."""
    new = Verb(name, said, frozenset(body))
    if _declared.setdefault(name, new) != new:
        raise ValueError(f"verb {name} is declared twice")
    return new


def declared() -> dict[str, Verb]:
    """All verbs, by name."""
    return dict(_declared)


declare("session.opened", _("a ouvert une session"), ("provider",))
declare("session.closed", _("a fermé sa session"))
declare("session.refused", _("connexion refusée"), ("provider", "code"))
declare("session.revoked", _("a fermé une autre de ses sessions"), ("sessions",))
declare("account.password_changed", _("a changé son mot de passe"))
declare("account.key_added", _("a mis en service une double clé"))
declare("account.key_removed", _("a retiré une double clé"))
declare("account.identity_bound", _("a relié un compte à un fournisseur d’identité"), ("issuer", "why"))
declare("account.identity_removed", _("a retiré une identité d’un compte"), ("issuer", "why", "sessions"))
declare("account.codes_renewed", _("a fait de nouveaux codes de secours"))
declare("refused", _("a demandé une chose refusée"), ("code", "facts"))
declare("journal.begun", _("a commencé le journal"), ("origin",))
declare("journal.forgotten", _("a fait oublier le contenu d’une entrée du journal"))
declare("journal.looks_forgotten", _("a effacé des consultations trop anciennes"), ("count",))
