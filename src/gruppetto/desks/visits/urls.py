"""Addresses of visits made alone and of their alarms."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.visits import alarms, views

app_name = "visits"

urlpatterns: list[URLPattern] = [
    path("ma-visite/", views.home, name="home"),
    path("alarmes/", alarms.listing, name="alarms"),
    path("alarmes/bandeau/", alarms.band, name="band"),
    path("alarmes/<uuid:visit_id>/", alarms.one, name="alarm"),
    path("alarmes/<uuid:visit_id>/<slug:step>/", alarms.act, name="answer"),
    path("ma-visite/<slug:word>/", views.say, name="say"),
]
