"""A person from all sides (Q29, R3): who they are, how to reach them, what we did, who looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gruppetto.desks.correspondent.past import EVERYTHING, THREADS, Past, Thread, history
from gruppetto.desks.correspondent.person_forms import LANGUAGES
from gruppetto.desks.correspondent.record import Document, document_of
from gruppetto.desks.shared.looks import CHANNEL, IDENTITY, INTERVENTION, Look
from gruppetto.desks.shared.sendings import standing
from gruppetto.kernel.access.rules import abilities_of
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import day_of, now, today
from gruppetto.kernel.files.models import File
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.journal.verbs import declared
from gruppetto.kernel.secrets.fields import SealedText
from gruppetto.registry.coverage.reads import Worker, worker_of
from gruppetto.registry.people.identity import ceiling
from gruppetto.registry.people.models import Channel, Consent, Phone
from gruppetto.registry.people.reads import Home, PersonCard, PhoneLine, card
from gruppetto.service.coordinates.models import What
from gruppetto.service.coordinates.reads import Coordinate, Said, coordinates_of

NEVER = Look(gettext_lazy("Jamais vérifié"), "warning", "exclamation-triangle-fill")
OLD = Look(gettext_lazy("À vérifier de nouveau"), "warning", "clock-history")
SURE = Look(gettext_lazy("Vérifié"), "good", "check-circle-fill")
BACK = Look(gettext_lazy("Revenu : à vérifier"), "danger", "mailbox")


@dataclass(frozen=True)
class Reach:
    """A way to reach the person, and how sure we are of it. ``line``: of a number."""

    one: Coordinate
    label: str
    line: PhoneLine | None
    look: Look
    verified: str


@dataclass(frozen=True)
class Event:
    """A line of the history. ``href``: where it is told in full."""

    look: Look
    title: str
    words: str
    at: datetime
    who: str
    href: str = ""


@dataclass(frozen=True)
class Dossier:
    """All that a person's page shows."""

    card: PersonCard
    worker: Worker
    portfolio: str
    born: str
    identity: list[tuple[str, str]]
    certainty: Look
    certain: list[str]
    repeat: str
    suspects: list[str]
    reach: list[Reach]
    agreements: list[tuple[str, str, Past | None]]
    channels: list[str]
    interventions: list[tuple[Past, Look, str]]
    story: list[Event]
    thread: Thread
    documents: list[tuple[Document, Past]]
    placements: list[Past]
    looks: list[tuple[Past, str]]
    at: datetime

    @property
    def numbers(self) -> list[Reach]:
        """The numbers among the ways to reach them."""
        return [one for one in self.reach if one.line]


def dossier(person_id: UUID, thread: Thread = EVERYTHING) -> Dossier:
    """Everything about a person, and the trace of this look (8 queries). Raises ``Unknown`` for one out of sight.

    ``thread``: what of the history is told. A merged record gives the one kept.
    """
    shown = card(person_id)
    past = history(shown.person.pk, thread)
    birth = shown.person.birth_date
    return Dossier(
        card=shown,
        worker=worker_of(shown.portfolio_id, today()),
        portfolio=next((one.words for one in past["placement"] if one.until is None), ""),
        born=dates.day_text(birth, year=True, weekday=False) if birth else "",
        identity=identity(shown),
        certainty=IDENTITY[past["sure"][0].more] if past["sure"] else IDENTITY["0"],
        certain=certain(shown, past["sure"]),
        repeat=repeated(past["repeat"]),
        suspects=[suspicion(one) for one in past["suspect"]],
        reach=reach(shown, past),
        agreements=[
            (str(code), str(label), next((one for one in past["agreed"] if one.code == code), None))
            for code, label in Consent.Purpose.choices
        ],
        channels=[str(Channel(code).label) for code in shown.channels],
        interventions=[
            (one, INTERVENTION[one.code], reverse("correspondent:intervention", args=[one.id]))
            for one in past["intervention"]
        ],
        story=story(past, thread),
        thread=thread,
        documents=[(_document(one), one) for one in past["document"]],
        placements=past["placement"],
        looks=[(one, str(_said(one.code))) for one in past["look"]],
        at=now(),
    )


def identity(card: PersonCard) -> list[tuple[str, str]]:
    """What the record says of the person, as names and values; the chosen word is never shown here."""
    person = card.person
    return [
        (_("Prénoms"), person.given_names),
        (_("Nom de naissance"), person.family_name),
        (_("Nom d’usage"), person.usage_name),
        (_("Adresse"), _address(card.home)),
        (_("Adresse de courrier"), _address(card.mail) or _("la même")),
        (_("Courriel"), person.email),
        (_("Langue"), str(dict(LANGUAGES).get(person.language, person.language))),
        (_("Moyen préféré"), str(Channel(person.preferred_channel).label)),
        (_("Fournisseur d’énergie"), person.energy_provider),
        (_("Opérateur de téléphone"), person.phone_provider),
        (_("Mot choisi"), _("noté, il se dit depuis un appel") if person.chosen_word else ""),
    ]


