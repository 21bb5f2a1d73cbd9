"""How much two records look like one person: graded, with the reasons and the doubts. Never a decision.

Pure functions. ``keys_of`` says with whom a record is worth comparing, so that nobody is compared with everybody;
``compare`` grades a pair. Twins, a couple sharing a telephone or an e-mail, father and son of one name: never "sure".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers.names import name_key, phonetic_key, slips
from gruppetto.kernel.search.text import sort_key

GENERATION = 12
"""Years between two births beyond which one name is a father's and a son's, not a mistyped year."""
MOST_COMPARED = 60
"""Records compared with one for the keys they share, at most."""
MOST_ON_A_NUMBER = 8
"""A number that more records have is a home's switchboard: it says nothing."""

REASONS = {
    "same_name": _("même nom, mêmes prénoms"),
    "near_name": _("nom et prénom presque pareils"),
    "swapped": _("nom et prénom inversés"),
    "other_family": _("même prénom, autre nom de famille"),
    "same_birth": _("même date de naissance"),
    "birth_slip": _("dates de naissance à un chiffre près, ou jour et mois inversés"),
    "same_number": _("même numéro de téléphone"),
    "verified_number": _("même numéro de téléphone, vérifié"),
    "same_email": _("même adresse de courriel"),
    "verified_email": _("même adresse de courriel, vérifiée"),
    "same_home": _("même adresse"),
    "same_place": _("même commune"),
}
DOUBTS = {
    "twins": _("même date de naissance, autre prénom : des jumeaux ?"),
    "couple": _("un couple peut partager un téléphone et une adresse"),
    "generations": _("âges très différents : père et fils, mère et fille ?"),
    "births_differ": _("dates de naissance différentes"),
    "no_birth": _("date de naissance non connue sur l’une des fiches"),
    "titles_differ": _("civilités différentes"),
    "second_name": _("deuxième prénom différent"),
    "married_name": _("un nom de mariage ? À demander"),
    "namesakes": _("peut-être deux homonymes"),
}


