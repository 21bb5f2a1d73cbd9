"""What colleagues did together this morning, told by the verbs: mentions, relays, twins on file, visits made alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from gruppetto.kernel import clock
from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.duplicates.finding import look_at
from gruppetto.registry.people.identity import Asked
from gruppetto.registry.people.models import Address, Person, Phone
from gruppetto.registry.people.reads import display_names
from gruppetto.registry.staff.models import Staff
from gruppetto.service.interventions import verbs as work
from gruppetto.service.interventions.models import Intervention, Note
from gruppetto.service.interventions.states import WORKED
from gruppetto.service.visits import verbs as visits
from gruppetto.service.visits.jobs import WATCH
from gruppetto.service.visits.models import Visit

TO_WHO_LEADS = (
    "@{name}, la caisse refuse la copie de la carte d’identité : puis-je envoyer l’original ?",
    "@{name}, son fils voudrait venir au rendez-vous. Elle est d’accord, je l’ai noté.",
)
TO_WHO_WORKS = "@{name}, l’organisme a rappelé : il reprend le dossier lundi."
ALONE = "La banque ne veut parler qu’à un responsable. Le numéro du dossier est dans la note."
STUCK, TRY = "Le conseiller ne répond plus depuis lundi.", "Essayez le matin avant 10 h : il répond toujours."
AWAY, BACK = "Je suis en formation, le dossier part à midi.", "Dossier parti. Il reste à appeler la personne."
FORGOTTEN = "Je l’ai eue au téléphone : elle était déjà repartie."


def meet() -> None:
    """All of it, as the owner, outside any transaction; where there is less work under way, less is said of it."""
    _visits(Account.objects.filter(role="correspondent").exclude(staff__phone="").latest("pk"))
    _noted_twice(Account.objects.filter(role="agent").earliest("pk"))
    works = _works()
    leader = Account.objects.filter(role="supervisor").earliest("pk")
    for words in TO_WHO_LEADS:
        for one, worker in _next(works):
            _note(one, worker, words, leader)
    for one, worker in _next(works):
        _note(one, leader, TO_WHO_WORKS, worker)
    for one, worker in _next(works):
        _offer(one, worker, leader, ALONE)
    for one, worker in _next(works):
        offered = _offer(one, worker, leader, STUCK)
        with _as(leader):
            work.decline(offered, TRY)
    for one, worker in _next(works):
        offered = _offer(one, worker, leader, AWAY)
        with _as(leader):
            work.accept(offered)
        _offer(one, leader, worker, BACK)


def _works() -> list[Intervention]:
    """Work under way: the latest of each portfolio, then the one before, so that all have some."""
    seen = Counter[int]()
    ranked = []
    for one in Intervention.objects.filter(state__in=WORKED).order_by("-opened_at", "-id"):
        ranked.append((seen[one.portfolio_id], one.portfolio_id, one))
        seen[one.portfolio_id] += 1
    return [one for _rank, _portfolio, one in sorted(ranked, key=lambda row: row[:2])]


def _next(works: list[Intervention]) -> Iterator[tuple[Intervention, Account]]:
    """The next one with who works it, or nothing when none is left."""
    if works:
        one = works.pop(0)
        # Work under way is somebody's: the database says so.
        yield one, Account.objects.get(pk=str(one.worker_id))


def _note(one: Intervention, author: Account, words: str, called: Account) -> None:
    with _as(author):
        work.note(one.pk, Note.For.US, words.format(name=called.name))


def _offer(one: Intervention, giver: Account, taker: Account, words: str) -> UUID:
    with _as(giver):
        return work.hand_on(one.pk, taker.pk, words).pk


def _noted_twice(agent: Account) -> None:
    """Subscribers noted anew in haste, each with another slip, and compared at once, as the worker would."""
    # One digit of the year mistaken gives a day that exists.
    born = Person.objects.filter(birth_date__day__lte=28)
    known = born.filter(subscriber_since__isnull=False).order_by("pk")
    married = known.exclude(usage_name="").first()
    others = known.exclude(pk__in=[married.pk] if married else [])[:4]
    new = [_again(agent, married, family_name=married.usage_name)] if married else []
    for slip, one in zip(("number", "home", "year", "birth"), others, strict=False):
        match slip:
            case "number":
                new.append(_again(agent, one, number=True))
            case "home":
                swapped = one.given_names, one.family_name
                new.append(_again(agent, one, home=True, family_name=swapped[0], given_names=swapped[1]))
            case "year":
                mistaken = one.birth_date and one.birth_date.replace(year=one.birth_date.year ^ 1)
                new.append(_again(agent, one, number=True, birth_date=mistaken))
            case _:
                new.append(_again(agent, one, number=True, birth_date=None))
    with acting(Actor.job("people.look_for_duplicates")):
        look_at(new)


def _again(agent: Account, person: Person, *, number: bool = False, home: bool = False, **slips: Any) -> UUID:
    facts = {name: getattr(person, name) for name in ("family_name", "given_names", "title", "birth_date")}
    with _as(agent):
        facts |= {"portfolio_id": person.portfolio_id, "department": person.department, **slips}
        new = people.add_person(**facts)
        if number:
            people.first_phone(new, Phone.objects.get(subject=person, ended_at=None, main=True).number)
        if home:
            where = Address.objects.get(subject=person, kind=Address.Kind.HOME, until=None)
            people.move_home(new.pk, where.lines, where.postcode, where.commune_id, asked=Asked.CALLED)
    return new.pk


def _visits(alone: Account) -> None:
    """An alarm of the day before yesterday, forgotten and closed; and a visit under way."""
    held = Portfolio.objects.filter(holdings__staff__account=alone)
    home = Address.objects.filter(kind=Address.Kind.HOME, until=None, portfolio_id__in=held).earliest("pk")
    place = f"{home.lines}\n{home.postcode} {home.commune.name}"
    phone, whose = Staff.objects.get(account=alone).phone, display_names([home.subject_id])[home.subject_id]
    then = now() - timedelta(days=2)
    with clock.at(then), _as(alone):
        past = visits.begin(place, phone, 60, whose=whose, person_id=home.subject_id)
    with clock.at(then + timedelta(minutes=71)), acting(Actor.job(WATCH)):
        visits.raise_silent(past.pk)
    past.refresh_from_db(fields=["alerted"])
    with clock.at(then + timedelta(minutes=74)), _as(Account.objects.get(pk=past.alerted[0])):
        visits.take(past.pk)
        visits.close(past.pk, Visit.Finding.FORGOTTEN, FORGOTTEN)
    with _as(alone):
        visits.begin(place, phone, 180, whose=whose, person_id=home.subject_id)


@contextmanager
def _as(who: Account) -> Iterator[None]:
    """In a session of theirs, closed afterwards."""
    key = sessions.new_key()
    sessions.open_session(who.pk, key)
    try:
        with acting(Actor.session(key, who.pk, who.role)):
            yield
    finally:
        sessions.close_session(key)
