"""Addresses of the correspondent's desk and of persons' records. Nobody's name is ever in an address."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.correspondent.views import (
    changing,
    desk,
    interventions,
    people,
    records,
    sheet,
    together,
)

app_name = "correspondent"

DESK = "correspondant/"
ONE = f"{DESK}interventions/<uuid:intervention_id>/"
PERSON = "personnes/<uuid:person_id>/"

urlpatterns: list[URLPattern] = [
    path(DESK, desk.home, name="home"),
    path(f"{DESK}liste/", desk.listing, name="list"),
    path(f"{DESK}feuille-du-jour.pdf", sheet.day_sheet, name="day_sheet"),
    path(f"{DESK}pour-moi/", together.notices, name="notices"),
    path(f"{DESK}pour-moi/lus/", together.read_all, name="read_notices"),
    path(f"{DESK}pour-moi/<uuid:notice_id>/", together.read_one, name="read_notice"),
    path(f"{DESK}documents/<uuid:file_id>/", interventions.document, name="document"),
    path(ONE, interventions.intervention, name="intervention"),
    path(f"{ONE}histoire/", interventions.story, name="story"),
    path(f"{ONE}temps/", interventions.time, name="time"),
    path(f"{ONE}brouillon/", interventions.draft, name="draft"),
    path(f"{ONE}brouillon/<slug:part>/", interventions.draft, name="draft_of"),
    path(f"{ONE}presence/", interventions.here, name="here"),
    path(f"{ONE}organiser/", together.organise, name="organise"),
    path(f"{ONE}changer/", changing.change, name="change"),
    path(f"{ONE}<slug:name>/", interventions.act, name="act"),
    path("personnes/", people.search, name="people"),
    path("personnes/communes/", people.communes, name="communes"),
    path("personnes/coordonnees/", people.to_verify, name="coordinates"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}confirmer/", people.confirm, name="confirm"),
    path(f"{PERSON}<slug:what>/", records.edit, name="edit"),
    path(f"{PERSON}<slug:what>/<uuid:row_id>/", records.edit, name="edit_row"),
]