class Grade(StrEnum):
    """Surest first; even "sure" waits for a human."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


RANK = {grade: rank for rank, grade in enumerate(Grade)}
LOWER = {Grade.SURE: Grade.LIKELY, Grade.LIKELY: Grade.POSSIBLE}


@dataclass(frozen=True)
class Traits:
    """What a record is compared by. ``home``: key of the street with its postcode, empty when not known."""

    family_name: str
    given_names: str = ""
    usage_name: str = ""
    birth_date: date | None = None
    title: str = "none"
    numbers: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    email: str = ""
    home: str = ""
    postcode: str = ""
    email_verified: bool = False

    @cached_property
    def families(self) -> dict[str, str]:
        """Names that stand for the family with their sounds: of birth, of use, and each part of a compound."""
        whole = [name for name in (self.family_name, self.usage_name) if name]
        parts = [part for name in whole for part in name.replace("-", " ").split() if len(part) > 3]
        return _sounds([*whole, *(parts if len(parts) > len(whole) else [])])

    @cached_property
    def family_key(self) -> str:
        """Key of the name of birth."""
        return name_key(self.family_name)

    @cached_property
    def names(self) -> frozenset[str]:
        """Keys of the whole names of birth and of use."""
        return frozenset(filter(None, (self.family_key, name_key(self.usage_name))))

    @cached_property
    def given(self) -> tuple[str, str]:
        """The first given name with its sound; Jean-Pierre and Jean Pierre are one name."""
        words = sort_key(self.given_names.replace("-", " ")).split()
        first = words[0] if words else ""
        return first, phonetic_key(first) if first else ""

    @cached_property
    def givens(self) -> tuple[str, ...]:
        """All the given names, in order."""
        return tuple(sort_key(self.given_names.replace("-", " ")).split())


@dataclass(frozen=True)
class Likeness:
    """How sure, why, and what speaks against it: codes of ``REASONS`` and ``DOUBTS``."""

    grade: Grade
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return RANK[self.grade]


def keys_of(one: Traits) -> list[str]:
    """With whom to compare: whoever shares one of these keys, or a telephone number. At most about a dozen.

    A birth date with the sound of any one name (a swap or a marriage leaves one of them); the sounds of both names
    with the year or the day of birth (the other may be mistyped); an e-mail address.
    """
    keys = {f"m:{one.email.lower()}"} if one.email else set[str]()
    given = one.given[1]
    families = set(one.families.values())
    if one.birth_date is not None:
        day = one.birth_date
        keys |= {f"b:{day:%Y%m%d}:{sound}" for sound in (*families, given) if sound}
        for family in families:
            if family and given:
                both = "+".join(sorted((family, given)))
                keys |= {f"y:{day.year}:{both}", f"d:{day:%m%d}:{both}"}
    return sorted(key[:80] for key in keys)


def compare(one: Traits, other: Traits) -> Likeness | None:
    """How sure it is that these are one person; None when there is not enough to disturb anybody."""
    names, birth = _names(one, other), _birth(one.birth_date, other.birth_date)
    number = bool(one.numbers & other.numbers)
    verified = bool(one.verified & other.verified)
    email = bool(one.email) and one.email.lower() == other.email.lower()
    email_verified = email and one.email_verified and other.email_verified
    home = bool(one.home) and (one.home, one.postcode) == (other.home, other.postcode)
    place = bool(one.postcode) and one.postcode == other.postcode
    ties = [
        code
        for code, holds in (
            ("verified_number", verified),
            ("same_number", number and not verified),
            ("verified_email", email_verified),
            ("same_email", email and not email_verified),
            ("same_home", home),
        )
        if holds
    ]
    hard = verified or email_verified
    grade, doubts = _grade(
        names,
        birth,
        hard=hard,
        reached=number or email,
        tied=number or email or home,
        place=place,
    )
    if grade is None:
        return None
    if birth == "generations" and not hard:
        return None
    if {one.title, other.title} == {"mr", "mrs"}:
        doubts.append("titles_differ")
        grade = LOWER.get(grade)
    if grade is Grade.SURE and _he_and_she(one, other):
        doubts.append("twins")
        grade = Grade.LIKELY
    if grade is Grade.SURE and not ties:
        grade, more = _without_a_tie(one, other, place=place)
        doubts += more
    if grade is Grade.SURE and _second_names_differ(one, other):
        doubts.append("second_name")
        grade = Grade.LIKELY
    if grade is None:
        return None
    reasons = [names or "", {"same": "same_birth", "slip": "birth_slip"}.get(birth, ""), *ties]
    if place and not home:
        reasons.append("same_place")
    return Likeness(grade, tuple(filter(None, reasons)), tuple(dict.fromkeys(doubts)))


def _without_a_tie(one: Traits, other: Traits, *, place: bool) -> tuple[Grade, list[str]]:
    """Same names, same birth date, and no number, address or e-mail in common: strangers are born the same day."""
    both_have_more = min(len(one.names), len(other.names)) > 1
    if one.family_key != other.family_key:
        # One's name of birth is the other's name of use.
        return (Grade.POSSIBLE, ["namesakes"]) if both_have_more else (Grade.LIKELY, ["married_name"])
    if (both_have_more and one.names != other.names) or (one.postcode and other.postcode and not place):
        return Grade.LIKELY, ["namesakes"]
    return Grade.SURE, []


def _grade(
    names: str, birth: str, *, hard: bool, reached: bool, tied: bool, place: bool
) -> tuple[Grade | None, list[str]]:
    """The table of grades; ``hard``: number or e-mail verified on both; ``reached``: any of them; ``tied``: or home."""
    grade: Grade | None = None
    doubts: list[str] = []
    whole = names in ("same_name", "near_name", "swapped")
    match birth:
        case "same" if whole:
            grade = Grade.SURE if names == "same_name" or tied else Grade.LIKELY
        case "same" if names == "other_family" and (tied or place):
            grade, doubts = (Grade.LIKELY if tied else Grade.POSSIBLE), ["married_name"]
        case "same" if hard:
            grade, doubts = Grade.POSSIBLE, ["twins", "couple"]
        case "slip" if whole and tied:
            grade = Grade.LIKELY
        case "slip" if whole and place:
            grade, doubts = Grade.POSSIBLE, ["namesakes"]
        case "unknown" if whole and reached:
            grade = Grade.LIKELY if names == "same_name" or hard else Grade.POSSIBLE
            doubts = ["no_birth", "generations"]
        case "unknown" if names == "other_family" and hard:
            grade, doubts = Grade.POSSIBLE, ["no_birth", "couple"]
        case "differ" if whole and hard:
            grade, doubts = Grade.POSSIBLE, ["births_differ"]
        case "generations" if whole and hard:
            grade, doubts = Grade.POSSIBLE, ["generations", "births_differ"]
    return grade, doubts


def _names(one: Traits, other: Traits) -> str:
    """How the names agree; empty when the given names do not."""
    if not (one.given[0] and other.given[0]):
        return ""
    family = _best(one.families, other.families)
    given = _near(one.given, other.given)
    if family and given:
        return "same_name" if family == given == "same" else "near_name"
    crossed = [
        _best(_sounds([a.given_names]) | dict([a.given]), b.families) for a, b in ((one, other), (other, one))
    ]
    if all(crossed):
        return "swapped"
    return "other_family" if given else ""


def _birth(one: date | None, other: date | None) -> str:
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "same"
    a, b = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    turned = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    if turned or slips(a, b) == 1:
        # One digit of the year may be ten years and more: then it is another generation, perhaps.
        return (
            "slip"
            if abs(one.year - other.year) < GENERATION or (a[2:] == b[2:] and a[0] != b[0])
            else "generations"
        )
    return "generations" if abs(one.year - other.year) >= GENERATION else "differ"


def _best(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """ "same", "near" or empty: the best agreement among several names."""
    if ours.keys() & theirs.keys():
        return "same"
    return next((near for a in ours.items() for b in theirs.items() if (near := _near(a, b))), "")


def _near(one: tuple[str, str], other: tuple[str, str]) -> str:
    (a, sound), (b, other_sound) = one, other
    if a == b:
        return "same" if a else ""
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) == 1:
        return "near" if longer.startswith(shorter) else ""
    if sound and sound == other_sound:
        return "near"
    allowed = 1 if 4 <= len(longer) < 8 else len(longer) // 6
    return "near" if slips(shorter, longer) <= allowed else ""


def _he_and_she(one: Traits, other: Traits) -> bool:
    """Louis and Louise, Michel and Michèle: brother and sister, unless both are known to be of one sex."""
    if one.title == other.title != "none":
        return False
    shorter, longer = sorted((one.given[0], other.given[0]), key=len)
    return longer[len(shorter) :] in ("e", "le", "ne", "te") and longer.startswith(shorter)


def _second_names_differ(one: Traits, other: Traits) -> bool:
    """Marie Louise and Marie Claude; but Marie and Marie Louise may be one."""
    if min(len(one.givens), len(other.givens)) < 2:
        return False
    a, b = one.givens[1], other.givens[1]
    return not _near((a, phonetic_key(a)), (b, phonetic_key(b)))


def _sounds(names: list[str]) -> dict[str, str]:
    keys = (name_key(name) for name in names)
    return {key: phonetic_key(key) for key in keys if key}
