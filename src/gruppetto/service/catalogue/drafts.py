"""Next versions, prepared by one person and published by another (four eyes); readers see nothing before that.

Each table that is edited so says how with ``declare``: which errors a content has, and how it comes into force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.accounts import acting_account
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.outbox import publish as publish_fact
from gruppetto.service.catalogue.models import ANOTHER_PUBLISHES, Draft

KIND, LINE, GUIDE, ARTICLE = "kind", "helpline", "distressguide", "article"
CHANGED_TOPIC = "catalogue.draft"

journal.declare("catalogue.draft_begun", _("a commencé un brouillon"), ("table", "code", "based_on"))
journal.declare("catalogue.draft_taken", _("a repris le brouillon d’une autre personne"), ("table", "code"))
journal.declare("catalogue.draft_proposed", _("a proposé un brouillon à la relecture"), ("table", "code"))
journal.declare("catalogue.draft_returned", _("a renvoyé un brouillon à son auteur"), ("table", "code"))
journal.declare("catalogue.draft_dropped", _("a abandonné un brouillon"), ("table", "code"))
journal.declare("catalogue.published", _("a publié une version"), ("table", "code", "author", "valid_from"))


@dataclass(frozen=True)
class Table:
    """One thing edited by drafts. ``errors``: « key : what is expected » for a content; ``publish`` brings it in force.

    ``dated``: it may come into force on a later day; else it does at once.
    """

    name: str
    said: str | Promise
    errors: Callable[[Mapping[str, Any]], Sequence[str]]
    publish: Callable[[Draft, datetime, Account], object]
    dated: bool = False


_tables: dict[str, Table] = {}


def declare(table: Table) -> None:
    """Say how a table is edited; called once when its room opens."""
    _tables[table.name] = table


def table_of(name: str) -> Table:
    """How the table ``name`` is edited; raises ``Unknown``."""
    try:
        return _tables[name]
    except KeyError:
        raise Unknown(_("Cette entrée du catalogue n’existe pas."), code="unknown-entry") from None


def draft(draft_id: UUID) -> Draft:
    """The draft of that id, its author with it; raises ``Unknown`` (unknown-draft). One query."""
    found = Draft.objects.select_related("created_by").filter(pk=draft_id).first()
    if found is None:
        raise Unknown(_("Ce brouillon n’existe plus : il est publié ou abandonné."), code="unknown-draft")
    return found


def draft_of(table: str, code: str) -> Draft | None:
    """The draft of this thing, if somebody prepares one. One query."""
    return Draft.objects.select_related("created_by").filter(table=table, code=code).first()


def errors_of(found: Draft) -> list[str]:
    """Everything that keeps the draft from being published, as « key : what is expected »."""
    return list(table_of(found.table).errors(found.content))


@verb
def begin(table: str, code: str, content: Mapping[str, Any], based_on: int = 0) -> Draft:
    """Begin the next version of ``code`` with this content. Raises ``Refused`` when a draft exists already."""
    table_of(table)
    at = now()
    found = Draft.objects.create(
        table=table,
        code=code,
        content=dict(content),
        based_on=based_on,
        created_by_id=human(),
        started_at=at,
        saved_at=at,
    )
    _note("catalogue.draft_begun", found, based_on=based_on)
    return found


@verb
def save(draft_id: UUID, content: Mapping[str, Any], edition: int) -> Draft:
    """Keep what the author typed, even wrong: errors keep it from being published, not from being kept.

    ``edition``: the one that was on screen. Raises ``NotYours``; ``TooLate`` when the draft changed since.
    """
    found = _mine(draft_id)
    done = Draft.objects.filter(pk=draft_id, edition=edition).update(
        content=dict(content), edition=F("edition") + 1, saved_at=now(), proposed_at=None
    )
    if not done:
        raise TooLate(
            _("Ce brouillon a changé pendant que vous écriviez, dans une autre fenêtre sans doute."),
            code="draft-changed",
        )
    found.refresh_from_db()
    return found


@verb
def take_over(draft_id: UUID) -> Draft:
    """Become the author of somebody else's draft, to change it; the one before may then publish it."""
    found = draft(draft_id)
    me = human()
    if found.created_by_id != me:
        Draft.objects.filter(pk=draft_id).update(
            created_by_id=me, proposed_at=None, edition=F("edition") + 1, saved_at=now()
        )
        _note("catalogue.draft_taken", found)
    return draft(draft_id)


