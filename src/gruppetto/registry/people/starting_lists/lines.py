"""One line of a starting list, from what was typed to facts about a person, or to what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.kernel.identifiers.names import name_key
from gruppetto.kernel.search.text import normalise
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.people.models import Need
from gruppetto.registry.people.names import NameRead, read_name
from gruppetto.registry.people.starting_lists.places import Places, clean_postcode
from gruppetto.registry.people.starting_lists.reading import NEEDED, Row
from gruppetto.registry.people.verbs._rows import clean, needed
from gruppetto.registry.people.verbs.persons import clean_email

T = TypeVar("T")

# What each needed column is asked for when it is empty.
MISSING = {
    "source_consentement": _(
        "La ligne ne dit pas d’où vient l’accord de la personne : elle ne peut pas être chargée."
    ),
    "date_consentement": _(
        "La ligne ne dit pas quand la personne a donné son accord : elle ne peut pas être chargée."
    ),
}
LANGUAGES = {
    "francais": "fr", "anglais": "en", "espagnol": "es", "portugais": "pt", "arabe": "ar", "italien": "it",
    "allemand": "de", "neerlandais": "nl", "polonais": "pl", "roumain": "ro", "russe": "ru", "turc": "tr",
    "ukrainien": "uk", "vietnamien": "vi", "chinois": "zh", "occitan": "oc", "breton": "br", "basque": "eu",
    "catalan": "ca", "corse": "co", "kabyle": "kab", "berbere": "ber", "lingala": "ln", "wolof": "wo",
    "armenien": "hy", "albanais": "sq", "serbe": "sr", "tamoul": "ta", "hindi": "hi", "persan": "fa",
    "creole": "crp", "lsf": "fsl", "langue des signes": "fsl",
}  # fmt: skip
# First words that say the kind of a need; whatever else is "other", in the words of the list.
NEED_WORDS = (
    (Need.Kind.HEARING, r"\b(audit|sourd|malentend|appareill|entend)"),
    (Need.Kind.SIGHT, r"\b(vue|voyant|malvoyant|aveugle|non.voyant|dmla)"),
    (Need.Kind.MOBILITY, r"\b(mobilit|fauteuil|marche|deplace|canne|alite)"),
    (Need.Kind.READING, r"\b(lecture|ecrit|lire|illettr|analphabet)"),
    (Need.Kind.LANGUAGE, r"\b(langue|interprete|parle|traduct)"),
    (Need.Kind.MEMORY, r"\b(memoire|alzheimer|cognit|oubli)"),
    (Need.Kind.MONEY, r"\b(argent|dette|surendett|precar|impaye)"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line: the column (empty: the line as a whole) and why, in French; never the value."""

    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Clean:
    """The facts of a good line. ``needs``: (kind, words)."""

    family_name: str
    given_names: str
    usage_name: str
    birth_date: date
    address: str
    postcode: str
    commune: Commune
    numbers: tuple[str, ...]
    email: str
    language: str
    needs: tuple[tuple[str, str], ...]
    consent_source: str
    consent_on: date
    relative: NameRead | None
    relative_number: str


