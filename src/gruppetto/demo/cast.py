"""Who works in the demo, and the place they serve: about 150 000 inhabitants, 900 subscribers (mission.md, pilot)."""

from __future__ import annotations

import math
from dataclasses import dataclass

DOMAIN = "demo.gruppetto.test"
PILOT = 900
"""Subscribers of the pilot; up to a third more fit in its six portfolios."""
LARGEST_PILOT = 1_200
PER_PORTFOLIO, PORTFOLIOS_OF_A_TEAM = 150, 13


@dataclass(frozen=True)
class Member:
    """One account of the demo; ``portfolios``: the numbers they hold; ``leads``: a team of their own, else none."""

    name: str
    role: str
    portfolios: tuple[int, ...] = ()
    leads: str = ""

    @property
    def email(self) -> str:
        """``amina@demo.gruppetto.test``; a domain that cannot exist (RFC 2606)."""
        first = self.name.split()[0].lower().translate(str.maketrans("éèïâ", "eeia"))
        number = self.name.split()[-1] if self.name[-1].isdigit() else ""
        return f"{first}{number}@{DOMAIN}"


@dataclass(frozen=True)
class TeamPlan:
    """A team, the parts it serves, its portfolios: (number, name, name of the usual substitute)."""

    name: str
    # All the communes of these intercommunalities; or (commune, postcode) parts.
    epcis: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    portfolios: tuple[tuple[int, str, str], ...] = ()


SUPERVISOR = "Sylvie Moreau"
STAFF = (
    Member("Amina Benali", "agent"),
    Member(SUPERVISOR, "supervisor"),
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

# One Toulouse postcode (population estimated: the city's, shared equally between its postcodes) and two rural areas:
# 85 803 + 42 587 + 21 839 inhabitants.
TEAMS = (
    TeamPlan(
        "Toulouse rive gauche",
        parts=(("31555", "31300"),),
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
# The region of a full regime: 13 departments, 6 million inhabitants.
WIDE = ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82")
SHARES = {1: 0.19, 2: 0.19, 3: 0.19, 4: 0.16, 5: 0.14, 6: 0.13}
# Away for a week, some time ago, and replaced by the usual substitute.
AWAY, DAYS_AGO, DAYS_AWAY = "Marc Delpech", 16, 5


@dataclass(frozen=True)
class Plan:
    """The whole organisation for a number of subscribers."""

    staff: tuple[Member, ...]
    teams: tuple[TeamPlan, ...]
    departments: tuple[str, ...]
    shares: dict[int, float]


def plan(subscribers: int) -> Plan:
    """The pilot; beyond its size, teams of 13 portfolios of about 150 people are added over the region."""
    if subscribers <= LARGEST_PILOT:
        return Plan(STAFF, TEAMS, DEPARTMENTS, SHARES)
    wanted = math.ceil((subscribers - PILOT) / PER_PORTFOLIO)
    staff, teams, shares = list(STAFF), list(TEAMS), {n: PILOT * share for n, share in SHARES.items()}
    for first in range(7, 7 + wanted, PORTFOLIOS_OF_A_TEAM):
        numbers = range(first, min(first + PORTFOLIOS_OF_A_TEAM, 7 + wanted))
        name = f"Équipe {len(teams) + 1}"
        staff.append(Member(f"Responsable {len(teams) + 1}", "supervisor", leads=name))
        staff += [Member(f"Correspondant {n}", "correspondent", portfolios=(n,)) for n in numbers]
        ring = dict(zip(numbers, [*numbers[1:], numbers[0]], strict=True))
        teams.append(
            TeamPlan(
                name,
                portfolios=tuple((n, f"Portefeuille {n}", f"Correspondant {ring[n]}") for n in numbers),
            )
        )
        shares |= dict.fromkeys(numbers, PER_PORTFOLIO)
    return Plan(tuple(staff), tuple(teams), WIDE, shares)