def certain(card: PersonCard, sure: list[Past]) -> list[str]:
    """How sure we are that we speak with this person: how it was verified, when, and what it can reach."""
    said = [
        _("Le %(day)s, %(channel)s, avec %(who)s.")
        % {
            "day": dates.day_text(day_of(one.at), year=True, weekday=False),
            "channel": str(CHANNEL[one.code].word).lower(),
            "who": one.who or _("un ancien collègue"),
        }
        for one in sure
    ] or [_("Personne n’a encore vérifié son identité pendant un échange.")]
    if (highest := ceiling(card.person)) < 3:
        said.append(
            _("Avant la première visite, on ne va pas plus haut que : %(level)s.")
            % {"level": str(IDENTITY[str(highest)].word).lower()}
        )
    return said


def repeated(found: list[Past]) -> str:
    """« 3ᵉ contact en 9 jours » and for what; empty when the person did not have to come back lately."""
    for one in found:
        days = max(1, (day_of(one.at) - day_of(one.until or one.at)).days)
        said = ngettext(
            "%(rank)sᵉ contact en %(days)d jour pour « %(reason)s »",
            "%(rank)sᵉ contact en %(days)d jours pour « %(reason)s »",
            days,
        )
        return said % {"rank": one.more, "days": days, "reason": one.words}
    return ""


def suspicion(one: Past) -> str:
    """The page where a record that looks like this one is compared with it; empty for who does not decide."""
    if "merge_persons" in abilities_of(current_actor().role):
        return reverse("supervision:duplicate", args=[one.id])
    return ""


def reach(card: PersonCard, past: Mapping[str, list[Past]]) -> list[Reach]:
    """The ways to reach the person, each with its age: numbers, electronic address, home, mail."""
    said = [
        Said(one.code, one.words, one.what == "returned", one.at, one.who)
        for one in sorted((*past["confirmed"], *past["returned"]), key=lambda one: one.at, reverse=True)
    ]
    lines, verifiers = {line.id: line for line in card.phones}, {one.id: one.who for one in past["verified"]}
    return [
        _reach(one, lines.get(one.row_id) if one.row_id else None)
        for one in coordinates_of(card, said, verifiers)
    ]


def _reach(one: Coordinate, line: PhoneLine | None) -> Reach:
    at = now()
    label = str(Phone.Kind(line.kind).label if line else What(one.what).label)
    look = SURE
    if one.old(at):
        look = BACK if one.returned_at else OLD if one.verified_at else NEVER
    if one.verified_at is None:
        return Reach(one, label, line, look, "")
    how = _("confirmé par la personne")
    if line and line.verified_at == one.verified_at:
        how = str(Phone.Verified(line.verified_how).label)
    said = _("%(how)s %(ago)s, le %(day)s, par %(who)s") % {
        "how": how,
        "ago": ago(one.verified_at, at),
        "day": dates.day_text(day_of(one.verified_at), year=True, weekday=False),
        "who": one.who or _("un ancien collègue"),
    }
    return Reach(one, label, line, look, said)


def ago(moment: datetime, at: datetime) -> str:
    """``aujourd’hui``, ``il y a 12 jours``, ``il y a 8 mois``: an age, as one says it."""
    days = (day_of(at) - day_of(moment)).days
    if days < 1:
        return _("aujourd’hui")
    if days < 60:
        return ngettext("il y a %(n)d jour", "il y a %(n)d jours", days) % {"n": days}
    return _("il y a %(n)d mois") % {"n": round(days / 30.44)}


def story(past: Mapping[str, list[Past]], thread: Thread) -> list[Event]:
    """Contacts, messages and requests as one history, newest first."""
    contacts = [
        Event(
            CHANNEL[one.code],
            _("De nous vers la personne") if one.more == "out" else _("De la personne vers nous"),
            one.words,
            one.at,
            one.who,
        )
        for one in past["contact"]
    ]
    messages = [
        Event(
            CHANNEL[one.code],
            _("Message de notre part : %(state)s") % {"state": standing(one.more).word},
            one.words,
            one.at,
            one.who,
        )
        for one in past["message"]
    ]
    requests = [
        Event(
            INTERVENTION[one.code],
            _("Demande %(reference)s") % {"reference": one.more},
            one.words,
            one.at,
            one.who,
            reverse("correspondent:intervention", args=[one.id]),
        )
        for one in past["intervention"]
        if thread.requests
    ]
    return sorted((*contacts, *messages, *requests), key=lambda one: one.at, reverse=True)


def thread_of(code: str) -> Thread:
    """The thread of that code; everything for one that does not exist."""
    return THREADS.get(code, EVERYTHING)


def _document(one: Past) -> Document:
    found = File(id=one.id, state=one.code)
    found.__dict__["name"] = SealedText(one.sealed or b"")  # read from the database, still closed
    return document_of(found)


def _address(home: Home | None) -> str:
    return f"{home.lines}, {home.postcode} {home.commune}" if home else ""


def _said(verb: str) -> object:
    known = declared().get(verb)
    return known.said if known else verb
