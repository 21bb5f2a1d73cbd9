"""What the person agreed to, what helps them, the word they chose."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.identifiers.names import name_key
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.levels import Order
from gruppetto.registry.people.identity.orders import ordered
from gruppetto.registry.people.models import Consent, Need, Person
from gruppetto.registry.people.verbs._rows import (
    about,
    choice,
    clean,
    locked,
    locked_person,
    needed,
    note,
    past_day,
)

REVIEW = timedelta(days=365)
SHORTEST_WORD, LONGEST_WORD = 4, 40


@verb
def give_consent(person_id: UUID, purpose: str, source: str, given_on: date | str | None = None) -> Consent:
    """Note what the person agrees to, from whom we know it, since when (today unless said)."""
    person = locked_person(person_id)
    consent = Consent.objects.create(
        **about(person),
        purpose=choice(purpose, Consent.Purpose, "purpose"),
        source=needed(source, "source", 200),
        given_on=past_day(given_on, "given_on"),
    )
    note("consent.given", consent, person.pk, person.portfolio_id, purpose=purpose)
    return consent


@verb
def withdraw_consent(person_id: UUID, purpose: str, on: date | str | None = None) -> Consent:
    """Note that the person no longer agrees; what follows hangs on the fact published."""
    locked_person(person_id)
    consent = (
        Consent.objects.select_for_update()
        .filter(subject_id=person_id, purpose=purpose, withdrawn_on=None)
        .first()
    )
    if consent is None:
        raise Refused(_("Cet accord n’est pas noté, ou il est déjà retiré."), code="no-consent")
    consent.withdrawn_on = past_day(on, "withdrawn_on")
    consent.save(update_fields=["withdrawn_on"])
    note("consent.withdrawn", consent, person_id, consent.portfolio_id, purpose=purpose)
    publish(events.CONSENT_WITHDRAWN, person_id, portfolio_id=consent.portfolio_id, purpose=purpose)
    return consent


@verb
def note_need(
    person_id: UUID,
    kind: str,
    words: str,
    source: str,
    *,
    helps: str = "",
    frightens: str = "",
    review_on: date | str | None = None,
) -> Need:
    """Note a special need in words that the person may read; ``source``: who said so; seen again in a year."""
    person = locked_person(person_id)
    need = Need.objects.create(
        **about(person),
        kind=choice(kind, Need.Kind, "kind"),
        words=needed(words, "words", 300),
        helps=clean(helps, "helps", 300),
        frightens=clean(frightens, "frightens", 300),
        source=needed(source, "source", 120),
        noted_on=clock.today(),
        review_on=_review(review_on),
    )
    note("need.noted", need, person.pk, person.portfolio_id, kind=kind)
    publish(events.CHANGED, person.pk, portfolio_id=person.portfolio_id)
    return need


@verb
def review_need(need_id: UUID, *, review_on: date | str | None = None, **words: str) -> Need:
    """Still true today: maybe said otherwise (``words``, ``helps``, ``frightens``), to be seen again later."""
    if stray := words.keys() - {"words", "helps", "frightens"}:
        raise ValueError(f"not a text of a need: {', '.join(sorted(stray))}")
    need = _in_force(need_id)
    for field, typed in words.items():
        setattr(need, field, needed(typed, field, 300) if field == "words" else clean(typed, field, 300))
    need.review_on = _review(review_on)
    need.save(update_fields=[*words, "review_on"])
    note("need.reviewed", need, need.subject_id, need.portfolio_id, kind=need.kind)
    publish(events.CHANGED, need.subject_id, portfolio_id=need.portfolio_id)
    return need


@verb
def end_need(need_id: UUID) -> Need:
    """It is no longer so, or the person does not want it kept."""
    need = _in_force(need_id)
    need.ended_on = clock.today()
    need.save(update_fields=["ended_on"])
    note("need.ended", need, need.subject_id, need.portfolio_id, kind=need.kind)
    publish(events.CHANGED, need.subject_id, portfolio_id=need.portfolio_id)
    return need


@verb
def choose_word(person_id: UUID, word: str, *, asked: str = "") -> None:
    """Keep, encrypted, the word that the person chose: we say it to prove that we are us, they to prove they are them.

    ``asked``: as ``ordered``. Raises as it does; ``Refused``: a word that is too short, not of letters, or part of the
    person's own name.
    """
    person, word = locked_person(person_id), needed(word, "word", LONGEST_WORD)
    how = ordered(person_id, Order.CHANGE_DETAILS, asked)
    letters = name_key(word)
    if len(letters) < SHORTEST_WORD or not letters.isalpha():
        raise Refused(
            _("Choisissez un mot d’au moins quatre lettres, sans chiffre."),
            code="word-too-short",
            field="word",
        )
    if letters in _names(person):
        raise Refused(
            _("Choisissez un mot qui n’est pas dans le nom de la personne."),
            code="word-is-a-name",
            field="word",
        )
    person.chosen_word = word
    person.save(update_fields=["chosen_word"])
    note("word.chosen", person, person.pk, person.portfolio_id, **how)


def _names(person: Person) -> set[str]:
    names = (person.given_names, person.family_name, person.usage_name)
    return {name_key(part) for name in names for part in (name, *name.split())}


def _in_force(need_id: UUID) -> Need:
    need = locked(Need, need_id)
    if need.ended_on is not None:
        raise Refused(_("Ce besoin a déjà été retiré."), code="need-ended")
    return need


def _review(typed: date | str | None) -> date:
    today = clock.today()
    if typed is None or typed == "":
        return today + REVIEW
    if isinstance(typed, str):
        return dates.parse_date(typed, today, earliest=today, field="review_on")
    if typed < today:
        raise Refused(_("La date de revue est à venir."), code="date-too-early", field="review_on")
    return typed
