"""People whose truth is known: one generator, frozen by its seed; records of one person twice, and traps.

Names by how often they are borne in France, roughly (a few names weigh as much as all the others); towns small enough
that two strangers may share one. Each way of being on file twice, and each trap, is drawn as often as the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from gruppetto.registry.people.duplicates.likeness import Traits


def _listed(words: str) -> list[str]:
    return words.split()


SURNAMES = _listed(
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy "
    "Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller "
    "Lefevre Faure Andre Mercier Blanc Guerin Boyer Garnier Chevalier Francois Legrand Gauthier Garcia "
    "Perrin Robin Clement Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont "
    "Marie Lemaire Noel Meyer Dufour Meunier Brun Blanchard Giraud Joly Riviere Lucas Brunet Gaillard "
    "Barbier Arnaud Martinez Gerard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre "
    "Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoit Rey Leclerc Payet "
    "Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis "
    "Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier "
    "Marty Aubry Guyot Carre Charles Renault Charpentier Menard Maillard Baron Bertin Bailly Herve "
    "Schneider Fernandez Collet Leger Bouvier Julien Prevost Millet Perrot Daniel Cousin Germain Breton "
    "Besson Langlois Remy Leconte"
)
WOMEN = _listed(
    "Marie Jeanne Monique Jacqueline Françoise Nicole Denise Suzanne Simone Madeleine Yvonne Paulette "
    "Andrée Marcelle Germaine Louise Odette Thérèse Ginette Raymonde Lucienne Hélène Christiane Yvette "
    "Micheline Colette Renée Marguerite Josette Huguette Anne Claudine Michèle Danielle Bernadette "
    "Geneviève Solange Éliane Arlette Pierrette"
)
MEN = _listed(
    "Jean Pierre Michel André René Louis Roger Robert Marcel Jacques Georges Henri Bernard Claude Raymond "
    "Maurice Gérard Lucien Paul Albert Guy Roland Gilbert Marius Daniel Christian Yves Joseph Serge Alain "
    "Émile Fernand Gaston Léon Étienne Antoine Charles François Philippe Julien"
)
STREETS = (
    "temple",
    "eglise",
    "moulin",
    "gare",
    "ecoles",
    "pasteur",
    "fontaine",
    "chataigniers",
    "republique",
    "lavoir",
)
FIRST, LAST = date(1925, 1, 1), date(1962, 12, 31)


@dataclass(frozen=True)
class Record:
    """A record and the human being it is about; ``kind``: why there are two records, or which trap it is."""

    traits: Traits
    person: int
    kind: str = ""


class Town:
    """Draws people; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # people who do not exist
        self.numbers = 0
        self.people = 0

    def number(self) -> str:
        """A number that nobody has."""
        self.numbers += 1
        return f"+3356{self.numbers:07d}"

    def anybody(self, *, woman: bool | None = None) -> Record:
        """Somebody on their own."""
        woman = self.chance.random() < 0.62 if woman is None else woman
        names = WOMEN if woman else MEN
        given = [self._name(names)] + ([self._name(names)] if self.chance.random() < 0.25 else [])
        family = self._name(SURNAMES)
        number = self.number()
        self.people += 1
        return Record(
            Traits(
                family,
                ("-" if self.chance.random() < 0.2 else " ").join(given),
                self._name(SURNAMES) if woman and self.chance.random() < 0.7 else "",
                FIRST + timedelta(days=self.chance.randrange((LAST - FIRST).days)),
                "mrs" if woman else "mr",
                frozenset({number}),
                frozenset({number} if self.chance.random() < 0.5 else ()),
                f"p{self.people}@example.test" if self.chance.random() < 0.15 else "",
                f"{self.chance.randrange(1, 60)} rue {self.chance.choice(STREETS)}",
                f"{31000 + self.chance.randrange(120):05d}",
            ),
            self.people,
        )

    def _name(self, names: list[str]) -> str:
        return self.chance.choice(names[: max(6, len(names) // 4)] if self.chance.random() < 0.5 else names)

    def _typo(self, word: str) -> str:
        place = self.chance.randrange(1, max(2, len(word) - 1))
        way = self.chance.randrange(3)
        if way == 0:
            return word[:place] + word[place + 1 :]
        if way == 1:
            return word[: place - 1] + word[place : place + 1] + word[place - 1 : place] + word[place + 1 :]
        return word[:place] + self.chance.choice("aeiourstln") + word[place:]

    def _elsewhere(self, one: Traits, **changes: object) -> Traits:
        """The second record, taken at another time: another number half of the time, no e-mail."""
        numbers = frozenset({self.number()}) if self.chance.random() < 0.5 else one.numbers
        changes = {"numbers": numbers, "verified": numbers & one.verified, "email": "", **changes}
        return replace(one, **changes)  # type: ignore[arg-type]  # names of its fields

    def twice(self, kind: str) -> tuple[Record, Record]:
        """One person, on file twice."""
        one = self.anybody(woman=True if kind == "married" else None)
        t, born = one.traits, one.traits.birth_date
        assert born is not None  # everybody here has one
        if kind == "married":
            t = replace(t, usage_name=t.usage_name or "Perrin")
            one = replace(one, traits=t)
        ways: dict[str, Callable[[], Traits]] = {
            "accents": lambda: self._elsewhere(
                t, given_names=t.given_names.upper().replace("É", "E").replace("-", " ")
            ),
            "typo_family": lambda: self._elsewhere(t, family_name=self._typo(t.family_name), usage_name=""),
            "typo_given": lambda: self._elsewhere(t, given_names=self._typo(t.given_names)),
            "swapped": lambda: self._elsewhere(
                t, family_name=t.given_names, given_names=t.family_name, usage_name=""
            ),
            "married": lambda: self._elsewhere(t, family_name=t.usage_name, usage_name=""),
            "compound": lambda: self._elsewhere(
                t, family_name=f"{t.family_name}-{t.usage_name or 'Leroy'}", usage_name=""
            ),
            "first_name_only": lambda: self._elsewhere(
                t, given_names=t.given_names.replace("-", " ").split()[0]
            ),
            "birth_digit": lambda: self._elsewhere(t, birth_date=self._slipped(born)),
            "birth_turned": lambda: self._elsewhere(t, birth_date=self._turned(born)),
            "no_birth": lambda: self._elsewhere(t, birth_date=None, numbers=t.numbers, home="", postcode=""),
            "initial": lambda: self._elsewhere(t, given_names=f"{t.given_names[0]}.", numbers=t.numbers),
            "moved": lambda: self._elsewhere(t, home="", postcode="31999", usage_name=""),
        }
        return one, Record(ways[kind](), one.person, kind)

    def _slipped(self, born: date) -> date:
        return (
            born.replace(year=born.year + self.chance.choice((-1, 1)))
            if (born.month, born.day) != (2, 29)
            else born.replace(day=28)
        )

    def _turned(self, born: date) -> date:
        return (
            date(born.year, born.day, born.month) if born.day <= 12 else born.replace(day=1 + born.day % 28)
        )

    def trap(self, kind: str) -> tuple[Record, Record]:
        """Two persons whom one could take for one."""
        one = self.anybody()
        t, born = one.traits, one.traits.birth_date
        assert born is not None  # everybody here has one
        self.people += 1
        other = self.anybody(woman=t.title == "mrs").traits
        spouse = self.anybody(woman=t.title != "mrs").traits
        shared = {"numbers": t.numbers, "verified": t.verified, "home": t.home, "postcode": t.postcode}
        given = next(name for name in (WOMEN if t.title == "mrs" else MEN) if name not in t.given_names)
        made = {
            "twins": replace(t, given_names=given, email=""),
            "couple": replace(spouse, family_name=t.family_name, **shared),
            "generations": replace(
                t, birth_date=born.replace(year=born.year - 27, day=min(born.day, 28)), email=""
            ),
            "namesakes": replace(
                other, family_name=t.family_name, given_names=t.given_names, usage_name=t.usage_name
            ),
            "same_birth": replace(other, birth_date=born, postcode=t.postcode),
            "siblings": replace(other, family_name=t.family_name, usage_name=t.usage_name, **shared),
            "spouse_alike": replace(
                t,
                given_names="Michel" if t.title == "mrs" else "Michèle",
                title="mr" if t.title == "mrs" else "mrs",
                birth_date=None,
                email="",
            ),
        }[kind]
        first = (
            replace(t, given_names="Michèle" if t.title == "mrs" else "Michel")
            if kind == "spouse_alike"
            else t
        )
        return replace(one, traits=first), Record(made, self.people, kind)


WAYS = (
    "accents", "typo_family", "typo_given", "swapped", "married", "compound", "first_name_only", "birth_digit",
    "birth_turned", "no_birth", "initial", "moved",
)  # fmt: skip
TRAPS = ("twins", "couple", "generations", "namesakes", "same_birth", "siblings", "spouse_alike")


def records(scale: int, seed: int = 1) -> list[Record]:
    """``scale`` records: one in twenty is somebody's second record, as many pairs are traps."""
    town, made = Town(seed), list[Record]()
    while len(made) < scale:
        turn = len(made) // 20
        made += town.twice(WAYS[turn % len(WAYS)]) + town.trap(TRAPS[turn % len(TRAPS)])
        made += [town.anybody() for _ in range(16)]
    return made[:scale]
