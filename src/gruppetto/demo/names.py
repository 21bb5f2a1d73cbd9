"""Invented people: names, birth dates, streets, numbers that no real person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


def _each(words: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(words.split(between))


WOMEN = _each(
    "Jeanne Marie Simone Yvette Denise Paulette Odette Jacqueline Monique Janine Colette Huguette Andrée Suzanne "
    "Ginette Lucienne Raymonde Thérèse Christiane Nicole Josette Michèle Françoise Danielle Bernadette Liliane "
    "Arlette Éliane Solange Geneviève Fatima Khadija Rosa Maria Conceição Aïcha Mireille Régine Annie Claudette"
)
MEN = _each(
    "Jean Pierre André Michel Roger René Marcel Robert Louis Henri Raymond Georges Bernard Claude Jacques Gérard "
    "Guy Lucien Maurice Serge Daniel Christian Alain Yves Francis Émile Gaston Mohamed Ahmed Antonio Manuel José "
    "Ali Salah Étienne Fernand Élie Noël Gilbert Hubert"
)
FAMILIES = _each(
    "Roux Petit Durand Moulis Fabre Vidal Garcia Martinez Lopez Rivals Bonnet Carrère Delmas Estève Ferrié Gasc "
    "Izard Jouve Lacaze Maury Nogaro Ourliac Pagès Rouquette Sicard Tournier Ubeda Verdier Combes Barthe Cazaux "
    "Daydé Escande Fournil Gineste Hébrard Labatut Marty Navarro Olivier Peyre Raynal Salvan Teulade Vergnes "
    "Benali Haddad Mansouri Belkacem Traoré Nguyen Da-Silva Ferreira Rossi Ciseri Azémar Baylac Bousquet Calmels "
    "Dedieu Fontanié Gayraud Lasserre Malaterre Négrier Pélissier Rascol Saint-Martin Terrisse Viguier Amiel Boyer"
)
STREETS = _each(
    "rue du Temple;rue de la République;avenue de Castres;place de l’Église;chemin des Vignes;rue des Tilleuls;"
    "impasse du Moulin;rue Jean-Jaurès;route de Revel;rue du Puits;allée des Platanes;rue de la Fontaine;"
    "chemin de la Côte;rue des Écoles;place du Marché;rue du Canal;boulevard des Pyrénées;rue Victor-Hugo",
    ";",
)
RELATIVES = ("fille", "fils", "nièce", "voisine", "petite-fille", "frère", "amie")
WORDS = _each(
    "tournesol mimosa pastel violette glycine lavande coquelicot romarin figuier olivier amandier cerisier "
    "rossignol hirondelle mésange alouette chardon bruyère genêt tilleul"
)
ENERGY = ("EDF", "Engie", "TotalEnergies", "Ekwateur")
TELECOM = ("Orange", "SFR", "Bouygues Telecom", "Free")
NEEDS = (
    (
        "hearing",
        "Entend mal, surtout les voix aiguës",
        "Parler lentement, d’une voix grave",
        "Qu’on répète en criant",
    ),
    ("sight", "Ne lit plus les petits caractères", "Envoyer les lettres en gros caractères", ""),
    (
        "mobility",
        "Marche avec une canne, pas d’escalier",
        "Proposer une visite à domicile",
        "Les rendez-vous à l’étage",
    ),
    (
        "reading",
        "A appris à lire tard",
        "Relire à voix haute, des mots courts",
        "Les papiers à signer tout de suite",
    ),
    (
        "memory",
        "Oublie ce qui vient d’être dit",
        "Rappeler le lendemain pour confirmer",
        "Qu’on lui dise « je vous l’ai dit »",
    ),
    ("money", "Petite retraite, compte surveillé", "Dire le prix avant tout", "Les lettres d’huissier"),
    ("language", "Parle mieux le portugais", "Des phrases simples, sans sigle", ""),
)


@dataclass(frozen=True)
class Invented:
    """One invented human being."""

    title: str
    given: str
    family: str
    usage: str
    born: date
    street: str


def invent(chance: Random, today: date, *, youngest: int = 58, oldest: int = 96) -> Invented:
    """A person of ``youngest`` to ``oldest`` years; two women in three, as in the population concerned."""
    woman = chance.random() < 0.66
    family = chance.choice(FAMILIES)
    married = chance.choice(FAMILIES) if woman and chance.random() < 0.7 else ""
    age = min(oldest, max(youngest, int(chance.gauss(78, 8))))
    born = today - timedelta(days=365 * age + chance.randrange(365))
    return Invented(
        "mrs" if woman else "mr",
        chance.choice(WOMEN if woman else MEN),
        family.replace("-", " ") if family == "Da-Silva" else family,
        married if married != family else "",
        born,
        f"{chance.randrange(1, 140)} {chance.choice(STREETS)}",
    )


# Kept for fiction by the regulator (Arcep, décision 2018-0881): ten thousand numbers each.
LANDLINES = ("019900", "053649", "026191", "035301", "046571")
MOBILES = "063998"
RANGE = 10_000
# The last hundred mobiles are the staff's, the thousand before them those of strangers who call.
STRANGERS, STAFF = 8_900, 9_900


def landline(number: int) -> str:
    """A landline that no real person has, in E.164; past fifty thousand, several persons share one."""
    prefix, rest = divmod(number % (RANGE * len(LANDLINES)), RANGE)
    return f"+33{LANDLINES[prefix][1:]}{rest:04d}"


def mobile(number: int) -> str:
    """A mobile that no real person has, in E.164; raises ``ValueError`` past ten thousand: there are no more."""
    if not 0 <= number < RANGE:
        raise ValueError("there are ten thousand mobiles for fiction")
    return f"+33{MOBILES[1:]}{number:04d}"
