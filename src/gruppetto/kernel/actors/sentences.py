"""The sentence a user reads when the database says no: constraints and triggers have names, names have sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import NotYours, Refused

_sentences: dict[str, object] = {
    "no_write_without_an_actor": _("Cette action n’a pas d’auteur connu : elle est refusée."),
    "accounts_are_kept_by_an_administrator": _("Seul un administrateur crée et modifie les comptes."),
    "nobody_changes_their_own_rights": _(
        "Personne ne change ses propres droits : demandez à un autre administrateur."
    ),
    "an_act_happens_before_it_is_recorded": _("Un fait se note après qu’il a eu lieu, jamais d’avance."),
    "kept_by_another_role": _("Votre rôle ne permet pas de changer cela."),
    "the_last_second_factor_stays": _("La dernière double clé d’un compte ne se retire pas."),
    "the_journal_is_never_altered": _("Le journal ne se modifie pas."),
    "what_is_written_stays": _("Ce qui est écrit ici ne se modifie pas."),
}


def sentence(name: str, text: object) -> None:
    """Give the rule ``name`` (constraint or trigger) the sentence ``text`` that the user reads when it is broken."""
    _sentences[name] = text


def refused_by_database(error: DatabaseError) -> Refused | None:
    """The refusal behind a database error, else None when no rule of ours was broken (then it is a fault)."""
    diagnostic = getattr(error.__cause__, "diag", None)
    if diagnostic is None:
        return None
    name = diagnostic.constraint_name or ""
    if name in _sentences:
        return Refused(_sentences[name], code=name.replace("_", "-"))
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Refused(
                    constraint.get_violation_error_message(),
                    code=name.replace("_", "-"),
                )
    if diagnostic.sqlstate == "42501" and "row-level security" in (diagnostic.message_primary or ""):
        return NotYours(_("Ce dossier n’est pas dans votre périmètre."), code="out-of-scope")
    return None


@contextmanager
def in_words(refusals: list[Refused], what: str) -> Iterator[None]:
    """Let what the database refuses by a named rule come out as ``Refused``; keep every refusal of ``what``."""
    try:
        yield
    except Refused as refused:
        _remember(refusals, refused, what)
        raise
    except DatabaseError as error:
        broken = refused_by_database(error)
        if broken is None:
            raise
        _remember(refusals, broken, what)
        raise broken from error


def _remember(refusals: list[Refused], refused: Refused, what: str) -> None:
    if all(known is not refused for known in refusals):
        refused.facts.setdefault("verb", what)
        refusals.append(refused)