@verb
def propose(draft_id: UUID, why: str) -> Draft:
    """Ask somebody else to read the draft and publish it; ``why``: what changes, in one sentence.

    Raises ``Refused``: why-missing, draft-wrong (facts: errors); ``NotYours``.
    """
    found = _mine(draft_id)
    _right(found)
    if not why.strip():
        raise Refused(_("Dites en une phrase ce qui change."), code="why-missing", field="why")
    Draft.objects.filter(pk=draft_id).update(why=why.strip()[:200], proposed_at=now(), returned="")
    _note("catalogue.draft_proposed", found)
    return draft(draft_id)


@verb
def send_back(draft_id: UUID, words: str) -> Draft:
    """Give a proposed draft back to its author, with what must be looked at again. Raises ``Refused``."""
    found = draft(draft_id)
    if not words.strip():
        raise Refused(_("Dites à l’auteur ce qu’il faut revoir."), code="words-missing", field="words")
    Draft.objects.filter(pk=draft_id).update(returned=words.strip()[:300], proposed_at=None)
    _note("catalogue.draft_returned", found)
    return draft(draft_id)


@verb
def publish(draft_id: UUID, valid_from: datetime | None = None, *, edition: int | None = None) -> object:
    """Bring a proposed draft into force, now or at ``valid_from`` (aware); never one's own.

    ``edition``: the one that was read. Returns the published row. Raises ``NotYours`` (publish-by-the-author),
    ``TooLate`` (draft-changed), ``Refused``: draft-not-proposed, from-the-past, draft-wrong, or a rule of the
    database (another version is already planned for later).
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first() or draft(draft_id)
    me, at, table = acting_account(), now(), table_of(found.table)
    if found.created_by_id == me.pk:
        raise NotYours(ANOTHER_PUBLISHES, code="publish-by-the-author")
    if found.proposed_at is None:
        raise Refused(_("L’auteur n’a pas encore proposé ce brouillon."), code="draft-not-proposed")
    if edition is not None and edition != found.edition:
        raise TooLate(_("Ce brouillon a changé depuis votre lecture : relisez-le."), code="draft-changed")
    begins = valid_from or at
    if begins < at or (begins > at and not table.dated):
        raise Refused(_("La date vient après aujourd’hui."), code="from-the-past", field="valid_from")
    _right(found)
    row = table.publish(found, begins, me)
    _note("catalogue.published", found, author=str(found.created_by_id), valid_from=begins.isoformat())
    found.delete()
    return row


@verb
def drop(draft_id: UUID) -> None:
    """Give one's own draft up: what was typed in it is erased. Raises ``NotYours``."""
    found = _mine(draft_id)
    _note("catalogue.draft_dropped", found)
    found.delete()


def _right(found: Draft) -> None:
    errors = errors_of(found)
    if errors:
        raise Refused(
            _("Ce brouillon a encore des erreurs : corrigez-les d’abord."),
            code="draft-wrong",
            facts={"count": len(errors)},
        )


def _mine(draft_id: UUID) -> Draft:
    found = draft(draft_id)
    if found.created_by_id != human():
        raise NotYours(
            _("Ce brouillon est celui d’une autre personne : reprenez-le d’abord."), code="draft-of-another"
        )
    return found


def _note(what: str, found: Draft, **more: object) -> None:
    journal.act(what, body={"table": found.table, "code": found.code, **more})
    publish_fact(CHANGED_TOPIC, found.pk)
