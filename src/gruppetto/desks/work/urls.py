"""Addresses of the lists of interventions, of their views and of the acts on many of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.work.views import acts, lists, views

app_name = "work"

ACT = "gestes/<uuid:bulk_id>/"
urlpatterns: list[URLPattern] = [
    path("", lists.listing, name="list"),
    path("filtres/", lists.filters, name="filters"),
    path("liste.csv", lists.file, name="file"),
    path("vues/", views.all_views, name="views"),
    path("vues/nouvelle/", views.new, name="new_view"),
    path("vues/<uuid:view_id>/", views.change, name="view"),
    path("vues/<uuid:view_id>/retirer/", views.remove, name="remove_view"),
    path("choisir/", acts.choose, name="choose"),
    path("gestes/", acts.mine, name="acts"),
    path(ACT, acts.one, name="act"),
    path(f"{ACT}suite/", acts.go_on, name="go_on"),
    path(f"{ACT}annuler/", acts.undo, name="undo"),
]
