"""Who works in the demo, and the place they serve: about 150 000 inhabitants, 900 subscribers (mission.md, pilot)."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "demo.gruppetto.test"


@dataclass(frozen=True)
class Member:
    """One account of the demo: ``hours`` a week; ``portfolios``: the numbers they hold."""

    name: str
    role: str
    hours: int = 35
    portfolios: tuple[int, ...] = ()

    @property
    def email(self) -> str:
        """``amina@demo.gruppetto.test``; a domain that cannot exist (RFC 2606)."""
        first = self.name.split()[0].lower().translate(str.maketrans("éèïâ", "eeia"))
        return f"{first}@{DOMAIN}"


@dataclass(frozen=True)
class TeamPlan:
    """A team, the parts it serves, and its portfolios with their usual substitute (name of another member)."""

    name: str
    # (EPCI code, "") for all its communes of the department, or ("", postcode) with the commune below.
    epcis: tuple[str, ...] = ()
    postcodes: tuple[tuple[str, str], ...] = ()
    portfolios: tuple[tuple[int, str, str], ...] = ()


STAFF = (
    Member("Amina Benali", "agent"),
    Member("Sylvie Moreau", "supervisor"),
    Member("Paul Garrigues", "correspondent", portfolios=(1,)),
    Member("Fatou Diallo", "correspondent", portfolios=(2,)),
    Member("Élise Vidal", "correspondent", portfolios=(3,)),
    Member("Marc Delpech", "correspondent", portfolios=(4,)),
    Member("Nadia Rahmani", "correspondent", portfolios=(5,)),
    Member("Jean-Luc Bosc", "correspondent", portfolios=(6,)),
    Member("Hugo Lambert", "back_office"),
    Member("Claire Dubreuil", "auditor"),
    Member("Yann Le Goff", "administrator"),
)

# One Toulouse postcode (population estimated: the city's, shared equally between its postcodes) and two rural areas.
TEAMS = (
    TeamPlan(
        "Toulouse rive gauche",
        postcodes=(("31555", "31300"),),
        portfolios=(
            (1, "Toulouse 31300, portefeuille 1", "Fatou Diallo"),
            (2, "Toulouse 31300, portefeuille 2", "Élise Vidal"),
            (3, "Toulouse 31300, portefeuille 3", "Paul Garrigues"),
        ),
    ),
    TeamPlan(
        "Terres du Lauragais",
        epcis=("200071298",),
        portfolios=(
            (4, "Villefranche et alentours", "Nadia Rahmani"),
            (5, "Caraman et alentours", "Marc Delpech"),
        ),
    ),
    TeamPlan(
        "Sources du canal du Midi",
        epcis=("243100567",),
        portfolios=((6, "Revel et alentours", "Nadia Rahmani"),),
    ),
)
TERRITORY = "Pilote Toulouse et Lauragais"
DEPARTMENTS = ("31", "81", "11")
SHARES = {1: 0.19, 2: 0.19, 3: 0.19, 4: 0.16, 5: 0.14, 6: 0.13}
