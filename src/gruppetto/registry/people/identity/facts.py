"""The facts that only the person should know, and the questions that ask for them.

Rooms above declare theirs (the correspondent's first name, the last request answered) with ``declare_fact``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.identifiers.names import Kind, answers_match, same_but_for_slips
from gruppetto.kernel.search.text import normalise
from gruppetto.registry.people.models import Address, Person
from gruppetto.registry.people.reads import relatives_of

WORDS = "words"
AnswerOf = Callable[[Person], str | None]


class Finding(StrEnum):
    """What finds a person and does not confirm them; asked beside one fact before the first visit."""

    BIRTH_DATE = "birth_date"
    HOME_STREET = "home_street"


@dataclass(frozen=True)
class Fact:
    """``question``: French, as read aloud. ``answer_of``: the answer on file, None when there is none."""

    code: str
    question: object
    answer_of: AnswerOf
    kind: Kind = Kind.WORD

    def matches(self, person: Person, typed: str) -> bool | None:
        """Is that the answer on file? None when there is none any more."""
        expected = self.answer_of(person)
        return answers_match(expected, typed, self.kind) if expected else None


class BirthDate(Fact):
    """Its answer is a day, however it is said."""

    def matches(self, person: Person, typed: str) -> bool | None:
        if person.birth_date is None:
            return None
        try:  # a year of two digits is the one nearest to the right one
            return dates.parse_date(typed, person.birth_date) == person.birth_date
        except Refused:
            return False


class Subject(Fact):
    """Its answer is a matter put in one's own words: "ma facture" answers "Facture d’énergie contestée"."""

    def matches(self, person: Person, typed: str) -> bool | None:
        expected = self.answer_of(person)
        return subjects_match(expected, typed) if expected else None


# Said of any matter: they tell nothing.
EMPTY_WORDS = frozenset(
    {
        "demande",
        "demander",
        "dossier",
        "papier",
        "papiers",
        "faire",
        "pour",
        "avec",
        "dans",
        "chez",
        "votre",
        "vous",
    }
)
WORDS_OF_AN_ANSWER = 12


def subjects_match(expected: str, typed: str) -> bool:
    """Do two ways of naming a matter share a word that tells something (four letters or more, slips as elsewhere)?

    An answer of more than ``WORDS_OF_AN_ANSWER`` words is a list of guesses: it never matches.
    """
    if len(typed.split()) > WORDS_OF_AN_ANSWER:
        return False
    wanted, given = _telling(expected), _telling(typed)
    return any(same_but_for_slips(one, other) for one in wanted for other in given)


def _telling(text: str) -> set[str]:
    words = re.findall(r"[a-z]{4,}", normalise(text))
    return {word.rstrip("sx") for word in words if word not in EMPTY_WORDS}


_facts: dict[str, Fact] = {}


def declare_fact(code: str, question: object, answer_of: AnswerOf, kind: str = Kind.WORD) -> None:
    """Declare a fact that identity questions may be drawn from; ``answer_of`` has a fixed number of queries.

    ``kind``: of ``names.Kind``, or "words" for a matter that people name in their own words. Raises ``ValueError``
    for an unknown kind, or a code that is already a fact's.
    """
    if code in _facts or code in set(Finding):
        raise ValueError(f"fact {code} is declared twice")
    if kind == WORDS:
        _facts[code] = Subject(code, question, answer_of)
    else:
        _facts[code] = Fact(code, question, answer_of, Kind(kind))


def declared_facts() -> tuple[Fact, ...]:
    """The facts that may be drawn."""
    return tuple(_facts.values())


def fact(code: str) -> Fact | None:
    """The fact of this code, drawn or finding."""
    return _facts.get(code) or next((finding for finding in FINDING if finding.code == code), None)


def street_of(lines: str) -> str:
    """The line that names the street: the one that begins with a number, else the last."""
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    return next((line for line in written if line[0].isdecimal()), written[-1] if written else "")


def _trusted_first_name(person: Person) -> str | None:
    """Asked only when there is one trusted relative: which of two would be meant?"""
    trusted = [line.given_names for line in relatives_of(person.pk) if line.trusted]
    return trusted[0].split(" ")[0] or None if len(trusted) == 1 else None


def _street(person: Person, *, current: bool) -> str | None:
    homes = Address.objects.filter(subject_id=person.pk, kind=Address.Kind.HOME, until__isnull=current)
    home = homes.order_by("-until", "-id").first()
    return street_of(home.lines) or None if home else None


def _last_visit(person: Person) -> str | None:
    return str(person.last_visit_on.month) if person.last_visit_on else None


FINDING = (
    BirthDate(
        Finding.BIRTH_DATE,
        _("Quelle est votre date de naissance ?"),
        lambda person: person.birth_date.isoformat() if person.birth_date else None,
        Kind.WORD,
    ),
    Fact(
        Finding.HOME_STREET,
        _("Dans quelle rue habitez-vous ?"),
        lambda person: _street(person, current=True),
        Kind.STREET,
    ),
)

WORD = "chosen_word"
declare_fact(WORD, _("Quel est le mot que vous avez choisi avec nous ?"), lambda person: person.chosen_word)
declare_fact(
    "trusted_relative",
    _("Quel est le prénom de votre proche de confiance ?"),
    _trusted_first_name,
    Kind.NAME,
)
declare_fact(
    "energy_provider",
    _("Quel est votre fournisseur d’électricité ou de gaz ?"),
    lambda person: person.energy_provider or None,
)
declare_fact(
    "phone_provider",
    _("Quel est votre opérateur de téléphone ?"),
    lambda person: person.phone_provider or None,
)
declare_fact(
    "previous_street",
    _("Dans quelle rue habitiez-vous avant ?"),
    lambda person: _street(person, current=False),
    Kind.STREET,
)
declare_fact(
    "last_visit", _("En quel mois avons-nous été chez vous la dernière fois ?"), _last_visit, Kind.MONTH
)
