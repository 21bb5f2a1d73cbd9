"""The parts of a zone and the team that serves it: chosen, shown with what changes for whom, then confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.backoffice.territory_forms import PART, CoverForm, PartsForm, UntilForm
from gruppetto.desks.backoffice.two_steps import Act, Changes, two_steps
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.coverage import territories as reads
from gruppetto.registry.coverage import verbs
from gruppetto.registry.coverage.models import Team, ZonePart
from gruppetto.registry.coverage.territory_previews import (
    PlacesPreview,
    added_preview,
    covered_preview,
    removed_preview,
)


@page("keep_territories")
def add(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Communes and postcodes that a zone gains from a day; what another zone has says so on its line."""
    on, asked = today(), request.POST if request.method == "POST" else request.GET
    zone = reads.zone(zone_id, on)
    text = asked.get("q", "")[:60]
    # What was ticked stays ticked whatever is searched next.
    kept = [*asked.getlist("parts"), *asked.getlist("garder")]
    ticked = [(one[:5], one[6:]) for one in kept if PART.fullmatch(one)]

    def form(data: Any) -> PartsForm:
        made = PartsForm(data, initial={"on": on})
        if data is not None and made.is_valid() and (found := reads.taken(**_wanted(made))):
            made.add_error("parts", _troubles(found))
        return made

    lines = [*reads.chosen(ticked), *reads.places_for(text, zone_id, on)]
    places = list({(one.commune_id, one.postcode): one for one in lines}.values())
    served = reads.taken([(one.commune_id, one.postcode) for one in places], on)
    act = Act(
        title=_("Ajouter des communes"),
        button=_("Ajouter à la zone"),
        done=_("Les communes sont dans la zone."),
        back=reverse("backoffice:zone", args=[zone_id]),
        back_label=zone.name,
        form=form,
        preview=lambda said: _changes(added_preview(zone_id, said["parts"], said["on"])),
        do=lambda said: verbs.add_parts(zone_id, said["parts"], said["on"]),
        facts=[(_("Zone"), zone.name)],
        template="backoffice/territories/parts.html",
        context={
            "q": text,
            "lines": [
                {
                    "value": f"{one.commune_id}-{one.postcode}",
                    "label": f"{one.commune.name} ({one.postcode})",
                    "department": one.commune.department_id,
                    "ticked": (one.commune_id, one.postcode) in ticked,
                    "trouble": _taken_by(served.get((one.commune_id, one.postcode))),
                }
                for one in places
            ],
            "chosen": [one for one in places if (one.commune_id, one.postcode) in ticked],
        },
    )
    return two_steps(request, act)


@page("keep_territories")
def remove(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """A part that leaves its zone from a day."""
    part = reads.part(part_id)
    act = Act(
        title=_("Retirer une commune"),
        button=_("Retirer de la zone"),
        done=_("La commune sort de la zone."),
        back=reverse("backoffice:zone", args=[part.zone_id]),
        back_label=part.zone.name,
        form=lambda data: UntilForm(data, initial={"on": max(today(), part.during.lower)}),
        preview=lambda said: _changes(removed_preview(part, said["on"]), gap=True),
        do=lambda said: verbs.remove_part(part_id, said["on"]),
        facts=[(_("Zone"), part.zone.name), (_("Commune"), f"{part.commune.name} ({part.postcode})")],
        tone="danger",
    )
    return two_steps(request, act)


@page("keep_territories")
def cover(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """The team that serves a zone from a day."""
    zone, teams = reads.zone(zone_id, today()), list(Team.objects.order_by("name"))
    act = Act(
        title=_("Confier la zone à une équipe"),
        button=_("Confier la zone"),
        done=_("La zone est confiée à l’équipe."),
        back=reverse("backoffice:zone", args=[zone_id]),
        back_label=zone.name,
        form=lambda data: CoverForm(data, teams=teams, initial={"on": today()}),
        preview=lambda said: _changes(covered_preview(zone_id, UUID(said["team"]), said["on"])),
        do=lambda said: verbs.cover(zone_id, UUID(said["team"]), said["on"]),
        facts=[(_("Zone"), zone.name)],
    )
    return two_steps(request, act)


def _wanted(form: PartsForm) -> dict[str, Any]:
    return {"places": form.cleaned_data["parts"], "on": form.cleaned_data["on"]}


def _troubles(found: dict[reads.Place, ZonePart]) -> list[str]:
    return [f"{one.commune.name} ({one.postcode}) : {_taken_by(one)}" for one in found.values()]


def _taken_by(part: ZonePart | None) -> str:
    """Which zone has a place, said on its line; empty when none has."""
    if part is None:
        return ""
    words = {
        "zone": part.zone.name,
        "day": day_text(max(part.during.lower, today()), year=True, weekday=False),
    }
    if part.during.lower > today():
        return _("sera dans la zone « %(zone)s » le %(day)s") % words
    return _("déjà dans la zone « %(zone)s »") % words


def _changes(preview: PlacesPreview, *, gap: bool = False) -> Changes:
    told = [
        ngettext(
            "Un abonné habite là. Il garde son correspondant.",
            "%(n)s abonnés habitent là. Chacun garde son correspondant.",
            preview.persons,
        )
        % {"n": preview.persons}
        if preview.persons
        else _("Aucun abonné n’habite là aujourd’hui."),
        *(_stay(one.portfolio.name, one.persons) for one in preview.stays),
    ]
    if preview.after:
        words = {"team": preview.after.name}
        told.append(_("À une nouvelle personne, on proposera un portefeuille de l’équipe %(team)s.") % words)
    if preview.before and preview.before != preview.after:
        told.append(_("L’équipe %(team)s ne sera plus proposée.") % {"team": preview.before.name})
    warnings = []
    if preview.after is None:
        warnings.append(
            _("Ce jour-là, aucune zone n’aura cette commune : ce trou sera montré au responsable.")
            if gap
            else _("Aucune équipe ne sert cette zone ce jour-là : confiez-la ensuite à une équipe.")
        )
    elif preview.to_review:
        count = sum(one.persons for one in preview.to_review)
        warnings.append(
            ngettext(
                "Un abonné est suivi par une autre équipe. Personne n’est déplacé : un responsable décide.",
                "%(n)s abonnés sont suivis par une autre équipe. Personne n’est déplacé : un responsable décide.",
                count,
            )
            % {"n": count}
        )
    if preview.unplaced:
        warnings.append(
            ngettext(
                "Un abonné attend encore un portefeuille.",
                "%(n)s abonnés attendent encore un portefeuille.",
                preview.unplaced,
            )
            % {"n": preview.unplaced}
        )
    return Changes(told, warnings)


def _stay(name: str, persons: int) -> str:
    words = {"portfolio": name, "n": persons}
    return ngettext("%(portfolio)s : une personne.", "%(portfolio)s : %(n)s personnes.", persons) % words
