"""Telling colleagues: notes, mentions (« @Bob Martin »), following, notices read."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import current_actor, human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.interventions import events
from gruppetto.service.interventions.models import Follow, Intervention, Note, Notice
from gruppetto.service.interventions.verbs.steps import (
    AT_HAND,
    crew_of,
    get,
    name_of,
    record,
    same_person,
    tell_followers,
)

# An @ that opens a word, not the one inside an e-mail address.
CALLED = re.compile(r"(?<![\w.+-])@(?=\w)")
STAFF = ("agent", "correspondent", "supervisor", "back_office")


def folded(text: str) -> str:
    """Without accents nor capitals, one sign for one: places in the text stay where they are."""
    plain = (unicodedata.normalize("NFD", sign)[0] for sign in text)
    return "".join(plain).lower().replace("’", "'")


def mentioned(intervention: Intervention, text: str) -> tuple[UUID, ...]:
    """The colleagues that ``text`` calls by « @name », each once: by the whole name, or the first name if it is enough.

    Raises ``Refused``: mention-unknown (nobody of that name), mention-cannot-see (the person would have no right to
    read it), mention-several (two colleagues answer to it). At most 2 queries, none without an « @ ».
    """
    places = [found.end() for found in CALLED.finditer(text)]
    if not places:
        return ()
    crew = crew_of(intervention.portfolio_id)
    seeing = crew.holding | crew.leading
    staff = Account.objects.filter(is_active=True, kind=Account.Kind.HUMAN, role__in=STAFF)
    names = {key: folded(name) for key, name in staff.values_list("pk", "name")}
    plain = folded(text)
    return tuple(dict.fromkeys(_one(plain, place, names, seeing, text) for place in places))


def _one(plain: str, place: int, names: dict[UUID, str], seeing: frozenset[UUID], text: str) -> UUID:
    rest = plain[place:]

    def begins(name: str) -> bool:
        return bool(name) and rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()

    word = re.match(r"[\w'-]+", text[place:])
    said = word[0] if word else ""
    longest = max((len(name) for name in names.values() if begins(name)), default=0)
    found = [key for key, name in names.items() if len(name) == longest and begins(name)]
    if not found:
        found = [key for key, name in names.items() if begins(name.split(" ")[0])]
    if not found:
        raise Refused(
            _("Personne ne s’appelle « @%(name)s » ici. Vérifiez le nom, ou enlevez le signe @.")
            % {"name": said},
            code="mention-unknown",
            field="text",
        )
    able = [key for key in found if key in seeing]
    if not able:
        raise Refused(
            _("%(name)s n’a pas le droit de voir cette demande : citez quelqu’un qui la suit.")
            % {"name": Account.objects.values_list("name", flat=True).get(pk=found[0])},
            code="mention-cannot-see",
            field="text",
        )
    if len(able) > 1:
        raise Refused(
            _("Plusieurs collègues répondent à « @%(name)s » : écrivez aussi le nom de famille.")
            % {"name": said},
            code="mention-several",
            field="text",
        )
    return able[0]


def write_note(intervention: Intervention, whom: str, text: str) -> Note:
    """Write a note of the current actor, journaled and told to who listens and who follows."""
    actor, at = current_actor(), now()
    written = Note.objects.create(
        **same_person(intervention),
        intervention=intervention,
        whom=whom,
        text=text.strip(),
        account_id=actor.account_id,
        author=name_of(actor.account_id),
    )
    if intervention.back_at:
        Intervention.objects.filter(pk=intervention.pk).update(**AT_HAND)
    record("intervention.noted", intervention, whom=whom)
    outbox.publish(events.NOTED, intervention.pk, portfolio_id=intervention.portfolio_id)
    tell_followers(intervention, at)
    return written


@verb
def follow(intervention_id: UUID) -> None:
    """Hear from now on what becomes of it; asked twice, it is followed once."""
    intervention = get(intervention_id)
    if follow_for(intervention, human()):
        record("intervention.followed", intervention)


@verb
def unfollow(intervention_id: UUID) -> None:
    """Hear no more of it; nothing happens when it was not followed."""
    intervention = get(intervention_id)
    if Follow.objects.filter(intervention=intervention, account_id=human()).delete()[0]:
        record("intervention.unfollowed", intervention)


def follow_for(intervention: Intervention, account_id: UUID) -> bool:
    """Have ``account_id`` follow it; False when they did already."""
    _found, new = Follow.objects.get_or_create(
        intervention=intervention,
        account_id=account_id,
        defaults={**same_person(intervention), "at": now()},
    )
    return new


@verb
def read_notice(notice_id: UUID) -> Notice:
    """Mark one of one's own notices as read; read already, it stays so. Raises ``Unknown`` for another's."""
    notice = Notice.objects.filter(pk=notice_id, account_id=human()).first()
    if notice is None:
        raise Unknown(_("Cet avis n’est pas pour vous."), code="notice-unknown")
    if notice.read_at is None:
        notice.read_at = now()
        notice.save(update_fields=["read_at"])
    return notice


@verb
def read_notices(intervention_id: UUID | None = None) -> int:
    """Mark one's notices as read: those of one intervention, or all; how many."""
    mine = Notice.objects.filter(account_id=human(), read_at=None)
    if intervention_id is not None:
        mine = mine.filter(intervention_id=intervention_id)
    return mine.update(read_at=now())