def check(row: Row, places: Places) -> tuple[Clean | None, list[Fault]]:
    """The facts of a line and no fault, or no facts and all its faults."""
    typed, faults, today = row.typed, _faults_of_form(row), clock.today()

    def read(column: str, reader: Callable[[str], T]) -> T | None:
        """``reader`` on the column when it says something; its refusal is a fault of the line."""
        if column not in typed or any(fault.column == column for fault in faults):
            return None
        try:
            return reader(typed[column])
        except Refused as refused:
            faults.append(Fault(refused.field if refused.field in typed else column, str(refused)))
            return None

    family = read("nom", lambda text: needed(text, "nom", 120))
    given = read("prenoms", lambda text: needed(text, "prenoms", 120))
    usage = read("nom_usage", lambda text: clean(text, "nom_usage", 120))
    born = read(
        "date_naissance", lambda text: dates.parse_birth_date(_day(text), today, field="date_naissance")
    )
    address = read("adresse", lambda text: _lines(text))
    commune = read("commune", lambda text: places.find(typed.get("code_postal", ""), text))
    numbers = [
        read("telephone_fixe", lambda text: phones.parse(text)),
        read("telephone_mobile", lambda text: phones.parse(text)),
    ]
    email = read("courriel", clean_email)
    language = read("langue", _language)
    needs = read("besoins", _needs) or ()
    remarks = read("observations", lambda text: clean(text, "observations", 300))
    source = read("source_consentement", lambda text: needed(text, "source_consentement", 200))
    agreed = read(
        "date_consentement",
        lambda text: dates.parse_date(_day(text), today, latest=today, field="date_consentement"),
    )
    relative = read("proche_nom", lambda text: _relative(text, family or "", usage or "", given or ""))
    relative_number = read("proche_telephone", lambda text: phones.parse(text))
    if relative_number and "proche_nom" not in typed:
        faults.append(Fault("proche_nom", str(_("Le numéro du proche est donné sans son nom."))))
    # The needed columns are read and without fault here: mypy cannot know it, the second half of the test says it.
    if faults or not (family and given and born and address and commune and source and agreed):
        return None, faults
    return (
        Clean(
            family_name=family,
            given_names=given,
            usage_name=usage or "",
            birth_date=born,
            address=address,
            postcode=clean_postcode(typed["code_postal"]),
            commune=commune,
            numbers=tuple(dict.fromkeys(number for number in numbers if number)),
            email=email or "",
            language=language or "fr",
            needs=(*needs, *(((str(Need.Kind.OTHER), remarks),) if remarks else ())),
            consent_source=source,
            consent_on=agreed,
            relative=relative,
            relative_number=relative_number or "",
        ),
        [],
    )


def _faults_of_form(row: Row) -> list[Fault]:
    """Cells too many, empty needed cells, accents broken by another program."""
    faults = []
    if row.cells_too_many:
        faults.append(Fault("", str(_("La ligne a plus de cellules que le fichier n’a de colonnes."))))
    faults += [
        Fault(name, str(MISSING.get(name, _("Cette cellule est vide."))))
        for name in NEEDED
        if not row.typed.get(name)
    ]
    faults += [
        Fault(
            name,
            str(_("Les accents sont abîmés : enregistrez le fichier de départ au format « CSV UTF-8 ».")),
        )
        for name, text in row.typed.items()
        if broken_accents(text)
    ]
    return faults


def broken_accents(text: str) -> bool:
    """Was this UTF-8 read as Windows-1252 by a program before us ("HÃ©lÃ¨ne"), or marked unreadable ("H�lène")?"""
    if "\ufffd" in text:
        return True
    if text.isascii():
        return False
    try:
        return text.encode("cp1252").decode() != text
    except UnicodeError:
        return False


def _day(text: str) -> str:
    """Without the midnight that spreadsheets add to a day."""
    return re.sub(r"[ T]00:00(:00)?$", "", text)


def _lines(text: str) -> str:
    written = [needed(line, "adresse", 200) for line in text.splitlines() if line.strip()]
    return "\n".join(written) if written else needed("", "adresse", 200)


def _language(text: str) -> str:
    word = normalise(text).strip()
    if word in LANGUAGES:
        return LANGUAGES[word]
    if re.fullmatch(r"[a-z]{2,3}", word):
        return word
    raise Refused(
        _("Cette langue n’est pas connue : écrivez-la en français, ou « fr », « ar », « pt »…"),
        code="language",
    )


def _needs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_need_kind(words), words)
        for part in re.split(r"[/|,;\n]", text)
        if (words := clean(part, "besoins", 300))
    )


def _need_kind(words: str) -> str:
    plain = normalise(words)
    return str(next((kind for kind, pattern in NEED_WORDS if re.search(pattern, plain)), Need.Kind.OTHER))


def _relative(text: str, family: str, usage: str, given: str) -> NameRead:
    read = read_name(needed(text, "proche_nom", 120))
    if not read.family_name:
        raise Refused(_("Le nom du proche manque."), code="empty")
    itself = name_key(read.family_name) in {name_key(family), name_key(usage)} - {""}
    if itself and read.given_names and name_key(read.given_names) == name_key(given):
        raise Refused(_("Le proche est la personne elle-même."), code="relative-is-the-person")
    return read
