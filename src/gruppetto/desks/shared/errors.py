"""When things go wrong: what happened, what is kept, what to do, and a code to give on the phone."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.context import bare_house
from gruppetto.kernel.errors import Refused

log = logging.getLogger("gruppetto.desks.errors")

# Neither I/1 nor O/0: the code is read aloud.
SPOKEN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUP = 3


@dataclass(frozen=True)
class Trouble:
    """The words of one kind of error."""

    title: str | Promise
    happened: str | Promise
    kept: str | Promise
    todo: str | Promise


TROUBLES: dict[int, Trouble] = {
    400: Trouble(
        _("Nous n’avons pas compris la demande"),
        _("La page a reçu quelque chose qu’elle ne sait pas lire."),
        _("Rien n’a été changé."),
        _("Revenez à la page d’avant et recommencez."),
    ),
    403: Trouble(
        _("Cette page ne vous est pas ouverte"),
        _("Votre rôle ne donne pas accès à cette page, ou votre accès à ce dossier est terminé."),
        _("Rien n’a été changé. Cet essai est noté dans le journal."),
        _("Si vous devez voir cette page, demandez à votre responsable."),
    ),
    404: Trouble(
        _("Cette page n’existe pas"),
        _("L’adresse est peut-être incomplète, ou le dossier n’est pas dans votre périmètre."),
        _("Rien n’a été changé."),
        _("Vérifiez l’adresse, ou repartez de l’accueil."),
    ),
    409: Trouble(
        _("Quelqu’un d’autre est passé avant vous"),
        _("La fiche a changé pendant que vous la lisiez."),
        _("Le travail de l’autre personne est enregistré. Votre brouillon est gardé."),
        _("Rechargez la page pour voir la dernière version, puis décidez."),
    ),
    422: Trouble(
        _("Ce n’est pas possible pour le moment"),
        _("Une règle de la maison s’y oppose."),
        _("Rien n’a été changé. Votre brouillon est gardé."),
        _("Revenez à la page d’avant et corrigez, ou demandez à votre responsable."),
    ),
    500: Trouble(
        _("Une panne est arrivée de notre côté"),
        _("Ce n’est pas votre faute. La panne est notée."),
        _("Ce qui était enregistré est gardé. Votre dernière action n’a pas été faite."),
        _("Attendez une minute et recommencez. Si la panne revient, appelez-nous."),
    ),
    503: Trouble(
        _("La plate-forme est en pause"),
        _("La base de données ne répond pas, ou une mise à jour est en cours."),
        _("Ce qui était enregistré est gardé. Les appels reçus pendant la pause sont gardés aussi."),
        _("Attendez une minute et rechargez la page. Pendant ce temps, servez-vous de la feuille du jour."),
    ),
}


def trouble_of(status: int) -> Trouble:
    """The words for ``status``; a status without its own words speaks as 422 (ours to say no) or 500."""
    fallback = HTTPStatus.UNPROCESSABLE_ENTITY if status < 500 else HTTPStatus.INTERNAL_SERVER_ERROR
    return TROUBLES.get(status, TROUBLES[fallback])


def spoken_code(request_id: UUID | None = None) -> str:
    """Six signs in two groups, such as ``7K3-F2P``, read from the end of the request's id.

    The same request always gives the same code, so that whoever answers the phone finds it in the log; without
    an id it is drawn. Says nothing by itself.
    """
    draw = request_id.int if request_id else secrets.randbits(30)
    signs = "".join(SPOKEN[draw >> 5 * place & 31] for place in range(2 * GROUP))
    return f"{signs[:GROUP]}-{signs[GROUP:]}"


def error_page(request: HttpRequest, status: int, *, message: object = "", code: str = "") -> HttpResponse:
    """The page for ``status``; ``message`` replaces what happened, ``code`` is the rule's own code.

    Touches neither database nor session, so that it works when they do not. An htmx request gets only the
    words: the page that is open, and what was typed in it, stay.
    """
    request_id: UUID | None = getattr(request, "id", None)
    match = request.resolver_match
    spoken = spoken_code(request_id)
    log.warning("%s %s %s %s", status, spoken, code or "-", match.view_name if match else "-")
    context = {
        "house": bare_house(),
        "status": status,
        "code": code,
        "message": message,
        "spoken": spoken,
    }
    piece = "HX-Request" in request.headers
    template = "shared/refusal_fragment.html" if piece else "shared/error.html"
    response = HttpResponse(render_to_string(template, context), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "60"
    return response


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a rule of the domain that said no, with its own sentence."""
    return error_page(request, refusal.status, message=refusal.message, code=refusal.code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler400``."""
    return error_page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler403``."""
    return error_page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler404``."""
    return error_page(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """For the middleware that finds the database away."""
    return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: nearly always a page left open over a sign-out."""
    return error_page(
        request,
        HTTPStatus.FORBIDDEN,
        message=_("Cette page était ouverte depuis trop longtemps, ou dans une session déjà fermée."),
        code="stale-form",
    )
