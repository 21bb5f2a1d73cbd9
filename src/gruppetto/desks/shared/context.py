"""What every page knows: the name of the house, its phone number, who is signed in and where they may go."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.middleware import comes_first
from gruppetto.kernel.access.rules import abilities_of
from gruppetto.kernel.identifiers import drawn_at, new_id
from gruppetto.kernel.live.views import SINCE

ROLES: dict[str, Promise | str] = {
    "agent": _("Agent de plate-forme"),
    "correspondent": _("Correspondant local"),
    "supervisor": _("Responsable"),
    "back_office": _("Gestion"),
    "auditor": _("Auditeur"),
    "administrator": _("Administrateur"),
    "relative": _("Proche de confiance"),
    "partner": _("Partenaire"),
    "funder": _("Financeur"),
}

# Which desks each role finds in the header, their own first: that is where signing in leads. By URL name; a desk that
# is not built yet is left out.
DESKS: tuple[tuple[str, Promise | str, str, frozenset[str]], ...] = (
    ("supervision:home", _("Supervision"), "speedometer2", frozenset({"supervisor"})),
    ("correspondent:home", _("Mon travail"), "list-check", frozenset({"correspondent"})),
    ("work:list", _("Demandes"), "card-list", frozenset({"correspondent", "supervisor"})),
    ("audit:home", _("Journal"), "journal-text", frozenset({"auditor"})),
    ("complaints:list", _("Réclamations"), "megaphone", frozenset({"supervisor", "auditor"})),
    ("correspondent:people", _("Personnes"), "people", frozenset({"correspondent", "supervisor"})),
    ("call_desk:home", _("Appels"), "telephone", frozenset({"agent", "correspondent", "supervisor"})),
    (
        "rota:mine",
        _("Mon planning"),
        "calendar-week",
        frozenset({"agent", "correspondent", "supervisor"}),
    ),
    ("visits:home", _("Visite"), "house-door", frozenset({"correspondent", "supervisor"})),
    ("visits:alarms", _("Alarmes"), "alarm", frozenset({"agent", "correspondent", "supervisor"})),
    ("backoffice:home", _("Gestion"), "sliders", frozenset({"back_office"})),
    (
        "knowledge_desk:home",
        _("Savoir"),
        "lightbulb",
        frozenset({"agent", "correspondent", "supervisor", "back_office"}),
    ),
    ("backoffice:drafts", _("Relecture"), "eye", frozenset({"supervisor"})),
    ("platform:home", _("Plate-forme"), "hdd-stack", frozenset({"administrator"})),
    # Served in a sandbox only.
    ("training:home", _("Entraînement"), "mortarboard", frozenset({"agent", "correspondent", "supervisor"})),
)
# How many desks stand in the header; when there are more, the last ones are behind « Plus ».
IN_SIGHT = 6


@dataclass(frozen=True)
class Link:
    """A link of the header."""

    label: str | Promise
    href: str
    icon: str
    current: bool = False


@dataclass(frozen=True)
class House:
    """What the layout shows on every page; no query beyond the account that the request already carries."""

    name: str
    phone: str
    account: str = ""
    role: str | Promise = ""
    desks: tuple[Link, ...] = ()
    more_desks: tuple[Link, ...] = ()
    account_links: tuple[Link, ...] = ()
    sign_out: str = ""
    search: str = ""
    live: str = ""
    # Where a page reads the alarms of colleagues on a visit.
    alarms: str = ""
    # A sandbox with invented people: said on every page.
    training: bool = False


def address(name: str) -> str:
    """The path of a URL name, or nothing when no room serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _links(names: tuple[tuple[str, Promise | str, str], ...], path: str) -> tuple[Link, ...]:
    found = ((label, address(name), icon) for name, label, icon in names)
    return tuple(Link(label, href, icon, path.startswith(href)) for label, href, icon in found if href)


def bare_house() -> House:
    """The house as a stranger sees it; for pages that must not touch the database (500, 503)."""
    return House(
        name=settings.GRUPPETTO_NAME, phone=settings.GRUPPETTO_PHONE_SHOWN, training=settings.TRAINING
    )


def house(request: HttpRequest) -> dict[str, House]:
    """Context processor: ``house`` in every template."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"house": bare_house()}
    role = getattr(user, "role", "")
    desks = _links(tuple(d[:3] for d in DESKS if role in d[3]), request.path)
    # A menu of one entry would save nothing.
    shown = IN_SIGHT if len(desks) <= IN_SIGHT else IN_SIGHT - 1
    return {
        "house": House(
            name=settings.GRUPPETTO_NAME,
            phone=settings.GRUPPETTO_PHONE_SHOWN,
            account=str(user),
            role=ROLES.get(role, ""),
            desks=desks[:shown],
            more_desks=desks[shown:],
            account_links=_links(
                (
                    ("account_change_password", _("Changer mon mot de passe"), "key"),
                    ("mfa_index", _("Ma double clé"), "shield-lock"),
                    ("my_sessions", _("Mes sessions"), "laptop"),
                ),
                request.path,
            ),
            sign_out=address("account_logout"),
            search=address("find") if "find" in abilities_of(role) else "",
            live=f"{address('live_events')}?{SINCE}={drawn_at(getattr(request, 'id', None) or new_id())}",
            # Asked for by a page that must come before the others, it would bring that page again, inside itself.
            alarms=""
            if "answer_alarms" not in abilities_of(role) or comes_first(request, user)
            else address("visits:band"),
            training=settings.TRAINING,
        )
    }
